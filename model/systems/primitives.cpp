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

} // namespace interlock::systems
