// A counterexample's first screen; see first_screen.hpp.
#include "verdict/first_screen.hpp"

#include "text/printable.hpp"
#include "text/wrap.hpp"

#include <filesystem>

namespace interlock::checker {

FirstScreen first_screen_of(const lang::Spec& spec, const lang::Trace& trace,
                            const LockReason& locks, const std::string& system,
                            const std::string& config) {
  FirstScreen screen;
  screen.message = trace.violation.property + ": " + trace.violation.message;
  screen.config = std::filesystem::path(config).stem().string();
  screen.story = story_of(spec, trace, locks);
  screen.signature = signature_of(spec, trace.violation, system, screen.story);
  screen.resemblance = resembles(screen.signature, screen.config, known());
  return screen;
}

std::string first_screen_text(const FirstScreen& screen, const StoryLayout& layout) {
  const bool painted = layout.paint.on();
  std::string text;
  for (const std::string& line :
       text::wrapped(painted ? text::one_line(screen.message) : screen.message, layout.width, 2))
    text += layout.paint(text::Style::red, line) + "\n";
  return text + known_text(screen.resemblance, screen.config, layout) +
         story_text(screen.story, layout);
}

nlohmann::ordered_json first_screen_json(const FirstScreen& screen) {
  nlohmann::ordered_json json = {{"known", known_json(screen.resemblance)},
                                 {"signature", signature_json(screen.signature)}};
  json.update(story_json(screen.story));
  return json;
}

} // namespace interlock::checker
