// Properties and patches of a specification; see build.hpp.
#include "systems/build.hpp"

#include "actions/steps.hpp"
#include "lang/places.hpp"
#include "systems/known_text.hpp"
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

void apply(lang::SpecBuilder& spec, const Patch& patch, const lang::Primitives& primitives) {
  const std::vector<lang::Patch> patches = with_labels(spec, patch);
  try {
    lang::apply_patches(spec, patches, primitives);
  } catch (const lang::PatchError& error) {
    const Text& part = error.part() == lang::PatchError::Part::label ? patch.label : patch.argument;
    throw ScenarioError(error.what(), part.pointer, error.offset());
  }
}

// One after the other.  What a patch that fails has changed already is undone, lest it make those
// behind it fail.
void apply_all(lang::SpecBuilder& spec, const Scenario& scenario,
               const lang::Primitives& primitives) {
  Objections objections;
  for (const Patch& patch : scenario.patches) {
    std::vector<lang::Block> before;
    for (lang::ThreadId thread = 0; thread < spec.thread_count(); ++thread)
      before.push_back(spec.body(thread));
    if (!objections.attempt([&] { apply(spec, patch, primitives); }))
      for (lang::ThreadId thread = 0; thread < spec.thread_count(); ++thread)
        spec.body_for_patching(thread) = before[thread];
  }
  objections.throw_any();
}

} // namespace

std::vector<std::string> select_properties(const Scenario& scenario, const std::string& system,
                                           Objections& objections) {
  PropertyNames names;
  for (const properties::Entry& entry : properties::all_of(system)) {
    names.known.push_back(entry.name);
    if (!entry.analysis && !entry.asked_for)
      names.standard.push_back(entry.name);
  }
  for (const properties::Entry& entry : properties::all())
    if (!entry.system.empty() && entry.system != system)
      names.elsewhere[entry.name] =
          "is one of " + entry.system + " and makes no sense for " + system;
  return select_properties(scenario, names, objections);
}

std::vector<std::string> select_properties(const Scenario& scenario, const PropertyNames& names,
                                           Objections& objections) {
  judge_names(scenario.invariants, names.known, objections);
  const auto with_stated = [&](std::vector<std::string> selected) {
    for (const StatedInvariant& invariant : scenario.invariants)
      selected.push_back(invariant.name.text);
    return selected;
  };
  const auto is_stated = [&](const std::string& name) {
    return std::any_of(
        scenario.invariants.begin(), scenario.invariants.end(),
        [&](const StatedInvariant& invariant) { return invariant.name.text == name; });
  };
  std::vector<std::string> standard = names.standard;
  if (scenario.properties.empty()) {
    if (!scenario.patches.empty()) // a patch may add checks of its own
      standard.emplace_back(lang::patched_check);
    return with_stated(std::move(standard));
  }
  std::vector<std::string> selected;
  for (const Text& name : scenario.properties)
    objections.attempt([&] {
      if (const auto other = names.elsewhere.find(name.text); other != names.elsewhere.end())
        throw ScenarioError("property " + name.text + " " + other->second, name.pointer);
      if (is_stated(name.text))
        throw ScenarioError(name.text + " is an invariant of this config, which is checked without "
                                        "being named here",
                            name.pointer);
      if (std::find(names.known.begin(), names.known.end(), name.text) == names.known.end() &&
          name.text != lang::patched_check)
        throw ScenarioError("unknown property '" + name.text + "'; there is " +
                                text::joined(names.known) +
                                text::nearest_hint(name.text, names.known),
                            name.pointer);
      if (std::find(selected.begin(), selected.end(), name.text) != selected.end())
        throw ScenarioError("property " + name.text + " is there twice", name.pointer);
      selected.push_back(name.text);
    });
  // Whoever writes a check wants it to be checked.
  const bool adds_checks =
      std::any_of(scenario.patches.begin(), scenario.patches.end(), [](const Patch& patch) {
        return lang::adds_check({patch.kind, patch.label.text, patch.argument.text});
      });
  if (adds_checks &&
      std::find(selected.begin(), selected.end(), lang::patched_check) == selected.end())
    selected.emplace_back(lang::patched_check);
  return with_stated(std::move(selected));
}

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
                 const std::vector<std::string>& properties, const lang::Primitives& primitives) {
  lang::SpecBuilder& spec = subject.kernel.spec();
  for (const properties::Entry& entry : properties::all_of(scenario.system.text))
    entry.add(subject);
  add_known_places(spec, known_text(scenario.system.text, scenario.revision.text));
  return finish(spec, scenario, properties, primitives);
}

BuiltSpec finish(lang::SpecBuilder& spec, const Scenario& scenario,
                 const std::vector<std::string>& properties, const lang::Primitives& primitives) {
  spec.property({lang::patched_check, lang::PropertyKind::check, {}, ""});
  Objections objections;
  objections.attempt([&] { apply_all(spec, scenario, primitives); });
  add_stated_invariants(spec, scenario.invariants, objections);
  objections.throw_any();
  std::vector<std::string> kept = properties;
  if (spec.has_property(actions::property::double_free)) // memory is corrupt then, as after a fault
    kept.emplace_back(actions::property::double_free);
  spec.select_properties(std::move(kept));
  BuiltSpec built{std::make_unique<const lang::Spec>(std::move(spec).finish()), properties};
  for (const auto& [name, primitive] : primitives)
    built.insertable.insert(name);
  return built;
}

std::vector<Entry> describe_properties(const std::string& system) {
  std::vector<Entry> entries;
  for (const properties::Entry& entry : properties::all_of(system))
    entries.push_back({entry.name, entry.text});
  return entries;
}

} // namespace interlock::systems
