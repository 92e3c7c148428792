// Lock instructions as lock instructions: threads contend with no turn, and nothing is lost.  Each
// helper counts what went wrong: the real assembly must give 0, and each fault of faults/ more.
#include "contention.hpp"
#include "small_specs.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

namespace interlock::harness::testing {
namespace {

extern "C" {
RunMicroProgram interlock_run_acquire_without_lock;
RunMicroProgram interlock_run_acquire_as_store;
RunMicroProgram interlock_run_release_as_store;
RunMicroProgram interlock_run_no_atomic_instructions;
RunMicroProgram interlock_run_change_bits_without_lock;
RunMicroProgram interlock_run_try_lock_without_cmpxchg;
}

constexpr std::size_t rounds = 100000;

// What a fault does shows by chance, when two instructions meet; it is looked for so often.
constexpr int tries = 100;

template <typename Look> std::uint64_t seen_at_last(const Look& look) {
  for (int i = 0; i < tries; ++i)
    if (const std::uint64_t seen = look())
      return seen;
  return 0;
}

#define NEEDS_TWO_PROCESSORS()                                                                     \
  if (processors().size() < 2)                                                                     \
  GTEST_SKIP() << "skipped: one core, on which no two instructions meet"

std::vector<std::string> names(std::size_t threads) {
  std::vector<std::string> result;
  for (std::size_t i = 0; i < threads; ++i)
    result.push_back("thread" + std::to_string(i));
  return result;
}

// The steps of a thread that goes round for ever, from its first to the one before it comes again.
// A step that takes a lock does not look at its guard: the lock instruction alone decides.
std::vector<MicroProgram> round_of(const Spec& spec, const Layout& layout, lang::ThreadId thread) {
  std::vector<MicroProgram> programs;
  lang::PointId point = 0;
  do {
    lang::Action action = spec.actions()[spec.threads()[thread].points[point].actions.at(0)];
    if (std::any_of(action.effects.begin(), action.effects.end(), [](const lang::Effect& effect) {
          return effect.kind == lang::EffectKind::acquire;
        }))
      action.guard = Expr(true);
    programs.push_back(lower_action(spec, layout, action));
    point = action.to;
  } while (point != 0);
  return programs;
}

std::vector<std::vector<MicroProgram>> rounds_of(const Spec& spec, const Layout& layout) {
  std::vector<std::vector<MicroProgram>> all;
  for (lang::ThreadId thread = 0; thread < spec.threads().size(); ++thread)
    all.push_back(round_of(spec, layout, thread));
  return all;
}

bool all_taken(Contender& contender, const std::vector<MicroProgram>& programs) {
  return std::all_of(programs.begin(), programs.end(), [&](const MicroProgram& program) {
    return contender.run(program) == Outcome::taken;
  });
}

// --- taking and giving back ---

constexpr std::size_t counters = 4; // each a chance to see two threads behind one lock

// Threads that take a lock, add 1 to each counter, and give the lock back, perhaps in one step.
struct Adding : SmallSpec {
  explicit Adding(std::size_t threads, bool with_release = false) : SmallSpec(names(threads)) {
    mutexes({"lock"});
    for (std::size_t i = 0; i < counters; ++i)
      counter.push_back(
          builder.global("counter" + std::to_string(i), lang::integer_type(0, 1000000000), 0));
    for (lang::ThreadId thread = 0; thread < threads; ++thread)
      body(thread, [&](Steps& s) {
        s.loop("round", [&] {
          acquire(s, mutex(0));
          lang::Step add;
          for (const VariableId id : counter)
            add.updates.push_back(lang::assign(builder.read(id), builder.read(id) + 1));
          if (with_release) {
            add.updates.push_back(
                lang::assign(owner(mutex(0)), builder.nothing(lang::thread_pool)));
            add.effects = {{lang::EffectKind::release, mutex(0), lang::Mode::exclusive}};
          }
          s.step("add", add);
          if (!with_release)
            release(s, mutex(0));
        });
      });
    finish();
  }

  std::uint64_t lost(const lang::State& state, std::size_t additions) const {
    std::uint64_t missing = 0;
    for (const VariableId id : counter)
      missing += additions - static_cast<std::uint64_t>(state[spec().variables()[id].first_slot]);
    return missing;
  }

