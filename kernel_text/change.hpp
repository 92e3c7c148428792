// What a change of the kernel's C is for the model: edits of labelled steps.
#pragma once

#include "kernel_text/model_skeleton.hpp"
#include "kernel_text/source_skeleton.hpp"
#include "lang/patch.hpp"

#include <optional>

namespace interlock::kernel_text {

// One thing that changed.
struct Change {
  std::string file;     // as it was read
  std::string function; // empty: outside all functions
  int old_line = 0;     // 0: not there
  int new_line = 0;
  std::string text;                      // "moved: KQ_UNLOCK(kq)"
  std::vector<lang::Patch> patches = {}; // what it is, in this order
  std::string why = {};                  // where it could not be translated: the reason
  bool absent = false;                   // not translated since these paths do not come by
  bool of_operation = false; // of one, or of what decides about one: not of what is left out
  bool translated() const { return why.empty(); }
};

// A line of the new text that a step stands for.
struct NewPlace {
  std::string file;
  int line = 0;
  std::string text; // the statement
};

using NewPlaces = std::map<std::string, NewPlace>; // by label

// What there is of the kernel's functions.
struct Models {
  const std::map<std::string, ModelFunction>& all;   // in any scenario
  const std::map<std::string, ModelFunction>& paths; // in those that the patches are for
};

struct Changes {
  std::vector<Change> changes;     // by file and function, in the order of the patches
  NewPlaces places;                // of the functions that differ
  std::vector<std::string> errors; // FILE:LINE: what could not be read
};

// Whether every change of operations was translated, so that the patches are the change as the
// model sees it.
bool is_whole(const std::vector<Change>& changes);

// The two texts of a file, as far as they differ, translated by the order in which the old text and
// the model do the same.  Where an operation of a function could not be translated, none of the
// function is: half a change is another change.  Which patches a change is may depend on the
// scenario, as what stands beside does.
Changes changes_of(const File& old_file, const File& new_file, const Modelled& modelled,
                   const Models& models);

// Whether the two texts of a file are one, but for comments, lines and messages: nothing changes
// then, whatever is modelled.
bool is_same_text(const File& old_file, const File& new_file);

// Where the steps of a modelled function stand in the new text; none where one of the texts does
// not have it, or it differs.
NewPlaces unchanged_places(const File& old_file, const File& new_file, const std::string& function,
                           const Modelled& modelled, const Models& models);

} // namespace interlock::kernel_text
