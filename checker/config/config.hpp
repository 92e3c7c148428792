// The config file: which specification to check, how far, and what is expected of it.
#pragma once

#include "systems/scenario.hpp"
#include "json/source.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace interlock::checker {

// What is wrong with a config, with file, line, column and JSON pointer; all of it, where that is
// more than one thing (json::DocumentErrors).
using ConfigError = json::DocumentError;

// The specification that a config asks for is wrong, by itself or by what a patch made of it.
// what() names the config.
class WrongSpecification : public lang::SpecError {
public:
  using lang::SpecError::SpecError;
};

// Where a search stops although it is not finished.  0 is no limit.
struct Limits {
  std::uint64_t states = 0;
  std::uint64_t memory_mib = 0;
  double seconds = 0;
};

// The verdict that a config is expected to get, and the numbers of its search where it fixes them.
struct Expectation {
  // vacuous: nothing is violated, and something that should happen never does.
  enum class Outcome : std::uint8_t { holds, violates, incomplete, vacuous };
  Outcome outcome = Outcome::holds;
  std::string property;                      // violates
  std::optional<std::uint64_t> trace_length; // violates: steps of the counterexample
  std::optional<std::uint64_t> states;
  std::optional<std::uint64_t> transitions;
  std::optional<std::uint64_t> depth;
  // What else is violated: each, when all before it are excused, and nothing when all are.  Nothing
  // is said of that where it is not there.
  struct Also {
    systems::Text property;
    std::optional<std::uint64_t> trace_length;
  };
  std::optional<std::vector<Also>> also;
  // "THREAD.CALL", the call by its text or its number: those that never return, on purpose.
  std::vector<systems::Text> never_returns;
  // Properties that are not checked and whose violation cuts steps: how many, or nullopt for some.
  // Steps are not cut for any other.
  std::map<std::string, std::optional<std::uint64_t>> cut;
};

// What a config shows, for readers of the corpus' tables.
struct About {
  std::string title;      // one line: what goes wrong, or what happens; may be empty
  systems::Text fixed_by; // of a bug: a revision of the system that does not have it, or empty
  // Of a bug: configs of the same folder, by name, that show the scenario where it holds.
  std::vector<systems::Text> siblings;
};

struct Config {
  std::shared_ptr<const json::Source> source; // the file's name and text
  std::string comment;                        // lines joined by newlines
  systems::Scenario scenario;
  Limits limits;
  std::optional<Expectation> expect;
  About about;
  // 32 hex digits, XXH3 (128 bits) of the canonical config: everything that can change the answer,
  // which is all but "$schema", "comment", "expect" and "about"; white space, comments and the
  // order of keys do not count, except in "processes", "kqueues" and "threads", whose order is part
  // of the scenario.
  std::string digest;
};

// Reads a config.  Throws ConfigError for anything that is not exactly one; names that only the
// system knows (revisions, calls, properties, labels, ...) are checked by build_spec.
Config read_config(const std::filesystem::path& path);
Config parse_config(const std::string& name, std::string text);

// Reads patches from a file of their own: a list as "patches" of a config has it, or an object with
// that key.  Throws ConfigError for anything else.
std::vector<lang::Patch> read_patches(const std::filesystem::path& path);

// Builds the specification.  Throws ConfigError where the config asks for what the system does not
// have, and WrongSpecification where systems::build throws lang::SpecError.
systems::BuiltSpec build_spec(const Config& config);
// The same, but adds to `errors` what the config asks for and is not there; the specification is
// then of no use.  Of a config that could be read in part, all that can be told of the rest.
systems::BuiltSpec build_spec(const Config& config, json::Errors& errors);

} // namespace interlock::checker
