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
  Constants all = constants_of_killpg1();
  const Constants own{
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
  };
  all.insert(all.end(), own.begin(), own.end());
  return all;
}

} // namespace interlock::kernel_text
