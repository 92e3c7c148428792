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

// kill(2) of a group passes init by: p_pid <= 1.
Expr is_init(const states::Kernel& kernel, const Expr& p);

// LIST_INSERT_AFTER(p1, p2, p_pglist), with what else changes: the language inserts in front of an
// element, or at an end.
template <class Path>
void insert_p_pglist(Path& s, const Expr& p1, const Expr& p2, int line,
                     const std::vector<lang::Update>& more = {}) {
  const states::Kernel& kernel = s.kernel();
  const VariableId list = kernel.group()->pg_members;
  const Expr next = kernel.spec().list_next(list, kernel.pgrp(), p1);
  const auto insert = [&](const lang::Update& insertion) {
    std::vector<lang::Update> updates{insertion};
    updates.insert(updates.end(), more.begin(), more.end());
    s.line(line).update("insert_p_pglist", std::move(updates));
  };
  s.if_(
      next == kernel.spec().nothing(kernel.proc_pool),
      [&] { insert(Steps::push_back(list, kernel.pgrp(), p2)); },
      [&] {
        insert({UpdateKind::insert_before, list, kernel.pgrp(), p2, next});
      });
}

} // namespace interlock::actions
