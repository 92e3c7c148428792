// What FreeBSD's kernel does and the model leaves out.
#include "kernel_text/ledger.hpp"

namespace interlock::kernel_text {

namespace {

using Branch = LedgerBranch;

// Of kern_event.c.
Ledger of_kern_event() { return {}; }

} // namespace

Ledger freebsd_ledger() { return of_kern_event(); }

} // namespace interlock::kernel_text
