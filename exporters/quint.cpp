// Declarations, then actions, then what is owed; see quint.hpp.
#include "exporters/quint.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

namespace interlock::exporters {

namespace {

using lang::Expr;
using lang::Kind;
using lang::Node;
using lang::Op;
using lang::Scope;
using lang::Type;
using lang::Value;
using lang::VariableId;

std::string quoted(const std::string& text) { return "\"" + text + "\""; }

std::string literal(const Type& type, Value value) {
  switch (type.kind) {
  case Kind::boolean:
    return value != 0 ? "true" : "false";
  case Kind::integer:
    return std::to_string(value);
  case Kind::enumeration:
  case Kind::reference:
    return quoted(format_value(type, value));
  case Kind::flags: {
    std::string flags;
    for (std::size_t bit = 0; bit < type.names.size(); ++bit)
      if ((value >> bit & 1) != 0)
        flags += (flags.empty() ? "" : ", ") + quoted(type.names[bit]);
    return "Set(" + flags + ")";
  }
  }
  return "";
}

std::string type_name(const Type& type) {
  switch (type.kind) {
  case Kind::boolean:
    return "bool";
  case Kind::integer:
    return "int";
  case Kind::enumeration:
  case Kind::reference:
    return "str";
  case Kind::flags:
    return "Set[str]";
  }
  return "";
}

// Words of Quint's, and none twice.
class Names {
public:
  std::string give(const std::string& wanted) {
    std::string name;
    for (const char c : wanted)
      name += std::isalnum(static_cast<unsigned char>(c)) != 0 ? c : '_';
    if (name.empty() || std::isalpha(static_cast<unsigned char>(name[0])) == 0)
      name = "a_" + name;
    std::string unique = name;
    for (int n = 2; !used_.insert(unique).second; ++n)
      unique = name + "_" + std::to_string(n);
    return unique;
  }

private:
  // What is a word of the language, or is defined here.
  std::set<std::string> used_{"init", "step",   "and", "or",     "not",    "all",   "any",   "if",
                              "else", "var",    "val", "def",    "pure",   "true",  "false", "Set",
                              "Map",  "nondet", "run", "module", "action", "import"};
};

class Module {
public:
  explicit Module(const lang::Spec& spec) : spec_(spec) {
    for (VariableId id = 0; id < spec.variables().size(); ++id)
      variables_[id] = names_.give(wanted_name(spec.variables()[id]));
  }

  std::string text(const std::string& name, const std::vector<std::string>& about) {
    for (const std::string& line : about)
      line_(0, "// " + line);
    line_(0, "module " + name + " {");
    declare();
    initialise();
    for (const lang::Action& action : spec_.actions())
      act(action);
    line_(1, "action step = any {");
    for (const std::string& action : actions_)
      line_(2, action + ",");
    line_(1, "}");
    owe();
    line_(0, "}");
    return std::move(text_);
  }

private:
  std::string wanted_name(const lang::Variable& variable) const {
    switch (variable.scope) {
    case Scope::field:
      return spec_.pools()[variable.pool].name + "_" + variable.name;
    case Scope::local:
      return spec_.thread_name(variable.thread) + "_" + variable.name;
    case Scope::global:
      break;
    }
    return variable.name;
  }

  [[noreturn]] static void refuse(const std::string& what) {
    throw lang::SpecError("it cannot be written in Quint: " + what);
  }

  void line_(int depth, const std::string& line) {
    text_ += std::string(static_cast<std::size_t>(2 * depth), ' ') + line + "\n";
  }

  bool is_constant(VariableId id) const {
    return spec_.variables()[id].protection == lang::Protection::immutable;
  }

  // Its values at the start: of a field a map.
  std::string initial(VariableId id) const {
    const lang::Variable& variable = spec_.variables()[id];
    if (variable.scope != Scope::field)
      return literal(*variable.type, variable.initial.at(0));
    std::string entries;
    const auto& objects = spec_.pools()[variable.pool].objects;
    for (std::size_t i = 0; i < objects.size(); ++i)
      entries += (i == 0 ? "" : ", ") + quoted(objects[i]) + " -> " +
                 literal(*variable.type, variable.initial.at(i));
    return "Map(" + entries + ")";
  }

