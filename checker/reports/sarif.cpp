// The log as JSON, by sarif-schema-2.1.0.json.
#include "reports/sarif.hpp"

#include "reports/finding_text.hpp"
#include "text/printable.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>

namespace interlock::checker::reports {

namespace {

using Json = nlohmann::ordered_json;

// RFC 3986: a path as a relative reference, or an absolute one as a file's URI.
std::string uri_of(const std::string& file) {
  constexpr const char* plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "-._~/";
  std::string uri = file.starts_with("/") ? "file://" : "";
  for (const char c : std::filesystem::path(file).lexically_normal().string()) {
    if (std::string_view(plain).find(c) != std::string_view::npos) {
      uri += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    uri += '%';
    uri += "0123456789ABCDEF"[byte >> 4U];
    uri += "0123456789ABCDEF"[byte & 15U];
  }
  return uri;
}

Json message(const std::string& text) { return {{"text", text::printable(text)}}; }

Json physical(const Place& place) {
  Json location{{"artifactLocation", {{"uri", uri_of(place.file)}}}};
  if (place.line > 0)
    location["region"] = {{"startLine", place.line}};
  return location;
}

Json location(const Place& place, const std::string& text) {
  Json json{{"physicalLocation", physical(place)}};
  if (!text.empty())
    json["message"] = message(text);
  return json;
}

Json thread_flow(const Finding& finding, const std::string& thread) {
  Json locations = Json::array();
  for (std::size_t i = 0; i < finding.steps.size(); ++i) {
    const Step& step = finding.steps[i];
    if (step.thread != thread)
      continue;
    const bool last = i + 1 == finding.steps.size();
    locations.push_back(
        {{"location", location(step.place.file.empty() ? finding.config : step.place, step.text)},
         {"executionOrder", i + 1},
         {"importance", last        ? "essential"
                        : step.told ? "important"
                                    : "unimportant"}});
  }
  return {{"id", text::printable(thread)},
          {"message", message("thread " + thread)},
          {"locations", std::move(locations)}};
}

Json code_flows(const Finding& finding) {
  Json flows = Json::array();
  for (const std::string& thread : finding.threads)
    if (std::any_of(finding.steps.begin(), finding.steps.end(),
                    [&](const Step& step) { return step.thread == thread; }))
      flows.push_back(thread_flow(finding, thread));
  return Json::array(
      {{{"message", message("the shortest counterexample")}, {"threadFlows", std::move(flows)}}});
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines)
    text += (text.empty() ? "" : "\n") + line;
  return text;
}

Json result_of(const Finding& finding, std::size_t rule) {
  std::vector<std::string> lines = finding.details;
  lines.insert(lines.begin(), finding.config.file + ": " + finding.title);
  lines.push_back("reproduce: " + finding.reproduce);
  Json related = Json::array();
  const auto relate = [&](const Place& place, const std::string& text) {
    Json json = location(place, text);
    json["id"] = related.size() + 1;
    related.push_back(std::move(json));
  };
  relate(finding.config, "the config");
  for (const Place& change : finding.changes)
    relate(change, "what has changed");
  const Place& place = finding.place ? *finding.place : finding.config;
  Json result{{"ruleId", finding.rule},
              {"ruleIndex", rule},
              {"level", "error"},
              {"message", message(joined(lines))},
              {"locations", Json::array({location(place, "")})},
              {"relatedLocations", std::move(related)},
              {"partialFingerprints",
               {{"configAndRule/v1", text::printable(finding.config.file + ": " + finding.rule)}}}};
  if (!finding.steps.empty())
    result["codeFlows"] = code_flows(finding);
  return result;
}

Json rule_of(const Finding& finding) {
  return {{"id", finding.rule}, {"shortDescription", message(finding.rule_text)}};
}

} // namespace

std::string sarif(const Report& report) {
  Json rules = Json::array();
  Json results = Json::array();
  std::vector<std::string> known;
  for (const Case& each : report.cases) {
    if (!each.finding)
      continue;
    const auto at = std::find(known.begin(), known.end(), each.finding->rule);
    const auto index = static_cast<std::size_t>(at - known.begin());
    if (at == known.end()) {
      known.push_back(each.finding->rule);
      rules.push_back(rule_of(*each.finding));
    }
    results.push_back(result_of(*each.finding, index));
  }
  const bool successful = report.count(Case::Outcome::wrong) == 0;
  const Json run{{"tool",
                  {{"driver",
                    {{"name", "Interlock"},
                     {"semanticVersion", report.version},
                     {"rules", std::move(rules)}}}}},
                 {"automationDetails", {{"id", "interlock-" + report.command + "/"}}},
                 {"invocations", Json::array({{{"executionSuccessful", successful},
                                               {"exitCode", report.exit_code}}})},
                 {"results", std::move(results)}};
  const Json log{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                 {"version", "2.1.0"},
                 {"runs", Json::array({run})}};
  constexpr bool ensure_ascii = false;
  return log.dump(2, ' ', ensure_ascii, Json::error_handler_t::replace) + "\n";
}

} // namespace interlock::checker::reports
