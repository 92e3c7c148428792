// Random states and expressions over a specification that has a variable of every kind.
#pragma once

#include "lang/steps.hpp"
#include "support/draft.hpp"

#include <random>

namespace interlock::harness::testing {

using lang::Expr;
using lang::VariableId;

// A specification with a variable of every kind, which nothing uses.
struct Zoo : tests::Draft {
  Zoo() {
    const lang::ThreadId thread = builder.thread("only");
    items = builder.pool("item", {"item0", "item1", "item2"}, lang::Lifetime::allocated);
    fixed = builder.pool("place", {"here", "there"}, lang::Lifetime::permanent);
    number = lang::integer_type(-3, 9);
    flags = lang::flags_type("status", {"A", "B", "C"});
    item = builder.pools()[items].reference;
    place = builder.pools()[fixed].reference;
    n = {builder.global("n0", number, 0), builder.global("n1", number, 0),
         builder.local(thread, "n2", number, 0)};
    f = {builder.global("f0", flags, 0), builder.global("f1", flags, 0)};
    b = {builder.global("b0", lang::boolean_type(), 0),
         builder.global("b1", lang::boolean_type(), 0)};
    r = {builder.global("r0", item, 0), builder.global("r1", item, 0)};
    where = builder.global("where", place, 0);
    count = builder.field(items, "count", number, 0);
    next = builder.field(items, "next", item, 0);
    children = builder.field_list(items, "children", item, 3);
    weight = builder.constant_field(items, "weight", number, {7, -2, 4});
    depth = builder.field(fixed, "depth", number, 0);
    queue = builder.global_list("queue", item, 3);
    lang::Steps steps(builder, thread);
    steps.await("rest", true);
    builder.set_body(thread, steps.take());
    finish();
  }

  lang::PoolId items = 0;
  lang::PoolId fixed = 0;
  lang::TypeRef number, flags, item, place;
  std::vector<VariableId> n, f, b, r;
  VariableId where = 0, count = 0, next = 0, children = 0, weight = 0, depth = 0, queue = 0;
};

class Dice {
public:
  explicit Dice(std::uint32_t seed) : engine_(seed) {}
  int below(int limit) { return static_cast<int>(engine_() % static_cast<std::uint32_t>(limit)); }
  lang::Value value(const lang::Type& type) {
    return type.low + below(static_cast<int>(type.high - type.low + 1));
  }
  template <typename T> const T& of(const std::vector<T>& choices) {
    return choices[static_cast<std::size_t>(below(static_cast<int>(choices.size())))];
  }

private:
  std::mt19937 engine_;
};

inline lang::State random_state(const Zoo& zoo, Dice& dice) {
  lang::State state = zoo.spec().initial_state();
  for (std::uint32_t slot = 1; slot < state.size(); ++slot) // slot 0 is the program counter
    state[slot] = dice.value(zoo.spec().slot_type(slot));
  for (const VariableId id : {zoo.queue, zoo.children}) {
    const lang::Variable& list = zoo.spec().variables()[id];
    for (std::uint32_t object = 0; object < list.objects; ++object) {
      const std::uint32_t size = list.first_slot + object * list.stride;
      for (auto unused = state[size]; unused < list.capacity; ++unused)
        state[size + 1 + static_cast<std::uint32_t>(unused)] = 0;
    }
  }
  return state;
}

// Random well-typed expressions.
class Growing {
public:
  Growing(const Zoo& zoo, Dice& dice) : zoo_(zoo), spec_(zoo.spec()), dice_(dice) {}

  Expr any(int depth) {
    switch (dice_.below(4)) {
    case 0:
      return condition(depth);
    case 1:
      return number(depth);
    case 2:
      return flags(depth);
    default:
      return item(depth);
    }
  }

