// Operands of primitives; see primitives.hpp.
#include "systems/primitives.hpp"

namespace interlock::systems {

states::Lock lock_of(const states::Kernel& kernel, const lang::Expr& reference,
                     const LockKinds& kinds) {
  for (const states::LockKind kind : kinds)
    if (kernel.locks().has(kind) && reference.type().kind == lang::Kind::reference &&
        kernel.locks().pool(kind) == reference.type().pool)
      return {kind, reference};
  std::string allowed;
  for (const states::LockKind kind : kinds)
    allowed += (allowed.empty() ? "" : " or ") + std::string(states::kind_name(kind));
  throw lang::SpecError(lang::to_string(reference) + " is no " + allowed);
}

ExpressionOperand value_operand(std::string wanted, const lang::TypeRef& type) {
  return {std::move(wanted),
          [type](const lang::Expr& operand) { return lang::compatible(*type, operand.type()); }};
}

ExpressionOperand place_operand(std::string wanted, const lang::TypeRef& type) {
  return {std::move(wanted), [type](const lang::Expr& operand) {
            const lang::Op op = operand.node().op;
            return (op == lang::Op::variable || op == lang::Op::field) &&
                   lang::compatible(*type, operand.type());
          }};
}

void require_object(const states::Kernel& kernel, const lang::Expr& operand, lang::PoolId pool) {
  const bool is = operand.type().kind == lang::Kind::reference && operand.type().pool == pool;
  if (!is || operand.is_literal(lang::none))
    throw lang::SpecError(lang::to_string(operand) + " is no " + kernel.spec().pools()[pool].name);
}

void require_fitting(const lang::Expr& operand, const ExpressionOperand& wanted) {
  if (!wanted.fits(operand))
    throw lang::SpecError(lang::to_string(operand) + " is no " + wanted.wanted);
}

} // namespace interlock::systems