  std::vector<VariableId> counter;
};

// How many additions are lost, or 1 when a lock that was given back stays taken.
std::uint64_t lost_updates(RunMicroProgram* run, std::size_t threads = 2) {
  const Adding adding(threads);
  const Layout layout(adding.spec());
  const auto programs = rounds_of(adding.spec(), layout);
  Contention contention(layout, adding.spec().initial_state(), run, threads);
  if (!contention.run(rounds, [&](Contender& contender) {
        return all_taken(contender, programs[contender.number()]);
      }))
    return 1;
  return adding.lost(contention.state(), threads * rounds);
}

TEST(Contention, OfTwoThreadsForALockLosesNoUpdate) {
  EXPECT_EQ(lost_updates(interlock_run_micro_program), 0U);
}

TEST(Contention, OfFourThreadsForALockLosesNoUpdate) {
  EXPECT_EQ(lost_updates(interlock_run_micro_program, 4), 0U);
}

TEST(Contention, IsCountedAsItWas) {
  const Adding adding(2);
  const Layout layout(adding.spec());
  const auto programs = rounds_of(adding.spec(), layout);
  Contention contention(layout, adding.spec().initial_state(), interlock_run_micro_program, 2);
  ASSERT_TRUE(contention.run(rounds, [&](Contender& contender) {
    return all_taken(contender, programs[contender.number()]);
  }));
  EXPECT_EQ(contention.count(Count::acquire) - contention.count(Count::acquire_failed), 2 * rounds);
  EXPECT_EQ(contention.count(Count::release), 2 * rounds);
}

// The same with nothing between the rounds but the rounds: many of them in one program.
std::uint64_t lost_in_close_rounds(RunMicroProgram* run) {
  constexpr std::size_t rounds_in_a_program = 32;
  const Adding adding(2);
  const Layout layout(adding.spec());
  const auto byte = [](std::size_t word) { return static_cast<Value>(word * Layout::word_bytes); };
  const Value lock = byte(layout.word(lang::place_of(adding.owner(adding.mutex(0))).variable, 0));
  const Value counter = byte(layout.word(adding.counter[0]));
  std::vector<MicroProgram> programs;
  for (Value thread = 0; thread < 2; ++thread) {
    MicroProgram program{{{MicroCode::address, 0, lock},
                          {MicroCode::literal, 0, thread + 1},
                          {MicroCode::address, 0, lock},
                          {MicroCode::literal, 0, 0}},
                         4,
                         {}};
    for (std::size_t i = 0; i < rounds_in_a_program; ++i, program.deepest += 2) {
      const auto top = static_cast<std::uint32_t>(program.deepest);
      for (const MicroOperation& operation :
           std::initializer_list<MicroOperation>{{MicroCode::acquire, 0, 0},
                                                 {MicroCode::address, 0, counter},
                                                 {MicroCode::peek, 0, 0},
                                                 {MicroCode::literal, 0, 1},
                                                 {MicroCode::add, 0, 0},
                                                 {MicroCode::store, top, 0},
                                                 {MicroCode::exchange, 2, 0}})
        program.operations.push_back(operation);
    }
    program.operations.push_back({MicroCode::leave, static_cast<std::uint32_t>(Outcome::taken), 0});
    programs.push_back(std::move(program));
  }
  Contention contention(layout, adding.spec().initial_state(), run, 2);
  if (!contention.run(rounds / rounds_in_a_program, [&](Contender& contender) {
        return contender.run(programs[contender.number()]) == Outcome::taken;
      }))
    return 1;
  const std::size_t additions = 2 * (rounds / rounds_in_a_program) * rounds_in_a_program;
  return additions -
         static_cast<std::uint64_t>(
             contention.state()[adding.spec().variables()[adding.counter[0]].first_slot]);
}

TEST(Contention, InCloseRoundsLosesNoUpdate) {
  EXPECT_EQ(lost_in_close_rounds(interlock_run_micro_program), 0U);
}

TEST(Contention, ShowsAMissingLockPrefix) {
  NEEDS_TWO_PROCESSORS();
  EXPECT_GT(seen_at_last([] { return lost_in_close_rounds(interlock_run_acquire_without_lock); }),
            0U);
}

TEST(Contention, ShowsALockThatIsTakenByAStore) {
  NEEDS_TWO_PROCESSORS();
  EXPECT_GT(seen_at_last([] { return lost_updates(interlock_run_acquire_as_store); }), 0U);
}

TEST(Contention, ShowsThatNoInstructionIsAtomic) {
  NEEDS_TWO_PROCESSORS();
  EXPECT_GT(seen_at_last([] { return lost_updates(interlock_run_no_atomic_instructions); }), 0U);
}

// --- data before the lock is given back ---

std::uint64_t lost_when_added_with_release(bool unlock_first) {
  const Adding adding(2, true);
  const Layout layout(adding.spec());
  auto programs = rounds_of(adding.spec(), layout);
  if (unlock_first)
    for (std::vector<MicroProgram>& round : programs)
      std::stable_partition(
          std::find_if(round[1].operations.begin(), round[1].operations.end(),
                       [](const MicroOperation& each) { return each.code == MicroCode::store; }),
          round[1].operations.end(),
          [](const MicroOperation& each) { return each.code == MicroCode::exchange; });
  Contention contention(layout, adding.spec().initial_state(), interlock_run_micro_program, 2);
  if (!contention.run(rounds, [&](Contender& contender) {
        return all_taken(contender, programs[contender.number()]);
      }))
    return 1;
  return adding.lost(contention.state(), 2 * rounds);
}

TEST(Contention, AStepStoresItsDataBeforeItGivesTheLockBack) {
  EXPECT_EQ(lost_when_added_with_release(false), 0U);
}

TEST(Contention, ShowsALockThatIsGivenBackBeforeTheData) {
  NEEDS_TWO_PROCESSORS();
  EXPECT_GT(seen_at_last([] { return lost_when_added_with_release(true); }), 0U);
}

// --- trying ---

// Threads that try for the lock, and add when they get it.
std::uint64_t lost_after_trying(RunMicroProgram* run) {
  const Adding adding(2);
  const Layout layout(adding.spec());
  const auto programs = rounds_of(adding.spec(), layout);
  const Value owner = static_cast<Value>(
      layout.word(lang::place_of(adding.owner(adding.mutex(0))).variable, 0) * Layout::word_bytes);
  const Value point = static_cast<Value>(lang::PointId{1}); // behind the lock
  std::vector<MicroProgram> attempts;
  for (lang::ThreadId thread = 0; thread < 2; ++thread) {
    const Value counter = static_cast<Value>(layout.word(adding.spec().threads()[thread].counter) *
                                             Layout::word_bytes);
    attempts.push_back({{{MicroCode::address, 0, counter}, // what `acquire` would do next, if it
                         {MicroCode::literal, 0, point},   // succeeded; nobody else looks
                         {MicroCode::store, 0, 0},
                         {MicroCode::address, 0, owner},
                         {MicroCode::literal, 0, 0},
                         {MicroCode::literal, 0, static_cast<Value>(thread) + 1},
                         {MicroCode::try_lock, 0, 0},
                         {MicroCode::leave, static_cast<std::uint32_t>(Outcome::taken), 0}},
                        5,
                        {}});
  }
  std::atomic<std::size_t> got = 0;
  Contention contention(layout, adding.spec().initial_state(), run, 2);
  if (!contention.run(rounds, [&](Contender& contender) {
        const std::vector<MicroProgram>& round = programs[contender.number()];
        if (contender.run(attempts[contender.number()]) != Outcome::enabled)
          return true;
        got.fetch_add(1);
        return contender.run(round[1]) == Outcome::taken &&
               contender.run(round[2]) == Outcome::taken;
      }))
    return 1;
  return adding.lost(contention.state(), got.load());
}

TEST(Contention, OfThreadsThatTryForALockLosesNoUpdate) {
  EXPECT_EQ(lost_after_trying(interlock_run_micro_program), 0U);
}

TEST(Contention, ShowsATryWithoutCmpxchg) {
  NEEDS_TWO_PROCESSORS();
  EXPECT_GT(seen_at_last([] { return lost_after_trying(interlock_run_try_lock_without_cmpxchg); }),
            0U);
}

// --- sets of readers ---

// Threads that set and clear their own bit of one word, and look at it in between.
struct Reading : SmallSpec {
  explicit Reading(std::size_t threads) : SmallSpec(names(threads)) {
    rwlocks({"lock"});
    for (lang::ThreadId thread = 0; thread < threads; ++thread)
      body(thread, [&](Steps& s) {
        const Expr mine = lang::literal(readers(rwlock(0)).type_ref(), Value{1} << thread);
        s.loop("round", [&] {
          read_lock(s, rwlock(0));
          s.check("bits", (readers(rwlock(0)) & mine) != 0, "the bit that was set is gone");
          read_unlock(s, rwlock(0));
          s.check("bits", (readers(rwlock(0)) & mine) == 0, "the bit that was cleared is back");
        });
      });
    finish();
  }
};

std::uint64_t lost_bits(RunMicroProgram* run, std::size_t threads = 2) {
  const Reading reading(threads);
  const Layout layout(reading.spec());
  const auto programs = rounds_of(reading.spec(), layout);
  Contention contention(layout, reading.spec().initial_state(), run, threads);
  const bool fine = contention.run(rounds, [&](Contender& contender) {
    return all_taken(contender, programs[contender.number()]);
  });
  return fine ? 0 : 1;
}

TEST(Contention, OfReadersLosesNoBit) {
  EXPECT_EQ(lost_bits(interlock_run_micro_program), 0U);
  EXPECT_EQ(lost_bits(interlock_run_micro_program, 4), 0U);
}

TEST(Contention, ShowsBitsThatChangeWithoutALockPrefix) {
  NEEDS_TWO_PROCESSORS();
  EXPECT_GT(seen_at_last([] { return lost_bits(interlock_run_change_bits_without_lock); }), 0U);
}

TEST(Contention, AStepThatChangesBitsReadsTheirWordOnce) {
  const Reading reading(1);
  const std::vector<MicroOperation> operations =
      round_of(reading.spec(), Layout(reading.spec()), 0)[0].operations;
  const auto is = [](MicroCode code) {
    return [code](const MicroOperation& each) { return each.code == code; };
  };
  const auto peek = std::find_if(operations.begin(), operations.end(), is(MicroCode::peek));
  const auto change = std::find_if(peek, operations.end(), is(MicroCode::change_bits));
  ASSERT_NE(change, operations.end());
  EXPECT_EQ(std::count_if(peek, change, is(MicroCode::copy)), 1);
  EXPECT_EQ(std::count_if(peek, change, is(MicroCode::load)), 0);
}

// --- a lock that is given back is a barrier ---

// Two threads at once, each: give the own lock back, look whether the other one's is still held.
// When both see it held, both loads passed the stores: store buffering, which xchg forbids.
std::uint64_t passed_by_loads(RunMicroProgram* run) {
  SmallSpec locks(names(2));
  locks.mutexes({"a", "b"});
  for (lang::ThreadId thread = 0; thread < 2; ++thread)
    locks.body(thread, [&](Steps& s) { s.await("rest", true); });
  locks.finish();
  const Layout layout(locks.spec());
  std::vector<MicroProgram> hold;
  std::vector<MicroProgram> release_and_look;
  for (std::uint32_t mine = 0; mine < 2; ++mine) {
    const auto byte = [&](std::uint32_t lock) {
      const VariableId owner = lang::place_of(locks.owner(locks.mutex(lock))).variable;
      return static_cast<Value>(layout.word(owner, lock) * Layout::word_bytes);
    };
    hold.push_back({{{MicroCode::address, 0, byte(mine)},
                     {MicroCode::literal, 0, Value{mine} + 1},
                     {MicroCode::store, 0, 0},
                     {MicroCode::leave, static_cast<std::uint32_t>(Outcome::taken), 0}},
                    2,
                    {}});
    release_and_look.push_back({{{MicroCode::address, 0, byte(1 - mine)},
                                 {MicroCode::address, 0, byte(mine)},
                                 {MicroCode::literal, 0, 0},
                                 {MicroCode::exchange, 1, 0},
                                 {MicroCode::jump_if_true, 5, 0}, // takes the 0 away ...
                                 {MicroCode::jump_if_true, 6, 0}, // ... and the address
                                 {MicroCode::load, 0, 0},
                                 {MicroCode::answer, 0, 0}},
                                3,
                                {}});
  }
  std::array<std::atomic<std::size_t>, 2> arrived{};
  const auto meet = [&](std::size_t me) { // both threads have come so far
    const std::size_t now = arrived[me].fetch_add(1) + 1;
    for (std::size_t i = 1; arrived[1 - me].load() < now; ++i)
      if (i % 4096 == 0)
        std::this_thread::yield();
  };
  std::array<Value, 2> found{};
  std::uint64_t passed = 0;
  Contention contention(layout, locks.spec().initial_state(), run, 2);
  contention.run(rounds, [&](Contender& contender) {
    const std::size_t me = contender.number();
    contender.run(hold[me]);
    meet(me);
    contender.run(release_and_look[me]);
    found[me] = contender.found();
    meet(me);
    if (me == 0 && found[0] != 0 && found[1] != 0)
      ++passed;
    return true;
  });
  return passed;
}

TEST(Contention, NoLoadPassesALockThatIsGivenBack) {
  EXPECT_EQ(passed_by_loads(interlock_run_micro_program), 0U);
}

TEST(Contention, ShowsALockThatIsGivenBackByAStore) {
  NEEDS_TWO_PROCESSORS();
  EXPECT_GT(seen_at_last([] { return passed_by_loads(interlock_run_release_as_store); }), 0U);
}

} // namespace
} // namespace interlock::harness::testing
