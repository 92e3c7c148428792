// Declaration of the token stacks; see tokens.hpp.
#include "states/tokens.hpp"

namespace interlock::states {

void Tokens::declare(SpecBuilder& spec, const LockTable& locks, std::uint32_t capacity) {
  spec_ = &spec;
  const PoolId pool = locks.pool(LockKind::token);
  const std::vector<std::string> tokens = spec.pools()[pool].objects;
  std::vector<std::string> names;
  std::vector<lang::Value> token_of;
  std::vector<std::vector<lang::Value>> exclusive(deepest);
  std::vector<lang::Value> shared;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const auto add = [&](const std::string& name, std::vector<lang::Value>& references) {
      names.push_back(name);
      token_of.push_back(static_cast<lang::Value>(i) + 1);
      references.push_back(static_cast<lang::Value>(names.size()));
    };
    for (std::size_t depth = 0; depth < exclusive.size(); ++depth)
      add(tokens[i] + "#" + std::to_string(depth + 1), exclusive[depth]);
    add(tokens[i] + "(shared)", shared);
  }
  tokref_pool = spec.pool("tokref", names, lang::Lifetime::permanent);
  const lang::TypeRef reference = spec.pools()[tokref_pool].reference;
  for (std::size_t depth = 0; depth < exclusive.size(); ++depth)
    exclusive_.push_back(spec.constant_field(pool, "tokref" + std::to_string(depth + 1), reference,
                                             exclusive[depth]));
  shared_ = spec.constant_field(pool, "tokref_shared", reference, shared);
  token_ = spec.constant_field(tokref_pool, "tr_tok", spec.pools()[pool].reference, token_of);
  td_toks = spec.field_list(lang::thread_pool, "td_toks", reference, capacity);
}

Expr Tokens::exclusive(const Expr& token, int depth) const {
  return spec_->read(exclusive_.at(static_cast<std::size_t>(depth - 1)), token);
}
Expr Tokens::shared(const Expr& token) const { return spec_->read(shared_, token); }
Expr Tokens::token_of(const Expr& reference) const { return spec_->read(token_, reference); }

} // namespace interlock::states
