// By comparing the steps before and after; see patched_steps.hpp.
#include "systems/patched_steps.hpp"

#include "lang/patch_targets.hpp"
#include "lang/places.hpp"

#include <algorithm>

namespace interlock::systems {

namespace {

using lang::Found;
using lang::StatementRef;

StepName name_of(const lang::SpecBuilder& spec, const Found& found,
                 const lang::Statement& statement) {
  StepName name{found.thread, lang::path_of(spec, found) + "." + statement.label, ""};
  for (const StatementRef& call : found.calls)
    name.chain += (name.chain.empty() ? "" : " > ") + call->path;
  return name;
}

std::set<StepName> steps_of(const lang::SpecBuilder& spec) {
  std::set<StepName> steps;
  for (const Found& found : lang::all_statements(spec))
    if (found.statement->kind == lang::StatementKind::step)
      steps.insert(name_of(spec, found, *found.statement));
  return steps;
}

// Whoever takes one of them is where the statement stands.
void add_steps_around(const lang::SpecBuilder& spec, const Found& found,
                      std::set<StepName>& steps) {
  std::vector<Found> inside;
  lang::collect_statements({found.statement}, found, inside);
  for (const Found& each : inside)
    if (each.statement->kind == lang::StatementKind::step)
      steps.insert(name_of(spec, each, *each.statement));
  const lang::Block& block =
      found.parent ? found.parent->blocks[found.block] : spec.body(found.thread);
  const auto at = std::find(block.begin(), block.end(), found.statement);
  if (at == block.end())
    return;
  if (at != block.begin() && (*(at - 1))->kind == lang::StatementKind::step)
    steps.insert(name_of(spec, found, **(at - 1)));
  if (at + 1 != block.end() && (*(at + 1))->kind == lang::StatementKind::step)
    steps.insert(name_of(spec, found, **(at + 1)));
}

} // namespace

std::vector<StepName> apply_patches(lang::SpecBuilder& spec,
                                    const std::vector<lang::Patch>& patches,
                                    const lang::Primitives& primitives) {
  std::set<StepName> steps;
  for (std::size_t i = 0; i < patches.size(); ++i)
    for (const Found& found : lang::patch_targets(spec, patches[i], i))
      add_steps_around(spec, found, steps);
  const std::set<StepName> before = steps_of(spec);
  lang::apply_patches(spec, patches, primitives);
  const std::set<StepName> after = steps_of(spec);
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                      std::inserter(steps, steps.end()));
  std::vector<StepName> left; // what is gone can be taken by nobody
  std::set_intersection(steps.begin(), steps.end(), after.begin(), after.end(),
                        std::back_inserter(left));
  return left;
}

} // namespace interlock::systems
