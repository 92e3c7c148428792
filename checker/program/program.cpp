// A system of one's own as one of the list of systems.
#include "program/program.hpp"

#include "cli/commands.hpp"
#include "lang/lower.hpp"
#include "lang/violations.hpp"
#include "systems/build.hpp"
#include "systems/system.hpp"
#include "text/wrap.hpp"

#include <algorithm>
#include <memory>

namespace interlock::program {

namespace {

using systems::BuiltSpec;
using systems::Objections;
using systems::Scenario;
using systems::ScenarioError;
using systems::Text;

// Properties that make sense without a kernel.
const std::vector<std::string>& common() {
  static const std::vector<std::string> names{lang::no_deadlock,
                                              lang::guarded_access,
                                              lang::fault::use_after_free,
                                              lang::fault::not_on_list,
                                              lang::fault::null_dereference,
                                              lang::analysis::lock_order,
                                              lang::analysis::lock_discipline};
  return names;
}

std::vector<systems::Entry> entries(const std::vector<Name>& names) {
  std::vector<systems::Entry> result;
  for (const Name& name : names)
    result.push_back({name.name, name.text});
  return result;
}

std::vector<std::string> names_of(const std::vector<Name>& names) {
  std::vector<std::string> result;
  for (const Name& name : names)
    result.push_back(name.name);
  return result;
}

// One blank between words.
std::string spelled_plainly(const std::string& text) {
  return text::joined(text::words_of(text), " ");
}

void require(const std::vector<std::string>& names, const Text& name, const std::string& what) {
  if (std::find(names.begin(), names.end(), spelled_plainly(name.text)) == names.end())
    throw ScenarioError("unknown " + what + " '" + name.text + "'; there is " +
                            text::joined(names) + text::nearest_hint(name.text, names),
                        name.pointer);
}

systems::SystemDescription description_of(const System& system) {
  systems::SystemDescription description;
  description.name = system.name;
  description.text = system.text;
  description.revisions = entries(system.revisions);
  description.calls = entries(system.calls);
  description.properties = entries(system.properties);
  for (const std::string& name : common())
    description.properties.push_back({name, properties::find(name)->text});
  description.environment = entries(system.environment);
  description.kernel = false;
  return description;
}

systems::SelectedProperties selected(const System& system, const Scenario& scenario,
                                     Objections& objections) {
  std::vector<std::string> known = names_of(system.properties);
  std::vector<std::string> standard = known;
  for (const std::string& name : common()) {
    known.push_back(name);
    if (!properties::find(name)->analysis)
      standard.push_back(name);
  }
  return systems::select_properties(scenario, {known, standard, {}, {}, {}}, objections);
}

void look_at(const System& system, const Scenario& scenario, Objections& objections) {
  if (!scenario.unread.revision)
    objections.attempt([&] { require(names_of(system.revisions), scenario.revision, "revision"); });
  for (const Text& choice : scenario.environment)
    objections.attempt(
        [&] { require(names_of(system.environment), choice, "choice of the environment"); });
  for (const systems::ThreadScript& thread : scenario.threads)
    for (const Text& call : thread.calls)
      objections.attempt([&] { require(names_of(system.calls), call, "call"); });
  const std::string not_here = system.name + " has no processes, kqueues or bounds";
  for (const auto& process : scenario.processes)
    objections.add({not_here, process.name.pointer});
  for (const auto& kqueue : scenario.kqueues)
    objections.add({not_here, kqueue.name.pointer});
  for (const auto& [pool, bound] : scenario.bounds)
    objections.add({not_here, bound.second});
}

systems::Judgement judge(const System& system, const Scenario& scenario) {
  Objections objections;
  systems::SelectedProperties properties = selected(system, scenario, objections);
  const bool unknown = objections.count() > 0 || !scenario.tells_properties();
  look_at(system, scenario, objections);
  return {objections.all(), unknown ? std::nullopt : std::optional(std::move(properties))};
}

void add_common_properties(lang::SpecBuilder& spec) {
  for (const std::string& name : common())
    if (name == lang::no_deadlock)
      spec.property({name, lang::PropertyKind::no_deadlock, {}, "threads are stuck"});
    else
      spec.property({name,
                     properties::find(name)->analysis ? lang::PropertyKind::analysis
                                                      : lang::PropertyKind::check,
                     {},
                     ""});
}

BuiltSpec build(const System& system, const Scenario& scenario) {
  Objections objections;
  const systems::SelectedProperties properties = selected(system, scenario, objections);
  look_at(system, scenario, objections);
  objections.throw_any();
  lang::SpecBuilder spec;
  for (const systems::ThreadScript& thread : scenario.threads)
    spec.thread(thread.name.text);
  Request request{scenario.revision.text, {}};
  for (const Text& choice : scenario.environment)
    request.environment.insert(choice.text);
  const Call call = system.build(spec, request);
  for (std::size_t t = 0; t < scenario.threads.size(); ++t) {
    lang::Steps steps(spec, static_cast<lang::ThreadId>(t));
    for (const Text& text : scenario.threads[t].calls)
      call(steps, spelled_plainly(text.text));
    spec.set_body(static_cast<lang::ThreadId>(t), steps.take());
  }
  add_common_properties(spec);
  return systems::finish(spec, scenario, properties, {});
}

} // namespace

int run(int argc, char** argv, System system) {
  const auto own = std::make_shared<const System>(std::move(system));
  systems::use_only({description_of(*own),
                     [own](const Scenario& scenario) { return judge(*own, scenario); },
                     [own](const Scenario& scenario) { return build(*own, scenario); }});
  return checker::cli::run_program(argc, argv);
}

} // namespace interlock::program
