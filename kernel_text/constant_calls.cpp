// Calls and assignments, held against the constants.
#include "kernel_text/constant_calls.hpp"

#include <algorithm>
#include <charconv>

namespace interlock::kernel_text {

namespace {

bool changes(const Expression& expression, const std::string& target) {
  const bool steps = expression.text == "++" || expression.text == "--";
  const bool may_change = expression.kind == ExpressionKind::assign ||
                          (expression.kind == ExpressionKind::prefix &&
                           (steps || expression.text == "&")) || // whoever has its address
                          (expression.kind == ExpressionKind::postfix && steps);
  return (may_change && spelled(expression.parts.at(0)) == target) ||
         std::any_of(expression.parts.begin(), expression.parts.end(),
                     [&](const Expression& part) { return changes(part, target); });
}

bool changes(const std::vector<CStatement>& block, const std::string& target) {
  return std::any_of(block.begin(), block.end(), [&](const CStatement& statement) {
    return (statement.value && changes(*statement.value, target)) ||
           std::any_of(statement.values.begin(), statement.values.end(),
                       [&](const Expression& value) { return changes(value, target); }) ||
           std::any_of(statement.bodies.begin(), statement.bodies.end(),
                       [&](const auto& body) { return changes(body, target); });
  });
}

// The argument that counts, from 1; 0 where the macro says what it is.
std::size_t argument_of(const std::string& passed) {
  std::size_t number = 0;
  if (passed.starts_with("#"))
    std::from_chars(passed.data() + 1, passed.data() + passed.size(), number);
  return number;
}

// Whether the call, of the constant's function or of a macro for it, passes the value; or of
// neither, true.
bool passes(const Expression& call, const std::string& caller, const Constant& constant,
            const Constants& constants) {
  const std::string callee = callee_of(call);
  std::size_t argument = names_function(constant, callee) ? constant.parameter : 0;
  if (const auto macro = constant.macros.find(callee); macro != constant.macros.end()) {
    argument = argument_of(macro->second);
    if (argument == 0)
      return is_same_value(macro->second, constant.value);
  }
  return argument == 0 || (argument < call.parts.size() &&
                           has_value(call.parts[argument], caller, constant, constants));
}

} // namespace

bool passes_constants(const Expression& call, const std::string& caller, const Modelled& modelled) {
  return modelled.constants == nullptr ||
         std::all_of(modelled.constants->begin(), modelled.constants->end(),
                     [&](const Constant& constant) {
                       return passes(call, caller, constant, *modelled.constants);
                     });
}

std::vector<std::string> objections_to_constants(const Function& function,
                                                 const Modelled& modelled) {
  std::vector<std::string> messages;
  if (modelled.constants == nullptr)
    return messages;
  const Skeleton skeleton = source_skeleton(function, modelled);
  std::vector<const Expression*> calls; // that run, as far as that is told of them
  for (const Node* node : in_order(skeleton))
    if (node->act == Act::calls && node->left_out.empty() && node->expression &&
        node->expression->kind == ExpressionKind::call)
      calls.push_back(node->expression.get());
  for_each_call(function, [&](const Expression& call) {
    if (is_inlined(modelled.system, callee_of(call)))
      calls.push_back(&call);
  });
  for (const Constant& constant : *modelled.constants) {
    const std::string of_constant = "the constant \"" + to_string(constant) + "\" of ";
    if (names_function(constant, function.name)) {
      const bool is_parameter =
          constant.parameter == 0 ||
          (constant.parameter <= function.parameters.size() &&
           function.parameters[constant.parameter - 1] == constant.expression);
      if (!is_parameter)
        messages.push_back(of_constant + function.name + "(), whose parameter " +
                           std::to_string(constant.parameter) + " is another one");
      if (changes(function.body, constant.expression))
        messages.push_back(of_constant + function.name + "(), which changes it");
    }
    if (constant.parameter == 0)
      continue;
    for (const Expression* call : calls)
      if (!passes(*call, function.name, constant, *modelled.constants))
        messages.push_back(of_constant + constant.functions.front() + "() is not what " +
                           function.name + "() passes in line " + std::to_string(call->line) +
                           ": " + spelled(*call));
  }
  return messages;
}

} // namespace interlock::kernel_text
