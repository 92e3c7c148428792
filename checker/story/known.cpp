// The rule of resemblance, and the corpus' counterexamples; see known.hpp.
#include "story/known.hpp"

#include "text/lists.hpp"

#include <algorithm>
#include <cctype>
#include <set>

namespace interlock::checker {

namespace {

bool is_part_of_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

// A message without the names of objects, which depend on the scenario.
std::string without_names(const lang::Spec& spec, const std::string& message) {
  std::set<std::string> names;
  for (const lang::Pool& pool : spec.pools())
    names.insert(pool.objects.begin(), pool.objects.end());
  std::string text;
  for (std::size_t at = 0; at < message.size();) {
    std::size_t end = at;
    while (end < message.size() && is_part_of_name(message[end]))
      ++end;
    const std::string word = message.substr(at, std::max<std::size_t>(end - at, 1));
    text += names.contains(word) ? "_" : word;
    at += word.size();
  }
  return text;
}

} // namespace

Signature signature_of(const lang::Spec& spec, const lang::Violation& violation,
                       const std::string& system, const Story& story) {
  Signature signature{system, violation.property, "", without_names(spec, violation.message), ""};
  if (story.failure)
    signature.step = story.failure->label;
  for (const StoryPart& part : story.parts)
    if (signature.cause.empty() && !part.moments.empty() && !part.remembered)
      signature.cause = part.moments.back().label;
  return signature;
}

const std::vector<Known>& known() {
  static const std::vector<Known> all{
#include "known.inc"
  };
  return all;
}

std::optional<Resemblance> resembles(const Signature& signature, const std::string& config,
                                     const std::vector<Known>& candidates) {
  std::optional<Resemblance> nearest;
  int most = 0;
  for (const Known& candidate : candidates) {
    const Signature& other = candidate.signature;
    if (other.system != signature.system || other.property != signature.property ||
        other.step != signature.step)
      continue;
    const bool message = other.message == signature.message;
    const bool cause = !signature.cause.empty() && other.cause == signature.cause;
    const int common = (message ? 1 : 0) + (cause ? 2 : 0);
    if (common < most || common == 0 || (common == most && candidate.name != config))
      continue;
    most = common;
    std::vector<std::string> parts{"property"};
    if (!signature.step.empty())
      parts.emplace_back("failing step");
    if (message)
      parts.emplace_back("message");
    if (cause)
      parts.push_back("cause (" + signature.cause + ")");
    nearest = Resemblance{&candidate, "same " + text::listed(parts)};
  }
  return nearest;
}

} // namespace interlock::checker
