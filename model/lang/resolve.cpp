// From the syntax of an expression to the expression: what its names are, and the types of its
// values.
#include "lang/parse.hpp"
#include "lang/term.hpp"
#include "text/nearest.hpp"

#include <algorithm>
#include <optional>

namespace interlock::lang {

namespace {

using Form = Term::Form;

struct List {
  VariableId variable = 0;
  Expr object;
};

class Resolver {
public:
  explicit Resolver(const NameScope& scope) : scope_(scope), spec_(*scope.spec) {}

  // `expected` types what has no type of its own; it may be null.
  Expr expression(const Term& term, const TypeRef& expected) const {
    try {
      return build(term, expected);
    } catch (const ParseError&) {
      throw;
    } catch (const SpecError& error) { // an operator that refuses its operands
      throw ParseError(term.offset, error.what());
    }
  }

  NamedPlace named_list(const Term& term) const {
    const List found = list(term);
    return {found.variable, found.object};
  }

  NamedPlace named_place(const Term& term) const {
    const std::string name = dotted(term);
    if (!name.empty() && !local_or_global(name)) {
      if (const auto id = global_named(name))
        return {*id, {}};
      if (term.form == Form::member) {
        const List field = place(term);
        return {field.variable, field.object};
      }
    }
    const Expr value = expression(term, nullptr);
    if (value.node().op != Op::variable && value.node().op != Op::field)
      throw ParseError(term.offset, to_string(value) + " is no place that can be changed");
    return {value.node().variable,
            value.node().op == Op::field ? value.node().operands[0] : Expr()};
  }

private:
  Expr build(const Term& term, const TypeRef& expected) const {
    switch (term.form) {
    case Form::number:
      return number(term, expected);
    case Form::name:
      return name(term, expected);
    case Form::member:
      return member(term, expected);
    case Form::call:
      return is_value(term) ? value_named(applied(term), term.offset, expected) : call(term);
    case Form::prefix:
      if (term.text == "~")
        throw ParseError(term.offset, "~ is allowed behind & only");
      return !expression(term.parts[0], boolean_type());
    case Form::infix:
      return infix(term, expected);
    case Form::selected:
      break;
    }
    const Expr condition = expression(term.parts[0], boolean_type());
    const auto [then, otherwise] = both(term.parts[1], term.parts[2], expected);
    return choose(condition, then, otherwise);
  }

  static Expr number(const Term& term, const TypeRef& expected) {
    const bool fits = expected && term.value >= expected->low && term.value <= expected->high;
    if (fits &&
        (expected->kind == Kind::integer || (expected->kind == Kind::flags && term.value == 0)))
      return literal(expected, term.value);
    // A value may be called by a number, as the errno 0.
    if (expected && expected->kind == Kind::enumeration)
      if (const auto value = value_in(*expected, term.text))
        return literal(expected, *value);
    return Expr(term.value);
  }

  // --- names ---

  std::optional<Expr> local_or_global(const std::string& name) const {
    for (const auto* names : scope_.names)
      if (const auto found = names->find(name); found != names->end())
        return found->second;
    if (auto qualified = of_path(name))
      return qualified;
    if (name == "self" && scope_.thread)
      return spec_.self(*scope_.thread);
    if (const auto id = global_named(name); id && spec_.variables()[*id].capacity == 0)
      return spec_.read(*id);
    return std::nullopt;
  }

  // `path.name`, as a local is printed.
  std::optional<Expr> of_path(const std::string& name) const {
    for (const auto* names : scope_.names)
      for (const auto& [plain, value] : *names)
        if (!value.empty() && value.node().op == Op::variable && value.node().name == name)
          return value;
    for (std::size_t i = 0; i < scope_.paths.size() && i < scope_.names.size(); ++i) {
      const std::string prefix = scope_.paths[i] + ".";
      if (!name.starts_with(prefix))
        continue;
      if (const auto found = scope_.names[i]->find(name.substr(prefix.size()));
          found != scope_.names[i]->end())
        return found->second;
    }
    return std::nullopt;
  }

  std::optional<VariableId> global_named(const std::string& name) const {
    for (VariableId id = 0; id < spec_.variables().size(); ++id)
      if (spec_.variables()[id].scope == Scope::global && spec_.variables()[id].name == name)
        return id;
    return std::nullopt;
  }

