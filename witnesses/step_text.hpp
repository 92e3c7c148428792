// What a reader is told of each step of a witness, before it is laid out as a table.
#pragma once

#include "witnesses/witness.hpp"

#include <limits>
#include <map>

namespace interlock::witnesses {

// What a step stands for in a tree of the kernel's C.
struct Statement {
  std::string file;
  int line = 0;
  std::string text;
};
using Statements = std::map<std::string, Statement>; // by label

struct StepText {
  std::size_t number = 0; // from 1, in Witness::steps
  std::size_t column = 0; // of its thread, in Witness::threads
  // The chain of calls, outermost first, from the function that called the first new one; empty
  // when the chain is that of the step that was told of this thread before.
  std::vector<std::string> calls;
  bool back = false;     // calls has one function, to which the thread returned
  std::string file;      // of the innermost call, without folders; empty: not known, or as before
  int line = 0;          // in it; 0: not known
  std::string statement; // of C; empty: not known
  std::vector<std::string> lines; // what the thread does
  std::vector<std::string> changes;
};

struct StepTexts {
  std::vector<StepText> steps;
  std::size_t left_out = 0; // for they tell nothing, or of nothing but locks that are not told
  std::size_t filtered = 0; // for they are not asked for
};

// Which steps are told, and how.
struct TellOptions {
  bool full = false;
  bool locks = true; // taking and releasing them
  // Of these threads, locks and their classes, variables, objects and fields alone, where there are
  // any; the step that fails is told in any case.
  std::vector<std::string> only = {};
  // Where functions begin: a step that has no line of its own has its function's in the witness,
  // which is not told as the step's.
  std::vector<Source> functions = {};
  // Of a tree, where there is one: its lines are told in place of the recorded ones, which would
  // mislead beside it.
  Statements statements = {};
  std::size_t first = 1, last = std::numeric_limits<std::size_t>::max(); // steps, from 1
};

// Where the functions of a specification's paths begin, as far as lines are known.
std::vector<Source> functions_of(const lang::Spec& spec);

// What `only` can name in a witness.
std::vector<std::string> names_in(const Witness& witness);

// With `full` every step, with its whole label and every change.  Otherwise steps are left out that
// take and release no lock, report nothing, change nothing but truth values and numbers of their
// own, and neither begin nor end a call, a thread or the witness.  Left out of a step that is told:
// ghosts, unless nothing else tells what it does; locals that go back to their initial value; lock
// words and program counters, which the step's lines show; the fields of an object that is freed.
// A local is named without its thread, and without the function when that is the step's own.
// Throws std::out_of_range for a thread that the witness does not have.
StepTexts step_texts(const Witness& witness, const TellOptions& options);

} // namespace interlock::witnesses
