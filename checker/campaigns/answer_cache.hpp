// Answers that are kept in files, so that what is unchanged is not checked again.
#pragma once

#include <nlohmann/json.hpp>

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace interlock::checker {

struct Config;

// The digest of the program that is running and of the libraries that it runs with.  Throws
// std::system_error where one of their files cannot be read.
std::string program_digest();

// All of a config that can change an answer or an error: its canonical form, "expect" and "about".
// White space and comments do not count.
std::string answer_text(const Config& config);

// A folder of answers.  Several programs may use one at the same time: a file is there as a whole
// or not at all.  What is wrong with it is told once to `tell`, and costs no answer.
class AnswerCache {
public:
  using Tell = std::function<void(const std::string&)>;
  // `folder` is made when something is kept.
  AnswerCache(std::filesystem::path folder, Tell tell);

  // The answer of that key, or nullopt: there is none, or its file is damaged or of another
  // version, which is told.  A key is 32 hex digits.
  std::optional<nlohmann::ordered_json> find(const std::string& key);
  void keep(const std::string& key, const nlohmann::ordered_json& answer);
  // Removes the answers that nobody has asked for in thirty days.
  void forget_unused();

private:
  std::filesystem::path path_of(const std::string& key) const;
  void tell_once(const std::string& message);

  std::filesystem::path folder_;
  Tell tell_;
  bool told_ = false;     // that nothing can be kept
  bool anything_ = false; // was kept
};

// Where answers are kept unless the user says otherwise: below $XDG_CACHE_HOME or ~/.cache; empty
// where there is neither.
std::filesystem::path default_cache_folder();

} // namespace interlock::checker
