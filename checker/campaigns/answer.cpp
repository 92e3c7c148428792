// From results to answers, and to JSON and back.
#include "campaigns/answer.hpp"

#include "text/wrap.hpp"
#include "witnesses/step_text.hpp"
#include "witnesses/table.hpp"

namespace interlock::checker {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::pair<Verdict, const char*> verdict_names[] = {
    {Verdict::holds, "holds"},
    {Verdict::violated, "violated"},
    {Verdict::incomplete, "incomplete"},
    {Verdict::interrupted, "interrupted"},
};

const char* name_of(Verdict verdict) {
  for (const auto& [each, name] : verdict_names)
    if (each == verdict)
      return name;
  return "";
}

Verdict verdict_of(const Json& json) {
  const auto& wanted = json.get_ref<const std::string&>();
  for (const auto& [verdict, name] : verdict_names)
    if (wanted == name)
      return verdict;
  throw Json::other_error::create(501, "no verdict: " + wanted, &json);
}

// The label without its path.
std::string statement_of(const witnesses::WitnessStep& step) {
  const std::size_t dot = step.label.find('.');
  return dot == std::string::npos ? step.label : step.label.substr(dot + 1);
}

std::vector<AnswerStep> steps_of(const witnesses::Witness& witness) {
  std::vector<AnswerStep> steps;
  for (const witnesses::WitnessStep& step : witness.steps)
    steps.push_back({step.thread,
                     step.label,
                     statement_of(step),
                     {},
                     step.source.file,
                     step.source.function,
                     step.source.line,
                     false});
  for (const witnesses::StepText& told : witnesses::step_texts(witness, {}).steps) {
    AnswerStep& step = steps.at(told.number - 1);
    step.text = told.lines.empty() ? step.text : told.lines.front();
    step.changes = told.changes;
    step.told = true;
  }
  return steps;
}

Json json_of(const AnswerStep& step) {
  return {{"thread", step.thread},   {"label", step.label}, {"text", step.text},
          {"changes", step.changes}, {"file", step.file},   {"function", step.function},
          {"line", step.line},       {"told", step.told}};
}

AnswerStep step_from(const Json& json) {
  return {json.at("thread").get<std::string>(), json.at("label").get<std::string>(),
          json.at("text").get<std::string>(),   json.at("changes").get<std::vector<std::string>>(),
          json.at("file").get<std::string>(),   json.at("function").get<std::string>(),
          json.at("line").get<int>(),           json.at("told").get<bool>()};
}

Json json_of(const AnswerViolation& violation) {
  Json steps = Json::array();
  for (const AnswerStep& step : violation.steps)
    steps.push_back(json_of(step));
  return {{"property", violation.property}, {"kind", violation.kind},
          {"message", violation.message},   {"context_switches", violation.context_switches},
          {"threads", violation.threads},   {"steps", std::move(steps)},
          {"endings", violation.endings},   {"story", violation.story}};
}

Json json_of(const std::optional<std::vector<FurtherFinding>>& also) {
  if (!also)
    return {};
  Json list = Json::array();
  for (const FurtherFinding& finding : *also)
    list.push_back({{"property", finding.property}, {"trace_length", finding.trace_length}});
  return list;
}

std::vector<FurtherFinding> also_from(const Json& json) {
  std::vector<FurtherFinding> also;
  for (const Json& finding : json)
    also.push_back({finding.at("property").get<std::string>(),
                    finding.at("trace_length").get<std::uint64_t>()});
  return also;
}

AnswerViolation violation_from(const Json& json) {
  AnswerViolation violation{json.at("property").get<std::string>(),
                            json.at("kind").get<std::string>(),
                            json.at("message").get<std::string>(),
                            json.at("context_switches").get<std::uint64_t>(),
                            json.at("threads").get<std::vector<std::string>>(),
                            {},
                            json.at("endings").get<std::vector<std::string>>(),
                            json.at("story").get<std::vector<std::string>>()};
  for (const Json& step : json.at("steps"))
    violation.steps.push_back(step_from(step));
  return violation;
}

} // namespace

std::string outcome_text(const Answer& answer) {
  if (answer.violation)
    return "violates " + answer.violation->property;
  return answer.verdict == Verdict::holds && !answer.never.empty() ? "vacuous"
                                                                   : name_of(answer.verdict);
}

Answer answer_of(const CheckResult& result, const witnesses::Witness* witness,
                 const std::string& story, const std::vector<std::string>& notes) {
  Answer answer;
  answer.verdict = result.verdict;
  answer.limit = result.limit;
  answer.states = result.statistics.states;
  answer.transitions = result.statistics.transitions;
  answer.depth = result.statistics.depth;
  answer.seconds = result.statistics.seconds;
  answer.cut = result.statistics.cut;
  answer.notes = notes;
  if (witness != nullptr)
    answer.violation = {witness->property,
                        witnesses::kind_name(witness->kind),
                        witness->message,
                        witness->context_switches,
                        witness->threads,
                        steps_of(*witness),
                        text::lines_of(witnesses::endings(*witness)),
                        text::lines_of(story)};
  return answer;
}

Json json_of(const Answer& answer) {
  return {{"verdict", name_of(answer.verdict)},
          {"limit", answer.limit},
          {"states", answer.states},
          {"transitions", answer.transitions},
          {"depth", answer.depth},
          {"seconds", answer.seconds},
          {"cut", answer.cut},
          {"notes", answer.notes},
          {"violation", answer.violation ? json_of(*answer.violation) : Json()},
          {"never", answer.never},
          {"unreached", answer.unreached},
          {"returns", answer.returns},
          {"also", json_of(answer.also)},
          {"also_limit", answer.also_limit}};
}

Answer answer_from(const Json& json) {
  Answer answer;
  answer.verdict = verdict_of(json.at("verdict"));
  answer.limit = json.at("limit").get<std::string>();
  answer.states = json.at("states").get<std::uint64_t>();
  answer.transitions = json.at("transitions").get<std::uint64_t>();
  answer.depth = json.at("depth").get<std::uint64_t>();
  answer.seconds = json.at("seconds").get<double>();
  answer.cut = json.at("cut").get<std::map<std::string, std::uint64_t>>();
  answer.notes = json.at("notes").get<std::vector<std::string>>();
  if (const Json& violation = json.at("violation"); !violation.is_null())
    answer.violation = violation_from(violation);
  answer.never = json.at("never").get<std::vector<std::string>>();
  answer.unreached = json.at("unreached").get<std::vector<std::string>>();
  answer.returns = json.at("returns").get<std::vector<std::string>>();
  if (const Json& also = json.at("also"); !also.is_null())
    answer.also = also_from(also);
  answer.also_limit = json.at("also_limit").get<std::string>();
  return answer;
}

} // namespace interlock::checker
