// Micro programs mean what the reference evaluator means, on random expressions, updates and
// states.
#include "harness/machine.hpp"

#include "lang/steps.hpp"

#include <gtest/gtest.h>

#include <random>
#include <set>

namespace interlock::harness::testing {
namespace {

using lang::Expr;
using lang::UpdateKind;
using lang::VariableId;

// A specification with a variable of every kind, which nothing uses.
struct Zoo {
  Zoo() {
    const lang::ThreadId thread = spec.thread("only");
    items = spec.pool("item", {"item0", "item1", "item2"}, true);
    fixed = spec.pool("place", {"here", "there"}, false);
    number = lang::integer_type(-3, 9);
    flags = lang::flags_type("status", {"A", "B", "C"});
    item = spec.pools()[items].reference;
    place = spec.pools()[fixed].reference;
    n = {spec.global("n0", number, 0), spec.global("n1", number, 0),
         spec.local(thread, "n2", number, 0)};
    f = {spec.global("f0", flags, 0), spec.global("f1", flags, 0)};
    b = {spec.global("b0", lang::boolean_type(), 0), spec.global("b1", lang::boolean_type(), 0)};
    r = {spec.global("r0", item, 0), spec.global("r1", item, 0)};
    where = spec.global("where", place, 0);
    count = spec.field(items, "count", number, 0);
    next = spec.field(items, "next", item, 0);
    children = spec.field_list(items, "children", item, 3);
    weight = spec.constant_field(items, "weight", number, {7, -2, 4});
    depth = spec.field(fixed, "depth", number, 0);
    queue = spec.global_list("queue", item, 3);
    lang::Steps steps(spec, thread);
    steps.await("rest", true);
    spec.set_body(thread, steps.take());
    spec.finish();
  }

