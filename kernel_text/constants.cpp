// Conditions by what the constants in them are.
#include "kernel_text/constants.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace interlock::kernel_text {

namespace {

// A number, or flags: "0" is both.
struct Value {
  std::optional<std::int64_t> number;
  std::set<std::string> flags;
  bool is_true() const { return number ? *number != 0 : !flags.empty(); }
  bool operator==(const Value&) const = default;
};

Value number(std::int64_t value) { return {value, {}}; }

// No flag at all is 0.
Value of_flags(std::set<std::string> flags) {
  return flags.empty() ? number(0) : Value{std::nullopt, std::move(flags)};
}

std::optional<Value> read_number(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? std::optional(number(value))
                                                                  : std::nullopt;
}

// "A | B"
std::optional<Value> read_value(const std::string& text) {
  if (auto value = read_number(text))
    return value;
  std::set<std::string> flags;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(" | ", begin), text.size());
    const std::string flag = text.substr(begin, end - begin);
    if (!is_constant_name(flag))
      return std::nullopt;
    flags.insert(flag);
    begin = end + 3;
  }
  return of_flags(std::move(flags));
}

class Evaluation {
public:
  Evaluation(const std::string& function, const Constants& constants,
             std::set<const Constant*>& used)
      : function_(function), constants_(constants), used_(used) {}

  std::optional<Value> operator()(const Expression& expression) const {
    if (auto value = value_of_constant(expression))
      return value;
    switch (expression.kind) {
    case ExpressionKind::constant:
      return read_number(expression.text);
    case ExpressionKind::name:
      if (expression.text == "NULL")
        return number(0);
      return is_constant_name(expression.text) ? std::optional(of_flags({expression.text}))
                                               : std::nullopt;
    case ExpressionKind::prefix:
      return of_prefix(expression);
    case ExpressionKind::binary:
      return of_binary(expression);
    default:
      return std::nullopt;
    }
  }

private:
  std::optional<Value> value_of_constant(const Expression& expression) const {
    const std::string text = spelled(expression);
    for (const Constant& constant : constants_)
      if (constant.mask.empty() && constant.expression == text &&
          names_function(constant, function_)) {
        used_.insert(&constant);
        return read_value(constant.value);
      }
    return std::nullopt;
  }

  // word & flags, where only some flags of the word are constant.
  std::optional<Value> of_mask(const std::string& word, const Value& flags) const {
    for (const Constant& constant : constants_) {
      if (constant.mask.empty() || constant.expression != word ||
          !names_function(constant, function_))
        continue;
      const auto mask = read_value(constant.mask);
      const auto value = read_value(constant.value);
      if (!mask || !value || of_words(flags, *mask, true) != std::optional(flags))
        continue;
      used_.insert(&constant);
      return of_words(flags, *value, true);
    }
    return std::nullopt;
  }

  std::optional<Value> of_prefix(const Expression& expression) const {
    const auto operand = (*this)(expression.parts.at(0));
    if (!operand)
      return std::nullopt;
    if (expression.text == "!")
      return number(operand->is_true() ? 0 : 1);
    return expression.text == "-" && operand->number ? std::optional(number(-*operand->number))
                                                     : std::nullopt;
  }

  std::optional<Value> of_binary(const Expression& expression) const {
    const auto left = (*this)(expression.parts.at(0));
    const auto right = (*this)(expression.parts.at(1));
    const std::string& sign = expression.text;
    if (sign == "&&" || sign == "||") {
      const bool deciding = sign == "||"; // whatever the other one is
      for (const auto& side : {left, right})
        if (side && side->is_true() == deciding)
          return number(deciding ? 1 : 0);
      return left && right ? std::optional(number(deciding ? 0 : 1)) : std::nullopt;
    }
    if (sign == "&" && !left && right)
      return of_mask(spelled(expression.parts.at(0)), *right);
    if (!left || !right)
      return std::nullopt;
    if (sign == "==" || sign == "!=")
      return compared(*left, *right, sign == "==");
    if (sign == "&" || sign == "|")
      return of_words(*left, *right, sign == "&");
    return std::nullopt;
  }

  // What number a flag is, nobody knows; that it is not 0 is known.
  static std::optional<Value> compared(const Value& left, const Value& right, bool same) {
    const bool numbers = left.number.has_value() == right.number.has_value();
    const bool with_zero = left.number == 0 || right.number == 0;
    if (!numbers && !with_zero)
      return std::nullopt;
    return number((left == right) == same ? 1 : 0);
  }

  static std::optional<Value> of_words(const Value& left, const Value& right, bool both) {
    for (const Value& side : {left, right})
      if (side.number && *side.number != 0)
        return std::nullopt;
    std::set<std::string> flags = both ? std::set<std::string>{} : left.flags;
    for (const std::string& flag : right.flags)
      if (!both || left.flags.contains(flag))
        flags.insert(flag);
    return of_flags(std::move(flags));
  }

  const std::string& function_;
  const Constants& constants_;
  std::set<const Constant*>& used_;
};

} // namespace

Constants constants_of_killpg1() {
  return {
      {.functions = {"killpg1"},
       .expression = "all",
       .value = "0",
       .reason = "the signal is for a group, and not for all processes"},
      {.functions = {"killpg1"},
       .expression = "pgid",
       .value = "0",
       .reason = "scenarios signal the caller's own group, which all their processes are in"},
  };
}

const Constants& constants_of(const std::string& system) {
  static const std::map<std::string, Constants> all{{"dragonfly", dragonfly_constants()},
                                                    {"freebsd", freebsd_constants()},
                                                    {"netbsd", netbsd_constants()}};
  const auto found = all.find(system);
  if (found == all.end())
    throw std::invalid_argument("there are no constants of " + system);
  return found->second;
}

std::optional<bool> decided(const Expression& condition, const std::string& function,
                            const Constants& constants, std::set<const Constant*>& used) {
  std::set<const Constant*> needed;
  const auto value = Evaluation(function, constants, needed)(condition);
  if (!value || needed.empty()) // `if (0)` is nobody's constant
    return std::nullopt;
  used.merge(needed);
  return value->is_true();
}

bool has_value(const Expression& argument, const std::string& caller, const Constant& constant,
               const Constants& constants) {
  std::set<const Constant*> used;
  const auto value = Evaluation(caller, constants, used)(argument);
  if (!value || constant.mask.empty())
    return value && value == read_value(constant.value);
  std::set<std::string> masked;
  const auto mask = read_value(constant.mask);
  for (const std::string& flag : value->flags)
    if (mask && mask->flags.contains(flag))
      masked.insert(flag);
  return of_flags(std::move(masked)) == read_value(constant.value);
}

bool is_same_value(const std::string& one, const std::string& other) {
  const auto value = read_value(one);
  return value && value == read_value(other);
}

std::string to_string(const Constant& constant) {
  const std::string of = constant.mask.empty() ? "" : " & (" + constant.mask + ")";
  return constant.expression + of + " is " + constant.value;
}

} // namespace interlock::kernel_text
