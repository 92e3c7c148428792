// Declaration of the ghosts; see life.hpp.
#include "states/life.hpp"

namespace interlock::states {

Lives::Lives(const Kernel& kernel, Kept kept)
    : kernel_(kernel), phase_(lang::enumeration_type("phase", {"before", "during", "after"})) {
  SpecBuilder& spec = kernel.spec();
  forking_ = spec.field(kernel.pid_pool, "forking", phase_, 0);
  exiting_ = spec.field(kernel.pid_pool, "exiting", lang::boolean_type(), 0);
  spec.set_ghost(forking_);
  spec.set_ghost(exiting_);
  const auto remember = [&](const char* name) {
    const VariableId ghost = spec.field(kernel.pid_pool, name, lang::boolean_type(), 0);
    spec.set_ghost(ghost);
    return ghost;
  };
  if (kept.told)
    told_ = remember("told_exit");
  if (kept.exec)
    execs_ = remember("execs");
}

Expr Lives::phase(const char* name) const {
  return lang::literal(phase_, lang::parse_value(*phase_, name));
}

} // namespace interlock::states
