// Footprints: what an action reads and writes, which locks it takes, gives up and needs, and which
// channels it sleeps on and wakes.  For everybody who asks what depends on what.
#pragma once

#include "lang/declarations.hpp"

#include <functional>

namespace interlock::lang {

struct Action;
class Spec;

// A variable of one object, or of all objects of its pool where which one is known only in a state.
// A list is one place.
struct Place {
  VariableId variable = 0;
  std::optional<std::uint32_t> object; // 0 for what is no field
  auto operator<=>(const Place&) const = default;
};

// Where an action reads.  take() evaluates those up to `updates`.
enum class Part : std::uint8_t {
  path = 1,
  entry_checks = 2,
  guard = 4,
  checks = 8,
  updates = 16, // objects, values and positions, and lists that are changed
  effects = 32, // which lock
  reports = 64,
  idle_when = 128,
};
using Parts = std::uint8_t; // of Part

constexpr Parts operator|(Part a, Part b) {
  return static_cast<Parts>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
constexpr Parts operator|(Parts a, Part b) {
  return static_cast<Parts>(a | static_cast<unsigned>(b));
}
constexpr Parts taking =
    Part::path | Part::entry_checks | Part::guard | Part::checks | Part::updates;

struct Read {
  Place place;
  Parts parts = 0; // at least one
  bool in(Parts wanted) const { return (parts & wanted) != 0; }
};

// A lock or channel; of all objects of the pool where which one is known only in a state.
struct LockUse {
  EffectKind kind = EffectKind::acquire;
  PoolId pool = 0;
  std::optional<std::uint32_t> object;
  Mode mode = Mode::exclusive;
  auto operator<=>(const LockUse&) const = default;
};

// A lock that the thread must hold already: the action gives it up, or one of its checks demands
// it, so that without it the action violates a property.  What is demanded in some states only,
// such as `!touched || held`, is not needed, nor is what a check of a property demands that is not
// selected.
struct LockNeed {
  Expr lock; // in the state before the action
  PoolId pool = 0;
  std::optional<std::uint32_t> object;
  Mode mode = Mode::exclusive; // shared: held in either mode
};

// The program counter, which every action reads and writes, is not in it.  Constants are read from
// the specification and not from the state, so they are in no footprint; following a reference to
// where a constant lives reads whether the object is allocated.
struct Footprint {
  std::vector<Read> reads;   // by place
  std::vector<Place> writes; // by place
  // Pools of which it allocates an object, or frees one; in both where that depends on the state.
  std::vector<PoolId> allocates, frees;
  std::vector<LockUse> locks;  // in the order of Action::effects
  std::vector<LockNeed> needs; // each lock once
};

// What the evaluation of an expression may read, by place.  An empty one reads nothing.
std::vector<Place> reads_of(const Declarations& declarations, const Expr& expression);

// Of an action that is still being made; Spec::footprint() has that of a finished one.
Footprint footprint_of(const Declarations& declarations, const Action& action);

// The lock of `lock.owner == self` or `!=`, of a thread's own hold; empty for anything else.
Expr lock_of_own_hold(const Declarations& declarations, const Node& node, ThreadId thread);

// The object that a reference is in every state: a literal, or the constant field of such an
// object.
std::optional<std::uint32_t> known_object(const Declarations& declarations, const Expr& reference);

// Whether two places may be one.
bool overlap(const Place& a, const Place& b);

// Calls `visit` with each slot of a place.
void for_each_slot(const Spec& spec, const Place& place,
                   const std::function<void(std::uint32_t slot)>& visit);

} // namespace interlock::lang
