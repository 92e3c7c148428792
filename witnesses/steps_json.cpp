// The table's content as JSON; see steps_json.hpp.
#include "witnesses/steps_json.hpp"

namespace interlock::witnesses {

namespace {

using Json = nlohmann::ordered_json;

Json filter_json(const TellOptions& options) {
  const bool open = options.last == std::numeric_limits<std::size_t>::max();
  return {{"only", options.only},
          {"steps", {{"first", options.first}, {"last", open ? Json() : Json(options.last)}}},
          {"locks", options.locks},
          {"full", options.full}};
}

Json step_json(const WitnessStep& step, const StepText& text, const Statements& statements) {
  const auto statement = statements.find(step.label);
  const bool in_tree = statement != statements.end();
  return {{"step", text.number},
          {"thread", step.thread},
          {"label", step.label},
          {"chain", step.chain},
          {"file", in_tree ? statement->second.file : step.source.file},
          {"revision", step.source.revision},
          {"function", step.source.function},
          {"line", text.line > 0 ? Json(text.line) : Json()},
          {"statement", in_tree ? Json(statement->second.text) : Json()},
          {"does", text.lines},
          {"changes", text.changes}};
}

} // namespace

Json steps_json(const Witness& witness, const TellOptions& options) {
  const StepTexts texts = step_texts(witness, options);
  Json steps = Json::array();
  for (const StepText& text : texts.steps)
    steps.push_back(step_json(witness.steps[text.number - 1], text, options.statements));
  return {{"filter", filter_json(options)},
          {"length", witness.steps.size()},
          {"left_out", texts.left_out},
          {"not_asked_for", texts.filtered},
          {"steps", std::move(steps)}};
}

} // namespace interlock::witnesses
