// The variables of gates; see gates.hpp.
#include "systems/gates.hpp"

#include <algorithm>

namespace interlock::systems {

Gates::Gates(lang::SpecBuilder& spec, const ReadScenario& read) : spec_(spec), read_(read) {
  for (const std::vector<ScenarioCall>& calls : read.calls)
    for (const ScenarioCall& call : calls)
      for (const auto& [thread, number] : call.after)
        if (!returned_.contains({thread, number})) {
          const lang::VariableId id = spec.global(read.plan.threads[thread].name +
                                                      "_has_returned_" + std::to_string(number + 1),
                                                  lang::boolean_type(), 0);
          returned_[{thread, number}] = id;
        }
}

lang::Expr Gates::before(std::size_t thread, std::size_t call) const {
  lang::Expr all;
  for (const auto& other : read_.calls[thread][call].after) {
    const lang::Expr one = after(other.first, other.second);
    all = all.empty() ? one : all && one;
  }
  return all;
}

lang::Expr Gates::after(std::size_t thread, std::size_t call) const {
  const auto found = returned_.find({thread, call});
  return found == returned_.end() ? lang::Expr() : spec_.read(found->second);
}

std::vector<std::string> Gates::texts() const {
  const auto name_of = [&](std::size_t thread, std::size_t call) {
    return read_.plan.threads[thread].name + "'s '" + read_.calls[thread][call].text + "'";
  };
  std::vector<std::string> texts;
  if (std::any_of(read_.calls.begin(), read_.calls.end(),
                  [](const auto& calls) { return !calls.empty() && calls.front().in_setup; }))
    texts.emplace_back("the calls of the setup come first, one after the other");
  for (std::size_t thread = 0; thread < read_.calls.size(); ++thread)
    for (std::size_t call = 0; call < read_.calls[thread].size(); ++call)
      for (const auto& [other, number] : read_.calls[thread][call].after)
        if (!read_.calls[other][number].in_setup)
          texts.push_back(name_of(thread, call) + " begins after " + name_of(other, number) +
                          " has returned");
  return texts;
}

} // namespace interlock::systems
