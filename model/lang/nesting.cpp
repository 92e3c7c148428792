// Rules for two locks of one class.
#include "lang/spec.hpp"

namespace interlock::lang {

void Spec::nesting(std::string lock_class, std::string text,
                   const std::function<Expr(const Expr& held, const Expr& taken)>& allows) {
  const std::string what = "the nesting rule of lock class " + lock_class;
  require_unfinished(what);
  for (const Nesting& other : nestings_)
    if (other.lock_class == lock_class)
      throw SpecError(what + " is declared twice");
  std::vector<Nesting::Lock> locks;
  for (PoolId pool = 0; pool < pools_.size(); ++pool)
    for (std::uint32_t object = 0; object < pools_[pool].classes.size(); ++object)
      if (pools_[pool].classes[object] == lock_class)
        locks.emplace_back(pool, object);
  if (locks.empty())
    throw SpecError(what + ": no lock is of this class");
  Nesting rule{std::move(lock_class), std::move(text), {}};
  for (const Nesting::Lock& held : locks)
    for (const Nesting::Lock& taken : locks) {
      if (held == taken)
        continue;
      Expr allowed = allows(object(held.first, held.second), object(taken.first, taken.second));
      require_condition(what, allowed);
      rule.allowed.emplace(std::pair(held, taken), std::move(allowed));
    }
  nestings_.push_back(std::move(rule));
}

} // namespace interlock::lang
