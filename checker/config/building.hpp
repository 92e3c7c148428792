// Building the specification of a config within limits.
#pragma once

#include "config/config.hpp"

#include <atomic>

namespace interlock::checker {

// Where building stops although it is not finished.
struct BuildLimits {
  std::uint64_t memory_mib = 0; // that the process may grow by; 0: no limit
  double seconds = 0;           // 0: no limit
  const std::atomic<bool>* interrupted = nullptr;
};

// A specification that was not built: what() says which limit was reached, or that it was
// interrupted.
class BuildStopped : public std::runtime_error {
public:
  enum class Cause : std::uint8_t { limit, interruption };

  BuildStopped(Cause cause, const std::string& message)
      : std::runtime_error(message), cause_(cause) {}
  Cause cause() const { return cause_; }

private:
  Cause cause_;
};

// Throws BuildStopped, and what build_spec throws.
systems::BuiltSpec build_within(const BuildLimits& limits, const Config& config);

} // namespace interlock::checker
