// Which items are checked when, and how answers travel from process to process.
#include "cli/gate_answers.hpp"

#include "cli/examples.hpp"
#include "cli/further_findings.hpp"
#include "cli/interruption.hpp"
#include "cli/kept_answers.hpp"
#include "cli/worker_processes.hpp"
#include "files/files.hpp"
#include "text/numbers.hpp"

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

void add_examples(Answer& answer, const std::vector<Example>& examples) {
  for (const Example& example : examples)
    if (!example.limit.empty()) {
      answer.verdict = interrupted().load() ? Verdict::interrupted : Verdict::incomplete;
      answer.limit = example.name + " was not found: " + example.limit;
    } else if (!example.happens) {
      answer.never.push_back(example.name + ": " + example.text);
    }
}

void add_further(Answer& answer, const LoadedConfig& loaded, const SearchOptions& options) {
  answer.also.emplace();
  check_on(
      loaded, answer.violation->property, options,
      [&](const LoadedConfig& excusing) -> std::optional<std::string> {
        const CheckResult result = search(excusing, options);
        if (result.verdict == Verdict::incomplete)
          answer.also_limit = result.limit;
        if (result.verdict == Verdict::interrupted)
          answer.verdict = Verdict::interrupted;
        if (result.verdict != Verdict::violated)
          return std::nullopt;
        answer.also->push_back({result.trace->violation.property, result.trace->actions.size()});
        return result.trace->violation.property;
      });
}

Answer check_here(const Config& config, SearchOptions options) {
  options.silent = true;
  const LoadedConfig loaded = load_within(options, config);
  const CheckResult result = search(loaded, options);
  Answer answer = answer_of(loaded, result);
  if (answer.verdict == Verdict::holds)
    add_examples(answer, examples_of(loaded, result, options, {}));
  if (answer.violation && config.expect && config.expect->also)
    add_further(answer, loaded, options);
  return answer;
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

bool is_final(const GateOutcome& outcome) {
  return outcome.followed || (outcome.answer && cli::is_final(*outcome.answer));
}

bool was_interrupted(const GateOutcome& outcome) {
  return (outcome.answer && outcome.answer->verdict == Verdict::interrupted) ||
         (outcome.failure && outcome.failure->code == ExitCode::interrupted);
}

// What the answer to an item depends on.
std::string content_of(const GateItem& item) {
  if (!item.config)
    return "witness " + files::read(item.file.path);
  // More than the check alone.
  const bool further = item.config->expect && item.config->expect->also;
  const bool examples = !item.config->scenario.sometimes.empty();
  return std::string(further ? "findings of " : "") + (examples ? "examples of " : "") +
         check_content(*item.config);
}

// --- all of them ---

class Answers {
public:
  Answers(const std::vector<GateItem>& items, const AnswerOptions& options)
      : items_(items), options_(options), kept_(options.cache, options.search),
        outcomes_(items.size()) {
    if (options.seconds)
      until_ = std::chrono::steady_clock::now() +
               std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                   std::chrono::duration<double>(*options.seconds));
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
    kept_.forget_unused();
  }

private:
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
    if (is_final(outcome) && keys_.contains(i))
      kept_.keep(keys_.at(i), json_of(outcome));
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
    try {
      keys_[i] = kept_.key_of(content_of(items_[i]));
      const std::optional<Json> found = kept_.find(keys_[i]);
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
  KeptAnswers kept_;
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
  GateOutcome outcome;
  outcome.answer = answer;
  KeptAnswers kept(options.cache, options.search, [](const std::string&) {}); // it was told before
  kept.keep(kept.key_of(content_of(item)), json_of(outcome));
}

void answer_all(const std::vector<GateItem>& items, const AnswerOptions& options,
                const std::function<void(const GateItem&, const GateOutcome&)>& use) {
  Answers(items, options).run(use);
}

} // namespace interlock::checker::cli
