// What a command found, config by config, for those who were not there: the formats of CI systems
// are written from it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace interlock::checker::reports {

// A line of a file, named as the reader of the report has it.
struct Place {
  std::string file; // may be empty: there is none
  int line = 0;     // 0: not known
};

struct Step {
  std::string thread;
  std::string text; // in one line
  Place place;
  bool told = false; // else it is left out where a reader has little time
};

// What is wrong with a config, or what its check found that should not be.
struct Finding {
  std::string rule;                 // "kassert"; "gate-verdict"
  std::string rule_text;            // what holds when it is not broken, in one line
  std::string title;                // "expected holds, found violates kassert"
  std::vector<std::string> details; // a line each: what differs, the violation's message
  std::vector<std::string> story;   // why the counterexample fails, a line each
  std::vector<std::string> threads; // in their order
  std::vector<Step> steps;          // of the counterexample
  std::vector<std::string> endings; // how the threads stand at the end
  Place config;                     // what was checked
  std::optional<Place> place;       // of the kernel's text: where it goes wrong
  std::vector<Place> changes;       // that brought it about
  std::string reproduce;            // a command
};

struct Case {
  enum class Outcome : std::uint8_t {
    passed,
    failed,  // `finding` says how
    wrong,   // it could not be checked; `finding` says why
    skipped, // `reason` says why
  };
  std::string name;  // the file, as it was named
  std::string group; // its folder
  Outcome outcome = Outcome::passed;
  double seconds = 0;
  std::string verdict; // in words, or empty
  std::string reason;
  std::optional<Finding> finding;
};

struct Report {
  std::string command; // "gate"
  std::string version; // of the program
  std::vector<Case> cases;
  std::vector<std::string> summary; // the command's last lines
  int exit_code = 0;

  std::size_t count(Case::Outcome outcome) const;
};

// The steps of the counterexample, a line each: `THREAD  FILE:LINE: TEXT`, with only the file's
// last name.  What is left out between them is counted: `... 3 steps elsewhere`, where `elsewhere`
// is the word.  Of several steps that have the same line, one is told.  With `most` there are at
// most so many lines, those at the end.
std::vector<std::string> story_lines(const Finding& finding, const std::string& elsewhere,
                                     std::optional<std::size_t> most = std::nullopt);

} // namespace interlock::checker::reports
