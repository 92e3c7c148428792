// DragonFly's primitives as steps: LWKT tokens, lockmgr(9), tsleep(9), holds of processes.
#pragma once

#include "actions/steps.hpp"
#include "states/dragonfly.hpp"

namespace interlock::actions::dragonfly {

// How a sleep may end other than by a wake-up, and when sleeping for ever is right.
struct Sleep {
  const char* wmesg = "";
  Expr idle_when = {}; // empty: never idle
  // PCATCH, or a timeout: what the caller does then, with its tokens held again.  Empty: only a
  // wake-up ends it.
  Body interrupted = {};
  bool by_chance = false;    // a signal, which may never come, rather than a timeout
  bool interruptible = true; // false: what would end the sleep does not occur in this scenario
};

// A primitive with several steps is a choice or a block whose label is the primitive's, such as
// lwkt_gettoken_p_token; its steps are .taken, .blocked, ...  Where a thread gives up the processor
// all its tokens go with it (.blocked, tsleep_X), and the step after takes all of them again.
class Primitives : public ChainedSteps<Primitives> {
public:
  Primitives(states::dragonfly::Kernel& kernel, lang::ThreadId thread, bool malloc_sleeps)
      : ChainedSteps(kernel, thread), kernel_(kernel), malloc_sleeps_(malloc_sleeps) {}

  states::dragonfly::Kernel& kernel() { return kernel_; }

  // lwkt_token.c.  Who holds a token exclusively may take it again, either way.  A token that is
  // not to be had is pushed on the thread's stack all the same, and the thread gives up the
  // processor and with it all its tokens; it goes on when it has every token of its stack.
  // Taking exclusively what the thread has shared would never succeed: DEBUG_LOCKS asserts it.
  void lwkt_gettoken(const Lock& token);
  void lwkt_gettoken_shared(const Lock& token);
  // One attempt, which never blocks.
  void lwkt_trytoken(const Lock& token, const Expr& result);
  // The token must be the one that was taken last.
  void lwkt_reltoken(const Lock& token);

  // lockmgr(9).  Who has to wait for it holds no token meanwhile.
  void lockmgr_exclusive(const Lock& lock);
  void lockmgr_shared(const Lock& lock);
  void lockmgr_release(const Lock& lock);

  // tsleep(9).  Without tsleep_interlock() a wake-up between the caller's test and the sleep is
  // lost; with it, the sleep ends at once.
  void tsleep(const Lock& channel, const Sleep& sleep);
  void tsleep_interlock(const Lock& channel, const char* wmesg);
  void tsleep_interlocked(const Lock& channel, const Sleep& sleep); // PINTERLOCKED
  // The compare-and-set between the two: where `holds`, it does the assignments; where it does not,
  // the caller looks at all anew, and the model takes the thread off the channel (the kernel does
  // so when the thread sleeps the next time).  `result` is whether it held.
  void compare_set(const std::string& label, const Expr& holds, const Expr& result,
                   const Lock& channel, const std::vector<std::pair<Expr, Expr>>& assignments);
  // A sleep with a timeout that only looks again at what it waits for: until somebody wakes it, or
  // a look would find something else.
  void tsleep_timeout(const Lock& channel, const char* wmesg, const Expr& changed);
  // The same where nobody wakes it.
  void poll(const char* wmesg, const Expr& condition);
  void wakeup(const Lock& channel);
  void wakeup_one(const Lock& channel); // any of those that sleep there

  // kmalloc(M_WAITOK), which may block where the environment lets it.
  void kmalloc(const Expr& target, lang::PoolId pool, const std::string& label);
  // Something else that may block for memory, as vm_fork() does.
  void may_block(const std::string& label);

  // The tokens of this thread, for those that build steps of their own: it holds what is on its
  // stack exactly while it runs.
  std::vector<lang::Update> give_up_tokens();
  Expr can_have_tokens();
  std::vector<lang::Update> take_tokens();

private:
  struct Holding {
    Expr owner, readers;
    Expr exclusive, shared; // is it on this thread's stack, and how
    Lock token;
  };
  std::vector<Holding> all_tokens();
  void get(const Lock& token, lang::Mode mode);
  void lockmgr(const Lock& lock, lang::Mode mode);
  void wake_from(const Lock& channel, const std::string& label, const Sleep& sleep);
  // Any number of statements under one label, with the line that is set.
  void composed(const std::string& label, const std::function<void(int line)>& body);
  Step resumed();
  Expr waiters(const Lock& channel) { return kernel_.locks().waiters(spec(), channel); }
  lang::Update push(const Expr& reference);
  // What stands for one more hold of the token on this thread's stack.
  Expr next_reference(const Lock& token);

  states::dragonfly::Kernel& kernel_;
  bool malloc_sleeps_;
};

} // namespace interlock::actions::dragonfly
