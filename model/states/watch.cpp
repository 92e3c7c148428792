// Declaration of the contract's ghosts; see watch.hpp.
#include "states/watch.hpp"

#include <set>

namespace interlock::states {

Watches::Watches(const Kernel& kernel, const std::vector<Registration>& registrations)
    : kernel_(kernel) {
  SpecBuilder& spec = kernel.spec();
  const KernelPlan& plan = kernel.plan();
  std::set<std::pair<std::size_t, std::size_t>> wanted;
  for (const Registration& registration : registrations)
    wanted.insert({registration.kqueue, registration.process});
  // A tracked process' children, and theirs; parents come first in the plan.
  for (std::size_t process = 0; process < plan.processes.size(); ++process)
    for (std::size_t kqueue = 0; kqueue < plan.kqueues.size(); ++kqueue)
      if (plan.processes[process].parent &&
          wanted.contains({kqueue, *plan.processes[process].parent}))
        wanted.insert({kqueue, process});
  std::vector<std::string> names;
  for (const auto& [kqueue, process] : wanted) {
    numbers_[{kqueue, process}] = static_cast<std::uint32_t>(names.size());
    names.push_back(plan.kqueues[kqueue].name + "/" + plan.processes[process].name);
  }
  const Type& udata = *kernel.types().udata;
  udata_set_ = lang::flags_type("udata set", udata.names);
  due_ = lang::enumeration_type("due", {"no", "may", "must", "done"});
  phase_ = lang::enumeration_type("phase", {"before", "during", "after"});
  const auto ghost = [&](PoolId pool, const char* name, const TypeRef& type) {
    const VariableId variable = spec.field(pool, name, type, 0);
    spec.set_ghost(variable);
    return variable;
  };
  const TypeRef calls = lang::integer_type(0, static_cast<Value>(plan.threads.size()));
  forking_ = ghost(kernel.pid_pool, "forking", phase_); // of the fork that makes the process
  exiting_ = ghost(kernel.pid_pool, "exiting", lang::boolean_type());
  if (!plan.kqueues.empty())
    readers_ = ghost(kernel.descriptor_pool, "readers", calls);
  if (names.empty())
    return;
  pool_ = spec.pool("watch", names, lang::Lifetime::permanent);
  must_ = ghost(pool_, "must", kernel.types().note);
  may_ = ghost(pool_, "may", kernel.types().note);
  udata_ = ghost(pool_, "udata_registered", udata_set_);
  oneshot_ = ghost(pool_, "oneshot", lang::boolean_type());
  disabled_ = ghost(pool_, "disabled", lang::boolean_type());
  adding_ = ghost(pool_, "adding", calls);
  deleting_ = ghost(pool_, "deleting", calls);
  common_ = ghost(pool_, "common", kernel.types().note);
  mixed_ = ghost(pool_, "mixed", lang::boolean_type());
  revived_ = ghost(pool_, "revived", lang::boolean_type());
  fork_due_ = ghost(pool_, "fork_due", due_);
  child_due_ = ghost(pool_, "child_due", due_);
  exit_due_ = ghost(pool_, "exit_due", due_);
  error_due_ = ghost(pool_, "trackerr_due", due_);
}

Expr Watches::watch(std::size_t kqueue, std::size_t process) const {
  return kernel_.spec().object(pool_, numbers_.at({kqueue, process}));
}

std::vector<std::pair<std::size_t, std::size_t>> Watches::all() const {
  std::vector<std::pair<std::size_t, std::size_t>> result;
  for (const auto& [pair, number] : numbers_)
    result.push_back(pair);
  return result;
}

Expr Watches::due(const char* name) const {
  return lang::literal(due_, lang::parse_value(*due_, name));
}

Expr Watches::udata_set(const Expr& udata_literal) const {
  return lang::literal(udata_set_, Value{1} << udata_literal.node().value);
}

Expr Watches::phase(const char* name) const {
  return lang::literal(phase_, lang::parse_value(*phase_, name));
}

} // namespace interlock::states
