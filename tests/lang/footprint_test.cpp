// What an action reads and writes: said of actions made by hand, and held against what evaluation
// does on random ones.
#include "lang/footprint.hpp"

#include "support/lang_world.hpp"
#include "support/random_spec.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

using namespace lang;

class OfAStep : public ::testing::Test {
protected:
  World world{{"t", "u"}};
  SpecBuilder& builder = world.builder;
  Mutexes mutexes{builder, {"m", "n"}};
  Expr count = world.number("count");
  Expr open = world.flag("open");
  PoolId fixed = builder.pool("kqueue", {"kq0", "kq1"}, Lifetime::permanent);
  PoolId pool = builder.pool("knote", {"kn0", "kn1"}, Lifetime::allocated);
  TypeRef knote = builder.pools()[pool].reference;
  VariableId flags = builder.field(pool, "flags", integer_type(0, 3), 0);
  VariableId id = builder.constant_field(pool, "id", integer_type(0, 9), {7, 8});
  VariableId kq_lock =
      builder.constant_field(fixed, "kq_lock", builder.pools()[mutexes.pool].reference, {2, 1});
  VariableId head = builder.field_list(fixed, "head", knote, 2);
  Expr pointer = world.global("pointer", knote);
  Expr kq0 = builder.object(fixed, 0);
  Expr kn1 = builder.object(pool, 1);
  Expr allocated = builder.read(*builder.pools()[pool].allocated, kn1);

  // Of the first action of a thread that takes one step.
  Footprint of(const Step& step) {
    world.body([&](Steps& s) { s.step("step", step); });
    const Spec& spec = world.finish();
    return spec.footprint(0);
  }

  std::string name(const Place& place) const {
    const Variable& variable = builder.variables()[place.variable];
    if (variable.scope != Scope::field)
      return variable.name;
    return (place.object ? builder.pools()[variable.pool].objects[*place.object] : "any") + "." +
           variable.name;
  }
  std::string reads(const Footprint& footprint, Parts parts = taking) const {
    std::string text;
    for (const Read& read : footprint.reads)
      if (read.in(parts))
        text += (text.empty() ? "" : " ") + name(read.place);
    return text;
  }
  std::string writes(const Footprint& footprint) const {
    std::string text;
    for (const Place& place : footprint.writes)
      text += (text.empty() ? "" : " ") + name(place);
    return text;
  }
  std::string reads(const Expr& expression) const {
    std::string text;
    for (const Place& place : reads_of(builder, expression))
      text += (text.empty() ? "" : " ") + name(place);
    return text;
  }
  static Step with(const Update& update) {
    Step step;
    step.updates = {update};
    return step;
  }
};

TEST_F(OfAStep, ExpressionsReadWhatTheyNameAndWhetherItIsAllocated) {
  EXPECT_EQ(reads(Expr()), "");
  EXPECT_EQ(reads(count + 1 < 3 && !open), "count open");
  EXPECT_EQ(reads(builder.read(flags, kn1)), "kn1.allocated kn1.flags");
  EXPECT_EQ(reads(builder.read(flags, pointer)), "any.allocated any.flags pointer");
  EXPECT_EQ(reads(builder.first_free(pool)), "any.allocated");
  EXPECT_EQ(reads(builder.is_allocated(kn1)), "kn1.allocated");
  EXPECT_EQ(reads(builder.list_has(head, kq0, pointer)), "kq0.head pointer");
}

TEST_F(OfAStep, AConstantIsNotReadFromTheState) {
  EXPECT_EQ(reads(builder.read(id, kn1)), "kn1.allocated");
  EXPECT_EQ(reads(mutexes.owner(builder.read(kq_lock, kq0))), "n.owner");
}

TEST_F(OfAStep, ItSaysWhereItReads) {
  Step step;
  step.guard = open;
  step.updates = {assign(count, builder.read(flags, kn1))};
  step.entry_checks = {{"kassert", count < 3, ""}};
  step.checks = {{"kassert", pointer == kn1, ""}};
  step.reports = {{"first", builder.list_front(head, kq0)}};
  step.idle_when = !open;
  const Footprint footprint = of(step);
  EXPECT_EQ(reads(footprint, Parts{} | Part::guard), "open");
  EXPECT_EQ(reads(footprint, Parts{} | Part::entry_checks), "count");
  EXPECT_EQ(reads(footprint, Parts{} | Part::checks), "pointer");
  EXPECT_EQ(reads(footprint, Parts{} | Part::updates), "kn1.allocated kn1.flags");
  EXPECT_EQ(reads(footprint, Parts{} | Part::reports), "kq0.head");
  EXPECT_EQ(reads(footprint, Parts{} | Part::idle_when), "open");
  EXPECT_EQ(reads(footprint), "count open kn1.allocated kn1.flags pointer");
  EXPECT_EQ(writes(footprint), "count");
  EXPECT_TRUE(footprint.locks.empty());
}

