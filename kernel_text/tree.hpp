// The tree of a C function: its statements, and the expressions in them.
#pragma once

#include "kernel_text/token.hpp"

#include <functional>
#include <optional>

namespace interlock::kernel_text {

enum class ExpressionKind : std::uint8_t {
  name,
  constant,   // a number or a literal
  call,       // parts: what is called, then the arguments
  member,     // parts: the structure; text: the member
  index,      // parts: the array, the index
  prefix,     // parts: the operand; text: the operator (&, *, !, ~, -, +, ++, --, sizeof)
  postfix,    // parts: the operand; text: ++ or --
  binary,     // parts: left, right; text: the operator, the comma's too
  assign,     // parts: target, value; text: the operator (=, |=, ...)
  choice,     // parts: condition, then, otherwise
  cast,       // parts: the operand; text: the type
  type,       // where a type stands for a value: sizeof(struct x), va_arg(ap, int); text: the type
  list,       // { ... } of an initialiser
  statements, // ({ ... }); not looked into
};

struct Expression {
  ExpressionKind kind = ExpressionKind::name;
  std::string text; // name, constant, member and operator as spelled
  int line = 0;     // where the name, the operator or the bracket of a call stands
  std::vector<Expression> parts;
};

// The member's name: p_lock of p->p_lock, whose text is ->p_lock.
std::string member_of(const Expression& member);

// Whether it is the number 0.
bool is_zero(const Expression& expression);

// Whether a name is one of a flag or of another value, which C writes in capitals.
bool is_constant_name(const std::string& name);

// As C, with one space around operators and without brackets that change nothing; `->` is written
// for every member of a pointer, `.` for others, as spelled.
std::string spelled(const Expression& expression);

enum class CStatementKind : std::uint8_t {
  expression,  // value
  declaration, // values: one assignment for each initialiser
  block,       // body
  branch,      // value; body: then, otherwise
  loop,        // value, absent in for (;;); values: initialiser and step of a for; body
  do_loop,     // body, value
  macro_loop,  // value: the call, as LIST_FOREACH(...); body
  selection,   // switch: value; body
  case_label,  // value, absent for default
  label,       // name
  jump,        // goto: name
  leave,       // return: value or none
  break_loop,
  continue_loop,
  empty,
};

struct CStatement {
  CStatementKind kind = CStatementKind::empty;
  int line = 0;
  std::string name;
  std::optional<Expression> value;
  std::vector<Expression> values;
  std::vector<std::vector<CStatement>> bodies; // one for each of what `kind` says
};

struct Function {
  std::string name;
  int line = 0; // of the name
  int last_line = 0;
  std::vector<std::string> parameters; // names, as far as they have some
  std::vector<CStatement> body;
};

// Calls `visit` for every call of the function, an outer one before those in its arguments.
void for_each_call(const Function& function, const std::function<void(const Expression&)>& visit);

// The same for every expression of the function.
void for_each_expression(const Function& function,
                         const std::function<void(const Expression&)>& visit);

// The functions of a file, in its order, and what could not be read, one message (FILE:LINE: ...)
// for each function that is not C.
struct File {
  std::string name;
  std::vector<Function> functions;
  std::vector<std::string> errors;
  Tokens tokens; // of the whole file, directives and what is not compiled too

  const Function* find(const std::string& function) const; // the first of that name, or nullptr
  bool defines(const std::string& macro) const;            // a #define of that name
};

// Reads the functions among a file's tokens, which have no directives any more.  Definitions in the
// old style are functions, too.  A function that cannot be read is an entry of `errors`; throws
// SourceError only where the brackets of the whole file do not match.
File parse(const std::string& file, const Tokens& tokens);

} // namespace interlock::kernel_text
