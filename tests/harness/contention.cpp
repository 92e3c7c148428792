// Threads that start together on processors of their own; see contention.hpp.
#include "contention.hpp"

#include <barrier>
#include <pthread.h>
#include <sched.h>
#include <thread>

namespace interlock::harness::testing {

namespace {

constexpr std::size_t frame_words = 128; // more operands than any program of the tests has

// So many attempts that only a lock that nobody gives back any more takes them.
constexpr std::uint64_t patience = std::uint64_t{1} << 24;

void pin_to(int processor) {
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(static_cast<std::size_t>(processor), &one);
  pthread_setaffinity_np(pthread_self(), sizeof one, &one); // where it fails, the test sees less
}

} // namespace

std::vector<int> processors() {
  cpu_set_t mine;
  CPU_ZERO(&mine);
  std::vector<int> found;
  if (sched_getaffinity(0, sizeof mine, &mine) == 0)
    for (int i = 0; i < CPU_SETSIZE; ++i)
      if (CPU_ISSET(static_cast<std::size_t>(i), &mine))
        found.push_back(i);
  return found;
}

Contention::Contention(const Layout& where, const lang::State& initial, RunMicroProgram* run,
                       std::size_t threads)
    : layout(where), memory(where.pack(initial)), run_program(run),
      frames(threads, std::vector<Value>(frame_words)), blocks(threads) {
  for (std::size_t i = 0; i < threads; ++i) {
    blocks[i].memory = memory.data();
    blocks[i].memory_words = memory.size();
    blocks[i].pools = layout.pools().data();
    blocks[i].frame = frames[i].data();
    blocks[i].control = &control;
    blocks[i].spin_limit = patience;
  }
}

bool Contention::run(std::size_t rounds, const std::function<bool(Contender&)>& round) {
  const std::vector<int> where = processors();
  std::barrier start(static_cast<std::ptrdiff_t>(blocks.size()));
  std::atomic<bool> fine = true;
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < blocks.size(); ++i)
    threads.emplace_back([&, i] {
      if (!where.empty())
        pin_to(where[i % where.size()]);
      Contender contender(i, run_program, blocks[i]);
      start.arrive_and_wait();
      for (std::size_t done = 0; done < rounds && fine.load(std::memory_order_relaxed); ++done)
        if (!round(contender)) {
          fine.store(false);
          control.stop.store(1); // nobody waits for a lock that will not come
        }
    });
  for (std::thread& thread : threads)
    thread.join();
  return fine.load();
}

std::uint64_t Contention::count(Count what) const {
  std::uint64_t total = 0;
  for (const ThreadBlock& block : blocks)
    total += block.counts[static_cast<std::size_t>(what)].load();
  return total;
}

} // namespace interlock::harness::testing
