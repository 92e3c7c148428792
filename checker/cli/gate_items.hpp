// What the gate works on: every file below its paths, and what became of it.
#pragma once

#include "campaigns/answer.hpp"
#include "campaigns/files.hpp"
#include "cli/failure.hpp"

namespace interlock::checker::cli {

// A file of the account; a config is read before anything is explored, for the table's columns.
struct GateItem {
  FoundFile file;
  std::optional<Config> config;
  std::optional<Failure> failure; // why it cannot be read
};

// A witness that was followed.
struct FollowedWitness {
  std::string property;
  std::size_t steps = 0;
};

// What became of an item: one of the four.
struct GateOutcome {
  std::optional<Answer> answer;
  std::optional<FollowedWitness> followed;
  std::optional<Failure> failure;
  std::string not_reached; // why
  bool cached = false;
};

// Every file below the paths; a config without "expect" is wrong.
std::vector<GateItem> read_items(const std::vector<std::string>& paths);

} // namespace interlock::checker::cli
