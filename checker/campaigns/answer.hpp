// What the check of a config gave, without the specification: small enough to be kept in a file and
// to be handed from one process to another.
#pragma once

#include "config/config.hpp"
#include "verdict/check.hpp"
#include "witnesses/witness.hpp"

#include <nlohmann/json.hpp>

namespace interlock::checker {

// A step of a counterexample, in words.
struct AnswerStep {
  std::string thread;
  std::string label;
  std::string text;                 // "+proc_lock", "insert_p_klist"
  std::vector<std::string> changes; // "proc0.p_klist: [] -> [knote0]", "* data: status(1)"
  std::string file, function;       // of the kernel, as the model has them; may be empty
  int line = 0;                     // 0: not known
  bool told = false;                // else it changes nothing that a reader has to know
  bool operator==(const AnswerStep&) const = default;
};

struct AnswerViolation {
  std::string property;
  std::string kind; // witnesses::kind_name()
  std::string message;
  std::uint64_t context_switches = 0;
  std::vector<std::string> threads;
  std::vector<AnswerStep> steps;
  std::vector<std::string> endings; // how the threads stand at the end, a line each
  std::vector<std::string> story;   // why it fails, a line each
  bool operator==(const AnswerViolation&) const = default;
};

// What is violated when all before it are excused.
struct FurtherFinding {
  std::string property;
  std::uint64_t trace_length = 0;
  bool operator==(const FurtherFinding&) const = default;
};

struct Answer {
  Verdict verdict = Verdict::holds;
  std::string limit; // incomplete: which one was reached
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;
  std::uint64_t depth = 0;
  double seconds = 0;
  std::map<std::string, std::uint64_t> cut; // Statistics::cut
  std::vector<std::string> notes;           // of the specification
  std::optional<AnswerViolation> violation;
  std::vector<std::string> never;     // what should happen and does not, of one that holds
  std::vector<std::string> unreached; // calls and patches that no run comes to, likewise
  std::vector<std::string> returns;   // calls that are expected never to return and do, likewise
  // Of a violated one where that is asked for.
  std::optional<std::vector<FurtherFinding>> also;
  std::string also_limit; // which limit ended the search for these, if one did
  bool operator==(const Answer&) const = default;
};

// "holds", "vacuous", "violates kevent-contract/udata", "incomplete", "interrupted".
std::string outcome_text(const Answer& answer);

// The answer that a result is; `witness` is that of a violated one, in full, and `story` tells why
// it fails, in lines.
Answer answer_of(const CheckResult& result, const witnesses::Witness* witness,
                 const std::string& story, const std::vector<std::string>& notes);

// As JSON; answer_from(json_of(x)) == x.
nlohmann::ordered_json json_of(const Answer& answer);
// Throws nlohmann::json::exception for anything that json_of does not make.
Answer answer_from(const nlohmann::ordered_json& json);

} // namespace interlock::checker
