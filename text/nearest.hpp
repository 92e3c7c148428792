// The nearest valid name, for error messages.
#pragma once

#include <string>
#include <vector>

namespace interlock::text {

// The candidate with the smallest edit distance (Levenshtein), the first of equals; empty when none
// is near enough to be a likely slip: more than half of the name would have to change.
std::string nearest(const std::string& name, const std::vector<std::string>& candidates);

// `; did you mean NAME?`, or nothing.
std::string nearest_hint(const std::string& name, const std::vector<std::string>& candidates);

} // namespace interlock::text