  // True for what takes its type from what it meets.
  bool is_untyped(const Term& term) const {
    switch (term.form) {
    case Form::number:
      return true;
    case Form::name:
      return term.text != "true" && term.text != "false" && !local_or_global(term.text);
    case Form::call:
      return is_value(term);
    case Form::infix:
      return (term.text == "|" || term.text == "&" || term.text == "+" || term.text == "-") &&
             is_untyped(term.parts[0]) && is_untyped(term.parts[1]);
    case Form::selected:
      return is_untyped(term.parts[1]) && is_untyped(term.parts[2]);
    case Form::prefix:
      return term.text == "~" && is_untyped(term.parts[0]);
    default:
      return false;
    }
  }

  Expr name(const Term& term, const TypeRef& expected) const {
    if (is_empty_list(term))
      throw ParseError(term.offset, "[] is an empty list: only a list can be compared with it");
    if (term.text == "true" || term.text == "false")
      return Expr(term.text == "true");
    if (const auto known = local_or_global(term.text))
      return *known;
    if (global_named(term.text))
      throw ParseError(term.offset, term.text + " is a list; allowed are first, last, size, next "
                                                "and `in`");
    if (term.text == "none") {
      if (!expected || expected->kind != Kind::reference)
        throw ParseError(term.offset, "none is compared with no reference here");
      return literal(expected, none);
    }
    return value_named(term.text, term.offset, expected);
  }

  // A flag, an enumeration's value or an object.
  Expr value_named(const std::string& name, std::size_t offset, const TypeRef& expected) const {
    if (expected)
      if (const auto value = value_in(*expected, name))
        return literal(expected, *value);
    const std::vector<TypeRef> types = types_with(name);
    if (types.empty())
      throw unknown(name, offset, name);
    if (expected && expected->kind != Kind::boolean && expected->kind != Kind::integer)
      throw ParseError(offset, name + " is no value of " + expected->name +
                                   text::nearest_hint(name, expected->names));
    if (types.size() > 1) {
      std::string all = types[0]->name;
      for (std::size_t i = 1; i < types.size(); ++i)
        all += (i + 1 < types.size() ? ", of " : " and of ") + types[i]->name;
      throw ParseError(offset, name + " is a value of " + all + "; nothing here says which");
    }
    return literal(types[0], *value_in(*types[0], name));
  }

  // `whole` is what the name begins: `kev.flags` may be a slip for the local `kev.fflags`.
  ParseError unknown(const std::string& name, std::size_t offset, const std::string& whole) const {
    const std::vector<std::string> known = known_names();
    const std::string hint = text::nearest_hint(name, known);
    return {offset,
            name + " is not known here" + (hint.empty() ? text::nearest_hint(whole, known) : hint)};
  }

  static std::optional<Value> value_in(const Type& type, const std::string& name) {
    const auto found = std::find(type.names.begin(), type.names.end(), name);
    if (found == type.names.end())
      return std::nullopt;
    const Value position = found - type.names.begin();
    if (type.kind == Kind::reference)
      return position + 1;
    return type.kind == Kind::flags ? Value{1} << position : position;
  }

  // The types that have the name; those of objects hide the others.
  std::vector<TypeRef> types_with(const std::string& name) const {
    std::vector<TypeRef> types;
    for (const Pool& pool : spec_.pools())
      if (value_in(*pool.reference, name))
        types.push_back(pool.reference);
    if (!types.empty())
      return types;
    for (const Variable& variable : spec_.variables()) {
      const bool known = std::any_of(types.begin(), types.end(), [&](const TypeRef& type) {
        return compatible(*type, *variable.type);
      });
      if (!known && value_in(*variable.type, name))
        types.push_back(variable.type);
    }
    return types;
  }

  std::vector<std::string> known_names() const {
    std::vector<std::string> names{"none", "true", "false"};
    if (scope_.thread)
      names.emplace_back("self");
    for (const auto* local : scope_.names)
      for (const auto& [name, value] : *local)
        names.push_back(name);
    for (const Variable& variable : spec_.variables()) {
      if (variable.scope == Scope::global)
        names.push_back(variable.name);
      names.insert(names.end(), variable.type->names.begin(), variable.type->names.end());
    }
    for (const Pool& pool : spec_.pools())
      names.insert(names.end(), pool.objects.begin(), pool.objects.end());
    return names;
  }

