// What a function does, told alike of the kernel's C and of the model's path: a tree of operations
// and of the conditions and loops around them.
#pragma once

#include "kernel_text/decision.hpp"

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace interlock::kernel_text {

enum class Act : std::uint8_t {
  takes,  // a lock
  tries,  // to take one
  gives,  // a lock back
  joins,  // those that a channel's wake-up reaches, before it looks once more and sleeps
  sleeps, // on a channel; gives the interlock up meanwhile
  wakes,  // who sleeps on a channel
  edits,  // a list
  walks,  // a list: a loop
  looks,  // at a list: first, next, empty
  asserts,
  allocates, // an object
  frees,     // an object
  calls,     // a function that is modelled
  sets,      // a field
  copies,    // all of an object, for somebody else
  reads,     // a field into a local variable
  returns,
  jumps,     // break, continue, goto
  branch,    // if: the operations of its first branch
  otherwise, // else: in a branch, the last of what is inside
  loop,
  choice, // by the environment, or by a switch
};

const char* word_of(Act act); // "takes", ...

// Whether both texts have to have it: what is left are conditions, loops, reads and jumps, which
// one may say otherwise than the other.
bool is_operation(Act act);

// Of `sets` and `edits`: flags set or cleared, an element put on a list or taken off; none where it
// is not told or is both.
enum class Way : std::uint8_t { none, on, off };

struct Node {
  Act act = Act::calls;
  // The lock, channel or list; the fields and flags; the function.  C's names, without what they
  // are reached through.
  std::set<std::string> names;
  bool shared = false; // takes, tries, gives
  Way way = Way::none;
  int line = 0;      // 0 where it is not known
  std::string text;  // as C or the model spells it
  std::string label; // the model's, with its path
  // The model's, of `sets` and `edits`: what is changed, as patches name a part of a step.
  std::string place = {};
  std::string list = {}; // the model's, of `walks`: the list, as patches name it
  // Of C: why the model leaves it out, by the ledger, or why it does not run, by a constant; it is
  // aligned with nothing then.
  std::string left_out;
  bool runs = true; // else `left_out` says by which constant not
  // Of C's conditions: what constants decide, where they do.
  std::optional<bool> decided;
  // Of C: the labels that it stands behind, "out, fail"; where a goto to the first of them has been
  // followed, "goto out, fail".
  std::string behind;
  // Of C: the call, the assignment or the condition.
  std::shared_ptr<const Expression> expression;
  // Of the model's conditions: what they decide, where it is about flags and states.
  std::optional<Decision> decision;
  std::vector<Node> inside;
};

using Skeleton = std::vector<Node>;

// All nodes, each before what is inside it.
std::vector<const Node*> in_order(const Skeleton& skeleton);

// A line each, with its depth: for tests and readers.
std::string to_string(const Skeleton& skeleton);

} // namespace interlock::kernel_text
