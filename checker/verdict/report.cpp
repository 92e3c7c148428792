// The human report and its JSON twin.
#include "verdict/report.hpp"
#include "text/lists.hpp"
#include "text/numbers.hpp"
#include "text/printable.hpp"
#include "text/wrap.hpp"

#include "locks/report.hpp"
#include "verdict/bounds.hpp"
#include "verdict/cuts.hpp"
#include "witnesses/steps_json.hpp"
#include "witnesses/table.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

namespace interlock::checker {

namespace {

std::string fixed(double value, int digits) {
  char buffer[64];
  std::snprintf(buffer, sizeof buffer, "%.*f", digits, value);
  return buffer;
}

std::vector<std::string> excused_by(const Config& config) {
  std::vector<std::string> names;
  for (const systems::Text& name : config.scenario.excused)
    names.push_back(name.text);
  return names;
}

// What holds.
std::string properties_text(const CheckedConfig& checked) {
  const std::string set =
      checked.properties.by_format
          ? " (the set of format " + std::to_string(checked.config->scenario.format) + ")"
          : "";
  return "checked" + set + ": " + text::joined(checked.properties.names) + "\n";
}

std::string examples_text(const CheckedConfig& checked) {
  std::string text;
  for (const Example& example : checked.examples)
    if (example.happens)
      text += "sometimes " + example.name +
              (example.steps ? ": after " + text::counted(*example.steps, "step") : "") +
              (example.witness_path.empty() ? "" : ", witness: " + example.witness_path) + "\n";
  for (const UnreachedReturn& unreached : checked.unreached)
    if (is_on_purpose(unreached, *checked.config))
      text += text_of(unreached) + ", as is meant\n";
  for (const std::size_t patch : checked.unreached_patches)
    text += text_of_unreached(patch, *checked.config) + "\n";
  return text;
}

nlohmann::ordered_json examples_json(const std::vector<Example>& examples) {
  using Json = nlohmann::ordered_json;
  Json list = Json::array();
  for (const Example& example : examples)
    list.push_back(
        {{"name", example.name},
         {"happens", example.happens},
         {"text", example.happens ? Json() : Json(example.text)},
         {"limit", example.limit.empty() ? Json() : Json(example.limit)},
         {"steps", example.steps ? Json(*example.steps) : Json()},
         {"witness", example.witness_path.empty() ? Json() : Json(example.witness_path)}});
  return list;
}

nlohmann::ordered_json unreached_json(const std::vector<UnreachedReturn>& unreached) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const UnreachedReturn& each : unreached)
    list.push_back({{"thread", each.thread},
                    {"call", each.call},
                    {"number", each.number},
                    {"begins", each.begins}});
  return list;
}

std::string findings_text(const lang::Spec& spec, const CheckResult& result) {
  std::string text;
  if (result.locks)
    for (const LockFinding& finding : result.locks->findings)
      text += finding_text(spec, *result.locks, finding) + "\n";
  return text;
}

nlohmann::ordered_json replay_json(const ReplaySummary& replay) {
  nlohmann::ordered_json counts;
  for (const auto& [name, count] : replay.counts)
    counts[name] = count;
  return {{"outcome", replay.outcome},   {"text", replay.text},
          {"steps", replay.steps},       {"threads", replay.threads},
          {"counts", std::move(counts)}, {"not_checked", replay.not_checked}};
}

std::optional<ExceededBound> bound_of(const CheckedConfig& checked) {
  if (checked.result.verdict != Verdict::violated)
    return std::nullopt;
  return exceeded_bound(*checked.spec, checked.result.trace.value());
}

// null where nothing is violated.
nlohmann::ordered_json violation_json(const CheckedConfig& checked, const ReportOptions& options) {
  using Json = nlohmann::ordered_json;
  Json json;
  if (checked.witness)
    json = {{"property", checked.witness->property},
            {"kind", witnesses::kind_name(checked.witness->kind)},
            {"message", checked.witness->message},
            {"length", checked.witness->steps.size()},
            {"context_switches", checked.witness->context_switches}};
  if (checked.first_screen)
    json["story"] = first_screen_json(*checked.first_screen);
  if (checked.witness)
    json["table"] = witnesses::steps_json(*checked.witness, options.tell);
  if (const auto bound = bound_of(checked))
    json["bound"] = {{"step", bound->step},
                     {"pool", bound->pool.empty() ? Json() : Json(bound->pool)},
                     {"key", bound->key.empty() ? Json() : Json(bound->key)}};
  return json;
}

StoryLayout layout_of(const ReportOptions& options) {
  return {.width = options.width, .paint = options.paint};
}

// What is painted is printable; so has the rest to be then.
std::string safe(const std::string& text, const ReportOptions& options) {
  return options.paint.on() ? text::printable(text) : text;
}

