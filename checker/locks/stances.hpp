// LockStances: which locks the threads of a packed state hold, and which they stand at.
//
// Cost: per thread of a state a few masked words and one look-up.  What a thread's step asks for is
//       evaluated once for every combination of held locks and of values that the step reads.
#pragma once

#include "engine/layout.hpp"
#include "lang/spec.hpp"

#include <deque>
#include <string_view>
#include <unordered_map>

namespace interlock::checker {

using LockIndex = std::uint32_t; // into LockStances::locks()

// A lock instance.  Condition variables are none: nobody holds them.
struct LockInfo {
  lang::PoolId pool = 0;
  std::uint32_t object = 0;
  std::string name;       // "kq0.kq_lock"
  std::string lock_class; // "kq_lock"
  std::string kind;       // "spin mutex"
  std::uint32_t class_index = 0;
  bool soft = false;
  lang::Waiting waiting = lang::Waiting::sleeps;
};

struct HeldMode {
  LockIndex lock = 0;
  lang::Mode mode = lang::Mode::exclusive;
};

// One thing that a step asks for.
struct Want {
  lang::EffectKind kind = lang::EffectKind::acquire; // acquire, try_acquire or sleep
  LockIndex lock = 0;                                // not for sleep
  lang::Mode mode = lang::Mode::exclusive;
  lang::ActionId action = 0;
  std::vector<LockIndex> released; // by the same step
};

// A thread stands at a step that acquires a lock, with another one held.
struct LockStanding {
  LockIndex held = 0;
  LockIndex acquired = 0;
  lang::ActionId attempt = 0;
};

// A thread at a step, enabled or not, that acquires or sleeps.
struct Stance {
  lang::ThreadId thread = 0;
  std::vector<HeldMode> held;
  std::vector<lang::ActionId> pending; // whose path condition holds
  std::vector<Want> wants;
  // Classes of a held lock and of one waited for, as held * classes + wanted; sorted.
  std::vector<std::uint32_t> class_pairs;
};

// True when a thread that waits for `wanted` keeps `held`, so that the order of the two matters.
// Soft locks are given up by who sleeps.
inline bool keeps_while_waiting(const LockInfo& held, const LockInfo& wanted) {
  return !held.soft || wanted.waiting != lang::Waiting::sleeps;
}

class LockStances {
public:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  // Both outlive this.
  LockStances(const lang::Spec& spec, const Layout& layout);

  const std::vector<LockInfo>& locks() const { return locks_; }
  const std::vector<std::string>& classes() const { return classes_; }
  // The stance of each thread, as a number, or none; `stances` has one entry per thread.
  void read(const Word* state, std::vector<std::uint32_t>& stances);
  std::uint32_t size() const { return static_cast<std::uint32_t>(stances_.size()); }
  const Stance& operator[](std::uint32_t number) const { return stances_[number]; }
  // How a stance comes to one of its class pairs.
  LockStanding standing_in(const Stance& stance, std::uint32_t class_pair) const;

private:
  struct Holder { // where a lock's holders are stored
    LockIndex lock = 0;
    Field field;
    lang::Mode mode = lang::Mode::exclusive;
  };
  struct PointInfo {
    bool asks = false;                               // some action acquires or sleeps
    std::vector<std::pair<std::size_t, Word>> reads; // words and masks that decide for what
  };
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view key) const;
  };

  // Calls `visit` with each held lock and each one waited for whose order matters, and the pair of
  // their classes.
  template <class Visit> void for_each_pair(const Stance& stance, Visit visit) const;
  void collect_locks();
  PointInfo inspect(const lang::Point& point) const;
  std::uint32_t evaluate(lang::ThreadId thread, lang::PointId point, const Word* packed);
  void add_wants(const lang::State& state, lang::ActionId id, Stance& stance) const;
  std::optional<LockIndex> lock_of(const lang::State& state, const lang::Expr& reference) const;

  const lang::Spec& spec_;
  const Layout& layout_;
  std::vector<LockInfo> locks_;
  std::vector<std::string> classes_;
  std::vector<Holder> holders_;
  std::vector<std::optional<LockIndex>> first_lock_; // by pool
  std::vector<std::vector<PointInfo>> points_;       // by thread
  std::size_t held_words_ = 0;                       // per thread: two bits per lock
  std::vector<Word> held_;
  std::vector<Word> key_;
  std::deque<Stance> stances_;
  std::unordered_map<std::string, std::uint32_t, Hash, std::equal_to<>> known_;
};

} // namespace interlock::checker
