// Keys by what an answer depends on; see kept_answers.hpp.
#include "cli/kept_answers.hpp"

#include "cli/failure.hpp"
#include "config/canonical.hpp"
#include "story/story_text.hpp"
#include "text/numbers.hpp"
#include "verdict/lock_reason.hpp"
#include "verdict/unreached.hpp"

#include <system_error>

namespace interlock::checker::cli {

namespace {

std::string limits_text(const SearchOptions& options) {
  const auto text = [](const auto& limit) {
    return limit ? text::in_words(static_cast<double>(*limit)) : std::string("-");
  };
  return text(options.max_states) + " " + text(options.max_memory_mib) + " " +
         text(options.max_seconds);
}

// Calls and patches that no run comes to.
void add_unreached(Answer& answer, const LoadedConfig& loaded, const CheckResult& result) {
  const auto unreached = unreached_returns(*loaded.built.spec, result.statistics);
  for (const UnreachedReturn& each : unreached)
    (is_on_purpose(each, loaded.config) ? answer.unreached : answer.never).push_back(text_of(each));
  if (loaded.config.expect)
    answer.returns = returns_after_all(unreached, *loaded.config.expect);
  for (const std::size_t patch : unreached_patches(loaded.built, result.statistics))
    answer.unreached.push_back(text_of_unreached(patch, loaded.config));
}

void say_it(const std::string& message) { say({ExitCode::success, message}); }

} // namespace

std::filesystem::path CacheOptions::path() const {
  if (none)
    return {};
  return folder.empty() ? default_cache_folder() : std::filesystem::path(folder);
}

void add_cache_options(CLI::App& command, CacheOptions& options) {
  CLI::Option* cache =
      command
          .add_option("--cache", options.folder,
                      "Keep answers in DIR; default: interlock/gate in $XDG_CACHE_HOME or ~/.cache")
          ->type_name("DIR");
  command.add_flag("--no-cache", options.none, "Check all anew, keep nothing")->excludes(cache);
}

KeptAnswers::KeptAnswers(const std::filesystem::path& folder, const SearchOptions& search,
                         const AnswerCache::Tell& tell) {
  if (folder.empty())
    return;
  const AnswerCache::Tell& told = tell ? tell : AnswerCache::Tell(say_it);
  try {
    program_and_limits_ = program_digest() + "\n" + limits_text(search) + "\n";
    cache_.emplace(folder, told);
  } catch (const std::system_error& error) {
    told(std::string("the cache is of no use: ") + error.what());
  }
}

std::string KeptAnswers::key_of(const std::string& content) const {
  return hex_digest(program_and_limits_ + content);
}

std::optional<nlohmann::ordered_json> KeptAnswers::find(const std::string& key) {
  return cache_ ? cache_->find(key) : std::nullopt;
}

void KeptAnswers::keep(const std::string& key, const nlohmann::ordered_json& answer) {
  if (cache_)
    cache_->keep(key, answer);
}

void KeptAnswers::forget_unused() {
  if (cache_)
    cache_->forget_unused();
}

std::string check_content(const Config& config) { return "config " + answer_text(config); }

bool is_final(const Answer& answer) {
  return (answer.verdict == Verdict::holds || answer.verdict == Verdict::violated) &&
         answer.also_limit.empty();
}

Answer answer_of(const LoadedConfig& loaded, const CheckResult& result) {
  const lang::Spec& spec = *loaded.built.spec;
  if (result.verdict != Verdict::violated) {
    Answer answer = checker::answer_of(result, nullptr, "", spec.notes());
    if (result.verdict == Verdict::holds)
      add_unreached(answer, loaded, result);
    return answer;
  }
  const witnesses::Witness witness = witness_of(loaded.config, spec, result);
  constexpr std::size_t width = 100; // wherever it is read
  const LockReason locks = lock_reason_of(result.locks, result.trace.value());
  const std::string story = story_text(story_of(spec, *result.trace, locks), {.width = width});
  return checker::answer_of(result, &witness, story, spec.notes());
}

} // namespace interlock::checker::cli
