// Which of the corpus' counterexamples another one resembles, by a rule that is said with it.
#pragma once

#include "story/story.hpp"

namespace interlock::checker {

// What a counterexample is compared by.
struct Signature {
  std::string system;   // "netbsd"
  std::string property; // "kevent-contract"
  std::string step;     // label of the step that fails; empty where a state does
  std::string message;  // with _ in place of the names of objects
  std::string cause;    // label of the last step of the story's first part; may be empty
  bool operator==(const Signature&) const = default;
};

Signature signature_of(const lang::Spec& spec, const lang::Violation& violation,
                       const std::string& system, const Story& story);

// A counterexample of the corpus.
struct Known {
  std::string name;     // of its config
  std::string title;    // what goes wrong
  std::string fixed_by; // a revision, or empty
  Signature signature;
};

// Those that are compiled in, which `tools/record` renews; by system and name.
const std::vector<Known>& known();

struct Resemblance {
  const Known* known = nullptr;
  std::string rule; // "same property, failing step and message"
};

// The one that is nearest: of the same system and property, with the same failing step, and besides
// with the same message or the same cause; those that have most in common first, then the one of
// that config, then by name.  Nothing where there is none.
std::optional<Resemblance> resembles(const Signature& signature, const std::string& config,
                                     const std::vector<Known>& candidates);

} // namespace interlock::checker
