// LWKT tokens: what each thread has asked for, in order, whether or not it has it at the moment.
//
// A thread's tokens are soft: while it does not run it holds none of them, and it runs again only
// when it has all of them.  So a token has an effective holder (the lock table's owner and readers)
// and, for each thread, a stack of references that outlives a sleep (td_toks in the kernel).
#pragma once

#include "states/locks.hpp"

namespace interlock::states {

class Tokens {
public:
  // How often one thread may hold one token: twice in all modelled paths.
  static constexpr int deepest = 2;

  // Declares the stacks, of at most `capacity` references each.  The tokens are in the table, which
  // is declared already.
  void declare(SpecBuilder& spec, const LockTable& locks, std::uint32_t capacity);

  // The references to one token: the first, and one more for each time that it is held again, so
  // that no reference is on a stack twice; and the shared one.
  Expr exclusive(const Expr& token, int depth) const; // depth from 1
  Expr shared(const Expr& token) const;
  // The token behind a reference.
  Expr token_of(const Expr& reference) const;

  // The stack of a thread; the front is what was taken last.
  Expr top(const Expr& thread) const { return spec_->list_front(td_toks, thread); }
  Expr has(const Expr& thread, const Expr& reference) const {
    return spec_->list_has(td_toks, thread, reference);
  }
  Expr is_empty(const Expr& thread) const { return spec_->list_size(td_toks, thread) == 0; }

  PoolId tokref_pool = 0;
  VariableId td_toks = 0; // of a thread

private:
  const SpecBuilder* spec_ = nullptr;
  std::vector<VariableId> exclusive_; // of a token
  VariableId shared_ = 0;
  VariableId token_ = 0; // of a reference
};

} // namespace interlock::states
