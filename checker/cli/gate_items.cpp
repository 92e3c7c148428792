// Reading what is below the gate's paths.
#include "cli/gate_items.hpp"

namespace interlock::checker::cli {

namespace {

Config read_expecting(const std::filesystem::path& path) {
  Config config = read_config(path);
  if (!config.expect)
    throw config.source->error(config.source->root(),
                               "the key \"expect\" is missing: the gate compares with it");
  return config;
}

} // namespace

std::vector<GateItem> read_items(const std::vector<std::string>& paths) {
  std::vector<GateItem> items;
  for (FoundFile& file : files_below(paths)) {
    GateItem item{std::move(file), {}, {}};
    if (item.file.kind == FoundFile::Kind::missing)
      item.failure = {ExitCode::usage, item.file.path.string() + ": " + item.file.reason};
    if (item.file.kind == FoundFile::Kind::config) {
      try {
        item.config = read_expecting(item.file.path);
      } catch (...) {
        item.failure = current_failure(item.file.path.string());
      }
    }
    items.push_back(std::move(item));
  }
  return items;
}

} // namespace interlock::checker::cli
