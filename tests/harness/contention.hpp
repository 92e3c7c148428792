// Real threads that run micro programs at once: no turn, no order but what the lock instructions
// give.
#pragma once

#include "run_program.hpp"

#include <functional>

namespace interlock::harness::testing {

// The processors that this process may run on.  A missing `lock` prefix shows only where two
// threads really run at once.
std::vector<int> processors();

// One of the threads: runs micro programs on the shared memory.
class Contender {
public:
  Contender(std::size_t number, RunMicroProgram* run, ThreadBlock& block)
      : number_(number), run_(run), block_(block) {}

  std::size_t number() const { return number_; }
  Outcome run(const MicroProgram& program) {
    return static_cast<Outcome>(run_(program.operations.data(), &block_));
  }
  Value found() const { return block_.found; }

private:
  std::size_t number_;
  RunMicroProgram* run_;
  ThreadBlock& block_;
};

struct Contention {
  Contention(const Layout& where, const lang::State& initial, RunMicroProgram* run,
             std::size_t threads);

  // Lets every thread make `rounds` rounds; they start together, each on a processor of its own as
  // far as there are enough.  A round that returns false ends all: it has seen what must not be.
  // Returns whether none did.
  bool run(std::size_t rounds, const std::function<bool(Contender&)>& round);

  lang::State state() const { return layout.unpack(memory.observe().data()); }
  std::uint64_t count(Count what) const;

  const Layout& layout;
  Memory memory;
  ControlBlock control;
  RunMicroProgram* run_program;
  std::vector<std::vector<Value>> frames;
  std::vector<ThreadBlock> blocks;
};

} // namespace interlock::harness::testing
