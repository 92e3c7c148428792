// What a reader of a counterexample sees first: what fails, what it is known as, and the story.
#pragma once

#include "story/story_text.hpp"

#include <nlohmann/json.hpp>

namespace interlock::checker {

struct FirstScreen {
  std::string message; // "kevent-contract: an event for child: ..."
  Signature signature;
  std::optional<Resemblance> resemblance;
  std::string config; // its name, without folder and ending
  Story story;
};

// Of what an analysis of locks found, with its reason.  `config` is the name of the file that the
// trace's config came from.  Throws lang::SpecError when the trace does not follow the
// specification.
FirstScreen first_screen_of(const lang::Spec& spec, const lang::Trace& trace,
                            const LockReason& locks, const std::string& system,
                            const std::string& config);

// Lines, each ended.
std::string first_screen_text(const FirstScreen& screen, const StoryLayout& layout);

// {known, signature, failure, parts}, as story_text.hpp has them.
nlohmann::ordered_json first_screen_json(const FirstScreen& screen);

} // namespace interlock::checker
