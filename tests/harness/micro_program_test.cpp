// Micro programs mean what the reference evaluator means, on random expressions, updates and
// states.
#include "random_expressions.hpp"
#include "run_program.hpp"
#include "small_specs.hpp"

#include <set>

namespace interlock::harness::testing {
namespace {

using lang::UpdateKind;

// The property that an outcome violates; "" when it violates none.
std::string property_of(Outcome outcome) {
  return outcome == Outcome::check_failed ? "check" : std::string(fault_of(outcome));
}

TEST(MicroProgram, ExpressionsHaveTheValuesAndFaultsOfTheReferenceEvaluator) {
  const Zoo zoo;
  const Layout layout(zoo.spec());
  Dice dice(20);
  Growing growing(zoo, dice);
  std::set<MicroCode> used;
  std::set<Outcome> outcomes;
  for (int i = 0; i < 20000; ++i) {
    const lang::State state = random_state(zoo, dice);
    const Expr expression = growing.any(dice.below(4));
    const MicroProgram program = lower_expression(zoo.spec(), layout, expression);
    for (const MicroOperation& operation : program.operations)
      used.insert(operation.code);
    const lang::Evaluation expected = lang::evaluate(zoo.spec(), state, expression);
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
                code == static_cast<std::uint32_t>(MicroCode::copy) ||
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
      return lang::assign(zoo.builder.read(zoo.n[0]), growing.number(2));
    case 1:
      return lang::assign(zoo.builder.read(zoo.f[0]), growing.flags(2));
    case 2:
      return lang::assign(zoo.builder.read(zoo.count, growing.item(1)), growing.number(1));
    case 3:
      return lang::assign(zoo.builder.read(zoo.next, growing.item(1)), growing.item(2));
    case 4:
      return lang::assign(
          zoo.builder.read(*zoo.builder.pools()[zoo.items].allocated, growing.item(1)),
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

TEST(MicroProgram, StepsChangeMemoryAsTheReferenceEvaluatorChangesTheState) {
  const Zoo zoo;
  const Layout layout(zoo.spec());
  Dice dice(21);
  Growing growing(zoo, dice);
  std::set<MicroCode> used;
  std::map<Outcome, int> outcomes;
  for (int i = 0; i < 20000; ++i) {
    const lang::State state = random_state(zoo, dice);
    const lang::Action action = random_action(zoo, dice, growing);
    const MicroProgram program = lower_action(zoo.spec(), layout, action);
    for (const MicroOperation& operation : program.operations)
      used.insert(operation.code);
    const lang::Result expected = lang::take(zoo.spec(), state, action);
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

TEST(MicroProgram, AStepTakesLocksFirstAndGivesThemBackLast) {
  SmallSpec locks({"only"});
  locks.mutexes({"old", "new"});
  const Expr word = locks.builder.read(locks.builder.global("word", lang::integer_type(0, 7), 0));
  locks.body(0, [&](Steps& s) {
    lang::Step trade;
    trade.updates = {
        lang::assign(locks.owner(locks.mutex(0)), locks.builder.nothing(lang::thread_pool)),
        lang::assign(word, 3), lang::assign(locks.owner(locks.mutex(1)), s.self())};
    trade.effects = {{lang::EffectKind::release, locks.mutex(0), lang::Mode::exclusive},
                     {lang::EffectKind::acquire, locks.mutex(1), lang::Mode::exclusive}};
    s.step("trade", trade);
  });
  locks.finish();
  std::vector<MicroCode> changes;
  for (const MicroOperation& operation :
       lower_action(locks.spec(), Layout(locks.spec()), locks.spec().actions()[0]).operations)
    if (operation.code >= MicroCode::store && operation.code <= MicroCode::clear)
      changes.push_back(operation.code);
  EXPECT_EQ(changes, (std::vector<MicroCode>{MicroCode::acquire, MicroCode::store,
                                             MicroCode::exchange, MicroCode::store}));
}

TEST(MicroProgram, AReferenceOrListSizeThatNoStateHasIsNeverFollowed) {
  const Zoo zoo;
  const Layout layout(zoo.spec());
  const Expr reference = zoo.builder.read(zoo.r[0]);
  const auto slot_of = [&](VariableId id) { return zoo.spec().variables()[id].first_slot; };
  for (const Value wild :
       {Value{4}, Value{-1}, Value{1} << 62, std::numeric_limits<Value>::min()}) {
    lang::State state = zoo.spec().initial_state();
    state[slot_of(zoo.r[0])] = wild;
    for (const Expr& use :
         {zoo.builder.read(zoo.count, reference), zoo.builder.is_allocated(reference)}) {
      const Ran ran = run(layout, state, lower_expression(zoo.spec(), layout, use));
      EXPECT_EQ(ran.outcome, Outcome::outside) << wild;
      EXPECT_EQ(ran.found, wild);
    }
    state[slot_of(zoo.queue)] = wild;
    const Ran ran =
        run(layout, state, lower_expression(zoo.spec(), layout, zoo.builder.list_back(zoo.queue)));
    EXPECT_EQ(ran.outcome, Outcome::outside) << wild;
  }
}

} // namespace
} // namespace interlock::harness::testing
