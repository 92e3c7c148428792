// The wish of the user, or of the system, that the program ends.
#pragma once

#include <atomic>
#include <csignal>
#include <iterator>

namespace interlock::checker::cli {

// Has a signal come?  For what works long to look at.
const std::atomic<bool>& interrupted();

// Listens for as long as it lives to SIGINT, SIGTERM and SIGHUP, but for those that are ignored
// (nohup): the first one is a wish, the second one kills.
class InterruptionGuard {
public:
  InterruptionGuard();
  ~InterruptionGuard();
  InterruptionGuard(const InterruptionGuard&) = delete;
  InterruptionGuard& operator=(const InterruptionGuard&) = delete;

private:
  static constexpr int signals[] = {SIGINT, SIGTERM, SIGHUP};
  struct sigaction before_[std::size(signals)]{};
};

} // namespace interlock::checker::cli
