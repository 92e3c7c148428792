// A condition taken apart at each `and`.
#pragma once

#include "lang/expression.hpp"

namespace interlock::lang {

// Calls `visit` for the operands of a && b && ..., in the order in which they are evaluated: all of
// them are, and true, where the whole is true.
void for_each_conjunct(const Expr& condition, const std::function<void(const Expr&)>& visit);

} // namespace interlock::lang