  Expr condition(int depth) {
    if (depth == 0)
      return spec_.read(dice_.of(zoo_.b));
    switch (dice_.below(12)) {
    case 0:
      return !condition(depth - 1);
    case 1:
      return condition(depth - 1) && condition(depth - 1);
    case 2:
      return condition(depth - 1) || condition(depth - 1);
    case 3:
      return number(depth - 1) == number(depth - 1);
    case 4:
      return number(depth - 1) != number(depth - 1);
    case 5:
      return number(depth - 1) < number(depth - 1);
    case 6:
      return number(depth - 1) <= number(depth - 1);
    case 7:
      return flags(depth - 1) == flags(depth - 1);
    case 8:
      return spec_.is_allocated(item(depth - 1));
    case 9:
      return spec_.is_allocated(place(depth - 1));
    case 10:
      return spec_.list_has(zoo_.queue, {}, item(depth - 1));
    default:
      return spec_.list_has(zoo_.children, item(depth - 1), item(depth - 1));
    }
  }

  Expr number(int depth) {
    if (depth == 0)
      return dice_.below(4) == 0 ? lang::literal(zoo_.number, dice_.value(*zoo_.number))
                                 : spec_.read(dice_.of(zoo_.n));
    switch (dice_.below(8)) {
    case 0:
      return number(depth - 1) + number(depth - 1);
    case 1:
      return number(depth - 1) - number(depth - 1);
    case 2:
      return lang::choose(condition(depth - 1), number(depth - 1), number(depth - 1));
    case 3:
      return spec_.read(zoo_.count, item(depth - 1));
    case 4:
      return spec_.read(zoo_.weight, item(depth - 1));
    case 5:
      return spec_.read(zoo_.depth, place(depth - 1));
    case 6:
      return spec_.list_size(zoo_.queue);
    default:
      return spec_.list_size(zoo_.children, item(depth - 1));
    }
  }

  Expr flags(int depth) {
    if (depth == 0)
      return dice_.below(3) == 0 ? lang::literal(zoo_.flags, dice_.value(*zoo_.flags))
                                 : spec_.read(dice_.of(zoo_.f));
    switch (dice_.below(4)) {
    case 0:
      return flags(depth - 1) | flags(depth - 1);
    case 1:
      return flags(depth - 1) & flags(depth - 1);
    case 2:
      return lang::bit_clear(flags(depth - 1), flags(depth - 1));
    default:
      return lang::choose(condition(depth - 1), flags(depth - 1), flags(depth - 1));
    }
  }

  Expr item(int depth) {
    if (depth == 0)
      return dice_.below(2) == 0
                 ? spec_.object(zoo_.items, static_cast<std::uint32_t>(dice_.below(3)))
                 : spec_.read(dice_.of(zoo_.r));
    switch (dice_.below(9)) {
    case 0:
      return spec_.read(zoo_.next, item(depth - 1));
    case 1:
      return spec_.first_free(zoo_.items);
    case 2:
      return spec_.list_front(zoo_.queue);
    case 3:
      return spec_.list_back(zoo_.queue);
    case 4:
      return spec_.list_next(zoo_.queue, {}, item(depth - 1));
    case 5:
      return spec_.list_front(zoo_.children, item(depth - 1));
    case 6:
      return spec_.list_back(zoo_.children, item(depth - 1));
    case 7:
      return spec_.list_next(zoo_.children, item(depth - 1), item(depth - 1));
    default:
      return lang::choose(condition(depth - 1), item(depth - 1), item(depth - 1));
    }
  }

  Expr place(int depth) {
    switch (dice_.below(3)) {
    case 0:
      return spec_.object(zoo_.fixed, static_cast<std::uint32_t>(dice_.below(2)));
    case 1:
      return depth == 0 ? spec_.read(zoo_.where) : spec_.first_free(zoo_.fixed);
    default:
      return spec_.read(zoo_.where);
    }
  }

private:
  const Zoo& zoo_;
  const lang::Spec& spec_;
  Dice& dice_;
};

} // namespace interlock::harness::testing
