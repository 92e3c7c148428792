// Declaration of what the environment draws; see authorization.hpp.
#include "states/authorization.hpp"

namespace interlock::states {

Authorization::Authorization(const Kernel& kernel, bool denies) : kernel_(kernel) {
  if (!denies)
    return;
  std::vector<std::string> names;
  for (const KernelPlan::Process& process : kernel.plan().processes)
    names.push_back(process.name);
  processes_ = lang::flags_type("processes", names);
  SpecBuilder& spec = kernel.spec();
  shown_to_ = spec.field(kernel.pid_pool, "shown_to", processes_, 0);
  hidden_from_ = spec.field(kernel.pid_pool, "hidden_from", processes_, 0);
  spec.set_drawn(*shown_to_);
  spec.set_drawn(*hidden_from_);
}

Expr Authorization::set_of(std::size_t process) const {
  return lang::literal(processes_, Value{1} << process);
}

} // namespace interlock::states
