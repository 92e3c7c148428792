// By the boundaries of calls; see unreached.hpp.
#include "verdict/unreached.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace interlock::checker {

namespace {

struct Call {
  std::string name; // empty: none that begins
  bool begins = false;
  bool parks = false;
  bool returns = false;
};

} // namespace

std::vector<UnreachedReturn> unreached_returns(const lang::Spec& spec,
                                               const Statistics& statistics) {
  std::vector<std::map<std::size_t, Call>> threads(spec.threads().size());
  for (lang::ActionId id = 0; id < spec.actions().size(); ++id) {
    const lang::Action& action = spec.actions()[id];
    Call& call = threads[action.thread][action.call];
    const bool taken = statistics.action_counts.at(id) != 0;
    switch (action.boundary) {
    case lang::Boundary::none:
      break;
    case lang::Boundary::begins:
    case lang::Boundary::parks:
      call.name = action.chain;
      call.begins = call.begins || taken;
      call.parks = action.boundary == lang::Boundary::parks;
      break;
    case lang::Boundary::returns:
      call.returns = call.returns || taken;
      break;
    }
  }
  std::vector<UnreachedReturn> result;
  for (lang::ThreadId thread = 0; thread < threads.size(); ++thread) {
    std::size_t number = 0;
    for (const auto& [place, call] : threads[thread]) {
      if (call.name.empty())
        continue;
      ++number;
      if (call.returns)
        continue;
      result.push_back({spec.thread_name(thread), call.name, number, call.begins, call.parks});
      break;
    }
  }
  return result;
}

namespace {

bool is_named(const UnreachedReturn& unreached, const std::string& name) {
  return name == unreached.thread + "." + unreached.call ||
         name == unreached.thread + "." + std::to_string(unreached.number);
}

} // namespace

bool is_on_purpose(const UnreachedReturn& unreached, const Config& config) {
  if (unreached.parks)
    return true;
  return config.expect &&
         std::any_of(config.expect->never_returns.begin(), config.expect->never_returns.end(),
                     [&](const systems::Text& name) { return is_named(unreached, name.text); });
}

std::vector<std::string> returns_after_all(const std::vector<UnreachedReturn>& unreached,
                                           const Expectation& expect) {
  std::vector<std::string> names;
  for (const systems::Text& name : expect.never_returns)
    if (std::none_of(unreached.begin(), unreached.end(),
                     [&](const UnreachedReturn& each) { return is_named(each, name.text); }))
      names.push_back(name.text);
  return names;
}

std::vector<std::size_t> unreached_patches(const systems::BuiltSpec& built,
                                           const Statistics& statistics) {
  std::set<systems::StepName> taken;
  for (lang::ActionId id = 0; id < built.spec->actions().size(); ++id) {
    const lang::Action& action = built.spec->actions()[id];
    if (statistics.action_counts.at(id) != 0)
      taken.insert({action.thread, action.label, action.chain});
  }
  std::vector<std::size_t> unreached;
  for (std::size_t patch = 0; patch < built.patched.size(); ++patch) {
    const std::vector<systems::StepName>& steps = built.patched[patch];
    if (!steps.empty() && std::none_of(steps.begin(), steps.end(),
                                       [&](const auto& step) { return taken.contains(step); }))
      unreached.push_back(patch);
  }
  return unreached;
}

std::string text_of(const UnreachedReturn& unreached) {
  return unreached.thread + "'s '" + unreached.call + "' never " +
         (unreached.begins ? "returns" : "begins");
}

std::string text_of_unreached(std::size_t patch, const Config& config) {
  return "no run comes to what patch " + std::to_string(patch + 1) +
         " edits: " + config.scenario.patches.at(patch).label.text;
}

} // namespace interlock::checker
