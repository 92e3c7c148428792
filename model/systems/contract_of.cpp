// Calls, and what the environment may refuse; see contract_of.hpp.
#include "systems/contract_of.hpp"

#include "actions/shown.hpp"
#include "contract/rules.hpp"
#include "lang/observer.hpp"
#include "lang/violations.hpp"

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

void add_contract(lang::SpecBuilder& spec, const states::Kernel& kernel, const ReadScenario& read,
                  contract::Parameters parameters) {
  const char* const property = actions::property::kevent_contract;
  parameters.polls_see_nothing =
      read.properties.checks(lang::name_of_rule(property, contract::rule::poll));
  spec.set_observer(property, std::make_shared<lang::Observer>(
                                  contract_of(kernel, read, parameters), contract::broken_rule,
                                  read.properties.excused_of(property)));
}

} // namespace interlock::systems
