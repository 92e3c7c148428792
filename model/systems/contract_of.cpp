// Calls, and what the environment may refuse; see contract_of.hpp.
#include "systems/contract_of.hpp"

#include "actions/shown.hpp"

namespace interlock::systems {

std::unique_ptr<const lang::Spec> contract_of(const states::Kernel& kernel,
                                              const ReadScenario& read,
                                              const contract::Parameters& parameters) {
  using Kind = ScenarioCall::Kind;
  std::vector<std::vector<contract::Call>> calls;
  for (std::size_t thread = 0; thread < read.calls.size(); ++thread) {
    calls.emplace_back();
    for (const ScenarioCall& call : read.calls[thread]) {
      contract::Call made;
      made.name = actions::shown::name_of(read.plan.threads[thread].name, call.text);
      made.kind = call.kind;
      made.process = call.process;
      made.kqueue = call.kqueue;
      made.reap = call.reap;
      if (call.kind == Kind::change)
        made.change = change_of(kernel, call);
      if (call.kind == Kind::wait)
        made.wait = wait_of(call);
      calls.back().push_back(std::move(made));
    }
  }
  const auto may = [&](const char* choice) { return read.environment.contains(choice); };
  return contract::machine(kernel, calls, contract::watched(read.plan, read.registrations),
                           {may("allocation-fails"), may("authorization-denied"), may("signals"),
                            may("sigchld-ignored")},
                           parameters);
}

} // namespace interlock::systems