TEST_F(OfAStep, AWriteIsOfOneObjectWhereItIsKnownWhich) {
  const Footprint known = of(with(assign(builder.read(flags, kn1), 1)));
  EXPECT_EQ(writes(known), "kn1.flags");
  EXPECT_EQ(reads(known), "kn1.allocated");
  const Footprint unknown = of(with(assign(builder.read(flags, pointer), 1)));
  EXPECT_EQ(writes(unknown), "any.flags");
  EXPECT_EQ(reads(unknown), "any.allocated pointer");
}

TEST_F(OfAStep, AListIsReadWhereItIsChanged) {
  EXPECT_EQ(reads(of(with({UpdateKind::push_back, head, kq0, pointer, {}}))), "kq0.head pointer");
  EXPECT_EQ(reads(of(with({UpdateKind::clear, head, kq0, {}, {}}))), "");
}

TEST_F(OfAStep, AnAllocationFillsItsObjectWithoutAskingWhetherItIsAllocated) {
  Step step;
  step.updates = {assign(allocated, true), assign(builder.read(flags, kn1), 0)};
  const Footprint taken = of(step);
  EXPECT_EQ(reads(taken), "");
  EXPECT_EQ(taken.allocates, std::vector<PoolId>{pool});
  EXPECT_TRUE(taken.frees.empty());
  const Footprint freed = of(with(assign(allocated, false)));
  EXPECT_EQ(reads(freed), "kn1.allocated");
  EXPECT_EQ(freed.frees, std::vector<PoolId>{pool});
  EXPECT_TRUE(freed.allocates.empty());
  const Footprint either = of(with(assign(allocated, open)));
  EXPECT_EQ(either.frees, either.allocates);
}

TEST_F(OfAStep, LocksAreNamedAsFarAsTheyAreKnown) {
  const Expr lock = world.global("lock", builder.pools()[mutexes.pool].reference);
  Step step;
  step.effects = {{EffectKind::release, builder.read(kq_lock, kq0), Mode::exclusive},
                  {EffectKind::acquire, lock, Mode::shared}};
  const Footprint footprint = of(step);
  const std::vector<LockUse> expected{{EffectKind::release, mutexes.pool, 1, Mode::exclusive},
                                      {EffectKind::acquire, mutexes.pool, {}, Mode::shared}};
  EXPECT_EQ(footprint.locks, expected);
  EXPECT_EQ(reads(footprint, Parts{} | Part::effects), "lock");
  EXPECT_EQ(reads(footprint), "");
}

// A lock that is held by one thread, or by readers.
class Needing : public OfAStep {
protected:
  TypeRef threads = flags_type("threads", {"t", "u"});
  PoolId rwlocks = builder.pool("rwlock", {"r"}, Lifetime::permanent);
  VariableId writer = builder.field(rwlocks, "owner", builder.pools()[thread_pool].reference, none);
  VariableId readers = builder.field(rwlocks, "readers", threads, 0);
  Expr r = builder.object(rwlocks, 0);
  Expr m = mutexes.lock(0);
  Expr n = mutexes.lock(1);
  Expr t = builder.self(0);
  Expr u = builder.self(1);
  Expr writes = builder.read(writer, r) == t;
  Expr reads_r = (builder.read(readers, r) & literal(threads, 1)) != 0;

  void SetUp() override { builder.set_lock_pool(rwlocks, {"rwlock", writer, readers, {}}, {"r"}); }

  Expr holds(const Expr& lock, const Expr& thread) const { return mutexes.owner(lock) == thread; }
  // `lock` for one held exclusively, `lock shared` for either.
  static std::string needs(const Footprint& footprint) {
    std::string text;
    for (const LockNeed& need : footprint.needs)
      text += (text.empty() ? "" : ", ") + to_string(need.lock) +
              (need.mode == Mode::shared ? " shared" : "");
    return text;
  }
  std::string needs(const Step& step) { return needs(of(step)); }
  std::string demanded(const Expr& condition) {
    Step step;
    step.entry_checks = {{"kassert", condition, ""}};
    std::string on_entry = needs(step);
    Step later;
    later.checks = step.entry_checks;
    EXPECT_EQ(needs(later), on_entry);
    return on_entry;
  }
};

