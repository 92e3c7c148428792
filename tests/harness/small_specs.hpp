// Small specifications for the harness's tests, and how to walk them.
#pragma once

#include "lang/steps.hpp"
#include "lang/trace.hpp"
#include "support/draft.hpp"

#include <string>
#include <vector>

namespace interlock::harness::testing {

using lang::Expr;
using lang::Spec;
using lang::Steps;
using lang::Trace;
using lang::VariableId;
using lang::ViolationKind;

// A specification with locks.  Threads come first; then mutexes, rwlocks and channels may be
// declared.
class SmallSpec : public tests::Draft {
public:
  explicit SmallSpec(const std::vector<std::string>& threads);

  // Declares a pool of locks, of which acquire() and release() take references.
  void mutexes(const std::vector<std::string>& names);
  void rwlocks(const std::vector<std::string>& names);
  void channels(const std::vector<std::string>& names);
  Expr mutex(std::uint32_t index) const { return builder.object(mutex_pool_, index); }
  Expr rwlock(std::uint32_t index) const { return builder.object(rwlock_pool_, index); }
  Expr channel(std::uint32_t index) const { return builder.object(channel_pool_, index); }

  // Steps, appended to the thread's body.
  void acquire(Steps& steps, const Expr& mutex) const;
  void release(Steps& steps, const Expr& mutex) const;
  void write_lock(Steps& steps, const Expr& rwlock) const;
  void read_lock(Steps& steps, const Expr& rwlock) const;
  void read_unlock(Steps& steps, const Expr& rwlock) const;
  void sleep(Steps& steps, const Expr& channel) const; // two steps: lie down, wake up
  void wake_all(Steps& steps, const Expr& channel) const;

  Expr owner(const Expr& mutex) const { return builder.read(mutex_owner_, mutex); }
  Expr readers(const Expr& rwlock) const { return builder.read(rwlock_readers_, rwlock); }
  Expr waiters(const Expr& channel) const { return builder.read(channel_waiters_, channel); }

  // Writes the body of a thread.
  void body(lang::ThreadId thread, const std::function<void(Steps&)>& write);

private:
  Expr bit(lang::ThreadId thread) const;

  lang::TypeRef thread_set_;
  lang::PoolId mutex_pool_ = 0;
  lang::PoolId rwlock_pool_ = 0;
  lang::PoolId channel_pool_ = 0;
  VariableId mutex_owner_ = 0;
  VariableId rwlock_owner_ = 0;
  VariableId rwlock_readers_ = 0;
  VariableId channel_waiters_ = 0;
};

// The trace in which the threads move in this order, each by the first of its actions that can be
// taken or fails.  Throws std::runtime_error when a thread cannot move.
Trace walk(const Spec& spec, const std::vector<lang::ThreadId>& order,
           const lang::Violation& violation);

// A violation that every state is: for traces whose steps are what matters.
inline const lang::Violation anywhere{ViolationKind::invariant, "nowhere", "it was reached"};
inline const lang::Violation deadlock{ViolationKind::deadlock, "no-deadlock", "deadlock"};
void violated_everywhere(lang::SpecBuilder& spec); // declares the property of `anywhere`

} // namespace interlock::harness::testing
