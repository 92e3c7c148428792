// The table of the system calls that a scenario can make: a row for each form of each.
#pragma once

#include "systems/scenario.hpp"
#include "systems/scenario_call.hpp"

namespace interlock::systems {

class CallReader;
class Words;

struct CallForm {
  const char* word = "";      // the first one: "kevent"
  const char* operation = ""; // the second one, where the call has several: "add"
  const char* operands = "";  // "proc PROCESS NOTES [on KQUEUE]"
  ScenarioCall::Kind kind = ScenarioCall::Kind::fork;
  // Reads the operands; throws ScenarioError.  Null: there are none.
  void (CallReader::*read)(Words& words, ScenarioCall& call) = nullptr;
  std::vector<std::string> systems = {}; // that have it; empty: all of them
  const char* text = "";                 // what it does there

  std::string form() const;  // "kevent add proc PROCESS NOTES [on KQUEUE]"
  bool needs_kqueue() const; // there is no such call in a revision without kqueue
};

// The events of a process as a list NOTES names them: "exit" is NOTE_EXIT.
const std::vector<std::string>& note_words();

// What a call can be asked to have answered, as ANSWER says it.
const std::vector<std::string>& answer_words();

// Those of a system, in the order in which they are listed.
std::vector<const CallForm*> call_forms(const std::string& system, bool kqueue = true);

// The part of a description that comes from the table.
std::vector<Entry> describe_calls(const std::string& system);

} // namespace interlock::systems
