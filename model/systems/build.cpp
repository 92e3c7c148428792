// Properties and patches of a specification; see build.hpp.
#include "systems/build.hpp"

#include "actions/steps.hpp"
#include "lang/places.hpp"
#include "lang/violations.hpp"
#include "systems/known_text.hpp"
#include "systems/patched_steps.hpp"
#include "systems/stated_invariants.hpp"

#include <algorithm>

namespace interlock::systems {

namespace {

// The labels of what a source key names: of one step, or of all that stand for a statement of C.
std::vector<std::string> labels_of(lang::SpecBuilder& spec, const Text& key) {
  std::set<std::string> labels;
  std::set<std::string> known;
  for (const lang::Found& found : lang::all_statements(spec)) {
    const lang::Statement& statement = *found.statement;
    if (statement.anchor.key == key.text || statement_key(statement.anchor.key) == key.text)
      labels.insert(lang::path_of(spec, found) + "." + statement.label);
    if (!statement.anchor.key.empty())
      known.insert(statement.anchor.key);
  }
  if (!labels.empty())
    return {labels.begin(), labels.end()};
  throw ScenarioError(known.empty()
                          ? "no source keys are known of this revision; name the step by its label"
                          : "no step of this scenario has the source key '" + key.text +
                                "'; `interlock list labels --keys CONFIG` prints what there is" +
                                text::nearest_hint(key.text, {known.begin(), known.end()}),
                      key.pointer);
}

// The patch for each label that its keys stand for; itself where it has none.
std::vector<lang::Patch> with_labels(lang::SpecBuilder& spec, const Patch& patch) {
  std::vector<lang::Patch> patches{{patch.kind, patch.label.text, patch.argument.text}};
  if (is_source_key(patch.label.text)) {
    patches.clear();
    for (const std::string& label : labels_of(spec, patch.label))
      patches.push_back({patch.kind, label, patch.argument.text});
  }
  const bool moves =
      patch.kind == Patch::Kind::move_before || patch.kind == Patch::Kind::move_after;
  if (!moves || !is_source_key(patch.argument.text))
    return patches;
  // Of the same path, where it has one.
  const std::vector<std::string> targets = labels_of(spec, patch.argument);
  for (lang::Patch& each : patches) {
    const std::string path = each.label.substr(0, each.label.rfind('.') + 1);
    const auto own = std::find_if(targets.begin(), targets.end(), [&](const std::string& target) {
      return target.starts_with(path);
    });
    each.argument = own == targets.end() ? targets.front() : *own;
  }
  return patches;
}

std::vector<StepName> apply(lang::SpecBuilder& spec, const Patch& patch,
                            const lang::Primitives& primitives) {
  const std::vector<lang::Patch> patches = with_labels(spec, patch);
  try {
    return systems::apply_patches(spec, patches, primitives);
  } catch (const lang::PatchError& error) {
    const Text& part = error.part() == lang::PatchError::Part::label ? patch.label : patch.argument;
    throw ScenarioError(error.what(), part.pointer, error.offset());
  }
}

// One after the other.  What a patch that fails has changed already is undone, lest it make those
// behind it fail.
std::vector<std::vector<StepName>> apply_all(lang::SpecBuilder& spec, const Scenario& scenario,
                                             const lang::Primitives& primitives) {
  std::vector<std::vector<StepName>> steps;
  Objections objections;
  for (const Patch& patch : scenario.patches) {
    std::vector<lang::Block> before;
    for (lang::ThreadId thread = 0; thread < spec.thread_count(); ++thread)
      before.push_back(spec.body(thread));
    if (!objections.attempt([&] { steps.push_back(apply(spec, patch, primitives)); }))
      for (lang::ThreadId thread = 0; thread < spec.thread_count(); ++thread)
        spec.body_for_patching(thread) = before[thread];
  }
  objections.throw_any();
  return steps;
}

} // namespace

namespace {

// The lines of the steps in the kernel's text, where they are known and the path does not say them;
// and their source keys.
void add_known_places(lang::SpecBuilder& spec, const KnownText& text) {
  if (text.lines.empty() && text.keys.empty())
    return;
  for (const lang::Found& found : lang::all_statements(spec)) {
    lang::Statement& statement = *found.statement;
    const std::string label = lang::path_of(spec, found) + "." + statement.label;
    if (const auto key = text.keys.find(label); key != text.keys.end())
      statement.anchor.key = key->second;
    const auto line = text.lines.find(label);
    if (line == text.lines.end() || found.calls.empty())
      continue;
    if (statement.kind == lang::StatementKind::call && statement.called_at == 0)
      statement.called_at = line->second;
    else if (statement.kind != lang::StatementKind::call &&
             statement.anchor.line == found.calls.back()->anchor.line)
      statement.anchor.line = line->second;
  }
}

} // namespace

BuiltSpec finish(const properties::Subject& subject, const Scenario& scenario,
                 const SelectedProperties& properties, const lang::Primitives& primitives) {
  lang::SpecBuilder& spec = subject.kernel.spec();
  for (const properties::Entry& entry : properties::all_of(scenario.system.text))
    entry.add(subject);
  add_known_places(spec, known_text(scenario.system.text, scenario.revision.text));
  return finish(spec, scenario, properties, primitives);
}

BuiltSpec finish(lang::SpecBuilder& spec, const Scenario& scenario,
                 const SelectedProperties& properties, const lang::Primitives& primitives) {
  spec.property({lang::patched_check, lang::PropertyKind::check, {}, ""});
  if (scenario.reuse.text == reuse_any)
    spec.take_any_slot();
  Objections objections;
  std::vector<std::vector<StepName>> patched;
  std::set<std::string> unpatched;
  if (!scenario.sometimes.empty() && !scenario.patches.empty())
    unpatched = step_labels(spec);
  objections.attempt([&] { patched = apply_all(spec, scenario, primitives); });
  add_stated_invariants(spec, scenario.invariants, objections);
  judge_examples(spec, scenario.sometimes, unpatched, objections);
  objections.throw_any();
  std::vector<std::string> kept = properties.names;
  if (spec.has_property(actions::property::double_free)) // memory is corrupt then, as after a fault
    kept.emplace_back(actions::property::double_free);
  spec.select_properties(std::move(kept));
  BuiltSpec built{std::make_unique<const lang::Spec>(std::move(spec).finish()), properties};
  built.patched = std::move(patched);
  for (const auto& [name, primitive] : primitives)
    built.insertable.insert(name);
  return built;
}

void describe_properties(SystemDescription& description) {
  for (const properties::Entry& entry : properties::all_of(description.name)) {
    description.properties.push_back({entry.name, entry.text});
    for (const contract::Rule& rule : entry.rules)
      description.rules.push_back({lang::name_of_rule(entry.name, rule.name), rule.text});
  }
}

} // namespace interlock::systems
