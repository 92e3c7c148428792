// What a command works on: a config with its specification, or a witness with its own.
#pragma once

#include "config/building.hpp"
#include "locks/findings.hpp"
#include "witnesses/witness.hpp"

namespace interlock::checker::cli {

struct LoadedConfig {
  Config config;
  systems::BuiltSpec built;
  // Why it was not built, where a limit was reached; the specification is empty then.
  std::optional<BuildStopped> stopped;
};

struct LoadedWitness {
  Config config; // the embedded one
  systems::BuiltSpec built;
  witnesses::Witness witness; // in full, also where the file has the steps alone
  lang::Trace trace;
  std::optional<LockAnalysis> locks; // that found the trace anew, where one does
};

// Throws as read_config and build_spec do, and BuildStopped when it is interrupted.  Notes about
// the specification go to stderr.
LoadedConfig load_config(const std::filesystem::path& path);

// Writes the notes about a specification to stderr, after the config's name.
void tell_notes(const LoadedConfig& loaded);

// The machine that judges a scenario, whose config was given as `path`.  Refuses where there is
// none.
const lang::Spec& contract_of(const LoadedConfig& loaded, const std::string& path);

// Reads a witness, builds the specification from the config in it, and follows it step by step.
// What the witness says is wrong is found anew; a finding about locks by analysing all states.
// Throws json::DocumentError when any of this does not fit, naming the place in the file.
LoadedWitness load_witness(const std::filesystem::path& path);

// Is the file meant to be a witness, right or wrong?  Throws json::DocumentError when it is no
// JSON.
bool is_witness(const std::filesystem::path& path);

} // namespace interlock::checker::cli
