// Compilation of the program points and of the invariants.
#include "engine/compiled_spec.hpp"

#include "engine/compile.hpp"
#include "engine/touched.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace interlock::checker {

CompiledSpec::CompiledSpec(const lang::Spec& spec, const std::vector<std::size_t>& invariants)
    : spec_(spec), layout_(spec) {
  Compiler compiler(spec, layout_, code_);
  const auto number = [&](const std::string& property) {
    const auto found = std::find(failures_.begin(), failures_.end(), property);
    if (found != failures_.end())
      return static_cast<FailureId>(found - failures_.begin());
    failures_.push_back(property);
    return static_cast<FailureId>(failures_.size() - 1);
  };
  for (const lang::Thread& thread : spec.threads()) {
    const std::uint32_t slot = spec.variables()[thread.counter].first_slot;
    counters_.push_back({layout_.field(slot), entries_.size()});
    std::size_t most = 0;
    for (const lang::Point& point : thread.points) {
      most = std::max(most, point.actions.size());
      entries_.push_back(point.actions.empty() ? no_code : compiler.point(point, number));
    }
    max_successors_ += most;
  }
  compile_invariants(compiler, invariants);
}

void CompiledSpec::compile_invariants(Compiler& compiler,
                                      const std::vector<std::size_t>& invariants) {
  invariants_behind_.assign(spec_.actions().size(), no_code);
  if (invariants.empty())
    return;
  const std::vector<Conjunct> conjuncts = conjuncts_of(spec_, invariants);
  // Many actions can change the same.
  std::map<std::vector<std::uint32_t>, std::uint32_t> compiled;
  const auto code_of = [&](const std::vector<std::uint32_t>& chosen) {
    const auto [place, fresh] = compiled.emplace(chosen, no_code);
    if (fresh && !chosen.empty()) {
      std::vector<std::pair<lang::Expr, std::uint32_t>> conditions;
      for (const std::uint32_t i : chosen)
        conditions.emplace_back(conjuncts[i].condition, conjuncts[i].property);
      place->second = compiler.conditions(conditions);
    }
    return place->second;
  };
  std::vector<std::uint32_t> all(conjuncts.size());
  std::iota(all.begin(), all.end(), 0U);
  invariants_ = code_of(all);
  const auto touched = touched_by_actions(spec_, conjuncts);
  for (lang::ActionId id = 0; id < touched.size(); ++id)
    invariants_behind_[id] = code_of(touched[id]);
}

std::vector<bool> CompiledSpec::late_actions() const {
  std::vector<bool> late;
  for (const lang::Action& action : spec_.actions())
    late.push_back(action.comes != lang::Comes::surely);
  if (std::find(late.begin(), late.end(), true) == late.end())
    late.clear();
  return late;
}

void CompiledSpec::initial(Word* state) const { layout_.pack(spec_.initial_state(), state); }

std::optional<std::size_t> CompiledSpec::violated_invariant(const Word* state) const {
  return violated(invariants_, state);
}

bool CompiledSpec::violates_invariant(lang::ActionId action, const Word* state) const {
  return violated(invariants_behind_[action], state).has_value();
}

std::optional<std::size_t> CompiledSpec::violated(std::uint32_t conditions,
                                                  const Word* state) const {
  struct First {
    std::optional<std::size_t> violated;
    Word unused = 0; // conditions build no successor
    Word* room() { return &unused; }
    void taken(lang::ActionId) {}
    void failed(lang::ActionId, std::uint32_t property) {
      if (!violated)
        violated = property;
    }
  } first;
  if (conditions != no_code)
    bytecode::run(code_, conditions, state, layout_.words(), first);
  return first.violated;
}

} // namespace interlock::checker
