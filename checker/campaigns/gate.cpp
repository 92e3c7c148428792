// What the gate compares.
#include "campaigns/gate.hpp"

#include "verdict/report.hpp"

#include <algorithm>
#include <set>

namespace interlock::checker {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& path, const std::string& message) {
  throw ConfigError(path.string(), 0, 0, "", message);
}

bool is_output(const std::string& name) {
  return name.ends_with(".witness.json") || name.ends_with(".itf.json") ||
         name.ends_with(".schema.json");
}

std::vector<fs::path> configs_in(const fs::path& folder) {
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    const fs::path& path = entry.path();
    if (path.extension() != ".json" || is_output(path.filename().string()) ||
        !entry.is_regular_file())
      continue;
    if (looks_like_config(json::Source::read(path).root()))
      found.push_back(path.lexically_normal());
  }
  std::sort(found.begin(), found.end());
  if (found.empty())
    refuse(folder, "there is no config below this folder: no *.json with the key \"system\"");
  return found;
}

std::string outcome_text(const CheckResult& result) {
  if (result.verdict == Verdict::violated)
    return "violates " + result.trace.value().violation.property;
  return verdict_text(result);
}

std::string outcome_text(const Expectation& expect) {
  switch (expect.outcome) {
  case Expectation::Outcome::holds:
    return "holds";
  case Expectation::Outcome::violates:
    return "violates " + expect.property;
  case Expectation::Outcome::incomplete:
    return "incomplete";
  }
  return "";
}

} // namespace

std::vector<fs::path> configs_below(const std::vector<std::string>& paths) {
  std::vector<fs::path> all;
  std::set<fs::path> seen;
  const auto add = [&](const fs::path& path) {
    if (seen.insert(fs::weakly_canonical(path)).second)
      all.push_back(path);
  };
  for (const std::string& path : paths) {
    if (!fs::exists(path))
      refuse(path, "no such file or folder");
    if (!fs::is_directory(path)) {
      add(path);
      continue;
    }
    for (const fs::path& config : configs_in(path))
      add(config);
  }
  return all;
}

std::string expectation_text(const Config& config) {
  return config.expect ? outcome_text(*config.expect) : "nothing";
}

std::vector<std::string> differences(const Expectation& expect, const CheckResult& result) {
  std::vector<std::string> list;
  const std::string found = outcome_text(result);
  if (found != outcome_text(expect))
    list.push_back("verdict: expected " + outcome_text(expect) + ", found " + found);
  const auto compare = [&](const char* what, const std::optional<std::uint64_t>& expected,
                           std::uint64_t number) {
    if (expected && *expected != number)
      list.push_back(std::string(what) + ": expected " + std::to_string(*expected) + ", found " +
                     std::to_string(number));
  };
  if (result.trace)
    compare("trace length", expect.trace_length, result.trace->actions.size());
  compare("states", expect.states, result.statistics.states);
  compare("transitions", expect.transitions, result.statistics.transitions);
  compare("depth", expect.depth, result.statistics.depth);
  return list;
}

} // namespace interlock::checker
