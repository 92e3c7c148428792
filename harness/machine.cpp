// Real threads on real memory; see machine.hpp.
#include "harness/machine.hpp"

#include <algorithm>
#include <cstdlib>
#include <new>
#include <set>
#include <thread>

namespace interlock::harness {

static_assert(sizeof(PoolShape) == std::size_t{1} << POOL_SHIFT);
static_assert(offsetof(PoolShape, base) == POOL_BASE);
static_assert(offsetof(PoolShape, stride) == POOL_STRIDE);
static_assert(offsetof(PoolShape, count) == POOL_COUNT);
static_assert(offsetof(PoolShape, allocated) == POOL_ALLOCATED);
static_assert(offsetof(ControlBlock, turn) == CONTROL_TURN);
static_assert(offsetof(ControlBlock, stop) == CONTROL_STOP);
static_assert(sizeof(StepRecord) == STEP_SIZE);
static_assert(offsetof(StepRecord, number) == STEP_NUMBER);
static_assert(offsetof(StepRecord, program) == STEP_PROGRAM);
static_assert(offsetof(StepRecord, snapshot) == STEP_SNAPSHOT);
static_assert(offsetof(StepRecord, outcome) == STEP_OUTCOME);
static_assert(offsetof(StepRecord, detail) == STEP_DETAIL);
static_assert(offsetof(StepRecord, found) == STEP_FOUND);
static_assert(offsetof(StepRecord, real_thread) == STEP_REAL_THREAD);
static_assert(offsetof(ThreadBlock, memory) == THREAD_MEMORY);
static_assert(offsetof(ThreadBlock, memory_words) == THREAD_MEMORY_WORDS);
static_assert(offsetof(ThreadBlock, pools) == THREAD_POOLS);
static_assert(offsetof(ThreadBlock, frame) == THREAD_FRAME);
static_assert(offsetof(ThreadBlock, control) == THREAD_CONTROL);
static_assert(offsetof(ThreadBlock, spin_limit) == THREAD_SPIN_LIMIT);
static_assert(offsetof(ThreadBlock, detail) == THREAD_DETAIL);
static_assert(offsetof(ThreadBlock, found) == THREAD_FOUND);
static_assert(offsetof(ThreadBlock, steps) == THREAD_STEPS);
static_assert(offsetof(ThreadBlock, steps_end) == THREAD_STEPS_END);
static_assert(offsetof(ThreadBlock, attempt) == THREAD_ATTEMPT);
static_assert(offsetof(ThreadBlock, last_turn) == THREAD_LAST_TURN);
static_assert(offsetof(ThreadBlock, outcome) == THREAD_OUTCOME);
static_assert(offsetof(ThreadBlock, real_thread) == THREAD_REAL_THREAD);
static_assert(offsetof(ThreadBlock, spins_on) == THREAD_SPINS_ON);
static_assert(offsetof(ThreadBlock, counts) == THREAD_COUNTS);

namespace {

constexpr auto glance = std::chrono::microseconds(100); // how often the controlling thread looks

// Joins what it started, whatever happens: first it raises the stop word, which every spin loop
// polls.
class Crew {
public:
  explicit Crew(ControlWord& stop) : stop_(stop) {}
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew() {
    stop_.store(1);
    for (std::thread& thread : threads_)
      thread.join();
  }

