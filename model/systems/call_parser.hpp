// Reading a scenario's system calls, which are words separated by blanks: "kevent add proc P
// track,exit".
#pragma once

#include "systems/scenario.hpp"

namespace interlock::systems {

// Walks over the words of one call.  Every error is a ScenarioError at the word that is wrong.
class Words {
public:
  explicit Words(const Text& text);

  bool done() const { return next_ >= words_.size(); }
  // The next word, which must exist; `what` says what belongs there.
  const std::string& take(const std::string& what);
  // Takes the next word if it is this one.
  bool accept(const std::string& word);
  // The next word must be one of these; `hint` follows the list of them in the message.
  std::size_t choice(const std::string& what, const std::vector<std::string>& allowed,
                     const std::string& hint = "");
  // `what` says which number may stand here.
  bool next_is_number(const std::string& what);
  // The next word as a number in the range.
  int number(const std::string& what, int low, int high);
  // A list separated by commas, each one of those allowed.
  std::vector<std::string> list(const std::string& what, const std::vector<std::string>& allowed);
  // No word may be left; the message names those that could have been accepted here.
  void end();
  // An error about the word that was taken last.
  [[noreturn]] void refuse(const std::string& message) const;

private:
  struct Word {
    std::string text;
    std::size_t offset;
  };
  Text text_;
  std::vector<Word> words_;
  std::size_t next_ = 0;
  std::vector<std::string> not_there_; // what would have been accepted since the last word
};

} // namespace interlock::systems