  lang::Spec spec;
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

lang::State random_state(const Zoo& zoo, Dice& dice) {
  lang::State state = zoo.spec.initial_state();
  for (std::uint32_t slot = 1; slot < state.size(); ++slot) // slot 0 is the program counter
    state[slot] = dice.value(zoo.spec.slot_type(slot));
  for (const VariableId id : {zoo.queue, zoo.children}) {
    const lang::Variable& list = zoo.spec.variables()[id];
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
  Growing(const Zoo& zoo, Dice& dice) : zoo_(zoo), spec_(zoo.spec), dice_(dice) {}

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

// One thread, one program, one memory: what the assembly makes of it.
struct Ran {
  Outcome outcome = Outcome::not_run;
  lang::Value found = 0;
  std::uint64_t detail = 0;
  std::vector<Value> memory;
};

Ran run(const Layout& layout, const lang::State& state, const MicroProgram& program,
        ControlBlock& control) {
  Memory memory(layout.pack(state));
  const Value guard = 0x5ca1ab1e; // above the operands that the program may use
  std::vector<Value> frame(program.deepest + 1, guard);
  ThreadBlock block;
  block.memory = memory.data();
  block.memory_words = memory.size();
  block.pools = layout.pools().data();
  block.frame = frame.data();
  block.control = &control;
  block.spin_limit = 10;
  const auto outcome =
      static_cast<Outcome>(interlock_run_micro_program(program.operations.data(), &block));
  EXPECT_EQ(frame.back(), guard) << "the operand stack is deeper than it was said to be";
  return {outcome, block.found, block.detail, memory.observe()};
}

Ran run(const Layout& layout, const lang::State& state, const MicroProgram& program) {
  ControlBlock control;
  return run(layout, state, program, control);
}

// The property that an outcome violates; "" when it violates none.
std::string property_of(Outcome outcome) {
  switch (outcome) {
  case Outcome::null_dereference:
    return lang::fault::null_dereference;
  case Outcome::use_after_free:
  case Outcome::not_on_list:
    return lang::fault::use_after_free;
  case Outcome::bounds:
    return lang::fault::bounds;
  case Outcome::check_failed:
    return "check";
  default:
    return "";
  }
}

TEST(MicroProgram, expressions_have_the_values_and_faults_of_the_reference_evaluator) {
  const Zoo zoo;
  const Layout layout(zoo.spec);
  Dice dice(20);
  Growing growing(zoo, dice);
  std::set<MicroCode> used;
  std::set<Outcome> outcomes;
  for (int i = 0; i < 20000; ++i) {
    const lang::State state = random_state(zoo, dice);
    const Expr expression = growing.any(dice.below(4));
    const MicroProgram program = lower_expression(zoo.spec, layout, expression);
    for (const MicroOperation& operation : program.operations)
      used.insert(operation.code);
    const lang::Evaluation expected = lang::evaluate(zoo.spec, state, expression);
    const Ran ran = run(layout, state, program);
    outcomes.insert(ran.outcome);
    ASSERT_EQ(property_of(ran.outcome), expected.failure ? expected.failure->property : "")
        << to_string(expression);
    if (!expected.failure) {
      ASSERT_EQ(ran.outcome, Outcome::taken) << to_string(expression);
      ASSERT_EQ(ran.found, expected.value) << to_string(expression);
    }
    ASSERT_EQ(ran.memory, layout.pack(state)) << to_string(expression) << " changed memory";
  }
  // Every operation that computes a value was among them, and every way in which one can fail.
  for (auto code = static_cast<std::uint32_t>(MicroCode::literal);
       code <= static_cast<std::uint32_t>(MicroCode::bit_clear); ++code)
    EXPECT_TRUE(code == static_cast<std::uint32_t>(MicroCode::peek) ||
                used.contains(static_cast<MicroCode>(code)))
        << "operation " << code;
  for (const Outcome outcome :
       {Outcome::taken, Outcome::null_dereference, Outcome::use_after_free, Outcome::not_on_list})
    EXPECT_TRUE(outcomes.contains(outcome)) << static_cast<int>(outcome);
}

lang::Update random_update(const Zoo& zoo, Dice& dice, Growing& growing, std::set<int>& taken) {
  for (;;) {
    const int choice = dice.below(9);
    if (!taken.insert(choice < 5 ? choice : choice < 7 ? 5 : 6).second)
      continue; // a step updates a variable once
    const auto list_kind = static_cast<UpdateKind>(1 + dice.below(5));
    switch (choice) {
    case 0:
      return lang::assign(zoo.spec.read(zoo.n[0]), growing.number(2));
    case 1:
      return lang::assign(zoo.spec.read(zoo.f[0]), growing.flags(2));
    case 2:
      return lang::assign(zoo.spec.read(zoo.count, growing.item(1)), growing.number(1));
    case 3:
      return lang::assign(zoo.spec.read(zoo.next, growing.item(1)), growing.item(2));
    case 4:
      return lang::assign(zoo.spec.read(*zoo.spec.pools()[zoo.items].allocated, growing.item(1)),
                          dice.below(2) == 0);
    case 5:
    case 6:
      return {list_kind, zoo.queue, {}, growing.item(1), growing.item(1)};
    default:
      return {list_kind, zoo.children, growing.item(0), growing.item(1), growing.item(1)};
    }
  }
}

lang::Action random_action(const Zoo& zoo, Dice& dice, Growing& growing) {
  lang::Action action;
  action.from = static_cast<lang::PointId>(dice.below(20) == 0 ? 1 : 0);
  action.to = 1;
  action.path = dice.below(4) == 0 ? growing.condition(1) : Expr(true);
  action.guard = dice.below(4) == 0 ? growing.condition(1) : Expr(true);
  if (dice.below(4) == 0)
    action.entry_checks.push_back({"check", growing.condition(1), ""});
  if (dice.below(4) == 0)
    action.checks.push_back({"check", growing.condition(1), ""});
  std::set<int> taken;
  const int updates = dice.below(5);
  for (int i = 0; i < updates; ++i) {
    lang::Update update = random_update(zoo, dice, growing, taken);
    if (update.kind == UpdateKind::clear)
      update.value = {};
    if (update.kind != UpdateKind::insert_before)
      update.position = {};
    action.updates.push_back(std::move(update));
  }
  return action;
}

TEST(MicroProgram, steps_change_memory_as_the_reference_evaluator_changes_the_state) {
  const Zoo zoo;
  const Layout layout(zoo.spec);
  Dice dice(21);
  Growing growing(zoo, dice);
  std::set<MicroCode> used;
  std::map<Outcome, int> outcomes;
  for (int i = 0; i < 20000; ++i) {
    const lang::State state = random_state(zoo, dice);
    const lang::Action action = random_action(zoo, dice, growing);
    const MicroProgram program = lower_action(zoo.spec, layout, action);
    for (const MicroOperation& operation : program.operations)
      used.insert(operation.code);
    const lang::Result expected = lang::take(zoo.spec, state, action);
    const Ran ran = run(layout, state, program);
    ++outcomes[ran.outcome];
    ASSERT_EQ(property_of(ran.outcome), expected.failure.property) << "action " << i;
    if (expected.outcome == lang::Outcome::taken) {
      ASSERT_EQ(ran.outcome, Outcome::taken) << "action " << i;
      ASSERT_EQ(ran.memory, layout.pack(expected.state)) << "action " << i;
    } else if (expected.outcome == lang::Outcome::disabled) {
      ASSERT_TRUE(ran.outcome == Outcome::elsewhere || ran.outcome == Outcome::path_false ||
                  ran.outcome == Outcome::guard_false);
      ASSERT_EQ(ran.memory, layout.pack(state)) << "action " << i;
    }
  }
  for (const MicroCode code : {MicroCode::store, MicroCode::push_front, MicroCode::push_back,
                               MicroCode::insert_before, MicroCode::remove, MicroCode::clear})
    EXPECT_TRUE(used.contains(code)) << static_cast<int>(code);
  for (const Outcome outcome :
       {Outcome::taken, Outcome::elsewhere, Outcome::path_false, Outcome::guard_false,
        Outcome::check_failed, Outcome::null_dereference, Outcome::use_after_free,
        Outcome::not_on_list, Outcome::bounds})
    EXPECT_GT(outcomes[outcome], 20) << static_cast<int>(outcome);
}

TEST(MicroProgram, a_reference_or_list_size_that_no_state_has_is_never_followed) {
  const Zoo zoo;
  const Layout layout(zoo.spec);
  const Expr reference = zoo.spec.read(zoo.r[0]);
  const auto slot_of = [&](VariableId id) { return zoo.spec.variables()[id].first_slot; };
  for (const Value wild :
       {Value{4}, Value{-1}, Value{1} << 62, std::numeric_limits<Value>::min()}) {
    lang::State state = zoo.spec.initial_state();
    state[slot_of(zoo.r[0])] = wild;
    for (const Expr& use :
         {zoo.spec.read(zoo.count, reference), zoo.spec.is_allocated(reference)}) {
      const Ran ran = run(layout, state, lower_expression(zoo.spec, layout, use));
      EXPECT_EQ(ran.outcome, Outcome::outside) << wild;
      EXPECT_EQ(ran.found, wild);
    }
    state[slot_of(zoo.queue)] = wild;
    const Ran ran =
        run(layout, state, lower_expression(zoo.spec, layout, zoo.spec.list_back(zoo.queue)));
    EXPECT_EQ(ran.outcome, Outcome::outside) << wild;
  }
}

// --- words of locks, by programs written out ---

struct WordTest : ::testing::Test {
  Zoo zoo;
  Layout layout{zoo.spec};
  lang::State state = zoo.spec.initial_state();
  const Value byte = static_cast<Value>(layout.word(zoo.n[0]) * Layout::word_bytes);

  Ran with(Value word, std::vector<MicroOperation> operations) {
    state[zoo.spec.variables()[zoo.n[0]].first_slot] = word;
    operations.insert(operations.begin(), {MicroCode::address, 0, byte});
    operations.push_back({MicroCode::leave, static_cast<std::uint32_t>(Outcome::taken), 0});
    return run(layout, state, {operations, operations.size(), {}});
  }
  Value word(const Ran& ran) const { return ran.memory[layout.word(zoo.n[0])]; }
};

TEST_F(WordTest, acquire_takes_a_free_lock) {
  const Ran ran = with(0, {{MicroCode::literal, 0, 2}, {MicroCode::acquire, 0, 0}});
  EXPECT_EQ(ran.outcome, Outcome::taken);
  EXPECT_EQ(word(ran), 2);
}

TEST_F(WordTest, acquire_leaves_a_lock_with_its_owner_and_says_who_it_is) {
  const Ran ran = with(3, {{MicroCode::literal, 0, 2}, {MicroCode::acquire, 0, 0}});
  EXPECT_EQ(ran.outcome, Outcome::lock_held);
  EXPECT_EQ(ran.found, 3);
  EXPECT_EQ(word(ran), 3);
}

TEST_F(WordTest, exchange_gives_a_lock_back) {
  const Ran ran = with(2, {{MicroCode::literal, 0, 0}, {MicroCode::exchange, 0, 0}});
  EXPECT_EQ(ran.outcome, Outcome::taken);
  EXPECT_EQ(word(ran), 0);
}

TEST_F(WordTest, change_bits_touches_only_the_bits_that_differ) {
  // Computed when the word was 0b0110: set bit 3, clear bit 1.  Bit 0 was set by another since.
  const Ran ran = with(0b0111, {{MicroCode::literal, 0, 0b0110},
                                {MicroCode::literal, 0, 0b1100},
                                {MicroCode::change_bits, 0, 0}});
  EXPECT_EQ(ran.outcome, Outcome::taken);
  EXPECT_EQ(word(ran), 0b1101);
}

TEST_F(WordTest, try_lock_leaves_as_soon_as_the_lock_is_free) {
  const std::vector<MicroOperation> attempt{
      {MicroCode::literal, 0, 0}, {MicroCode::literal, 0, 2}, {MicroCode::try_lock, 0, 0}};
  EXPECT_EQ(with(0, attempt).outcome, Outcome::enabled);
  const Ran held = with(1, attempt);
  EXPECT_EQ(held.outcome, Outcome::taken);
  EXPECT_EQ(word(held), 1);
}

TEST_F(WordTest, try_wake_leaves_as_soon_as_the_bit_is_clear) {
  const std::vector<MicroOperation> attempt{{MicroCode::literal, 0, 0b10},
                                            {MicroCode::try_wake, 0, 0}};
  EXPECT_EQ(with(0b101, attempt).outcome, Outcome::enabled);
  EXPECT_EQ(with(0b010, attempt).outcome, Outcome::taken);
}

TEST_F(WordTest, a_spinning_thread_leaves_when_the_stop_word_is_raised) {
  ControlBlock control;
  control.stop = 1;
  const MicroProgram for_ever{{{MicroCode::spin, 0, 0}, {MicroCode::jump, 0, 0}}, 0, {}};
  EXPECT_EQ(run(layout, state, for_ever, control).outcome, Outcome::stopped);
}

} // namespace
} // namespace interlock::harness::testing
