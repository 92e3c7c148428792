// A story for people and for machines.
#pragma once

#include "story/known.hpp"
#include "text/paint.hpp"

#include <nlohmann/json.hpp>

namespace interlock::checker {

struct StoryLayout {
  std::size_t width = 160; // columns
  std::size_t items = 15;  // at most: headlines, steps and remarks; a part with more is left out
  text::Paint paint = {};
};

// Lines, each ended: the step that fails, then of each part its headline, its steps and its
// remarks.  The first part is there in any case.  Empty for a story that tells nothing.  The text
// is printable where it is painted.
std::string story_text(const Story& story, const StoryLayout& layout);

// Which row of the corpus' table of bugs a counterexample is, or which one it resembles by which
// rule: a line, wrapped; nothing where it resembles none.  `config` is the name of its config.
std::string known_text(const std::optional<Resemblance>& resemblance, const std::string& config,
                       const StoryLayout& layout);

// {failure: STEP or null, parts: [{subject, headline, steps: [STEP], remarks: [], another_run (the
// number of its steps; null: the counterexample is told of)}]}, where STEP is {step (from 1; null:
// not taken, or of another run), thread, does, label, file, revision, function, line,
// function_line (null: not known), held: [{lock, mode "exclusive" | "shared"}], calls (null: not
// told), statement (of C; null: no tree is at hand)}.
nlohmann::ordered_json story_json(const Story& story);

// {system, property, step (null where a state fails), message, cause (null: none)}.
nlohmann::ordered_json signature_json(const Signature& signature);
// {name, title, fixed_by (null: none), rule} or null.
nlohmann::ordered_json known_json(const std::optional<Resemblance>& resemblance);

} // namespace interlock::checker
