// Reads of the conditions against writes of the actions.
#include "engine/touched.hpp"

#include <algorithm>

namespace interlock::checker {

namespace {

void split(const lang::Expr& condition, std::uint32_t property, std::vector<Conjunct>& out) {
  if (condition.node().op != lang::Op::logical_and) {
    out.push_back({condition, property});
    return;
  }
  for (const lang::Expr& operand : condition.node().operands)
    split(operand, property, out);
}

// With what footprints leave out.
std::vector<lang::Place> writes_of(const lang::Spec& spec, lang::ActionId id) {
  const lang::Action& action = spec.actions()[id];
  std::vector<lang::Place> writes = spec.footprint(id).writes;
  writes.push_back({spec.threads()[action.thread].counter, 0});
  if (action.shows && spec.observation())
    writes.push_back({spec.observation()->set, 0});
  return writes;
}

bool overlap(const std::vector<lang::Place>& reads, const std::vector<lang::Place>& writes) {
  return std::any_of(reads.begin(), reads.end(), [&](const lang::Place& read) {
    return std::any_of(writes.begin(), writes.end(),
                       [&](const lang::Place& written) { return lang::overlap(read, written); });
  });
}

} // namespace

std::vector<Conjunct> conjuncts_of(const lang::Spec& spec,
                                   const std::vector<std::size_t>& properties) {
  std::vector<Conjunct> conjuncts;
  for (const std::size_t property : properties)
    split(spec.properties()[property].condition, static_cast<std::uint32_t>(property), conjuncts);
  return conjuncts;
}

std::vector<std::vector<std::uint32_t>> touched_by_actions(const lang::Spec& spec,
                                                           const std::vector<Conjunct>& conjuncts) {
  std::vector<std::vector<lang::Place>> reads;
  for (const Conjunct& conjunct : conjuncts)
    reads.push_back(lang::reads_of(spec, conjunct.condition));
  std::vector<std::vector<std::uint32_t>> touched(spec.actions().size());
  for (lang::ActionId id = 0; id < touched.size(); ++id) {
    const std::vector<lang::Place> writes = writes_of(spec, id);
    for (std::uint32_t i = 0; i < conjuncts.size(); ++i)
      if (overlap(reads[i], writes))
        touched[id].push_back(i);
  }
  return touched;
}

} // namespace interlock::checker
