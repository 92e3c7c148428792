// What NetBSD's kernel does and the model leaves out.
#include "kernel_text/ledger.hpp"

namespace interlock::kernel_text {

Ledger netbsd_ledger() { return {}; }

} // namespace interlock::kernel_text
