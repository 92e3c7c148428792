// Words of a system call; see call_parser.hpp.
#include "systems/call_parser.hpp"

#include "text/lists.hpp"
#include "text/nearest.hpp"

#include <algorithm>
#include <charconv>

namespace interlock::systems {

namespace {

std::string unknown(const std::string& name, const std::string& what,
                    const std::vector<std::string>& allowed, const std::string& hint = "") {
  return "'" + name + "' is no " + what + "; allowed: " + text::joined(allowed) + hint +
         text::nearest_hint(name, allowed);
}

} // namespace

Words::Words(const Text& text) : text_(text) {
  std::size_t at = 0;
  while ((at = text.text.find_first_not_of(" \t", at)) != std::string::npos) {
    const std::size_t end = std::min(text.text.find_first_of(" \t", at), text.text.size());
    words_.push_back({text.text.substr(at, end - at), at});
    at = end;
  }
}

void Words::refuse(const std::string& message) const {
  const std::size_t at = next_ == 0 ? 0 : words_[next_ - 1].offset;
  throw ScenarioError(message, text_.pointer, at);
}

const std::string& Words::take(const std::string& what) {
  if (done())
    throw ScenarioError("'" + text_.text + "' ends where " + what + " is expected", text_.pointer,
                        text_.text.size());
  not_there_.clear();
  return words_[next_++].text;
}

bool Words::accept(const std::string& word) {
  if (done() || words_[next_].text != word) {
    not_there_.push_back(word);
    return false;
  }
  take(word);
  return true;
}

std::size_t Words::choice(const std::string& what, const std::vector<std::string>& allowed,
                          const std::string& hint) {
  const std::string& word = take(what);
  const auto found = std::find(allowed.begin(), allowed.end(), word);
  if (found == allowed.end())
    refuse(unknown(word, what, allowed, hint));
  return static_cast<std::size_t>(found - allowed.begin());
}

bool Words::next_is_number(const std::string& what) {
  if (!done() && words_[next_].text.find_first_not_of("-0123456789") == std::string::npos)
    return true;
  not_there_.push_back(what);
  return false;
}

int Words::number(const std::string& what, int low, int high) {
  const std::string& word = take(what);
  int value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  if (error != std::errc() || end != word.data() + word.size() || value < low || value > high)
    refuse("'" + word + "' is no " + what + " from " + std::to_string(low) + " to " +
           std::to_string(high));
  return value;
}

std::vector<std::string> Words::list(const std::string& what,
                                     const std::vector<std::string>& allowed) {
  const std::string& word = take(what);
  std::vector<std::string> result;
  for (std::size_t start = 0; start <= word.size();) {
    const std::size_t end = std::min(word.find(',', start), word.size());
    const std::string name = word.substr(start, end - start);
    if (std::find(allowed.begin(), allowed.end(), name) == allowed.end())
      refuse(unknown(name, what, allowed));
    if (std::find(result.begin(), result.end(), name) != result.end())
      refuse(name + " is there twice");
    result.push_back(name);
    start = end + 1;
  }
  return result;
}

void Words::end() {
  if (done())
    return;
  const std::string& word = words_[next_++].text;
  refuse("'" + word + "' is one word too many; " +
         (not_there_.empty() ? "the call ends before it"
                             : "here may follow: " + text::joined(not_there_) +
                                   text::nearest_hint(word, not_there_)));
}

} // namespace interlock::systems
