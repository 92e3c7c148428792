// The actions of a config's specification.
#include "cli/list_steps.hpp"

#include "cli/list_labels.hpp"
#include "cli/load.hpp"
#include "cli/output.hpp"
#include "lang/observer.hpp"
#include "lang/print.hpp"
#include "text/nearest.hpp"

#include <algorithm>
#include <iostream>

namespace interlock::checker::cli {

namespace {

using Json = nlohmann::ordered_json;
using lang::Action;
using lang::Spec;

// The actions that the filter admits, in the specification's order: by thread, then by step.
std::vector<const Action*> admitted(const Spec& spec, const StepFilter& filter,
                                    const std::string& config) {
  require_thread(spec, filter, config);
  std::vector<const Action*> actions;
  std::vector<std::string> labels;
  for (const Action& action : spec.actions()) {
    if (!filter.thread.empty() && spec.threads()[action.thread].name != filter.thread)
      continue;
    labels.push_back(action.label);
    if (action.label.find(filter.label) != std::string::npos)
      actions.push_back(&action);
  }
  if (actions.empty() && !filter.label.empty())
    refuse_label(filter, labels, config);
  return actions;
}

Json anchor_json(const lang::Anchor& anchor) {
  return {{"file", anchor.file},
          {"revision", anchor.revision},
          {"function", anchor.function},
          {"line", anchor.line}};
}

void put_actions(const Spec& spec, const std::vector<const Action*>& actions) {
  const Action* before = nullptr;
  for (const Action* action : actions) {
    if (before == nullptr || before->thread != action->thread)
      std::cout << (before == nullptr ? "" : "\n") << "thread "
                << spec.threads()[action->thread].name << "\n";
    before = action;
    const std::string source = to_string(action->anchor);
    std::cout << "  " << to_string(spec, *action) << "\n      "
              << (source.empty() ? "" : source + ", in ") << action->chain << "\n";
  }
}

Json actions_json(const Spec& spec, const std::vector<const Action*>& actions) {
  Json list = Json::array();
  for (const Action* action : actions) {
    Json updates = Json::array();
    for (const lang::Update& update : action->updates)
      updates.push_back(to_string(spec, update));
    Json checks = Json::array();
    for (const std::vector<lang::Check>* some : {&action->entry_checks, &action->checks})
      for (const lang::Check& check : *some)
        checks.push_back({{"property", check.property}, {"condition", to_string(check.condition)}});
    Json entry{{"thread", spec.threads()[action->thread].name},
               {"label", action->label},
               {"chain", action->chain},
               {"guard", to_string(action->path && action->guard)},
               {"checks", std::move(checks)},
               {"updates", std::move(updates)},
               {"next", spec.threads()[action->thread].points[action->to].label}};
    if (action->shows) {
      Json values = Json::object();
      for (const lang::Report& report : action->shows->values)
        values[report.name] = to_string(report.value);
      entry["shows"] = {{"event", action->shows->event}, {"values", std::move(values)}};
    }
    entry.update(anchor_json(action->anchor));
    list.push_back(std::move(entry));
  }
  return list;
}

} // namespace

void require_thread(const Spec& spec, const StepFilter& filter, const std::string& config) {
  std::vector<std::string> names;
  for (const lang::Thread& thread : spec.threads())
    names.push_back(thread.name);
  if (!filter.thread.empty() && std::find(names.begin(), names.end(), filter.thread) == names.end())
    refuse(config,
           "there is no thread " + filter.thread + text::nearest_hint(filter.thread, names));
}

void refuse_label(const StepFilter& filter, const std::vector<std::string>& labels,
                  const std::string& config) {
  refuse(config,
         "no label contains \"" + filter.label + "\"" + text::nearest_hint(filter.label, labels));
}

ExitCode list_steps(const std::string& what, const std::string& config, const StepFilter& filter,
                    bool json) {
  if (config.empty())
    refuse("list", what + " are those of a config's scenario: interlock list " + what + " CONFIG");
  const LoadedConfig loaded = load_config(config);
  const Spec& spec = filter.contract ? contract_of(loaded, config) : *loaded.built.spec;
  if (what == "labels") {
    list_labels(spec, filter, config, json);
    return ExitCode::success;
  }
  const std::vector<const Action*> actions = admitted(spec, filter, config);
  if (json)
    put_document("interlock-list",
                 {{"what", what}, {"config", config}, {what, actions_json(spec, actions)}});
  else
    put_actions(spec, actions);
  return ExitCode::success;
}

} // namespace interlock::checker::cli
