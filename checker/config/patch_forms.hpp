// The forms of a patch in a config: which keys make which edit.
#pragma once

#include "lang/patch.hpp"

namespace interlock::checker {

struct PatchForm {
  lang::Patch::Kind kind;
  const char* first;            // the key that comes first, by which the edit is called
  const char* second;           // or nullptr
  bool second_is_label = false; // of the step; else the first is
};

inline constexpr PatchForm patch_forms[] = {
    {lang::Patch::Kind::drop, "drop", nullptr},
    {lang::Patch::Kind::drop, "drop", "keep"},
    {lang::Patch::Kind::drop_part, "drop", "part"},
    {lang::Patch::Kind::negate, "negate", nullptr},
    {lang::Patch::Kind::replace, "replace", "with"},
    {lang::Patch::Kind::insert_before, "insert", "before", true},
    {lang::Patch::Kind::insert_after, "insert", "after", true},
    {lang::Patch::Kind::move_before, "move", "before"},
    {lang::Patch::Kind::move_after, "move", "after"},
};

// The form of a patch.
inline const PatchForm& form_of(const lang::Patch& patch) {
  for (const PatchForm& form : patch_forms)
    if (form.kind == patch.kind && (form.second == nullptr) == patch.argument.empty())
      return form;
  return patch_forms[0]; // all kinds are there
}

} // namespace interlock::checker
