// Several configs of one command line: what is wrong with one does not stop the others.
#pragma once

#include "cli/failure.hpp"
#include "cli/search.hpp"

#include <nlohmann/json.hpp>

namespace interlock::checker::cli {

// A config of the command line, or why there is none.
struct Item {
  std::string path;
  std::optional<LoadedConfig> loaded;
  Failure failure;
};

// Reads all configs and builds all specifications before anything is explored or written, so that
// what is wrong is said at once, on stderr.
std::vector<Item> load_all(const std::vector<std::string>& paths, const SearchOptions& options);

// What became of a config.
struct Worked {
  ExitCode code = ExitCode::success;
  bool interrupted = false; // by a signal: those behind it are left alone
};

// Does `work` for one item after the other, and `wrong` for one that was not loaded, or for which
// `work` throws, which is said on stderr.  Gives the exit code of all: what could not be written
// outweighs the rest; then the first violation decides, then an interruption, then the first config
// that is wrong, then what is vacuous, then a limit.
ExitCode work_through(std::vector<Item>& items,
                      const std::function<Worked(const LoadedConfig&)>& work,
                      const std::function<void(const Item&)>& wrong);

// The result of a config that is wrong, for --format json: config, verdict "wrong", exit {code,
// text}, error.
nlohmann::ordered_json wrong_json(const Item& item);

} // namespace interlock::checker::cli
