// One function for each generated table, and what they share.
#pragma once

#include "campaigns/tables.hpp"

namespace interlock::checker::tables {

// A table of Markdown, row by row; the first row has the headings.
class Markdown {
public:
  explicit Markdown(const std::vector<std::string>& headings);
  // `|` in a cell is escaped, which Markdown wants in code too.
  void row(const std::vector<std::string>& cells);
  std::string text() const { return text_; }

private:
  std::string text_;
};

// "a, b, c"
std::string joined(const std::vector<std::string>& parts, const char* between = ", ");

// "NetBSD", from the description's text, which begins with it.
std::string title_of(const systems::SystemDescription& system);

// Of the corpus: every config that is expected to fail, as it is or with patches, and what holds.
std::string bugs(const Corpus& corpus);
std::string patched(const Corpus& corpus);
std::string holds(const Corpus& corpus);

// Of the systems: what configs can name, with the systems that have it.
std::string revisions(const Corpus& corpus);
std::string calls(const Corpus& corpus);
std::string properties(const Corpus& corpus);
std::string environment(const Corpus& corpus);
std::string bounds(const Corpus& corpus);
std::string lock_orders(const Corpus& corpus);

// Of the specifications of the corpus: what is modelled.
std::string locks(const Corpus& corpus);
std::string objects(const Corpus& corpus);
std::string functions(const Corpus& corpus);

} // namespace interlock::checker::tables
