// Edits of what one statement has: conditions, guards, parts of a step.
#pragma once

#include "lang/patch_words.hpp"

namespace interlock::lang {

// Takes out of a step what the argument names; see Patch.
void drop_part(const Declarations& spec, Statement& statement, const PatchWords& words);
// Leaves of a step what it assigns to locals.
void keep_locals(const Declarations& spec, Statement& statement, const PatchWords& words);
// Negates the condition of a test, a loop or a check, or the guard of a step.
void negate(Statement& statement, const PatchWords& words);
// The body of the loop runs once at most: it leaves the loop where it came to its end or went on.
void run_once(Statement& loop, const std::string& label_of_break);
// `condition EXPRESSION` and `guard EXPRESSION`, and cursor rules; false for any other argument or
// statement.
bool replace_part(Statement& statement, const PatchWords& words);
// The words that replace_part() and its like know of a statement of this kind.
std::vector<std::string> words_of(const Statement& statement);

} // namespace interlock::lang
