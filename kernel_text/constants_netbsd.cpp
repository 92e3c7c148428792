// What decides branches of NetBSD's kernel for what is modelled.  Sources: kern_event.c for
// proc_filtops.
#include "kernel_text/constants.hpp"

namespace interlock::kernel_text {

namespace {

constexpr const char* proc_filtops =
    "proc_filtops, the filter of EVFILT_PROC, which alone scenarios register, is MP-safe and of no "
    "descriptor";

// kern_event-1.128's proc_filtops has no flag.
const std::vector<std::string> since_1_129{"kern_event-1.129", "kern_fork-1.231"};

} // namespace

Constants netbsd_constants() {
  return {
      {.functions = {"filter_attach", "filter_detach", "filter_event", "knote_detach"},
       .expression = "kn->kn_fop->f_flags",
       .value = "FILTEROP_MPSAFE",
       .reason = proc_filtops,
       .revisions = since_1_129},
      {.functions = {"kqueue_register"},
       .expression = "kfilter->filtops->f_flags",
       .value = "FILTEROP_MPSAFE",
       .reason = proc_filtops,
       .revisions = since_1_129},
      {.functions = {"kqueue_register"},
       .expression = "kn->kn_fop->f_touch",
       .value = "0",
       .reason = "proc_filtops has no f_touch"},
      {.functions = {"killpg1"},
       .expression = "all",
       .value = "0",
       .reason = "the signal is for a group, and not for all processes"},
      {.functions = {"killpg1"},
       .expression = "pgid",
       .value = "0",
       .reason = "scenarios signal the caller's own group, which all their processes are in"},
  };
}

} // namespace interlock::kernel_text
