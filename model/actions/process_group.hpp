// What kill(2) of the process group and fork(2) have to do with each other, on every system: who
// joins the group's list and where, and whom a signal to the group reaches or passes by.
#pragma once

#include "actions/steps.hpp"
#include "states/life.hpp"

namespace interlock::actions {

// A signal to the group has become pending in the process of that pid.  Each child that it is
// making, and that no such signal reaches yet, depends on fork(2) to learn of it.
std::vector<lang::Update> signal_reaches(const states::Kernel& kernel, const states::Lives& lives,
                                         const Expr& pid);

// From here on a signal to the group reaches the child.
lang::Update can_be_signalled(const states::Kernel& kernel, std::size_t child);

// LIST_INSERT_AFTER(p1, p2, p_pglist): the language inserts in front of an element, or at an end.
struct GroupInsertion {
  Expr parent_is_last;
  lang::Update behind_last, in_front_of_next;
};
GroupInsertion insert_p_pglist(const states::Kernel& kernel, const Expr& p1, const Expr& p2);

} // namespace interlock::actions
