// The listeners that look at the clock: limits and interruption, and progress.
#pragma once

#include "search/check_options.hpp"
#include "search/statistics.hpp"

#include <chrono>

namespace interlock::checker {

class Clock {
public:
  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

class TimeLimit : public Silent {
public:
  TimeLimit(const CheckOptions& options, const Clock& clock) : options_(options), clock_(clock) {}

  bool go_on() {
    interrupted_ =
        options_.interrupted != nullptr && options_.interrupted->load(std::memory_order_relaxed);
    expired_ = options_.max_seconds > 0 && clock_.seconds() >= options_.max_seconds;
    return !interrupted_ && !expired_;
  }
  bool interrupted() const { return interrupted_; }
  bool expired() const { return expired_; }

private:
  const CheckOptions& options_;
  const Clock& clock_;
  bool interrupted_ = false;
  bool expired_ = false;
};

class ProgressReport : public Silent {
public:
  ProgressReport(const CheckOptions& options, const Clock& clock, const Counting& counting)
      : options_(options), clock_(clock), counting_(counting) {}

  bool go_on() {
    constexpr unsigned patience = 256; // batches, of which there are some 100,000 a second
    if (options_.progress && ++asked_ % patience == 0 && clock_.seconds() >= next_) {
      constexpr double pause = 0.25; // seconds
      next_ = clock_.seconds() + pause;
      options_.progress({counting_.states(), counting_.transitions(), counting_.waiting(),
                         counting_.depth(), clock_.seconds()});
    }
    return true;
  }

private:
  const CheckOptions& options_;
  const Clock& clock_;
  const Counting& counting_;
  unsigned asked_ = 0;
  double next_ = 0.25;
};

} // namespace interlock::checker
