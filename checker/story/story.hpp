// Why a counterexample fails: for each value behind the failing condition its last writers, for
// each lock who took it where, for each object who freed it, for each sleeper who did not wake it.
#pragma once

#include "lang/trace.hpp"
#include "witnesses/step_text.hpp"

namespace interlock::checker {

// A step that the story tells of, or one that a thread waits to take.
struct Moment {
  std::size_t step = 0; // from 1; 0: the thread stands before it at the end
  std::string thread;
  std::string does;                  // "0 -> NOTE_CHILD", "takes kq.kq_lock", "frees knote0"
  std::string label;                 // "filt_procattach.attach"
  witnesses::Source source;          // its line is 0 where the step has none of its own
  int function_line = 0;             // where the function begins; 0: not known
  std::vector<witnesses::Held> held; // by the thread, before the step
  std::string calls = {};            // of a lock that is taken or wanted: by which calls
  std::string statement = {};        // of C, where a tree is at hand
  bool operator==(const Moment&) const = default;
};

// What is told of one value, object, lock or thread.
struct StoryPart {
  std::string subject;  // "knote1.kn_data"
  std::string headline; // "knote1.kn_data is status(1), not pid(parent)"
  std::vector<Moment> moments;
  std::vector<std::string> remarks;
  bool remembered = false; // by a property: a ghost, which is none of the kernel's
  // How many steps the run has that it tells of, where that is not the counterexample's; its
  // moments have no number then.
  std::optional<std::size_t> another_run = {};
  bool operator==(const StoryPart&) const = default;
};

struct Story {
  std::optional<Moment> failure; // the step that fails, where one does
  std::vector<StoryPart> parts;  // what explains most first
};

// A thread that stands at a step which takes a lock, or sleeps, with a lock held.
struct LockOrder {
  std::string classes;             // "kq_lock -> p_lock", or empty
  std::vector<lang::ActionId> way; // to where it stands: the counterexample's steps, or other ones
  lang::ActionId attempt = 0;
  std::string held;
  std::string acquired; // empty: it sleeps
};

// Why an analysis of locks finds what it finds.
struct LockReason {
  std::vector<LockOrder> orders;    // all that the finding is about, the counterexample's own first
  std::vector<std::string> remarks; // what is known about all of them
};

// Found from the steps and the specification, for every kind of violation; of what an analysis of
// locks found, which is more than the steps of one trace, with `locks`.  The steps of ghosts are
// told as what a property remembers, not as the kernel's doing.  Throws lang::SpecError when a
// trace does not follow the specification.
Story story_of(const lang::Spec& spec, const lang::Trace& trace, const LockReason& locks = {});

// Gives the steps the lines that they have in a tree, and its C; the recorded lines of others go,
// as they would mislead beside it.  Changes nothing where there are no statements.
void tell_statements(Story& story, const witnesses::Statements& statements);

} // namespace interlock::checker