  void start(ThreadBlock& block) {
    threads_.emplace_back([this, &block] {
      interlock_run_thread(&block);
      through_.fetch_add(1);
    });
  }
  bool all_through() const { return through_.load() == threads_.size(); }

private:
  ControlWord& stop_;
  std::atomic<std::size_t> through_ = 0;
  std::vector<std::thread> threads_;
};

} // namespace

Memory::Memory(const std::vector<Value>& content) : size_(content.size()) {
  const std::size_t bytes = size_ * Layout::word_bytes;
  const std::size_t line = Layout::line_words * Layout::word_bytes;
  words_.reset(static_cast<Value*>(std::aligned_alloc(line, std::max(bytes, line))));
  if (!words_)
    throw std::bad_alloc();
  std::copy(content.begin(), content.end(), words_.get());
}

void Memory::Free::operator()(Value* words) const { std::free(words); }

std::vector<Value> Memory::observe() const {
  std::vector<Value> copy(size_);
  for (std::size_t i = 0; i < size_; ++i)
    copy[i] = std::atomic_ref<Value>(words_.get()[i]).load();
  return copy;
}

Machine::Machine(const lang::Spec& spec, const Layout& layout, Schedule schedule)
    : layout_(layout), schedule_(std::move(schedule)), memory_(layout.pack(schedule_.initial)),
      snapshots_(schedule_.steps.size() * memory_.size()) {
  schedule_.attempts.resize(spec.threads().size());
  prepare_records(spec.threads().size());
  prepare_blocks(spec.threads().size());
}

void Machine::prepare_records(std::size_t threads) {
  records_.resize(threads);
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < schedule_.steps.size(); ++i) {
    std::vector<StepRecord>& records = records_.at(schedule_.steps[i].thread);
    positions.push_back(records.size());
    StepRecord record;
    record.number = i;
    record.program = schedule_.steps[i].program.operations.data();
    record.snapshot = snapshots_.data() + i * memory_.size();
    records.push_back(record);
  }
  for (std::size_t i = 0; i < positions.size(); ++i)
    records_of_steps_.push_back(&records_[schedule_.steps[i].thread][positions[i]]);
}

void Machine::prepare_blocks(std::size_t threads) {
  std::vector<std::size_t> deepest(threads, 1);
  for (const ScheduledStep& step : schedule_.steps)
    deepest[step.thread] = std::max(deepest[step.thread], step.program.deepest);
  blocks_ = std::vector<ThreadBlock>(threads);
  for (std::size_t i = 0; i < threads; ++i) {
    ThreadBlock& block = blocks_[i];
    if (const auto& attempt = schedule_.attempts[i]) {
      block.attempt = attempt->operations.data();
      deepest[i] = std::max(deepest[i], attempt->deepest);
    }
    frames_.emplace_back(deepest[i]);
    block.memory = memory_.data();
    block.memory_words = memory_.size();
    block.pools = layout_.pools().data();
    block.frame = frames_.back().data();
    block.control = &control_;
    block.spin_limit = schedule_.spin_limit;
    block.steps = records_[i].data();
    block.steps_end = records_[i].data() + records_[i].size();
    block.last_turn = schedule_.steps.size();
  }
}

bool Machine::run(Deadline deadline, const std::function<void()>& watch) {
  const bool attempts = std::any_of(schedule_.attempts.begin(), schedule_.attempts.end(),
                                    [](const auto& attempt) { return attempt.has_value(); });
  Crew crew(control_.stop);
  for (ThreadBlock& block : blocks_)
    crew.start(block);
  const auto steps_done = [&] {
    return attempts && control_.turn.load() == schedule_.steps.size();
  };
  while (!crew.all_through() && !steps_done()) {
    if (std::chrono::steady_clock::now() >= deadline)
      return false;
    std::this_thread::sleep_for(glance);
  }
  if (steps_done() && !stopping() && watch)
    watch();
  return true;
}

lang::State Machine::observe() const { return layout_.unpack(memory_.observe().data()); }

Counts Machine::counts() const {
  Counts total{};
  for (const ThreadBlock& block : blocks_)
    for (std::size_t i = 0; i < total.size(); ++i)
      total[i] += block.counts[i].load();
  return total;
}

std::size_t Machine::real_threads() const {
  std::set<std::uint64_t> seen;
  for (const StepRecord* record : records_of_steps_)
    seen.insert(record->real_thread);
  for (const ThreadBlock& block : blocks_)
    seen.insert(block.real_thread);
  seen.erase(0); // what did not run
  return seen.size();
}

std::optional<std::size_t> Machine::spins_on(lang::ThreadId thread) const {
  const std::uint64_t address = blocks_[thread].spins_on.load();
  if (address == 0)
    return {};
  return (address - reinterpret_cast<std::uintptr_t>(memory_.data())) / Layout::word_bytes;
}

std::string_view fault_of(Outcome outcome) {
  switch (outcome) {
  case Outcome::null_dereference:
    return lang::fault::null_dereference;
  case Outcome::use_after_free:
    return lang::fault::use_after_free;
  case Outcome::not_on_list:
    return lang::fault::not_on_list;
  case Outcome::bounds:
    return lang::fault::bounds;
  default:
    return {};
  }
}

} // namespace interlock::harness