  // --- fields and lists ---

  // `a.b.c` as one word: objects such as `kq.kq_lock` have such names.  Empty for anything else.
  static std::string dotted(const Term& term) {
    if (term.form == Form::name)
      return term.text;
    if (term.form != Form::member)
      return "";
    const std::string base = dotted(term.parts[0]);
    return base.empty() ? "" : base + "." + term.text;
  }

  std::optional<Expr> dotted_object(const Term& term, const TypeRef& expected) const {
    const std::string name = dotted(term);
    if (name.empty() || types_with(name).empty())
      return std::nullopt;
    return value_named(name, term.offset, expected);
  }

  // The object and the field of `object.field`.
  List place(const Term& term) const {
    const Expr object = expression(term.parts[0], nullptr);
    if (object.type().kind != Kind::reference)
      throw ParseError(term.offset,
                       to_string(object) + " is no object, it has no field " + term.text);
    try {
      return {spec_.field_named(object.type().pool, term.text), object};
    } catch (const SpecError& error) {
      throw ParseError(term.offset, error.what());
    }
  }

  Expr member(const Term& term, const TypeRef& expected) const {
    // `kev.fflags` may be a local of that name.
    if (const std::string name = dotted(term); !name.empty())
      if (const auto local = local_or_global(name))
        return *local;
    // A field comes before an object of that name: reading it sees whether the object is there.
    try {
      const List field = place(term);
      if (spec_.variables()[field.variable].capacity != 0)
        throw ParseError(term.offset, dotted(term) + " is a list; allowed are first, last, size, "
                                                     "next and `in`");
      return spec_.read(field.variable, field.object);
    } catch (const ParseError&) {
      if (const auto object = dotted_object(term, expected))
        return *object;
      const Term* root = &term;
      while (root->form == Form::member)
        root = root->parts.data();
      if (root->form == Form::name && !is_known(root->text))
        throw unknown(root->text, root->offset, dotted(term));
      throw;
    }
  }

  bool is_known(const std::string& name) const {
    return local_or_global(name) || global_named(name) || !types_with(name).empty();
  }

  List list(const Term& term) const {
    List result;
    if (term.form == Form::member) {
      result = place(term);
    } else {
      const auto id = term.form == Form::name ? global_named(term.text) : std::nullopt;
      if (!id)
        throw ParseError(term.offset, "a list is expected" + list_hint(term));
      result.variable = *id;
    }
    if (spec_.variables()[result.variable].capacity == 0)
      throw ParseError(term.offset, term.text + " is no list" + list_hint(term));
    return result;
  }

  std::string list_hint(const Term& term) const {
    std::vector<std::string> lists;
    for (const Variable& variable : spec_.variables())
      if (variable.capacity != 0)
        lists.push_back(variable.name);
    return text::nearest_hint(term.text, lists);
  }

  // --- operations ---

  // `lwp(parent)` and `status(1)` are names of values.
  static std::string applied(const Term& term) {
    const bool plain = term.parts.size() == 1 &&
                       (term.parts[0].form == Form::name || term.parts[0].form == Form::number);
    return plain ? term.text + "(" + term.parts[0].text + ")" : "";
  }
  bool is_value(const Term& term) const { return !types_with(applied(term)).empty(); }

  Expr call(const Term& term) const {
    static const std::vector<std::string> functions{"allocated", "first", "last",
                                                    "size",      "next",  "first_free"};
    if (std::find(functions.begin(), functions.end(), term.text) == functions.end())
      throw ParseError(term.offset, "there is no function " + term.text +
                                        "; allowed are allocated, first, last, size, next and "
                                        "first_free" +
                                        text::nearest_hint(term.text, functions));
    const std::size_t wanted = term.text == "next" ? 2 : 1;
    if (term.parts.size() != wanted)
      throw ParseError(term.offset, term.text + " takes " + std::to_string(wanted) +
                                        (wanted == 1 ? " operand" : " operands"));
    if (term.text == "allocated")
      return spec_.is_allocated(expression(term.parts[0], nullptr));
    if (term.text == "first_free")
      return spec_.first_free(pool_named(term.parts[0]));
    const List of = list(term.parts[0]);
    if (term.text == "first")
      return spec_.list_front(of.variable, of.object);
    if (term.text == "last")
      return spec_.list_back(of.variable, of.object);
    if (term.text == "size")
      return spec_.list_size(of.variable, of.object);
    return spec_.list_next(of.variable, of.object, element(term.parts[1], of));
  }

