// Which items are checked when, and how answers travel from process to process.
#include "cli/gate_answers.hpp"

#include "campaigns/answer_cache.hpp"
#include "cli/interruption.hpp"
#include "cli/worker_processes.hpp"
#include "config/canonical.hpp"
#include "files/files.hpp"
#include "story/story_text.hpp"
#include "text/numbers.hpp"
#include "verdict/lock_reason.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <deque>
#include <iostream>
#include <system_error>
#include <unistd.h>

namespace interlock::checker::cli {

namespace {

using Json = nlohmann::ordered_json;

Answer check_here(const Config& config, SearchOptions options) {
  options.silent = true;
  const LoadedConfig loaded = load_within(options, config);
  const CheckResult result = search(loaded, options);
  const std::vector<std::string>& notes = loaded.built.spec->notes();
  if (result.verdict != Verdict::violated)
    return answer_of(result, nullptr, "", notes);
  const witnesses::Witness witness = witness_of(config, *loaded.built.spec, result);
  constexpr std::size_t width = 100; // wherever it is read
  const LockReason locks = lock_reason_of(result.locks, result.trace.value());
  const std::string story =
      story_text(story_of(*loaded.built.spec, *result.trace, locks), {.width = width});
  return answer_of(result, &witness, story, notes);
}

FollowedWitness follow_here(const std::filesystem::path& path) {
  const LoadedWitness loaded = load_witness(path);
  return {loaded.witness.property, loaded.trace.actions.size()};
}

// --- outcomes as text ---

Json json_of(const GateOutcome& outcome) {
  if (outcome.failure)
    return {{"failure",
             {{"code", static_cast<int>(outcome.failure->code)},
              {"message", outcome.failure->message},
              {"line", outcome.failure->line}}}};
  if (outcome.followed)
    return {{"property", outcome.followed->property}, {"steps", outcome.followed->steps}};
  return {{"answer", checker::json_of(outcome.answer.value())}};
}

// Throws nlohmann::json::exception for what json_of does not make.
GateOutcome outcome_from(const Json& json) {
  GateOutcome outcome;
  if (const auto failure = json.find("failure"); failure != json.end())
    outcome.failure = {static_cast<ExitCode>(failure->at("code").get<int>()),
                       failure->at("message").get<std::string>(),
                       failure->at("line").get<std::size_t>()};
  else if (const auto answer = json.find("answer"); answer != json.end())
    outcome.answer = answer_from(*answer);
  else
    outcome.followed = {json.at("property").get<std::string>(),
                        json.at("steps").get<std::size_t>()};
  return outcome;
}

std::string text_of(const GateOutcome& outcome) {
  constexpr int compact = -1;
  constexpr bool ensure_ascii = false;
  return json_of(outcome).dump(compact, ' ', ensure_ascii, Json::error_handler_t::replace);
}

GateOutcome failed(ExitCode code, const GateItem& item, const std::string& why) {
  GateOutcome outcome;
  outcome.failure = {code, item.file.path.string() + ": " + why};
  return outcome;
}

// What a search of the gate never tells twice alike, or not in full, is not kept.
bool is_final(const GateOutcome& outcome) {
  return outcome.followed || (outcome.answer && (outcome.answer->verdict == Verdict::holds ||
                                                 outcome.answer->verdict == Verdict::violated));
}

bool was_interrupted(const GateOutcome& outcome) {
  return (outcome.answer && outcome.answer->verdict == Verdict::interrupted) ||
         (outcome.failure && outcome.failure->code == ExitCode::interrupted);
}

// --- the cache ---

std::string limits_text(const SearchOptions& options) {
  const auto text = [](const auto& limit) {
    return limit ? text::in_words(static_cast<double>(*limit)) : std::string("-");
  };
  return text(options.max_states) + " " + text(options.max_memory_mib) + " " +
         text(options.max_seconds);
}

// What an answer depends on, as a digest.  One that is final does not depend on how much memory or
// time the gate has for all.
std::string key_of(const GateItem& item, const std::string& program, const SearchOptions& options) {
  const std::string content = item.config ? "config " + answer_text(*item.config)
                                          : "witness " + files::read(item.file.path);
  return hex_digest(program + "\n" + limits_text(options) + "\n" + content);
}

// --- all of them ---

class Answers {
public:
  Answers(const std::vector<GateItem>& items, const AnswerOptions& options)
      : items_(items), options_(options), outcomes_(items.size()) {
    if (options.seconds)
      until_ = std::chrono::steady_clock::now() +
               std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                   std::chrono::duration<double>(*options.seconds));
    if (!options.cache.empty())
      open_cache();
  }

