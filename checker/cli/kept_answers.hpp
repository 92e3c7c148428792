// The answers that commands keep: where, by which keys, and which of them.
#pragma once

#include "campaigns/answer.hpp"
#include "campaigns/answer_cache.hpp"
#include "cli/search.hpp"

#include <CLI/CLI.hpp>

namespace interlock::checker::cli {

struct CacheOptions {
  std::string folder; // empty: the user's own
  bool none = false;  // nothing is kept

  // Empty where nothing is kept.
  std::filesystem::path path() const;
};

// --cache and --no-cache.
void add_cache_options(CLI::App& command, CacheOptions& options);

// The answers of one folder, for one program and the limits of one command line.  One that is final
// does not depend on how much memory or time there is beyond these.
class KeptAnswers {
public:
  // With an empty folder nothing is found or kept.  `tell` hears what is wrong with the folder or a
  // file in it, which costs no answer; without it a line on stderr says so.
  KeptAnswers(const std::filesystem::path& folder, const SearchOptions& search,
              const AnswerCache::Tell& tell = {});

  // `content` is the kind of the answer and all that it depends on beside program and limits.
  std::string key_of(const std::string& content) const;
  std::optional<nlohmann::ordered_json> find(const std::string& key);
  void keep(const std::string& key, const nlohmann::ordered_json& answer);
  // Removes what nobody has asked for in thirty days.
  void forget_unused();

private:
  std::string program_and_limits_;
  std::optional<AnswerCache> cache_;
};

// What a config's check answers, as content.
std::string check_content(const Config& config);

// What a search never tells twice alike, or not in full, is not kept.
bool is_final(const Answer& answer);

// The answer that the search of a loaded config gave.
Answer answer_of(const LoadedConfig& loaded, const CheckResult& result);

} // namespace interlock::checker::cli
