// By what a statement of C is known that stands neither on its line nor on a label.
#pragma once

#include "kernel_text/skeleton.hpp"

#include <map>

namespace interlock::kernel_text {

// `FUNCTION:OPERATION#N` of each node of a function's skeleton that has one: the N-th statement of
// the function that calls OPERATION, assigns to the field of that name, or is an if, a switch, a
// case, a loop, a jump or a return.
// What several nodes say of one statement has one key.
std::map<const Node*, std::string> source_keys(const std::string& function,
                                               const Skeleton& skeleton);

} // namespace interlock::kernel_text