  void run(const std::function<void(const GateItem&, const GateOutcome&)>& use) {
    for (std::size_t i = 0; i < items_.size(); ++i)
      waiting_.push_back(i);
    std::size_t next = 0;
    while (next < items_.size()) {
      start_some();
      for (; next < items_.size() && outcomes_[next]; ++next) {
        clear_progress();
        use(items_[next], *outcomes_[next]);
      }
      draw_progress();
      if (next < items_.size() && workers_.running() != 0)
        take_one();
      if (stopped())
        leave_the_rest();
    }
    clear_progress();
    if (cache_)
      cache_->forget_unused();
  }

private:
  void open_cache() {
    const auto tell = [](const std::string& message) { say({ExitCode::success, message}); };
    try {
      program_ = program_digest();
      cache_.emplace(options_.cache, tell);
    } catch (const std::system_error& error) {
      tell(std::string("the cache is of no use: ") + error.what());
    }
  }

  bool stopped() const {
    return interrupted().load() || (until_ && std::chrono::steady_clock::now() >= *until_);
  }

  void leave_the_rest() {
    workers_.stop();
    waiting_.clear();
    alone_.clear();
    const std::string why =
        interrupted().load()
            ? "interrupted"
            : "the gate's " + text::in_words(options_.seconds.value_or(0)) + " seconds were over";
    for (std::optional<GateOutcome>& outcome : outcomes_)
      if (!outcome)
        outcome.emplace().not_reached = why;
  }

  void start_some() {
    while (!waiting_.empty() && workers_.running() < options_.jobs && !stopped()) {
      const std::size_t i = waiting_.front();
      waiting_.pop_front();
      begin(i);
    }
    if (waiting_.empty() && workers_.running() == 0 && !alone_.empty() && !stopped()) {
      const std::size_t i = alone_.front();
      alone_.pop_front();
      shared_ = false;
      start(i, memory_of(items_[i]));
    }
  }

  void begin(std::size_t i) {
    const GateItem& item = items_[i];
    if (item.failure) {
      outcomes_[i].emplace().failure = item.failure;
      return;
    }
    if (item.file.kind == FoundFile::Kind::passed_over) {
      outcomes_[i].emplace();
      return;
    }
    if (!find_in_cache(i))
      start(i, share_of(item));
  }

  // The MiB that the item may take, by itself and beside others.
  std::optional<std::uint64_t> memory_of(const GateItem& item) const {
    std::uint64_t own = item.config ? limits_of(*item.config, options_.search).memory_mib : 0;
    if (options_.memory_mib)
      own = own == 0 ? *options_.memory_mib : std::min(own, *options_.memory_mib);
    return own == 0 ? std::nullopt : std::optional(own);
  }
  std::optional<std::uint64_t> share_of(const GateItem& item) const {
    const auto all = memory_of(item);
    if (!options_.memory_mib)
      return all;
    return std::min(all.value(), std::max<std::uint64_t>(1, *options_.memory_mib / options_.jobs));
  }

  SearchOptions search_with(std::optional<std::uint64_t> memory_mib) const {
    SearchOptions search = options_.search;
    search.max_memory_mib = memory_mib;
    return search;
  }

  void start(std::size_t i, std::optional<std::uint64_t> memory_mib) {
    std::cout.flush();
    const SearchOptions search = search_with(memory_mib);
    try {
      workers_.start(i, [&] { return text_of(answer_here(items_[i], search)); });
    } catch (const std::system_error& error) {
      outcomes_[i] = failed(ExitCode::system, items_[i], error.what());
    }
  }

