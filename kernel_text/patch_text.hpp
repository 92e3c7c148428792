// What a statement or a condition of C is in the words of a patch.
#pragma once

#include "kernel_text/tree.hpp"
#include "lang/type.hpp"

#include <map>
#include <set>

namespace interlock::kernel_text {

// What the words may name.
struct PatchNames {
  std::map<std::string, lang::Kind> fields; // of the kernel, and flags that are fields of their own
  std::set<std::string> constants;          // flags and other values
  std::map<std::string, lang::Kind> locals; // and arguments of the path
};

// Text, or why there is none.
struct PatchText {
  std::string text;
  std::string why;
  bool known() const { return why.empty(); }
};

// `(p.p_flags & P_TRACED) != 0` of p->p_flags & P_TRACED.  A flag that is no part of what is
// modelled, a call and a global variable have no words.
PatchText condition_text(const Expression& condition, const PatchNames& names);

// `set p.p_flags, p.p_flags & ~P_PPWAIT` of an assignment, or of ++ and --.  Flags that are not
// modelled are left out of it, where others are.
PatchText assignment_text(const Expression& assignment, const PatchNames& names);

// A value: `kn.kn_kq`.
PatchText value_text(const Expression& value, const PatchNames& names);

// The operands of && or ||, however they are bracketed; of any other expression itself.
std::vector<const Expression*> operands_of(const Expression& expression,
                                           const std::string& connective);

} // namespace interlock::kernel_text
