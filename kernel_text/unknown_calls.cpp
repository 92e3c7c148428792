// Calls that nobody knows.
#include "kernel_text/unknown_calls.hpp"
#include "kernel_text/primitives.hpp"

#include <algorithm>
#include <cctype>

namespace interlock::kernel_text {

namespace {

bool is_macro(const std::string& name) {
  return std::none_of(name.begin(), name.end(), [](unsigned char c) { return std::islower(c); }) &&
         std::any_of(name.begin(), name.end(), [](unsigned char c) { return std::isupper(c); });
}

bool is_passed_over(const std::string& system, const std::string& name) {
  const std::vector<PassedOver>& all = passed_over_by(system);
  return std::any_of(all.begin(), all.end(), [&](const PassedOver& each) {
    return std::find(each.names.begin(), each.names.end(), name) != each.names.end();
  });
}

} // namespace

std::vector<UnknownCall> unknown_calls(const Function& function, const Modelled& modelled) {
  std::vector<UnknownCall> unknown;
  std::set<std::string> seen;
  for_each_call(function, [&](const Expression& call) {
    const std::string name = callee_of(call);
    const bool suspect = is_macro(name) || is_of_lock_family(modelled.system, name);
    if (!suspect || !seen.insert(name).second)
      return;
    const bool known = find_primitive(modelled.system, call) != nullptr ||
                       value_of_atomic(modelled.system, name) ||
                       is_passed_over(modelled.system, name) || modelled.functions.contains(name) ||
                       modelled.helpers.contains(name) ||
                       modelled.insertable.contains(in_small_letters(name)); // PHOLD() of phold()
    if (!known)
      unknown.push_back({name, call.line});
  });
  return unknown;
}

} // namespace interlock::kernel_text