  void take_one() {
    const auto ended = workers_.wait(until_);
    if (!ended)
      return;
    const std::size_t i = ended->number;
    GateOutcome outcome = read(*ended);
    const bool want_more = outcome.answer && outcome.answer->verdict == Verdict::incomplete &&
                           shared_ && share_of(items_[i]) != memory_of(items_[i]);
    if (want_more) {
      alone_.push_back(i);
      return;
    }
    if (was_interrupted(outcome)) {
      outcome = {};
      outcome.not_reached = "interrupted";
    }
    if (cache_ && is_final(outcome))
      cache_->keep(keys_.at(i), json_of(outcome));
    outcomes_[i] = std::move(outcome);
  }

  GateOutcome read(const WorkerProcesses::Ended& ended) const {
    const GateItem& item = items_[ended.number];
    if (!ended.text)
      return ended.signal == SIGKILL
                 ? failed(ExitCode::too_large, item, "its process was killed; was memory short?")
                 : failed(ExitCode::internal, item,
                          ended.signal == 0
                              ? "its process gave no answer"
                              : std::string("its process ended: ") + strsignal(ended.signal));
    try {
      return outcome_from(Json::parse(*ended.text));
    } catch (const Json::exception& error) {
      return failed(ExitCode::internal, item, error.what());
    }
  }

  bool find_in_cache(std::size_t i) {
    if (!cache_)
      return false;
    try {
      keys_[i] = key_of(items_[i], program_, options_.search);
      const std::optional<Json> found = cache_->find(keys_[i]);
      if (!found)
        return false;
      outcomes_[i] = outcome_from(*found);
      outcomes_[i]->cached = true;
      return true;
    } catch (const std::exception&) { // a witness that is gone, or an answer that is none
      outcomes_[i].reset();
      return false;
    }
  }

  void draw_progress() {
    if (isatty(STDERR_FILENO) != 1 || workers_.running() == 0)
      return;
    const auto done = static_cast<std::size_t>(std::count_if(
        outcomes_.begin(), outcomes_.end(), [](const auto& o) { return o.has_value(); }));
    std::cout.flush();
    std::fprintf(stderr, "\r%zu of %zu done, %zu at work\033[K", done, items_.size(),
                 workers_.running());
    std::fflush(stderr);
    drawn_ = true;
  }
  void clear_progress() {
    if (drawn_)
      std::fputs("\r\033[K", stderr);
    drawn_ = false;
  }

  const std::vector<GateItem>& items_;
  const AnswerOptions& options_;
  std::optional<WorkerProcesses::Time> until_;
  std::string program_; // its digest
  std::optional<AnswerCache> cache_;
  std::map<std::size_t, std::string> keys_;
  std::vector<std::optional<GateOutcome>> outcomes_;
  WorkerProcesses workers_;
  std::deque<std::size_t> waiting_;
  std::deque<std::size_t> alone_; // that had too little memory beside others
  bool shared_ = true;            // others run at the same time
  bool drawn_ = false;
};

} // namespace

GateOutcome answer_here(const GateItem& item, const SearchOptions& options) {
  GateOutcome outcome;
  try {
    if (item.config)
      outcome.answer = check_here(*item.config, options);
    else
      outcome.followed = follow_here(item.file.path);
  } catch (...) {
    outcome.failure = current_failure(item.file.path.string());
  }
  return outcome;
}

void keep_answer(const GateItem& item, const Answer& answer, const AnswerOptions& options) {
  if (options.cache.empty())
    return;
  GateOutcome outcome;
  outcome.answer = answer;
  try {
    AnswerCache cache(options.cache, [](const std::string&) {}); // it was told before
    cache.keep(key_of(item, program_digest(), options.search), json_of(outcome));
  } catch (const std::system_error&) { // the next gate checks it again
    return;
  }
}

void answer_all(const std::vector<GateItem>& items, const AnswerOptions& options,
                const std::function<void(const GateItem&, const GateOutcome&)>& use) {
  Answers(items, options).run(use);
}

} // namespace interlock::checker::cli