std::string counterexample_text(const CheckedConfig& checked, const ReportOptions& options) {
  const witnesses::Witness& witness = *checked.witness;
  std::string text = checked.first_screen
                         ? first_screen_text(*checked.first_screen, layout_of(options))
                         : safe(witness.property + ": " + witness.message + "\n", options);
  const std::string endings = safe(witnesses::endings(witness), options);
  const bool first = witness.kind == lang::ViolationKind::deadlock;
  if (first)
    text += endings;
  text += "\n" + witnesses::table(witness, {.tell = options.tell,
                                            .width = options.width,
                                            .fold = options.fold,
                                            .paint = options.paint});
  if (!first)
    text += endings.empty() ? "" : "\n" + endings;
  return text + "\n";
}

// "states 12, transitions 20, depth 5, 0.01 s, 1200 states/s" and the store's lines.
std::string statistics_text(const Statistics& statistics) {
  std::string text = text::counted(statistics.states, "state") + ", " +
                     text::counted(statistics.transitions, "transition") + ", depth " +
                     std::to_string(statistics.depth) + ", " + fixed(statistics.seconds, 2) + " s";
  if (statistics.seconds > 0)
    text +=
        ", " + fixed(static_cast<double>(statistics.states) / statistics.seconds, 0) + " states/s";
  text += ", " + text::counted(statistics.state_bits, "bit") + " per state, " +
          fixed(statistics.bytes_per_state, 1) + " bytes of memory per state\n";
  for (const auto& [property, count] : statistics.cut)
    text += "cut: " + text::counted(count, "step") + " not taken that would violate " + property +
            ", which this config does not check\n";
  return text;
}

// The actions that were never taken: a line with their number, then one per label: `LABEL  THREAD,
// ... FILE:LINE`.  A label can have several actions in a thread, one for each way to it: `p (1 of
// 3)` says how many of them were never taken.
std::string coverage_text(const lang::Spec& spec, const Statistics& statistics) {
  struct Count {
    std::size_t never = 0;
    std::size_t all = 0;
  };
  struct Row {
    std::map<std::string, Count> threads;
    lang::Anchor anchor;
    std::size_t never = 0;
  };
  std::map<std::string, Row> rows; // by label
  std::size_t never = 0;
  for (std::size_t i = 0; i < spec.actions().size(); ++i) {
    const lang::Action& action = spec.actions()[i];
    const bool taken = i < statistics.action_counts.size() && statistics.action_counts[i] != 0;
    Row& row = rows[action.label];
    Count& count = row.threads[spec.threads()[action.thread].name];
    row.anchor = action.anchor;
    ++count.all;
    count.never += taken ? 0 : 1;
    row.never += taken ? 0 : 1;
    never += taken ? 0 : 1;
  }
  std::erase_if(rows, [](const auto& entry) { return entry.second.never == 0; });
  std::size_t widest = 0;
  for (const auto& [label, row] : rows)
    widest = std::max(widest, label.size());
  std::string text = std::to_string(never) + " of " +
                     text::counted(spec.actions().size(), "action") + " never taken\n";
  for (const auto& [label, row] : rows) {
    std::string names;
    for (const auto& [thread, count] : row.threads) {
      if (count.never == 0)
        continue;
      names += (names.empty() ? "" : ", ") + thread;
      if (count.never < count.all)
        names += " (" + std::to_string(count.never) + " of " + std::to_string(count.all) + ")";
    }
    text += "  " + label;
    text.append(widest - label.size() + 2, ' ') += names;
    if (!row.anchor.file.empty())
      text += "  " + row.anchor.file +
              (row.anchor.line > 0 ? ":" + std::to_string(row.anchor.line) : "");
    text += "\n";
  }
  return text;
}

} // namespace

bool CheckedConfig::is_vacuous() const {
  const bool all_return =
      std::all_of(unreached.begin(), unreached.end(),
                  [&](const UnreachedReturn& each) { return is_on_purpose(each, *config); });
  return !all_return || std::any_of(examples.begin(), examples.end(), [](const Example& example) {
    return !example.happens && example.limit.empty();
  });
}

bool CheckedConfig::misses_examples() const {
  return std::any_of(examples.begin(), examples.end(),
                     [](const Example& example) { return !example.limit.empty(); });
}

ExitCode exit_code_of(const CheckedConfig& checked) {
  if (!checked.error.empty())
    return ExitCode::system;
  if (checked.is_vacuous())
    return ExitCode::vacuous;
  if (checked.misses_examples())
    return ExitCode::incomplete;
  return checked.replay && checked.replay->diverged() ? ExitCode::diverged
                                                      : exit_code_of(checked.result);
}

std::string verdict_text(const CheckResult& result) {
  switch (result.verdict) {
  case Verdict::holds:
    return "holds";
  case Verdict::violated:
    return "violates " + result.trace.value().violation.property + " (" +
           text::counted(result.trace->actions.size(), "step") + ")";
  case Verdict::incomplete:
    return "incomplete";
  case Verdict::interrupted:
    return "interrupted";
  }
  return "";
}

