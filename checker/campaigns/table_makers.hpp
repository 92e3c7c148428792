// One function for each generated table, and what they share.
#pragma once

#include "campaigns/tables.hpp"
#include "text/lists.hpp"

namespace interlock::checker::tables {

// What a table is made from: the corpus, the systems whose rows are wanted, in their order, and the
// folder of the document, which links are relative to.
struct Request {
  const Corpus& corpus;
  std::vector<const systems::SystemDescription*> systems;
  std::filesystem::path folder;

  // The column that says the system is left out where there is one system only.
  bool names_systems() const { return systems.size() > 1; }
};

// A table of Markdown, row by row; the first row has the headings.  The column whose heading is
// `hidden` is left out of all rows.
class Markdown {
public:
  explicit Markdown(const std::vector<std::string>& headings, const std::string& hidden = "");
  // `|` in a cell is escaped, which Markdown wants in code too.
  void row(const std::vector<std::string>& cells);
  std::string text() const { return text_; }

private:
  std::size_t hidden_;
  std::string text_;
};

// "NetBSD", from the description's text, which begins with it.
std::string title_of(const systems::SystemDescription& system);

// Of the corpus: every config that is expected to fail, as it is or with patches, and what holds.
std::string bugs(const Request& request);
std::string patched(const Request& request);
std::string holds(const Request& request);

// Of the systems: what configs can name, with the systems that have it.
std::string revisions(const Request& request);
std::string calls(const Request& request);
std::string properties(const Request& request);
std::string rules(const Request& request);
std::string environment(const Request& request);
std::string bounds(const Request& request);
std::string lock_orders(const Request& request);

// Of the ledgers: what the kernels do and the model leaves out.
std::string ledger(const Request& request);
// What decides branches for what is modelled.
std::string constants(const Request& request);
// Macros and relatives of locks of which the readers of C know that they do nothing modelled.
std::string passed_over(const Request& request);

// Of the specifications of the corpus: what is modelled.
std::string locks(const Request& request);
std::string objects(const Request& request);
std::string functions(const Request& request);

} // namespace interlock::checker::tables
