// Digests of functions, by which a text is known again without being kept.
#pragma once

#include "kernel_text/tree.hpp"

namespace interlock::kernel_text {

// Of the function's tokens, from its name to its last bracket: space, comments and lines do not
// count.  16 hexadecimal digits.
std::string digest_of(const File& file, const Function& function);

} // namespace interlock::kernel_text
