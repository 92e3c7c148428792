// Conditions as truth tables.
#include "kernel_text/decision.hpp"
#include "kernel_text/patch_text.hpp"

#include <algorithm>
#include <cctype>
#include <map>

namespace interlock::kernel_text {

namespace {

// An atom, or an operator with its operands: "!", "&&", "||".
struct Formula {
  std::string text;
  std::vector<Formula> operands = {};
};

class Undecided {};

constexpr std::size_t most_atoms = 8; // of a table; no condition of a kernel has as many

Formula negated(Formula formula) { return {"!", {std::move(formula)}}; }

Formula all_of(std::vector<Formula> operands) {
  return operands.size() == 1 ? std::move(operands[0]) : Formula{"&&", std::move(operands)};
}

Formula any_of(std::vector<Formula> operands) {
  return operands.size() == 1 ? std::move(operands[0]) : Formula{"||", std::move(operands)};
}

Formula value_is(const std::string& field, const std::string& value) {
  return {field + " == " + value};
}

// --- C ---

class OfText {
public:
  explicit OfText(const std::set<std::string>& modelled) : modelled_(modelled) {}

  Formula truth(const Expression& expression) const {
    switch (expression.kind) {
    case ExpressionKind::prefix:
      if (expression.text == "!")
        return negated(truth(expression.parts.at(0)));
      break;
    case ExpressionKind::binary:
      return of_binary(expression);
    case ExpressionKind::call:
      if (is_hint(expression)) // __predict_false(condition)
        return truth(expression.parts.at(1));
      break;
    case ExpressionKind::member:
      return negated(value_is(field(expression), "0"));
    default:
      break;
    }
    throw Undecided();
  }

private:
  static bool is_hint(const Expression& call) {
    return call.parts.size() == 2 && call.parts[0].kind == ExpressionKind::name &&
           call.parts[0].text.starts_with("__predict_");
  }

  Formula of_binary(const Expression& expression) const {
    const std::string& operation = expression.text;
    const Expression& left = expression.parts.at(0);
    const Expression& right = expression.parts.at(1);
    if (operation == "&&")
      return all_of({truth(left), truth(right)});
    if (operation == "||")
      return any_of({truth(left), truth(right)});
    if (operation == "&")
      return any_of(flags(right));
    if (operation == "==")
      return equal(left, right);
    if (operation == "!=")
      return negated(equal(left, right));
    if (operation == ">" && is_zero(right))
      return negated(equal(left, right));
    throw Undecided();
  }

  Formula equal(const Expression& left, const Expression& right) const {
    if (left.kind == ExpressionKind::binary && left.text == "&")
      return is_zero(right) ? negated(any_of(flags(left.parts.at(1))))
                            : masked(left.parts.at(1), right);
    if (is_zero(right) && left.kind != ExpressionKind::member)
      return negated(truth(left));
    return value_is(field(left), is_zero(right) ? "0" : constant(right));
  }

  // (word & mask) == value
  Formula masked(const Expression& mask, const Expression& value) const {
    const std::vector<Formula> wanted = flags(value);
    std::vector<Formula> all;
    for (Formula& flag : flags(mask)) {
      const bool is_wanted = std::any_of(wanted.begin(), wanted.end(), [&](const Formula& each) {
        return each.text == flag.text;
      });
      all.push_back(is_wanted ? std::move(flag) : negated(std::move(flag)));
    }
    return all_of(std::move(all));
  }

  std::vector<Formula> flags(const Expression& expression) const {
    std::vector<Formula> flags;
    for (const Expression* each : operands_of(expression, "|"))
      flags.push_back({constant(*each)});
    return flags;
  }

  std::string constant(const Expression& expression) const {
    if (expression.kind != ExpressionKind::name || !is_constant_name(expression.text))
      throw Undecided();
    return known(expression.text);
  }

  std::string field(const Expression& expression) const {
    if (expression.kind != ExpressionKind::member)
      throw Undecided();
    return known(member_of(expression));
  }

  const std::string& known(const std::string& name) const {
    if (!modelled_.contains(name))
      throw Undecided();
    return name;
  }

  const std::set<std::string>& modelled_;
};

// --- the model ---

Formula truth_of(const lang::Expr& expression);

std::vector<Formula> flags_of(const lang::Expr& literal) {
  if (!literal.is_literal())
    throw Undecided();
  const std::string text = to_string(literal); // A|B
  std::vector<Formula> flags;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('|', begin), text.size());
    flags.push_back({text.substr(begin, end - begin)});
    if (!is_constant_name(flags.back().text))
      throw Undecided();
    begin = end + 1;
  }
  return flags;
}

