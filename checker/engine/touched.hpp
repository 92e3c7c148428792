// What an action can make false: the conditions that read what it writes.
#pragma once

#include "lang/spec.hpp"

namespace interlock::checker {

// A conjunct of an invariant.
struct Conjunct {
  lang::Expr condition;
  std::uint32_t property = 0; // position in spec.properties()
};

// Of the properties at these positions, in their order and in the order of evaluation.
std::vector<Conjunct> conjuncts_of(const lang::Spec& spec,
                                   const std::vector<std::size_t>& properties);

// By action: the conjuncts, as positions in ascending order, that may be false behind the action
// where all are true before it.  The rest read nothing that it writes, so that they are evaluated
// as before: a conjunct that is guarded by another one, which is evaluated first, too.
std::vector<std::vector<std::uint32_t>> touched_by_actions(const lang::Spec& spec,
                                                           const std::vector<Conjunct>& conjuncts);

} // namespace interlock::checker
