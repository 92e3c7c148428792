// The ledgers.
#include "kernel_text/ledger.hpp"

#include <map>
#include <stdexcept>

namespace interlock::kernel_text {

namespace {

using Branch = LedgerBranch;

// Of kern_event.c, 10.4; what the other files leave out is not entered yet.
Ledger freebsd() {
  return {
      {.function = "",
       .name = "kq_global",
       .reason = "taken for a kqueue that is watched by a kqueue; only EVFILT_PROC is modelled"},
      {.function = "",
       .name = "KN_HASKQLOCK",
       .reason = "tells knlist_remove_kq() who holds kq_lock; the model passes it as an argument"},
      {.function = "fdrop",
       .reason = "a macro of sys/file.h, and _fdrop(), which calls the file's close"},
      {.function = "filt_procattach",
       .name = "EV_FLAG1",
       .reason = "marks the registration of a child; the model passes it as an argument"},
      {.function = "filt_procattach",
       .name = "EV_FLAG2",
       .reason = "marks the registration of a child; the model passes it as an argument"},
      {.function = "knlist_add",
       .condition = "(!islocked)",
       .reason = "filt_procattach(), the only caller for a process, has the list locked"},
      {.function = "knlist_cleardel",
       .condition = "if (islocked)",
       .branch = Branch::otherwise,
       .reason = "exit1() calls knlist_clear() with the list locked, and gives it back itself",
       .act = Act::gives},
      {.function = "knlist_cleardel",
       .condition = "(killkn)",
       .reason = "knlist_clear(), which is called for a process, passes 0"},
      {.function = "knote",
       .condition = "KNF_NOKQLOCK",
       .reason = "the callers for a process, KNOTE_LOCKED, do not pass it"},
      {.function = "knote",
       .condition = "KNF_LISTLOCKED) == 0",
       .reason = "the callers for a process, KNOTE_LOCKED, have the list locked"},
      {.function = "knote_drop",
       .condition = "f_isfd",
       .reason = "the filter's identifiers are no descriptors: only EVFILT_PROC is modelled"},
      {.function = "kqueue_register",
       .condition = "f_isfd",
       .reason = "the filter's identifiers are no descriptors: only EVFILT_PROC is modelled"},
      {.function = "kqueue_register",
       .condition = "(filedesc_unlock)",
       .reason = "set with haskqglobal, for a kqueue that is watched by a kqueue"},
      {.function = "kqueue_register",
       .condition = "(fp != NULL)",
       .reason = "the descriptor of a filter of descriptors: only EVFILT_PROC is modelled"},
      {.function = "kqueue_close",
       .condition = "KQ_TASKSCHED",
       .reason = "the task that tells SIGIO and watching kqueues; neither is modelled"},
      {.function = "kqueue_close",
       .name = "fd_kqlist",
       .reason = "read by knote_fdclose() alone, which is for filters of descriptors"},
  };
}
Ledger dragonfly() { return {}; }
Ledger netbsd() { return {}; }

} // namespace

const Ledger& ledger_of(const std::string& system) {
  static const std::map<std::string, Ledger> all{
      {"dragonfly", dragonfly()}, {"freebsd", freebsd()}, {"netbsd", netbsd()}};
  const auto found = all.find(system);
  if (found == all.end())
    throw std::invalid_argument("there is no ledger of " + system);
  return found->second;
}

} // namespace interlock::kernel_text
