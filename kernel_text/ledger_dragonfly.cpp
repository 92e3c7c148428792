// What DragonFly's kernel does and the model leaves out.
#include "kernel_text/ledger.hpp"

namespace interlock::kernel_text {

Ledger dragonfly_ledger() { return {}; }

} // namespace interlock::kernel_text
