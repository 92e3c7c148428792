// A search for each finding: what is excused is left out of the steps, so that each counterexample
// is a shortest one and its witness is one of a config.
#include "cli/further_findings.hpp"

#include "cli/patched.hpp"

namespace interlock::checker::cli {

void check_on(const LoadedConfig& loaded, const std::string& first, const SearchOptions& options,
              const std::function<std::optional<std::string>(const LoadedConfig&)>& check) {
  std::vector<std::string> excused;
  for (std::optional<std::string> found = first; found;) {
    excused.push_back(*found);
    if (!can_excuse(loaded, excused))
      return;
    found = check(load_within(options, patched(loaded.config, {}, excused)));
  }
}

} // namespace interlock::checker::cli
