// The turn: threads that hand it on to one another, step by step, on threads of their own.
#include "small_specs.hpp"

#include "harness/machine.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>

namespace interlock::harness::testing {
namespace {

using RunThread = void(ThreadBlock*);
extern "C" {
RunThread interlock_schedule_turn_ignored;
}

constexpr std::size_t steps = 4000;

// Threads in turn climb one ladder: each step adds 1 to what it reads.  How many steps found
// another rung than theirs, and how many real threads ran them.
struct Climb {
  std::size_t wrong = 0;
  std::size_t real_threads = 0;
};

void run_all(RunThread* run_thread, std::vector<ThreadBlock>& blocks, bool in_one) {
  std::vector<std::thread> crew;
  for (ThreadBlock& block : blocks)
    if (in_one)
      run_thread(&block);
    else
      crew.emplace_back(run_thread, &block);
  for (std::thread& thread : crew)
    thread.join();
}

// With `in_one` the threads' work is done by this very thread, one after the other; then all steps
// of a thread come before those of the next.
Climb climb(RunThread* run_thread, std::size_t threads, bool in_one = false) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < threads; ++i)
    names.push_back("thread" + std::to_string(i));
  SmallSpec ladder(names);
  const VariableId id = ladder.builder.global("rung", lang::integer_type(0, steps), 0);
  const Expr rung = ladder.builder.read(id);
  for (lang::ThreadId thread = 0; thread < threads; ++thread)
    ladder.body(thread, [&](Steps& s) {
      s.loop("climb", [&] { s.set("up", {{rung, rung + 1}}); });
    });
  ladder.finish();
  const Layout layout(ladder.spec());
  Memory memory(layout.pack(ladder.spec().initial_state()));
  ControlBlock control;
  std::vector<MicroProgram> programs;
  for (lang::ThreadId thread = 0; thread < threads; ++thread)
    programs.push_back(lower_action(
        ladder.spec(), layout,
        ladder.spec().actions()[ladder.spec().threads()[thread].points[0].actions[0]]));
  std::vector<Value> snapshots(steps * memory.size());
  std::vector<std::vector<StepRecord>> records(threads);
  for (std::size_t i = 0; i < steps; ++i) {
    const std::size_t thread = in_one ? i * threads / steps : i % threads;
    StepRecord record;
    record.number = i;
    record.program = programs[thread].operations.data();
    record.snapshot = snapshots.data() + i * memory.size();
    records[thread].push_back(record);
  }
  std::vector<std::vector<Value>> frames(threads, std::vector<Value>(16));
  std::vector<ThreadBlock> blocks(threads);
  for (std::size_t i = 0; i < threads; ++i) {
    blocks[i].memory = memory.data();
    blocks[i].memory_words = memory.size();
    blocks[i].pools = layout.pools().data();
    blocks[i].frame = frames[i].data();
    blocks[i].control = &control;
    blocks[i].steps = records[i].data();
    blocks[i].steps_end = records[i].data() + records[i].size();
    blocks[i].last_turn = steps;
  }
  run_all(run_thread, blocks, in_one);

  Climb result;
  std::set<std::uint64_t> seen;
  for (const std::vector<StepRecord>& own : records)
    for (const StepRecord& record : own) {
      seen.insert(record.real_thread);
      if (record.outcome != Outcome::taken ||
          record.snapshot[layout.word(id)] != static_cast<Value>(record.number + 1))
        ++result.wrong;
    }
  result.real_threads = seen.size();
  return result;
}

TEST(Turn, GoesFromStepToStepWhoeverComesNext) {
  for (const std::size_t threads : {2U, 3U}) {
    const Climb result = climb(interlock_run_thread, threads);
    EXPECT_EQ(result.wrong, 0U);
    EXPECT_EQ(result.real_threads, threads);
  }
}

// The second thread's first step is the second of all, and finds the first thread at work or
// through.
TEST(Turn, ShowsThreadsThatDoNotWaitForIt) {
  EXPECT_GT(climb(interlock_schedule_turn_ignored, 2).wrong, 0U);
}

TEST(Turn, ShowsStepsThatOneRealThreadRuns) {
  const Climb result = climb(interlock_run_thread, 2, true);
  EXPECT_EQ(result.wrong, 0U); // the memory does not tell
  EXPECT_EQ(result.real_threads, 1U);
}

} // namespace
} // namespace interlock::harness::testing