std::string report(const CheckedConfig& checked, const ReportOptions& options) {
  const CheckResult& result = checked.result;
  std::string text = checked.config->source->name() + ": " + verdict_text(result);
  if (checked.witness)
    text += ", " + std::to_string(checked.witness->context_switches) + " switch" +
            (checked.witness->context_switches == 1 ? "" : "es");
  if (result.verdict == Verdict::incomplete)
    text += ": " + result.limit;
  for (const auto& [property, count] : result.statistics.cut)
    text += "; " + text::counted(count, "step") + " cut that would violate " + property;
  for (const Example& example : checked.examples)
    if (!example.limit.empty())
      text += "; " + example.name + " was not found until a limit was reached: " + example.limit;
    else if (!example.happens)
      text += "; vacuous: " + example.name + ": " + example.text;
  for (const UnreachedReturn& unreached : checked.unreached)
    if (!is_on_purpose(unreached, *checked.config))
      text += "; vacuous: " + text_of(unreached);
  if (const auto excused = excused_by(*checked.config); !excused.empty())
    text += "; excused: " + text::joined(excused);
  if (options.quiet)
    return options.paint(text::Style::bold, safe(text, options)) + "\n";
  const std::vector<std::string> lines = text::wrapped(safe(text, options), options.width, 2);
  text.clear();
  for (const std::string& line : lines)
    text += options.paint(text::Style::bold, line) + "\n";
  if (checked.witness)
    text += counterexample_text(checked, options);
  std::string rest;
  if (const auto bound = bound_of(checked))
    rest += bound_text(*bound);
  rest += findings_text(*checked.spec, result);
  if (result.verdict == Verdict::incomplete)
    rest += what_to_cut(*checked.config);
  if (result.verdict == Verdict::holds)
    rest += properties_text(checked);
  rest += examples_text(checked);
  rest += statistics_text(result.statistics);
  if (options.coverage)
    rest += coverage_text(*checked.spec, result.statistics);
  if (checked.replay)
    rest += checked.replay->text + "\n";
  if (!checked.witness_path.empty())
    rest += "witness: " + checked.witness_path + "\nreplay: interlock replay " +
            checked.witness_path + "\n";
  return text + safe(rest + exit_line(exit_code_of(checked)), options);
}

nlohmann::ordered_json json_report(const CheckedConfig& checked, const ReportOptions& options) {
  using Json = nlohmann::ordered_json;
  static const char* const verdicts[] = {"holds", "violated", "incomplete", "interrupted"};
  const CheckResult& result = checked.result;
  const Statistics& statistics = result.statistics;
  const ExitCode code = exit_code_of(checked);
  Json json;
  json["config"] = checked.config->source->name();
  json["digest"] = checked.config->digest;
  json["system"] = checked.config->scenario.system.text;
  json["revision"] = checked.config->scenario.revision.text;
  json["properties"] = checked.properties.names;
  json["format"] = checked.properties.by_format ? Json(checked.config->scenario.format) : Json();
  json["excused"] = excused_by(*checked.config);
  json["order"] = checked.order;
  json["verdict"] =
      checked.is_vacuous() ? "vacuous" : verdicts[static_cast<std::size_t>(result.verdict)];
  json["exit"] = {{"code", static_cast<int>(code)}, {"text", text_of(code)}};
  json["limit"] = result.verdict == Verdict::incomplete ? Json(result.limit) : Json();
  json["violation"] = violation_json(checked, options);
  json["locks"] = result.locks ? lock_json(*checked.spec, *result.locks) : Json();
  json["witness"] = checked.witness_path.empty() ? Json() : Json(checked.witness_path);
  json["error"] = checked.error.empty() ? Json() : Json(checked.error);
  json["replay"] = checked.replay ? replay_json(*checked.replay) : Json();
  Json cut = Json::object();
  for (const auto& [property, count] : statistics.cut)
    cut[property] = count;
  json["statistics"] = {{"states", statistics.states},
                        {"transitions", statistics.transitions},
                        {"depth", statistics.depth},
                        {"seconds", statistics.seconds},
                        {"state_bits", statistics.state_bits},
                        {"bytes_per_state", statistics.bytes_per_state},
                        {"cut", std::move(cut)}};
  json["sometimes"] = examples_json(checked.examples);
  json["never_returns"] = unreached_json(checked.unreached);
  json["unreached_patches"] = checked.unreached_patches;
  if (options.coverage) {
    json["never_taken"] = Json::array();
    for (std::size_t i = 0; i < statistics.action_counts.size(); ++i) {
      const lang::Action& action = checked.spec->actions().at(i);
      if (statistics.action_counts[i] == 0)
        json["never_taken"].push_back({{"thread", checked.spec->threads()[action.thread].name},
                                       {"label", action.label},
                                       {"chain", action.chain},
                                       {"file", action.anchor.file},
                                       {"line", action.anchor.line}});
    }
  }
  return json;
}

} // namespace interlock::checker