// `kn_flags` of a field whose values are numbers, words or none.
std::string field_of(const lang::Expr& expression) {
  const lang::Node& node = expression.node();
  if (node.op != lang::Op::field)
    throw Undecided();
  return node.name.substr(node.name.rfind('.') + 1);
}

Formula equal(const lang::Expr& left, const lang::Expr& right) {
  if (left.is_literal() && !right.is_literal())
    return equal(right, left);
  if (left.node().op == lang::Op::bit_and && right.is_literal(0))
    return negated(any_of(flags_of(left.node().operands.at(1))));
  if (!right.is_literal())
    throw Undecided();
  const std::string value =
      right.is_literal(0) && left.type().kind == lang::Kind::integer ? "0" : to_string(right);
  if (value != "0" && !is_constant_name(value))
    throw Undecided();
  return value_is(field_of(left), value);
}

Formula truth_of(const lang::Expr& expression) {
  const lang::Node& node = expression.node();
  const auto operand = [&](std::size_t i) { return node.operands.at(i); };
  switch (node.op) {
  case lang::Op::logical_not:
    return negated(truth_of(operand(0)));
  case lang::Op::logical_and:
    return all_of({truth_of(operand(0)), truth_of(operand(1))});
  case lang::Op::logical_or:
    return any_of({truth_of(operand(0)), truth_of(operand(1))});
  case lang::Op::equal:
    return equal(operand(0), operand(1));
  case lang::Op::not_equal:
    return negated(equal(operand(0), operand(1)));
  case lang::Op::less: // 0 < count
    if (operand(0).is_literal(0))
      return negated(equal(operand(1), operand(0)));
    break;
  case lang::Op::field:
    if (is_constant_name(field_of(expression)))
      return {field_of(expression)};
    break;
  default:
    break;
  }
  throw Undecided();
}

// --- tables ---

void add_atoms(const Formula& formula, std::set<std::string>& atoms) {
  if (formula.operands.empty())
    atoms.insert(formula.text);
  for (const Formula& operand : formula.operands)
    add_atoms(operand, atoms);
}

bool holds(const Formula& formula, const std::map<std::string, bool>& atoms) {
  const auto operand_holds = [&](const Formula& operand) { return holds(operand, atoms); };
  const std::vector<Formula>& operands = formula.operands;
  if (operands.empty())
    return atoms.at(formula.text);
  if (formula.text == "!")
    return !operand_holds(operands[0]);
  return formula.text == "&&" ? std::all_of(operands.begin(), operands.end(), operand_holds)
                              : std::any_of(operands.begin(), operands.end(), operand_holds);
}

std::map<std::string, bool> atoms_at(const std::vector<std::string>& atoms, std::size_t index) {
  std::map<std::string, bool> values;
  for (std::size_t i = 0; i < atoms.size(); ++i)
    values[atoms[i]] = ((index >> i) & 1U) != 0;
  return values;
}

std::optional<Decision> table_of(const Formula& formula) {
  std::set<std::string> atoms;
  add_atoms(formula, atoms);
  if (atoms.size() > most_atoms)
    return std::nullopt;
  Decision decision{{atoms.begin(), atoms.end()}, {}};
  for (std::size_t index = 0; index < std::size_t{1} << atoms.size(); ++index)
    decision.holds.push_back(holds(formula, atoms_at(decision.atoms, index)));
  return decision;
}

bool holds(const Decision& decision, const std::map<std::string, bool>& atoms) {
  std::size_t index = 0;
  for (std::size_t i = 0; i < decision.atoms.size(); ++i)
    index |= (atoms.at(decision.atoms[i]) ? std::size_t{1} : 0) << i;
  return decision.holds[index];
}

} // namespace

std::optional<Decision> decision_of(const Expression& condition,
                                    const std::set<std::string>& modelled) {
  try {
    return table_of(OfText(modelled).truth(condition));
  } catch (const Undecided&) {
    return std::nullopt;
  }
}

std::optional<Decision> decision_of(const lang::Expr& condition) {
  try {
    return table_of(truth_of(condition));
  } catch (const Undecided&) {
    return std::nullopt;
  }
}

Decided compare(const Decision& first, const Decision& second) {
  std::set<std::string> both(first.atoms.begin(), first.atoms.end());
  both.insert(second.atoms.begin(), second.atoms.end());
  const std::vector<std::string> atoms(both.begin(), both.end());
  bool alike = true;
  bool opposite = true;
  for (std::size_t index = 0; index < std::size_t{1} << atoms.size(); ++index) {
    const std::map<std::string, bool> values = atoms_at(atoms, index);
    (holds(first, values) == holds(second, values) ? opposite : alike) = false;
  }
  return alike ? Decided::alike : opposite ? Decided::opposite : Decided::otherwise;
}

} // namespace interlock::kernel_text
