// The machine: memory, control words and threads' blocks, as the assembly sees them.
#pragma once

#include "harness/lowered.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

namespace interlock::harness {

struct ThreadBlock;

extern "C" {
// harness/x86_64/micro_program.S
std::uint64_t interlock_run_micro_program(const MicroOperation* program, ThreadBlock* thread);
// harness/x86_64/schedule.S
void interlock_run_thread(ThreadBlock* thread);
}

// The fault of evaluation (lang::fault) with which a program ended; empty for other outcomes, a
// failed check among them, whose property is in MicroProgram::conditions.
std::string_view fault_of(Outcome outcome);

using ControlWord = std::atomic<std::uint64_t>;
static_assert(sizeof(ControlWord) == 8 && ControlWord::is_always_lock_free);

// What all threads share besides the memory.
struct ControlBlock {
  alignas(64) ControlWord turn = 0; // number of the step that may run; bit 63: it is running
  alignas(64) ControlWord stop = 0; // not 0: leave every loop
};

// One step of the schedule: what to run, and how it went.
struct StepRecord {
  std::uint64_t number = 0;
  const MicroOperation* program = nullptr;
  Value* snapshot = nullptr; // the memory after the step goes here
  Outcome outcome = Outcome::not_run;
  std::uint64_t detail = 0;      // index of the micro-operation that decided
  Value found = 0;               // what it decided by
  std::uint64_t real_thread = 0; // the operating system's number of the thread that ran it
};

struct alignas(64) ThreadBlock {
  Value* memory = nullptr;
  std::uint64_t memory_words = 0;
  const PoolShape* pools = nullptr;
  Value* frame = nullptr; // the operand stack
  ControlBlock* control = nullptr;
  std::uint64_t spin_limit = 0; // attempts to take a lock in a step; 0: until told to stop
  std::uint64_t detail = 0;
  Value found = 0;
  StepRecord* steps = nullptr;
  StepRecord* steps_end = nullptr;
  const MicroOperation* attempt = nullptr; // what to do after the last step, if anything
  std::uint64_t last_turn = 0;
  Outcome outcome = Outcome::not_run;        // of the attempt
  std::uint64_t real_thread = 0;             // that made it
  ControlWord spins_on = 0;                  // address of the word that the thread is waiting for
  std::array<ControlWord, COUNTED> counts{}; // by Count
};

// Memory on cache line boundaries that no allocator's neighbour shares.
class Memory {
public:
  explicit Memory(const std::vector<Value>& content);
  Value* data() { return words_.get(); }
  const Value* data() const { return words_.get(); }
  std::size_t size() const { return size_; }
  // A copy of the words while threads may be changing them.
  std::vector<Value> observe() const;

private:
  struct Free {
    void operator()(Value* words) const;
  };
  std::size_t size_;
  std::unique_ptr<Value, Free> words_;
};

struct ScheduledStep {
  lang::ThreadId thread = 0;
  MicroProgram program;
};

struct Schedule {
  lang::State initial;
  std::vector<ScheduledStep> steps;
  // For each thread that is to try its next step after the last step: what it does.
  std::vector<std::optional<MicroProgram>> attempts;
  std::uint64_t spin_limit = 4096;
};

using Deadline = std::chrono::steady_clock::time_point;

// Runs a schedule once.  The constructor and run() throw std::runtime_error when the machine has no
// memory or no threads to give.
class Machine {
public:
  Machine(const lang::Spec& spec, const Layout& layout, Schedule schedule);

  // Runs every thread until all are through, or until the deadline.  When there are attempts,
  // `watch` is called once all steps are done, while the threads attempt; when it returns they are
  // stopped. Returns false when the deadline cut it short.
  bool run(Deadline deadline, const std::function<void()>& watch = {});

  const StepRecord& record(std::size_t step) const { return *records_of_steps_[step]; }
  const Schedule& schedule() const { return schedule_; }
  const Value* snapshot(std::size_t step) const {
    return snapshots_.data() + step * memory_.size();
  }

  // While the threads run:
  lang::State observe() const;
  std::uint64_t count(lang::ThreadId thread, Count what) const {
    return blocks_[thread].counts[static_cast<std::size_t>(what)].load();
  }
  // The word that a thread spins on; nothing while it spins on none.
  std::optional<std::size_t> spins_on(lang::ThreadId thread) const;
  bool stopping() const { return control_.stop.load() != 0; }

  const ThreadBlock& thread(lang::ThreadId thread) const { return blocks_[thread]; }

  // What all threads together counted.
  Counts counts() const;
  // How many different threads of the operating system ran steps or attempts; after run().
  std::size_t real_threads() const;

private:
  void prepare_records(std::size_t threads);
  void prepare_blocks(std::size_t threads);

  const Layout& layout_;
  Schedule schedule_;
  Memory memory_;
  ControlBlock control_;
  std::vector<Value> snapshots_;
  std::vector<std::vector<StepRecord>> records_; // by thread
  std::vector<const StepRecord*> records_of_steps_;
  std::vector<std::vector<Value>> frames_;
  std::vector<ThreadBlock> blocks_;
};

} // namespace interlock::harness
