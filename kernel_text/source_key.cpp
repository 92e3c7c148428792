// Source keys, counted in the order of the text.
#include "kernel_text/source_key.hpp"
#include "kernel_text/primitives.hpp"

namespace interlock::kernel_text {

namespace {

std::string target_of(const Expression& target) {
  switch (target.kind) {
  case ExpressionKind::name:
    return target.text;
  case ExpressionKind::member:
    return member_of(target);
  case ExpressionKind::index:
  case ExpressionKind::prefix:
    return target_of(target.parts.at(0));
  default:
    return "";
  }
}

// Empty where there is none.
std::string operation_of(const Node& node) {
  switch (node.act) {
  case Act::branch:
    return node.expression ? "if" : "case";
  case Act::choice:
    return "switch";
  case Act::loop:
    if (!node.expression)
      return "loop"; // for (;;), or what a goto leads back to
    [[fallthrough]];
  case Act::jumps:
    return node.text.substr(0, node.text.find_first_of(" ;")); // while, for, do; break, goto
  case Act::returns:
    return "return";
  default:
    break;
  }
  if (!node.expression)
    return "";
  switch (node.expression->kind) {
  case ExpressionKind::call:
    return callee_of(*node.expression);
  case ExpressionKind::assign:
  case ExpressionKind::prefix:
  case ExpressionKind::postfix:
    return target_of(node.expression->parts.at(0));
  default:
    return "";
  }
}

} // namespace

std::map<const Node*, std::string> source_keys(const std::string& function,
                                               const Skeleton& skeleton) {
  std::map<const Node*, std::string> keys;
  // By operation; what has no expression is told by its line.
  std::map<std::string, std::map<std::pair<const Expression*, int>, std::size_t>> numbers;
  for (const Node* node : in_order(skeleton)) {
    const std::string operation = operation_of(*node);
    if (operation.empty())
      continue;
    const bool leaves = node->act == Act::jumps || node->act == Act::returns;
    auto& known = numbers[operation];
    const auto [number, is_new] = known.emplace(
        leaves || !node->expression ? std::pair<const Expression*, int>(nullptr, node->line)
                                    : std::pair<const Expression*, int>(node->expression.get(), 0),
        known.size() + 1);
    keys[node] = function + ":" + operation + "#" + std::to_string(number->second);
  }
  return keys;
}

} // namespace interlock::kernel_text
