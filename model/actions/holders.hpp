// What may still lead to an object when it is freed: lists and queues, tables of the kernel, and
// pointers of living objects that keep what they point to.
#pragma once

#include "states/kernel.hpp"

namespace interlock::actions {

// Nothing leads to the object, whoever would go there later: checks of freed-while-held, made from
// what the specification declares.  No list has it; its own lists have no element, whose links
// would lead into it; no table of the kernel has it; no knote that can be found belongs to it, and
// no child.  What a thread has in its locals is its own, and use-after-free where it follows it.
std::vector<lang::Check> nothing_holds(const states::Kernel& kernel, const lang::Expr& object);

} // namespace interlock::actions
