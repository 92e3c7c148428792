// One search from the command line.
#include "cli/search.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <unistd.h>

namespace interlock::checker::cli {

namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "set from a signal handler");

// Listens to SIGINT for as long as it lives.
class InterruptGuard {
public:
  InterruptGuard() {
    interrupted = false;
    struct sigaction action {};
    action.sa_handler = [](int) { interrupted = true; };
    action.sa_flags = static_cast<int>(SA_RESETHAND); // the second one kills
    sigaction(SIGINT, &action, &before_);
  }
  ~InterruptGuard() { sigaction(SIGINT, &before_, nullptr); }
  InterruptGuard(const InterruptGuard&) = delete;
  InterruptGuard& operator=(const InterruptGuard&) = delete;

private:
  struct sigaction before_ {};
};

void draw(const Progress& progress) {
  const double rate =
      progress.seconds > 0 ? static_cast<double>(progress.states) / progress.seconds : 0;
  std::fprintf(stderr, "\r%llu states, %llu waiting, depth %u, %.0f s, %.0f states/s\033[K",
               static_cast<unsigned long long>(progress.states),
               static_cast<unsigned long long>(progress.waiting), progress.depth, progress.seconds,
               rate);
  std::fflush(stderr);
}

std::vector<std::string> lock_order_of(const Config& config) {
  for (const systems::SystemDescription& system : systems::systems())
    if (system.name == config.scenario.system.text)
      return system.lock_order;
  return {};
}

// Calls `explore` with the config's and the command line's limits.
template <class Explore>
auto with_limits(const Config& config, const systems::BuiltSpec& built,
                 const SearchOptions& options, Explore explore) {
  CheckOptions check_options;
  check_options.properties = built.properties;
  check_options.lock_order = lock_order_of(config);
  check_options.max_states = options.max_states.value_or(config.limits.states);
  const std::uint64_t mib = options.max_memory_mib.value_or(config.limits.memory_mib);
  check_options.max_bytes = std::min(mib, std::uint64_t{1} << 40) << 20;
  check_options.max_seconds = options.max_seconds.value_or(config.limits.seconds);
  check_options.interrupted = &interrupted;
  const bool terminal = isatty(STDERR_FILENO) == 1;
  if (terminal)
    check_options.progress = draw;
  const InterruptGuard guard;
  auto result = explore(check_options);
  if (terminal)
    std::fputs("\r\033[K", stderr);
  return result;
}

} // namespace

CLI::Validator seconds() {
  const auto check = [](std::string& text) -> std::string {
    double value = 0;
    const bool fits = CLI::detail::lexical_cast(text, value) && value > 0 && value <= 1e9;
    return fits ? "" : text + " is no time: more than 0, at most 1000000000 seconds";
  };
  return {check, ""};
}

void add_search_options(CLI::App& command, SearchOptions& options) {
  const auto whole = [&](const char* name, std::optional<std::uint64_t>& target,
                         const char* description) {
    command.add_option(name, target, description)->type_name("N")->check(CLI::PositiveNumber);
  };
  whole("--max-states", options.max_states, "Stop after N states");
  whole("--max-memory", options.max_memory_mib, "Stop when the states take N MiB");
  command.add_option("--max-seconds", options.max_seconds, "Stop after X seconds")
      ->type_name("X")
      ->check(seconds());
}

CheckResult search(const Config& config, const systems::BuiltSpec& built,
                   const SearchOptions& options) {
  return with_limits(config, built, options, [&](const CheckOptions& check_options) {
    return check(*built.spec, check_options);
  });
}

LockAnalysis analyse(const Config& config, const systems::BuiltSpec& built,
                     const SearchOptions& options) {
  return with_limits(config, built, options, [&](const CheckOptions& check_options) {
    return analyse_locks(*built.spec, check_options);
  });
}

witnesses::Witness witness_of(const Config& config, const lang::Spec& spec,
                              const CheckResult& result, witnesses::Form form) {
  return witnesses::describe(spec, result.trace.value(),
                             {INTERLOCK_VERSION, config.source->name(), config.source->text(),
                              config.digest, config.scenario.system.text,
                              config.scenario.revision.text},
                             form);
}

} // namespace interlock::checker::cli