  void declare() {
    for (const auto& [id, name] : variables_) {
      const lang::Variable& variable = spec_.variables()[id];
      if (variable.capacity != 0)
        refuse(variable.name + " is a list");
      const std::string of = type_name(*variable.type);
      const std::string type = variable.scope == Scope::field ? "str -> " + of : of;
      if (is_constant(id))
        line_(1, "pure val " + name + ": " + type + " = " + initial(id));
      else
        line_(1, "var " + name + ": " + type);
    }
  }

  void initialise() {
    line_(1, "action init = all {");
    for (const auto& [id, name] : variables_)
      if (!is_constant(id))
        line_(2, name + "' = " + initial(id) + ",");
    line_(1, "}");
  }

  void act(const lang::Action& action) {
    if (!action.entry_checks.empty() || !action.checks.empty())
      refuse(action.label + " has checks");
    if (action.comes != lang::Comes::surely)
      refuse(action.label + " may come late");
    const lang::Thread& thread = spec_.threads()[action.thread];
    const std::string name = names_.give(action.label);
    actions_.push_back(name);
    line_(1, "// " + action.label + shows(action));
    line_(1, "action " + name + " = all {");
    const lang::Type& points = *spec_.variables()[thread.counter].type;
    line_(2, variables_.at(thread.counter) + " == " + literal(points, action.from) + ",");
    for (const Expr& condition : {action.path, action.guard})
      if (!condition.empty() && !condition.is_literal(1))
        line_(2, expression(condition) + ",");
    std::map<VariableId, std::string> next;
    next[thread.counter] = literal(points, action.to);
    for (const lang::Update& update : action.updates) {
      if (update.kind != lang::UpdateKind::assign)
        refuse(action.label + " changes a list");
      std::string& value = next[update.variable];
      if (update.object.empty())
        value = expression(update.value);
      else
        value = (value.empty() ? variables_.at(update.variable) : value) + ".set(" +
                expression(update.object) + ", " + expression(update.value) + ")";
    }
    for (const auto& [id, variable] : variables_)
      if (!is_constant(id))
        line_(2, variable + "' = " + (next.contains(id) ? next.at(id) : variable) + ",");
    line_(1, "}");
  }

  std::string shows(const lang::Action& action) const {
    if (!action.shows)
      return "";
    std::string text = ": shows \"" + action.shows->event + "\"";
    for (const lang::Report& report : action.shows->values)
      text += ", " + report.name + " " + expression(report.value);
    return text;
  }

  void owe() {
    for (const lang::Property& property : spec_.properties()) {
      if (property.kind != lang::PropertyKind::at_rest)
        continue;
      line_(1, "// At rest: " + property.message);
      line_(1, "val " + names_.give("owes_nothing_" + property.name) + " = " +
                   expression(property.condition));
    }
  }

  std::string expression(const Expr& expression) const {
    const Node& node = expression.node();
    const auto part = [&](std::size_t i) { return this->expression(node.operands.at(i)); };
    const auto infix = [&](const char* word) { return "(" + part(0) + word + part(1) + ")"; };
    const auto call = [&](const char* word) { return part(0) + word + part(1) + ")"; };
    switch (node.op) {
    case Op::literal:
      return literal(*node.type, node.value);
    case Op::variable:
      return variables_.at(node.variable);
    case Op::field:
      return variables_.at(node.variable) + ".get(" + part(0) + ")";
    case Op::logical_not:
      return "not(" + part(0) + ")";
    case Op::logical_and:
      return infix(" and ");
    case Op::logical_or:
      return infix(" or ");
    case Op::equal:
      return infix(" == ");
    case Op::not_equal:
      return infix(" != ");
    case Op::less:
      return infix(" < ");
    case Op::less_equal:
      return infix(" <= ");
    case Op::add:
      return infix(" + ");
    case Op::subtract:
      return infix(" - ");
    case Op::bit_or:
      return call(".union(");
    case Op::bit_and:
      return call(".intersect(");
    case Op::bit_clear:
      return call(".exclude(");
    case Op::choose:
      return "(if (" + part(0) + ") " + part(1) + " else " + part(2) + ")";
    default:
      refuse(to_string(expression) + " is about a list, or about what is freed");
    }
  }

  const lang::Spec& spec_;
  Names names_;
  std::map<VariableId, std::string> variables_;
  std::vector<std::string> actions_;
  std::string text_;
};

} // namespace

std::string quint(const lang::Spec& spec, const std::string& name,
                  const std::vector<std::string>& about) {
  return Module(spec).text(name, about);
}

} // namespace interlock::exporters
