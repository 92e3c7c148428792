// See process_group.hpp.
#include "actions/process_group.hpp"

namespace interlock::actions {

std::vector<lang::Update> signal_reaches(const states::Kernel& kernel, const states::Lives& lives,
                                         const Expr& pid) {
  const states::ProcessGroup& group = *kernel.group();
  const states::KernelPlan& plan = kernel.plan();
  const auto of = [&](VariableId ghost, std::size_t process) {
    return kernel.spec().read(ghost, kernel.pid(process).ref());
  };
  std::vector<lang::Update> updates;
  for (std::size_t i = 0; i < plan.processes.size(); ++i) {
    const Expr signalled = of(group.signalled, i);
    updates.push_back(lang::assign(signalled, signalled || pid == kernel.pid(i).ref()));
    if (!plan.processes[i].parent)
      continue;
    const Expr missed = of(group.missed, i);
    const Expr passes = pid == kernel.pid(*plan.processes[i].parent).ref() &&
                        lives.forking(kernel.pid(i).ref()) == lives.phase("during") &&
                        !of(group.member, i);
    updates.push_back(lang::assign(missed, missed || passes));
  }
  return updates;
}

lang::Update can_be_signalled(const states::Kernel& kernel, std::size_t child) {
  return lang::assign(kernel.spec().read(kernel.group()->member, kernel.pid(child).ref()),
                      Expr(true));
}

Expr is_init(const states::Kernel& kernel, const Expr& p) {
  return kernel.plan().init ? p == kernel.initproc_ref() : Expr(false);
}

} // namespace interlock::actions
