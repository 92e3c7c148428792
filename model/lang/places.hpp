// Where the labelled statements of a specification stand.
#pragma once

#include "lang/declarations.hpp"

namespace interlock::lang {

using StatementRef = std::shared_ptr<Statement>;

// A statement, and where it stands: in a block of `parent`, or of the thread's body if that is
// null.
struct Found {
  ThreadId thread = 0;
  std::vector<StatementRef> calls; // around it, outermost first
  StatementRef parent;
  std::size_t block = 0;
  StatementRef statement;
};

// Every statement of a block, with those inside it, in source order; `at` is where the block
// stands.
void collect_statements(const Block& block, Found at, std::vector<Found>& all);
std::vector<Found> all_statements(const Declarations& spec); // by thread

// The name of the innermost path; the thread's name outside all paths.
std::string path_of(const Declarations& spec, const Found& found);
// `thread > path > ... > path.label`
std::string full_label(const Declarations& spec, const Found& found);

// A label as a patch spells it, with single blanks around each `>`.
std::string spelled_plainly(const std::string& label);
// The last links of `a > b > c.label`, as many as `like` has.
std::string suffix_like(const std::string& full, const std::string& like);

std::string trimmed(const std::string& text);

} // namespace interlock::lang
