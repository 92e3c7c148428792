// The contract's machine for a scenario that was read.
#pragma once

#include "contract/machine.hpp"
#include "systems/reader.hpp"

namespace interlock::systems {

std::unique_ptr<const lang::Spec> contract_of(const states::Kernel& kernel,
                                              const ReadScenario& read,
                                              const contract::Parameters& parameters);

// The observer that judges by it, with the rules that the scenario excuses.
void add_contract(lang::SpecBuilder& spec, const states::Kernel& kernel, const ReadScenario& read,
                  contract::Parameters parameters);

} // namespace interlock::systems
