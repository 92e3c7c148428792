// Expressions from text: what a patch's operands are written in.
#pragma once

#include "lang/declarations.hpp"

#include <map>

namespace interlock::lang {

// A text that is no expression, with the character (from 0) at which it goes wrong.
class ParseError : public SpecError {
public:
  ParseError(std::size_t offset, const std::string& message)
      : SpecError(message), offset_(offset) {}
  std::size_t offset() const { return offset_; }

private:
  std::size_t offset_;
};

// The names that mean something at a place, beside globals, values and objects.
struct NameScope {
  const Declarations* spec = nullptr;
  std::optional<ThreadId> thread = {};                   // what `self` is; nobody without it
  std::vector<const std::map<std::string, Expr>*> names; // innermost first
  std::vector<std::string> paths;                        // whose names they are, for `path.name`
};

// A place in the state, as an update names it: a variable that is assigned, or a list.
struct NamedPlace {
  VariableId variable = 0;
  Expr object; // empty unless the variable is a field
};

// The language, loosest first, with C's precedence; bits under a comparison need their brackets:
//   a ? b : c   ||   &&   |   & and & ~   == !=   < <= > >= and `x in list`   + -   !   x.field
//   ( ), numbers, true, false, none, self, names of the scope, globals, flags, values of
//   enumerations, objects, allocated(x), first(list), last(list), size(list), next(list, x),
//   first_free(pool), and `list == []`, `list != []`
// Names of the scope may have their path before them, as they are printed: `knote_fork.kq`.
// What to_string() prints is read back.  A number, `none` or the name of a value takes its type
// from what it meets; where it meets nothing, from `expected`, and failing that from the only type
// that has it.  The caller checks that the result is of the type that it expects.
//
// Throws ParseError, with the nearest name for one that is unknown.
Expr parse_expression(const NameScope& scope, const std::string& text,
                      const TypeRef& expected = nullptr);

// A list, or what parse_expression() gives of a variable.
NamedPlace parse_place(const NameScope& scope, const std::string& text);
NamedPlace parse_list(const NameScope& scope, const std::string& text); // a list only

} // namespace interlock::lang
