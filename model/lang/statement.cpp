// Copies of statement trees; names of kinds.
#include "lang/statement.hpp"

namespace interlock::lang {

const char* kind_name(StatementKind kind) {
  switch (kind) {
  case StatementKind::step:
    return "step";
  case StatementKind::test:
    return "test";
  case StatementKind::loop:
  case StatementKind::for_each:
    return "loop";
  case StatementKind::choice:
    return "choice";
  case StatementKind::call:
    return "call";
  case StatementKind::leave:
    return "jump";
  case StatementKind::check:
    return "check";
  }
  return "";
}

const char* rule_name(Cursor rule) {
  switch (rule) {
  case Cursor::next_read_after_body:
    return "next_read_after_body";
  case Cursor::next_read_before_body:
    return "next_read_before_body";
  case Cursor::next_read_of_unlinked:
    return "next_read_of_unlinked";
  case Cursor::restart_from_head:
    return "restart_from_head";
  }
  return "";
}

Block copy_of(const Block& block) {
  Block copy;
  for (const auto& statement : block) {
    copy.push_back(std::make_shared<Statement>(*statement));
    for (Block& inner : copy.back()->blocks)
      inner = copy_of(inner);
  }
  return copy;
}

} // namespace interlock::lang
