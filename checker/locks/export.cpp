// A lock analysis for machines: JSON.
#include "locks/report.hpp"

namespace interlock::checker {

namespace {

using Json = nlohmann::ordered_json;

Json step_json(const lang::Spec& spec, lang::ActionId id) {
  const lang::Action& action = spec.actions()[id];
  return {{"thread", spec.threads()[action.thread].name},
          {"label", action.label},
          {"chain", action.chain},
          {"file", action.anchor.file},
          {"revision", action.anchor.revision},
          {"function", action.anchor.function},
          {"line", action.anchor.line}};
}

Json path_json(const lang::Spec& spec, const std::vector<lang::ActionId>& path) {
  Json steps = Json::array();
  for (const lang::ActionId id : path)
    steps.push_back(step_json(spec, id));
  return steps;
}

Json end_json(const LockInfo& lock, lang::Mode mode) {
  return {{"lock", lock.name},
          {"class", lock.lock_class},
          {"mode", mode == lang::Mode::shared ? "shared" : "exclusive"}};
}

template <class Ids, class Name> Json names_json(const Ids& ids, Name name) {
  Json names = Json::array();
  for (const auto& id : ids)
    names.push_back(name(id));
  return names;
}

Json step_or_null(const lang::Spec& spec, const std::optional<lang::ActionId>& step) {
  return step ? step_json(spec, *step) : Json();
}

Json edge_json(const lang::Spec& spec, const LockGraph& graph, const LockEdge& edge) {
  Json json;
  json["held"] = end_json(graph.locks[edge.held], edge.held_mode);
  json["acquired"] = end_json(graph.locks[edge.acquired], edge.acquired_mode);
  json["blocking"] = edge.blocking;
  json["try"] = edge.tried;
  json["threads"] =
      names_json(edge.threads, [&](lang::ThreadId id) { return spec.threads()[id].name; });
  json["sites"] = edge.sites;
  json["gate"] = names_json(edge.gate, [&](LockIndex id) { return graph.locks[id].name; });
  json["established"] = step_or_null(spec, edge.established);
  json["attempt"] = step_json(spec, edge.attempt);
  json["path"] = path_json(spec, edge.path);
  return json;
}

Json finding_json(const lang::Spec& spec, const LockGraph& graph, const LockFinding& finding) {
  const auto thread = [&](lang::ThreadId id) { return spec.threads()[id].name; };
  std::optional<lang::ActionId> attempt;
  std::optional<lang::ActionId> established;
  Json waits = Json::array();
  if (finding.mishap) {
    const LockMishap& mishap = graph.mishaps[*finding.mishap];
    for (const Waiter& waiter : mishap.waiters)
      waits.push_back({{"thread", thread(waiter.thread)},
                       {"lock", graph.locks[waiter.lock].name},
                       {"attempt", step_json(spec, waiter.action)},
                       {"holder", thread(waiter.holder)},
                       {"established", step_or_null(spec, waiter.established)}});
    if (mishap.kind != LockMishap::Kind::deadlock && mishap.kind != LockMishap::Kind::stuck) {
      attempt = mishap.action;
      established = mishap.established;
    }
  }
  return {{"kind", kind_name(finding.kind)},
          {"property", property_of(finding.kind)},
          {"text", finding.text},
          {"reason", finding.reason},
          {"meet", finding.meet ? Json(*finding.meet) : Json()},
          {"edges", finding.edges},
          {"threads", names_json(finding.threads, thread)},
          {"attempt", step_or_null(spec, attempt)},
          {"established", step_or_null(spec, established)},
          {"waits", std::move(waits)},
          {"path", path_json(spec, finding.path)}};
}

} // namespace

Json lock_json(const lang::Spec& spec, const LockAnalysis& analysis) {
  const LockGraph& graph = analysis.graph;
  Json json;
  Json cut = Json::object();
  for (const auto& [property, count] : graph.statistics.cut)
    cut[property] = count;
  json["statistics"] = {{"states", graph.statistics.states},
                        {"transitions", graph.statistics.transitions},
                        {"depth", graph.statistics.depth},
                        {"seconds", graph.statistics.seconds},
                        {"cut", std::move(cut)}};
  json["limit"] = graph.limit.empty() ? Json() : Json(graph.limit);
  json["classes"] = Json::array();
  for (std::size_t i = 0; i < graph.classes.size(); ++i)
    json["classes"].push_back({{"name", graph.classes[i]}, {"rank", analysis.ranks.ranks[i]}});
  json["documented"] = analysis.documented;
  json["nesting"] = Json::array();
  for (const lang::Nesting& rule : spec.nestings())
    json["nesting"].push_back({{"class", rule.lock_class}, {"rule", rule.text}});
  json["locks"] = Json::array();
  for (const LockInfo& lock : graph.locks)
    json["locks"].push_back({{"name", lock.name},
                             {"class", lock.lock_class},
                             {"kind", lock.kind},
                             {"soft", lock.soft}});
  json["edges"] = Json::array();
  for (const LockEdge& edge : graph.edges)
    json["edges"].push_back(edge_json(spec, graph, edge));
  json["no_order"] = Json();
  const auto class_edges = [&](const std::vector<std::size_t>& edges) {
    return names_json(edges, [&](std::size_t i) -> Json {
      return {{"held", graph.classes[graph.blocking[i].held]},
              {"acquired", graph.classes[graph.blocking[i].acquired]}};
    });
  };
  if (!analysis.ranks.ordered())
    json["no_order"] = {{"cycle", class_edges(analysis.ranks.cycle)},
                        {"removal", class_edges(analysis.ranks.removal)}};
  json["findings"] = Json::array();
  for (const LockFinding& finding : analysis.findings)
    json["findings"].push_back(finding_json(spec, graph, finding));
  return json;
}

} // namespace interlock::checker
