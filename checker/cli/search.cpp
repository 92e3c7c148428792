// One search from the command line.
#include "cli/search.hpp"

#include "cli/interruption.hpp"
#include "lang/spec_builder.hpp"

#include <algorithm>
#include <cstdio>
#include <unistd.h>

namespace interlock::checker::cli {

namespace {

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
  const systems::SystemDescription* system = systems::find_system(config.scenario.system.text);
  return system == nullptr ? std::vector<std::string>() : system->lock_order;
}

// Calls `explore` with the config's and the command line's limits.
template <class Explore>
auto with_limits(const Config& config, const systems::BuiltSpec& built,
                 const SearchOptions& options, Explore explore) {
  const Limits limits = limits_of(config, options);
  CheckOptions check_options;
  check_options.properties = built.properties.names;
  check_options.lock_order = lock_order_of(config);
  check_options.max_states = limits.states;
  check_options.max_bytes = limits.memory_mib << 20U;
  check_options.max_seconds = limits.seconds;
  check_options.interrupted = &interrupted();
  const bool terminal = !options.silent && isatty(STDERR_FILENO) == 1;
  if (terminal)
    check_options.progress = draw;
  auto result = explore(check_options);
  if (terminal)
    std::fputs("\r\033[K", stderr);
  return result;
}

} // namespace

Limits limits_of(const Config& config, const SearchOptions& options) {
  return {
      options.max_states.value_or(config.limits.states),
      std::min(options.max_memory_mib.value_or(config.limits.memory_mib), std::uint64_t{1} << 40),
      options.max_seconds.value_or(config.limits.seconds)};
}

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
  whole("--max-memory", options.max_memory_mib,
        "Stop when the states, or building the specification, take N MiB");
  command
      .add_option("--max-seconds", options.max_seconds,
                  "Stop the building, or the search, after X seconds")
      ->type_name("X")
      ->check(seconds());
}

LoadedConfig load_within(const SearchOptions& options, Config config) {
  const Limits limits = limits_of(config, options);
  LoadedConfig loaded{std::move(config), {}, {}};
  try {
    loaded.built = build_within({limits.memory_mib, limits.seconds, &interrupted()}, loaded.config);
    if (!options.silent)
      tell_notes(loaded);
  } catch (const BuildStopped& stopped) {
    loaded.built.spec = std::make_unique<const lang::Spec>(lang::SpecBuilder().finish());
    loaded.stopped = stopped;
  }
  return loaded;
}

CheckResult search(const LoadedConfig& loaded, const SearchOptions& options) {
  if (loaded.stopped) {
    CheckResult result;
    const bool interruption = loaded.stopped->cause() == BuildStopped::Cause::interruption;
    result.verdict = interruption ? Verdict::interrupted : Verdict::incomplete;
    result.limit = interruption ? "" : loaded.stopped->what();
    return result;
  }
  return with_limits(loaded.config, loaded.built, options, [&](const CheckOptions& check_options) {
    return check(*loaded.built.spec, check_options);
  });
}

LockAnalysis analyse(const LoadedConfig& loaded, const SearchOptions& options) {
  if (loaded.stopped) {
    LockAnalysis analysis;
    analysis.graph.interrupted = loaded.stopped->cause() == BuildStopped::Cause::interruption;
    analysis.graph.limit = loaded.stopped->what();
    return analysis;
  }
  return with_limits(loaded.config, loaded.built, options, [&](const CheckOptions& check_options) {
    return analyse_locks(*loaded.built.spec, check_options);
  });
}

Behaviours behaviours(const LoadedConfig& loaded, const SearchOptions& options) {
  if (loaded.stopped)
    return {
        {}, loaded.stopped->what(), loaded.stopped->cause() == BuildStopped::Cause::interruption};
  return with_limits(loaded.config, loaded.built, options, [&](const CheckOptions& check_options) {
    return behaviours_of(*loaded.built.spec, check_options);
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