TEST_F(Needing, ALockThatItGivesUp) {
  Step step;
  step.effects = {{EffectKind::sleep, m, Mode::exclusive},
                  {EffectKind::release, n, Mode::exclusive}};
  EXPECT_EQ(needs(step), "n");
  step.effects = {{EffectKind::release, r, Mode::exclusive}}; // by its reader or by its writer
  EXPECT_EQ(needs(step), "r shared");
  step.effects = {{EffectKind::release, builder.read(kq_lock, kq0), Mode::exclusive}};
  const Footprint known = of(step);
  ASSERT_EQ(known.needs.size(), 1U);
  EXPECT_EQ(known.needs[0].object, 1U); // which is n
  const Expr lock = world.global("lock", builder.pools()[mutexes.pool].reference);
  step.effects = {{EffectKind::release, lock, Mode::exclusive}};
  const Footprint unknown = of(step);
  EXPECT_EQ(needs(unknown), "lock");
  EXPECT_FALSE(unknown.needs.at(0).object);
}

TEST_F(Needing, NoLockThatItTakes) {
  Step step;
  step.effects = {{EffectKind::acquire, m, Mode::exclusive}};
  EXPECT_EQ(needs(step), "");
  step.effects.push_back({EffectKind::release, m, Mode::exclusive});
  EXPECT_EQ(needs(step), "");
  std::swap(step.effects[0], step.effects[1]); // let go of, and taken again
  EXPECT_EQ(needs(step), "m");
}

TEST_F(Needing, ALockThatAChecksConditionDemands) {
  EXPECT_EQ(demanded(holds(m, t)), "m");
  EXPECT_EQ(demanded(t == mutexes.owner(m)), "m");
  EXPECT_EQ(demanded(!(mutexes.owner(m) != t)), "m");
  EXPECT_EQ(demanded(holds(m, t) && open && holds(n, t)), "m, n");
  EXPECT_EQ(demanded(!(!holds(m, t) || open)), "m");
  EXPECT_EQ(demanded(choose(open, holds(m, t) && holds(n, t), holds(n, t))), "n");
  EXPECT_EQ(demanded(reads_r), "r shared");
  EXPECT_EQ(demanded(writes || reads_r), "r shared");
  EXPECT_EQ(demanded((writes || reads_r) && writes), "r");
}

TEST_F(Needing, NoLockThatOnlySomeStatesDemand) {
  EXPECT_EQ(demanded(!open || holds(m, t)), "");
  EXPECT_EQ(demanded(holds(m, t) || holds(n, t)), "");
  EXPECT_EQ(demanded(mutexes.owner(m) != t), "");
  EXPECT_EQ(demanded(holds(m, u)), ""); // of somebody else
  Step waiting;
  waiting.guard = holds(m, t); // waits, where a check would fail
  EXPECT_EQ(needs(waiting), "");
}

TEST_F(Needing, TheGuardsOfWhatItTouches) {
  builder.set_guard(count.node().variable, [&](const Expr&) { return m; });
  EXPECT_EQ(needs(with(assign(count, 1))), "m");
  Step taking_it = with(assign(count, 1));
  taking_it.effects = {{EffectKind::acquire, m, Mode::exclusive}};
  EXPECT_EQ(needs(taking_it), "");
  world.body([&](Steps& s) { s.unguarded().step("step", with(assign(count, 1))); });
  EXPECT_EQ(needs(world.finish().footprint(0)), "");
  builder.select_properties({"no-deadlock"}); // nobody looks
  EXPECT_EQ(needs(with(assign(count, 1))), "");
}

// --- against evaluation ---

// Every place of the state but the program counters.
std::vector<Place> places_of(const Spec& spec) {
  std::vector<Place> places;
  for (VariableId id = 0; id < spec.variables().size(); ++id) {
    const Variable& variable = spec.variables()[id];
    const bool counter = std::any_of(spec.threads().begin(), spec.threads().end(),
                                     [&](const Thread& thread) { return thread.counter == id; });
    for (std::uint32_t object = 0; !counter && object < variable.objects; ++object)
      if (variable.protection != Protection::immutable)
        places.push_back({id, object});
  }
  return places;
}

State with_place_of(const Spec& spec, State state, const Place& place, const State& other) {
  for_each_slot(spec, place, [&](std::uint32_t slot) { state[slot] = other[slot]; });
  return state;
}

bool equal_at(const Spec& spec, const Place& place, const State& a, const State& b) {
  bool equal = true;
  for_each_slot(spec, place, [&](std::uint32_t slot) { equal = equal && a[slot] == b[slot]; });
  return equal;
}

// How often each kind of claim was put to the test.
struct Tally {
  unsigned unread = 0, unread_and_taken = 0, unwritten = 0, written = 0, of_parts = 0;
};