  PoolId pool_named(const Term& term) const {
    std::vector<std::string> names;
    for (PoolId pool = 0; pool < spec_.pools().size(); ++pool) {
      if (term.form == Form::name && spec_.pools()[pool].name == term.text)
        return pool;
      names.push_back(spec_.pools()[pool].name);
    }
    throw ParseError(term.offset,
                     "there is no pool " + term.text + text::nearest_hint(term.text, names));
  }

  Expr element(const Term& term, const List& of) const {
    return expression(term, spec_.variables()[of.variable].type);
  }

  // Two operands of one type, each typed by the other where it has no type of its own.
  std::pair<Expr, Expr> both(const Term& a, const Term& b, const TypeRef& expected) const {
    const bool from_right = is_untyped(a) && (!is_untyped(b) || (!expected && is_none(a)));
    if (from_right) {
      const Expr right = expression(b, expected);
      return {expression(a, right.type_ref()), right};
    }
    const Expr left = expression(a, expected);
    return {left, expression(b, is_untyped(b) ? left.type_ref() : expected)};
  }

  static bool is_none(const Term& term) { return term.form == Form::name && term.text == "none"; }

  Expr infix(const Term& term, const TypeRef& expected) const {
    const std::string& symbol = term.text;
    if (symbol == "in") {
      const List of = list(term.parts[1]);
      return spec_.list_has(of.variable, of.object, element(term.parts[0], of));
    }
    if (symbol == "&&" || symbol == "||") {
      const Expr a = expression(term.parts[0], boolean_type());
      const Expr b = expression(term.parts[1], boolean_type());
      return symbol == "&&" ? a && b : a || b;
    }
    if (symbol == "+" || symbol == "-") {
      const auto [a, b] = both(term.parts[0], term.parts[1], nullptr);
      return symbol == "+" ? a + b : a - b;
    }
    if (symbol == "|" || symbol == "&") {
      const Term& right = term.parts[1];
      const bool clears = symbol == "&" && right.form == Form::prefix && right.text == "~";
      const auto [a, b] = both(term.parts[0], clears ? right.parts[0] : right, expected);
      return symbol == "|" ? a | b : clears ? bit_clear(a, b) : a & b;
    }
    return comparison(term);
  }

  static bool is_empty_list(const Term& term) {
    return term.form == Form::name && term.text == "[]";
  }

  Expr comparison(const Term& term) const {
    const bool left = is_empty_list(term.parts[0]);
    if (left || is_empty_list(term.parts[1])) {
      const List of = list(term.parts[left ? 1 : 0]);
      const Expr size = spec_.list_size(of.variable, of.object);
      if (term.text == "==")
        return size == 0;
      if (term.text == "!=")
        return size != 0;
      throw ParseError(term.offset, "a list is compared with [] by == and != only");
    }
    const auto [a, b] = both(term.parts[0], term.parts[1], nullptr);
    if (term.text == "==")
      return a == b;
    if (term.text == "!=")
      return a != b;
    if (term.text == "<")
      return a < b;
    if (term.text == "<=")
      return a <= b;
    return term.text == ">" ? a > b : a >= b;
  }

  const NameScope& scope_;
  const Declarations& spec_;
};

} // namespace

Expr parse_expression(const NameScope& scope, const std::string& text, const TypeRef& expected) {
  return Resolver(scope).expression(parse_term(text, scope.paths), expected);
}

NamedPlace parse_place(const NameScope& scope, const std::string& text) {
  return Resolver(scope).named_place(parse_term(text, scope.paths));
}

NamedPlace parse_list(const NameScope& scope, const std::string& text) {
  return Resolver(scope).named_list(parse_term(text, scope.paths));
}

} // namespace interlock::lang
