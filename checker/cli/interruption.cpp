// Signals as a flag; see interruption.hpp.
#include "cli/interruption.hpp"

namespace interlock::checker::cli {

namespace {

std::atomic<bool> came{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");

void take(int signal) {
  if (!came.exchange(true))
    return;
  std::signal(signal, SIG_DFL);
  std::raise(signal); // delivered when this handler returns
}

} // namespace

const std::atomic<bool>& interrupted() { return came; }

InterruptionGuard::InterruptionGuard() {
  came = false;
  struct sigaction action {};
  action.sa_handler = take; // without SA_RESTART: waiting for a FIFO's reader ends
  for (std::size_t i = 0; i < std::size(signals); ++i) {
    sigaction(signals[i], nullptr, &before_[i]);
    if (before_[i].sa_handler != SIG_IGN)
      sigaction(signals[i], &action, nullptr);
  }
}

InterruptionGuard::~InterruptionGuard() {
  for (std::size_t i = 0; i < std::size(signals); ++i)
    sigaction(signals[i], &before_[i], nullptr);
}

} // namespace interlock::checker::cli
