// Reads of the conditions against writes of the actions.
#include "engine/touched.hpp"

#include "lang/conjuncts.hpp"

#include <algorithm>

namespace interlock::checker {

namespace {

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
    lang::for_each_conjunct(
        spec.properties()[property].condition, [&](const lang::Expr& condition) {
          conjuncts.push_back({condition, static_cast<std::uint32_t>(property)});
        });
  return conjuncts;
}

std::vector<std::vector<std::uint32_t>> touched_by_actions(const lang::Spec& spec,
                                                           const std::vector<Conjunct>& conjuncts) {
  std::vector<std::vector<lang::Place>> reads;
  for (const Conjunct& conjunct : conjuncts)
    reads.push_back(lang::reads_of(spec, conjunct.condition));
  std::vector<std::vector<std::uint32_t>> touched(spec.actions().size());
  // No property can read what footprints leave out, counters and the observer's set: these are made
  // after the properties.
  for (lang::ActionId id = 0; id < touched.size(); ++id)
    for (std::uint32_t i = 0; i < conjuncts.size(); ++i)
      if (overlap(reads[i], spec.footprint(id).writes))
        touched[id].push_back(i);
  return touched;
}

} // namespace interlock::checker
