// The corpus: the configs of the project, checked as `interlock gate` checks them.
#pragma once

#include "campaigns/files.hpp"
#include "campaigns/gate.hpp"
#include "systems/scenario.hpp"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <string>
#include <vector>

namespace interlock::tests {

inline const std::filesystem::path& corpus_folder() {
  static const std::filesystem::path folder =
      std::filesystem::path(INTERLOCK_SOURCE_DIR) / "configs";
  return folder;
}

inline std::vector<std::filesystem::path> corpus() {
  return checker::configs_below({corpus_folder().string()});
}

struct CheckedFile {
  checker::Config config;
  systems::BuiltSpec built;
  checker::CheckResult result;
};

inline CheckedFile check_file(const std::filesystem::path& path) {
  checker::Config config = checker::read_config(path);
  systems::BuiltSpec built = checker::build_spec(config);
  checker::CheckOptions options;
  options.properties = built.properties.names;
  for (const systems::SystemDescription& system : systems::systems())
    if (system.name == config.scenario.system.text)
      options.lock_order = system.lock_order;
  options.max_states = config.limits.states;
  options.max_bytes = config.limits.memory_mib << 20U;
  options.max_seconds = config.limits.seconds;
  checker::CheckResult result = checker::check(*built.spec, options);
  return {std::move(config), std::move(built), std::move(result)};
}

// A name for a test: letters, digits and _.
inline std::string test_name(const std::filesystem::path& path) {
  std::string name = path.stem().string();
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

} // namespace interlock::tests
