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
  BuildStopped(const std::string& message, bool interrupted)
      : std::runtime_error(message), interrupted_(interrupted) {}
  bool interrupted() const { return interrupted_; }

private:
  bool interrupted_;
};

// Throws BuildStopped, and what build_spec throws.
systems::BuiltSpec build_within(const BuildLimits& limits, const Config& config);

} // namespace interlock::checker
