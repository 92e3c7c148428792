// The walk down the left and right of each `and`.
#include "lang/conjuncts.hpp"

namespace interlock::lang {

void for_each_conjunct(const Expr& condition, const std::function<void(const Expr&)>& visit) {
  if (condition.empty() || condition.node().op != Op::logical_and) {
    visit(condition);
    return;
  }
  for (const Expr& operand : condition.node().operands)
    for_each_conjunct(operand, visit);
}

} // namespace interlock::lang
