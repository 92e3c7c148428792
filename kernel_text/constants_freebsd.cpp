// What decides branches of FreeBSD's kernel for what is modelled.  Sources: sys/event.h for the
// macros, kern_event.c for proc_filtops.
#include "kernel_text/constants.hpp"

namespace interlock::kernel_text {

namespace {

constexpr const char* proc_filtops =
    "proc_filtops, the filter of EVFILT_PROC, which alone scenarios register, is of no descriptor";

} // namespace

Constants freebsd_constants() {
  Constants all = constants_of_killpg1();
  const Constants own{
      {.functions = {"knlist_add"},
       .expression = "islocked",
       .value = "1",
       .reason = "filt_procattach() calls with PROC_LOCK(p), the list's lock, which pfind() and "
                 "zpfind() have returned with",
       .parameter = 3},
      {.functions = {"knlist_cleardel"},
       .expression = "islocked",
       .value = "1",
       .reason = "exit1() calls knlist_clear() with PROC_LOCK(p), the list's lock, and gives it "
                 "back itself",
       .parameter = 3,
       .macros = {{"knlist_clear", "#2"}, {"knlist_delete", "#3"}}},
      {.functions = {"knlist_cleardel"},
       .expression = "killkn",
       .value = "0",
       .reason = "knlist_clear() passes it; knlist_delete(), which passes 1, gets no process' list",
       .parameter = 4,
       .macros = {{"knlist_clear", "0"}, {"knlist_delete", "1"}}},
      {.functions = {"knote"},
       .expression = "lockflags",
       .value = "KNF_LISTLOCKED",
       .reason = "exit1() uses KNOTE_LOCKED(), with PROC_LOCK(p), the list's lock, and fork "
                 "knote_fork()",
       .parameter = 3,
       .macros = {{"KNOTE_LOCKED", "KNF_LISTLOCKED"}, {"KNOTE_UNLOCKED", "0"}}},
      {.functions = {"kqueue_register", "kqueue_expand"},
       .expression = "fops->f_isfd",
       .value = "0",
       .reason = proc_filtops},
      {.functions = {"knote_drop"},
       .expression = "kn->kn_fop->f_isfd",
       .value = "0",
       .reason = proc_filtops},
      {.functions = {"kern_ptrace"},
       .expression = "req",
       .value = "PT_ATTACH",
       .reason = "the only request of scenarios",
       .parameter = 2},
  };
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

} // namespace interlock::kernel_text
