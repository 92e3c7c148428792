// Loading all, the loop over them, and which of their exit codes decides.
#include "cli/batch.hpp"

#include "cli/output.hpp"

namespace interlock::checker::cli {

namespace {

ExitCode combine(ExitCode so_far, ExitCode next) {
  const auto rank = [](ExitCode code) {
    switch (code) {
    case ExitCode::success:
      return 0;
    case ExitCode::incomplete:
      return 1;
    case ExitCode::vacuous:
      return 2;
    case ExitCode::usage:
    case ExitCode::specification:
    case ExitCode::too_large:
    case ExitCode::internal:
      return 3;
    case ExitCode::interrupted:
      return 4;
    case ExitCode::system:
      return 6;
    default:
      return 5;
    }
  };
  return rank(next) > rank(so_far) ? next : so_far;
}

} // namespace

std::vector<Item> load_all(const std::vector<std::string>& paths, const SearchOptions& options) {
  std::vector<Item> items;
  for (const std::string& path : paths) {
    Item item{path, {}, {}};
    try {
      item.loaded = load_within(options, read_config(path));
    } catch (...) {
      item.failure = current_failure(path);
      say(item.failure);
    }
    items.push_back(std::move(item));
  }
  return items;
}

ExitCode work_through(std::vector<Item>& items,
                      const std::function<Worked(const LoadedConfig&)>& work,
                      const std::function<void(const Item&)>& wrong) {
  ExitCode code = ExitCode::success;
  for (Item& item : items) {
    try {
      if (item.loaded) {
        const Worked worked = work(*item.loaded);
        code = combine(code, worked.code);
        if (worked.interrupted)
          break;
        continue;
      }
    } catch (...) {
      item.failure = current_failure(item.path);
      say(item.failure);
    }
    wrong(item);
    code = combine(code, item.failure.code);
  }
  return code;
}

nlohmann::ordered_json wrong_json(const Item& item) {
  return {{"config", item.path},
          {"verdict", "wrong"},
          {"exit", exit_json(item.failure.code)},
          {"error", item.failure.message}};
}

} // namespace interlock::checker::cli
