// The limits of building, looked at whenever the language gives a chance.
#include "config/building.hpp"

#include "lang/checkpoint.hpp"
#include "text/numbers.hpp"

#include <chrono>
#include <fstream>
#include <unistd.h>

namespace interlock::checker {

namespace {

constexpr const char* meanwhile = " while the specification was built";

// Resident memory of the process; 0 where the system does not say.
std::uint64_t memory_bytes() {
  std::ifstream statistics("/proc/self/statm");
  std::uint64_t all = 0;
  std::uint64_t resident = 0;
  statistics >> all >> resident;
  return statistics ? resident * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) : 0;
}

class Guard {
public:
  explicit Guard(const BuildLimits& limits) : limits_(limits) {}

  void look() {
    constexpr unsigned patience = 256; // chances, of which there are some 100,000 a second
    if (limits_.interrupted != nullptr && limits_.interrupted->load(std::memory_order_relaxed))
      throw BuildStopped(BuildStopped::Cause::interruption, std::string("interrupted") + meanwhile);
    const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start_;
    if (limits_.seconds > 0 && spent.count() >= limits_.seconds)
      throw BuildStopped(BuildStopped::Cause::limit, "the limit of " +
                                                         text::in_words(limits_.seconds) +
                                                         " seconds was reached" + meanwhile);
    if (limits_.memory_mib != 0 && chances_++ % patience == 0 &&
        memory_bytes() > before_ + (limits_.memory_mib << 20U))
      throw BuildStopped(BuildStopped::Cause::limit, "the limit of " +
                                                         std::to_string(limits_.memory_mib) +
                                                         " MiB was reached" + meanwhile);
  }

private:
  const BuildLimits& limits_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::uint64_t before_ = limits_.memory_mib == 0 ? 0 : memory_bytes();
  unsigned chances_ = 0;
};

} // namespace

systems::BuiltSpec build_within(const BuildLimits& limits, const Config& config) {
  Guard guard(limits);
  const lang::Checkpoints checkpoints([&] { guard.look(); });
  return build_spec(config);
}

} // namespace interlock::checker
