// The variables of gates; see gates.hpp.
#include "systems/gates.hpp"

#include <algorithm>

namespace interlock::systems {

Gates::Gates(lang::SpecBuilder& spec, const ReadScenario& read) : spec_(spec), read_(read) {
  for (const std::vector<ScenarioCall>& calls : read.calls)
    for (const ScenarioCall& call : calls)
      for (const CallPlace& other : call.after)
        if (!returned_.contains(other))
          returned_[other] = spec.global(read.plan.threads[other.first].name + "_has_returned_" +
                                             std::to_string(other.second + 1),
                                         lang::boolean_type(), 0);
  for (std::size_t thread = 0; thread < read.calls.size(); ++thread)
    for (std::size_t call = 0; call < read.calls[thread].size(); ++call)
      if (!read.calls[thread][call].answer.empty())
        answered_[{thread, call}] =
            spec.local(static_cast<lang::ThreadId>(thread), "answered_" + std::to_string(call + 1),
                       lang::boolean_type(), 0);
}

lang::Expr Gates::before(const CallPlace& place) const {
  lang::Expr all;
  for (const CallPlace& other : read_.calls[place.first][place.second].after) {
    const lang::Expr one = after(other);
    all = all.empty() ? one : all && one;
  }
  return all;
}

lang::Expr Gates::after(const CallPlace& place) const {
  const auto found = returned_.find(place);
  return found == returned_.end() ? lang::Expr() : spec_.read(found->second);
}

lang::Expr Gates::answered(const CallPlace& place) const {
  const auto found = answered_.find(place);
  return found == answered_.end() ? lang::Expr() : spec_.read(found->second);
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
  for (const auto& [place, variable] : answered_)
    texts.push_back(name_of(place.first, place.second + 1) + " is made only if " +
                    name_of(place.first, place.second) + " answers " +
                    read_.calls[place.first][place.second].answer);
  return texts;
}

} // namespace interlock::systems
