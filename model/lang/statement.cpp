// Copies of statement trees.
#include "lang/statement.hpp"

namespace interlock::lang {

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
