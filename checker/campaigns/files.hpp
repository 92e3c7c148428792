// What lies at and below the paths that a campaign is given: every file, with what it is.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace interlock::checker {

// A file, or a folder or link that leads to none.
//
// The rule: every *.json and *.jsonc (in capitals too) is a config, right or wrong, unless its
// content says that it is something else: a witness or a report of Interlock ("format"), an ITF
// trace ("vars" and "states"), SARIF ("runs" and "version"), or a JSON schema ("$schema" of
// json-schema.org and no "system").  A file that is named by the user himself is a witness or a
// config, whatever its name.
struct FoundFile {
  enum class Kind : std::uint8_t {
    config,
    witness,
    passed_over, // `reason` says why it is neither
    missing,     // `reason` says why there is nothing to read
  };
  std::filesystem::path path;
  Kind kind = Kind::config;
  std::string reason;
};

// Every file at and below the paths, each once, in the order of the paths and sorted within each of
// them.  Links are followed; a second way to a file or folder is passed over.  Nothing is opened
// but regular files.  `missing` are paths that do not exist, links to nowhere, folders that cannot
// be read, and paths of folders with neither a config nor a witness below them.
std::vector<FoundFile> files_below(const std::vector<std::string>& paths);

// The configs among them.  Throws ConfigError when something is missing.
std::vector<std::filesystem::path> configs_below(const std::vector<std::string>& paths);

} // namespace interlock::checker
