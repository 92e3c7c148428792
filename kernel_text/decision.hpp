// What a condition decides, told alike of C and of the model, so that the two can be compared.
#pragma once

#include "kernel_text/tree.hpp"
#include "lang/expression.hpp"

#include <set>

namespace interlock::kernel_text {

// A truth table over flags that are set (KN_INFLUX) and fields that have a value (p_state ==
// PRS_NEW), of whatever object: which one it is, the two texts may say in other words.
struct Decision {
  std::vector<std::string> atoms;
  std::vector<bool> holds; // bit i of the index says whether atom i is so
};

// Nothing where the condition asks for something else too, or for a name that is not among
// `modelled`.
std::optional<Decision> decision_of(const Expression& condition,
                                    const std::set<std::string>& modelled);
std::optional<Decision> decision_of(const lang::Expr& condition);

enum class Decided : std::uint8_t { alike, opposite, otherwise };
Decided compare(const Decision& first, const Decision& second);

} // namespace interlock::kernel_text