class Comparison {
public:
  Comparison(const Spec& spec, ActionId id, Tally& tally)
      : spec_(spec), action_(spec.actions()[id]), footprint_(spec.footprint(id)), tally_(tally) {}

  void run(State state, State other) {
    for (State* each : {&state, &other})
      (*each)[spec_.variables()[spec_.threads()[action_.thread].counter].first_slot] = action_.from;
    const Result result = take(spec_, state, action_);
    for (const Place& place : places_of(spec_)) {
      SCOPED_TRACE(action_.label + ", " + spec_.variables()[place.variable].name + " of object " +
                   std::to_string(*place.object));
      if (result.outcome == Outcome::taken)
        expect_unwritten(place, state, result.state);
      const State changed = with_place_of(spec_, state, place, other);
      if (!reads(place, taking))
        expect_same(result, place, changed);
      expect_same_parts(place, state, changed);
    }
  }

private:
  bool reads(const Place& place, Parts parts) const {
    return std::any_of(footprint_.reads.begin(), footprint_.reads.end(), [&](const Read& read) {
      return read.in(parts) && overlap(read.place, place);
    });
  }

  bool writes(const Place& place) const {
    return std::any_of(footprint_.writes.begin(), footprint_.writes.end(),
                       [&](const Place& written) { return overlap(written, place); });
  }

  void expect_unwritten(const Place& place, const State& before, const State& after) {
    ++(writes(place) ? tally_.written : tally_.unwritten);
    if (!writes(place)) {
      EXPECT_TRUE(equal_at(spec_, place, before, after)) << "is written";
    }
  }

  // Taking the action does the same when a place that it does not read holds something else.
  void expect_same(const Result& result, const Place& place, const State& changed) {
    ++tally_.unread;
    const Result again = take(spec_, changed, action_);
    ASSERT_EQ(again.outcome, result.outcome) << "is read";
    EXPECT_EQ(again.failure.property, result.failure.property) << "is read";
    if (result.outcome != Outcome::taken)
      return;
    ++tally_.unread_and_taken;
    for (const Place& each : places_of(spec_))
      if (each != place) {
        EXPECT_TRUE(equal_at(spec_, each, again.state, result.state)) << "is read";
      }
    const bool kept = equal_at(spec_, place, again.state, changed);
    const bool overwritten = equal_at(spec_, place, again.state, result.state);
    EXPECT_TRUE(kept || (writes(place) && overwritten));
  }

  void expect_same_parts(const Place& place, const State& state, const State& changed) {
    const auto expect = [&](const Expr& expression, Part part) {
      if (expression.empty() || reads(place, Parts{} | part))
        return;
      ++tally_.of_parts;
      const Evaluation before = evaluate(spec_, state, expression);
      const Evaluation after = evaluate(spec_, changed, expression);
      EXPECT_EQ(before.value, after.value) << to_string(expression);
      EXPECT_EQ(before.failure.has_value(), after.failure.has_value()) << to_string(expression);
    };
    expect(action_.path, Part::path);
    expect(action_.guard, Part::guard);
    expect(action_.idle_when, Part::idle_when);
    for (const Check& check : action_.entry_checks)
      expect(check.condition, Part::entry_checks);
    for (const Check& check : action_.checks)
      expect(check.condition, Part::checks);
    for (const Effect& effect : action_.effects)
      expect(effect.lock, Part::effects);
    for (const Report& report : action_.reports)
      expect(report.value, Part::reports);
  }

  const Spec& spec_;
  const Action& action_;
  const Footprint& footprint_;
  Tally& tally_;
};

TEST(Footprint, WhatIsNotInItDoesNotMatterAndStaysAsItIs) {
  Tally tally;
  unsigned specs = 0;
  for (std::uint64_t seed = 0; specs < 100; ++seed) {
    std::optional<RandomSpec> random;
    try {
      random.emplace(seed);
    } catch (const SpecError&) { // the dice gave no valid specification
      continue;
    }
    ++specs;
    for (ActionId id = 0; id < random->spec().actions().size(); ++id) {
      Comparison comparison(random->spec(), id, tally);
      for (unsigned i = 0; i < 5 && !::testing::Test::HasFailure(); ++i)
        comparison.run(random->random_state(), random->random_state());
    }
  }
  // Each claim was tested often enough to mean something.
  for (const unsigned count :
       {tally.unread, tally.unread_and_taken, tally.unwritten, tally.written, tally.of_parts})
    EXPECT_GT(count, 1000U);
}

} // namespace
} // namespace interlock::tests
