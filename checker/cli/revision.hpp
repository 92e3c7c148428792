// The configs of one revision, and what their specifications say of the kernel's functions.
#pragma once

#include "cli/search.hpp"
#include "kernel_text/model_skeleton.hpp"
#include "kernel_text/source_skeleton.hpp"

#include <memory>

namespace interlock::checker::cli {

struct RevisionConfigs {
  std::string system, name;        // "freebsd", "kqueue-10.4"
  std::vector<Config> configs;     // of that revision, without patches
  std::vector<Config> others;      // all others
  std::vector<std::string> errors; // of configs that are wrong
};

struct RevisionModel {
  std::string name;                                            // "kqueue-10.4"
  std::vector<LoadedConfig> configs;                           // of that revision, without patches
  std::unique_ptr<const kernel_text::Ledger> ledger;           // of the revision
  std::unique_ptr<const kernel_text::Constants> constants;     // of the revision
  kernel_text::Modelled modelled;                              // its ledger, constants are those
  std::map<std::string, kernel_text::ModelFunction> functions; // of all scenarios
  std::set<std::string> files;                                 // that these stand in
  std::vector<std::string> errors;                             // of configs that are wrong
};

enum class Scenarios : std::uint8_t { of_the_revision, of_all_revisions };

// Reads the configs below the paths that are of the revision, REVISION or SYSTEM/REVISION, and have
// no patches.  Ends the command `command` where there is none, or where two systems have such a
// revision.
RevisionConfigs read_revision(const std::string& command, const std::string& revision,
                              const std::vector<std::string>& paths);

// Builds them.  Of the other configs of the system, the functions have what `scenarios` says.
RevisionModel build_revision(const RevisionConfigs& read, const SearchOptions& options,
                             Scenarios scenarios = Scenarios::of_the_revision);

// Both.
RevisionModel load_revision(const std::string& command, const std::string& revision,
                            const std::vector<std::string>& paths, const SearchOptions& options,
                            Scenarios scenarios);

// What one config's specification says; without the config itself.
RevisionModel model_of(const LoadedConfig& loaded);

// A file of the kernel below paths: a path itself, or where a tree or a folder of files has it.
std::optional<std::filesystem::path> find_file(const std::vector<std::string>& paths,
                                               const std::filesystem::path& file);

} // namespace interlock::checker::cli
