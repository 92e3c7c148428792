// A NetBSD scenario in a few lines of a test, with patches; and what checking it gives.
#pragma once

#include "systems/scenario.hpp"
#include "verdict/check.hpp"

#include <string>
#include <vector>

namespace interlock::tests {

inline constexpr const char* before_change = "kern_event-1.128";
inline constexpr const char* after_change = "kern_event-1.129";
inline constexpr const char* vfork_change = "kern_fork-1.231"; // with kern_event.c 1.129

// JSON pointers are those of the config that says the same.
class ScenarioText {
public:
  explicit ScenarioText(const std::string& revision = after_change) {
    scenario_.system = {"netbsd", "/system"};
    scenario_.revision = {revision, "/revision"};
  }

  // Each gives the scenario with something added or changed.
  ScenarioText system(const std::string& name) const {
    return with([&](systems::Scenario& s) { s.system.text = name; });
  }
  ScenarioText revision(const std::string& name) const {
    return with([&](systems::Scenario& s) { s.revision.text = name; });
  }
  ScenarioText thread(const std::string& name, const std::vector<std::string>& calls) const {
    const std::string pointer = "/scenario/threads/" + name;
    return with([&](systems::Scenario& s) {
      s.threads.push_back({{name, pointer}, texts(calls, pointer)});
    });
  }
  // Entries are "THREAD: CALL".
  ScenarioText setup(const std::vector<std::string>& calls) const {
    return with([&](systems::Scenario& s) { s.setup = texts(calls, "/scenario/setup"); });
  }
  ScenarioText process(const std::string& name, const std::vector<std::string>& threads) const {
    const std::string pointer = "/scenario/processes/" + name;
    return with([&](systems::Scenario& s) {
      s.processes.push_back({{name, pointer}, texts(threads, pointer)});
    });
  }
  ScenarioText kqueue(const std::string& name, const std::string& process) const {
    const std::string pointer = "/scenario/kqueues/" + name;
    return with([&](systems::Scenario& s) {
      s.kqueues.push_back({{name, pointer}, {process, pointer}});
    });
  }
  ScenarioText environment(const std::string& choice) const {
    return with([&](systems::Scenario& s) { add(s.environment, "/environment", choice); });
  }
  ScenarioText property(const std::string& name) const {
    return with([&](systems::Scenario& s) { add(s.properties, "/properties", name); });
  }
  ScenarioText excuse(const std::string& name) const {
    return with([&](systems::Scenario& s) { add(s.excused, "/excused", name); });
  }
  ScenarioText bound(const std::string& name, int size) const {
    return with([&](systems::Scenario& s) { s.bounds[name] = {size, "/bounds/" + name}; });
  }

  ScenarioText invariant(const std::string& name, const std::string& forall,
                         const std::string& holds) const {
    const std::string pointer = "/invariants/" + std::to_string(scenario_.invariants.size()) + "/";
    return with([&](systems::Scenario& s) {
      s.invariants.push_back(
          {{name, pointer + "name"}, {forall, pointer + "forall"}, {holds, pointer + "holds"}});
    });
  }

  // --- patches ---
  ScenarioText drop(const std::string& label, const std::string& keep = "") const {
    return patch(systems::Patch::Kind::drop, label, "drop", keep, keep.empty() ? "" : "keep");
  }
  ScenarioText replace(const std::string& label, const std::string& by) const {
    return patch(systems::Patch::Kind::replace, label, "replace", by, "with");
  }
  ScenarioText before(const std::string& label, const std::string& inserted) const {
    return patch(systems::Patch::Kind::insert_before, label, "before", inserted, "insert");
  }
  ScenarioText after(const std::string& label, const std::string& inserted) const {
    return patch(systems::Patch::Kind::insert_after, label, "after", inserted, "insert");
  }
  ScenarioText move_before(const std::string& label, const std::string& other) const {
    return patch(systems::Patch::Kind::move_before, label, "move", other, "before");
  }
  ScenarioText move_after(const std::string& label, const std::string& other) const {
    return patch(systems::Patch::Kind::move_after, label, "move", other, "after");
  }

  ScenarioText without_patches() const {
    return with([](systems::Scenario& s) { s.patches.clear(); });
  }
  const systems::Scenario& scenario() const { return scenario_; }

private:
  static std::vector<systems::Text> texts(const std::vector<std::string>& strings,
                                          const std::string& pointer) {
    std::vector<systems::Text> result;
    for (const std::string& text : strings)
      add(result, pointer, text);
    return result;
  }
  static void add(std::vector<systems::Text>& list, const std::string& pointer,
                  const std::string& text) {
    list.push_back({text, pointer + "/" + std::to_string(list.size())});
  }
  template <class Edit> ScenarioText with(const Edit& edit) const {
    ScenarioText copy = *this;
    edit(copy.scenario_);
    return copy;
  }
  ScenarioText patch(systems::Patch::Kind kind, const std::string& label,
                     const std::string& label_key, const std::string& argument,
                     const std::string& argument_key) const {
    const std::string pointer = "/patches/" + std::to_string(scenario_.patches.size()) + "/";
    systems::Patch patch{kind, {label, pointer + label_key}, {}};
    if (!argument_key.empty())
      patch.argument = {argument, pointer + argument_key};
    return with([&](systems::Scenario& s) { s.patches.push_back(patch); });
  }

  systems::Scenario scenario_;
};

struct Checked {
  systems::BuiltSpec built;
  checker::CheckResult result;

  const lang::Spec& spec() const { return *built.spec; }
  bool holds() const { return result.verdict == checker::Verdict::holds; }
  // "PROPERTY: MESSAGE" of a violation, or the verdict.
  std::string verdict() const {
    if (result.trace)
      return result.trace->violation.property + ": " + result.trace->violation.message;
    return holds() ? "holds" : "incomplete: " + result.limit;
  }
  // "THREAD:LABEL" of each step of the counterexample.
  std::vector<std::string> steps() const {
    std::vector<std::string> labels;
    if (result.trace)
      for (const lang::ActionId id : result.trace->actions) {
        const lang::Action& action = spec().actions()[id];
        labels.push_back(spec().threads()[action.thread].name + ":" + action.label);
      }
    return labels;
  }
};

// No scenario of a test is near this limit: one that reaches it is `incomplete`.
inline constexpr std::uint64_t most_states = 2'000'000;

inline Checked check(const ScenarioText& text) {
  Checked checked{systems::build(text.scenario()), {}};
  checker::CheckOptions options;
  options.properties = checked.built.properties.names;
  options.max_states = most_states;
  checked.result = checker::check(checked.spec(), options);
  return checked;
}

} // namespace interlock::tests
