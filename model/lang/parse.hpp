// Expressions from text: what a patch's operands are written in.
#pragma once

#include "lang/declarations.hpp"

#include <functional>
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
  ThreadId thread = 0;                                   // what `self` is
  std::vector<const std::map<std::string, Expr>*> names; // innermost first
};

// The language, loosest first, with C's precedence; bits under a comparison need their brackets:
//   a ? b : c   ||   &&   |   & and & ~   == !=   < <= > >= and `x in list`   + -   !   x.field
//   ( ), numbers, true, false, none, self, names of the scope, globals, flags, values of
//   enumerations, objects, allocated(x), first(list), last(list), size(list), next(list, x),
//   first_free(pool)
// What to_string() prints is read back.  A number, `none` or the name of a value takes its type
// from what it meets; where it meets nothing, from `expected`, and failing that from the only type
// that has it.  The caller checks that the result is of the type that it expects.
//
// Throws ParseError, with the nearest name for one that is unknown.
Expr parse_expression(const NameScope& scope, const std::string& text,
                      const TypeRef& expected = nullptr);

} // namespace interlock::lang
