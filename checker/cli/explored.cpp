// A kept counterexample is its steps: they are followed in the specification, as those of any other
// witness, so that what comes of them never depends on what was kept.
#include "cli/explored.hpp"

#include "cli/interruption.hpp"

#include <iostream>

namespace interlock::checker::cli {

namespace {

using Json = nlohmann::ordered_json;

} // namespace

Explored::Explored(Config config, std::unique_ptr<LoadedConfig>& loaded,
                   const SearchOptions& options, KeptAnswers& kept)
    : config_(std::move(config)), loaded_(loaded), options_(options), kept_(kept),
      content_(answer_text(config_)) {}

LoadedConfig& Explored::loaded() {
  if (!loaded_)
    loaded_ = std::make_unique<LoadedConfig>(load_within(options_, config_));
  return *loaded_;
}

void Explored::explore() {
  result_ = search(loaded(), options_);
  answer_ = answer_of(loaded(), *result_);
  if (!is_final(*answer_))
    return;
  kept_.keep(kept_.key_of(check_content(config_)), {{"answer", json_of(*answer_)}});
  if (result_->trace)
    kept_.keep(kept_.key_of("counterexample " + content_),
               Json(witnesses::write(
                   witness_of(config_, *loaded().built.spec, *result_, witnesses::Form::steps))));
}

const Answer& Explored::answer() {
  if (answer_)
    return *answer_;
  try {
    if (const auto found = kept_.find(kept_.key_of(check_content(config_)))) {
      answer_ = answer_from(found->at("answer"));
      if (!loaded_ && !options_.silent)
        for (const std::string& note : answer_->notes)
          std::cerr << config_.source->name() << ": note: " << note << "\n";
    }
  } catch (const Json::exception&) { // of a failure, or none that json_of makes
    answer_.reset();
  }
  if (!answer_)
    explore();
  return *answer_;
}

std::optional<lang::Trace> Explored::kept_trace() {
  const auto found = kept_.find(kept_.key_of("counterexample " + content_));
  if (!found || !found->is_string() || loaded().stopped)
    return std::nullopt;
  const auto no_analysis = [] { return witnesses::Findings{{}, "not analysed"}; };
  try {
    const json::Source source("the kept counterexample", found->get<std::string>(),
                              {witnesses::largest_file, 64});
    return witnesses::trace_of(*loaded().built.spec, witnesses::read(source), no_analysis);
  } catch (const json::DocumentError&) {
  } catch (const witnesses::WitnessError&) { // of an analysis, whose finding is not its last step
  }
  return std::nullopt;
}

CheckResult Explored::counterexample() {
  if (!result_) {
    std::optional<lang::Trace> trace = kept_trace();
    if (!trace) {
      explore();
    } else {
      result_.emplace();
      result_->verdict = Verdict::violated;
      result_->trace = std::move(trace);
      result_->statistics.seconds = answer_->seconds;
      result_->statistics.cut = answer_->cut;
    }
  }
  return *result_;
}

ExploredTexts Explored::texts(const std::string& kind,
                              const std::function<ExploredTexts()>& explore) {
  const std::string key = kept_.key_of(kind + " " + content_);
  try {
    if (const auto found = kept_.find(key))
      return {found->get<std::set<std::string>>(), ""};
  } catch (const Json::exception&) { // no list of texts: explored again
  }
  ExploredTexts texts = explore();
  if (texts.limit.empty() && !interrupted().load())
    kept_.keep(key, Json(texts.texts));
  return texts;
}

ExploredTexts Explored::lock_orders() {
  return texts("lock orders", [this] {
    const LockGraph graph = analyse(loaded(), options_).graph;
    ExploredTexts orders{{}, graph.limit};
    for (const ClassEdge& edge : graph.blocking)
      orders.texts.insert(graph.classes[edge.held] + " -> " + graph.classes[edge.acquired]);
    return orders;
  });
}

ExploredTexts Explored::behaviours() {
  return texts("behaviours", [this] {
    Behaviours found = cli::behaviours(loaded(), options_);
    return ExploredTexts{std::move(found.sequences), std::move(found.limit)};
  });
}

} // namespace interlock::checker::cli
