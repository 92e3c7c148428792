// What decides branches of DragonFly's kernel for what is modelled.  Sources: kern_event.c for
// proc_filtops.
#include "kernel_text/constants.hpp"

namespace interlock::kernel_text {

namespace {

constexpr const char* proc_filtops =
    "proc_filtops, the filter of EVFILT_PROC, which alone scenarios register, has no flag";

} // namespace

Constants dragonfly_constants() {
  return {
      {.functions = {"fork1"},
       .expression = "flags",
       .value = "RFPROC",
       .mask = "RFPROC | RFNOWAIT",
       .reason = "fork(2) and vfork(2) pass RFPROC, and not RFNOWAIT, as rfork(2) may",
       .parameter = 2},
      {.functions = {"kqueue_wakeup"},
       .expression = "kq_wakeup_one",
       .value = "1",
       .reason = "what the sysctl kern.kq_wakeup_one is unless somebody sets it; "
                 "before-7adc569540 has the other wake-up",
       .revisions = {"kern_fork-d9d67b59"}},
      {.functions = {"kqueue_register"},
       .expression = "fops->f_flags",
       .value = "0",
       .reason = proc_filtops},
      {.functions = {"kqueue_scan", "knote_drop", "filter_attach", "filter_event",
                     "knote_detach_and_drop"},
       .expression = "kn->kn_fop->f_flags",
       .value = "0",
       .reason = proc_filtops},
      {.functions = {"killalllwps"},
       .expression = "forexec",
       .value = "0",
       .reason = "exit1() passes it; exec, which passes 1, is not modelled",
       .parameter = 1},
      {.functions = {"lwp_exit"},
       .expression = "masterexit",
       .value = "1",
       .reason = "exit1() passes it for the last thread of its process; a process of a scenario "
                 "that exits has one",
       .parameter = 1},
      {.functions = {"kern_kill"},
       .expression = "tid",
       .value = "-1",
       .reason = "kill(2) passes it; lwp_kill(2) is no call of scenarios",
       .parameter = 3},
      {.functions = {"kern_wait"},
       .expression = "options",
       .value = "0",
       .mask = "WCONTINUED",
       .reason = "wait4(2) of a scenario has no option but WNOHANG",
       .parameter = 3},
  };
}

} // namespace interlock::kernel_text
