// Labels and chains of statements.
#include "lang/places.hpp"

#include "lang/patch.hpp"

#include <algorithm>

namespace interlock::lang {

namespace {

std::string chain_of(const Declarations& spec, const Found& found) {
  std::string chain = spec.thread_name(found.thread);
  for (const StatementRef& call : found.calls)
    chain += " > " + call->path;
  return chain;
}

std::size_t links_in(const std::string& label) {
  return 1 + static_cast<std::size_t>(std::count(label.begin(), label.end(), '>'));
}

} // namespace

std::string path_of(const Declarations& spec, const Found& found) {
  return found.calls.empty() ? spec.thread_name(found.thread) : found.calls.back()->path;
}

std::string full_label(const Declarations& spec, const Found& found) {
  return chain_of(spec, found) + "." + found.statement->label;
}

void collect_statements(const Block& block, Found at, std::vector<Found>& all) {
  for (const StatementRef& statement : block) {
    at.statement = statement;
    all.push_back(at);
    Found inside = at;
    inside.parent = statement;
    if (statement->kind == StatementKind::call)
      inside.calls.push_back(statement);
    for (inside.block = 0; inside.block < statement->blocks.size(); ++inside.block)
      collect_statements(statement->blocks[inside.block], inside, all);
  }
}

std::vector<Found> all_statements(const Declarations& spec) {
  std::vector<Found> all;
  for (ThreadId thread = 0; thread < spec.thread_count(); ++thread)
    collect_statements(spec.body(thread), {thread, {}, nullptr, 0, nullptr}, all);
  return all;
}

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string::npos)
    return "";
  return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

std::string spelled_plainly(const std::string& label) {
  std::string plain;
  std::size_t start = 0;
  while (start <= label.size()) {
    const std::size_t end = std::min(label.find('>', start), label.size());
    plain += (start == 0 ? "" : " > ") + trimmed(label.substr(start, end - start));
    start = end + 1;
  }
  return plain;
}

std::string suffix_like(const std::string& full, const std::string& like) {
  std::size_t start = full.size();
  for (std::size_t links = links_in(like); links != 0; --links) {
    start = start == 0 ? std::string::npos : full.rfind(" > ", start - 1);
    if (start == std::string::npos)
      return full;
  }
  return full.substr(start + 3);
}

std::vector<StatementPlace> statement_places(const Declarations& spec) {
  std::vector<StatementPlace> places;
  for (const Found& found : all_statements(spec))
    places.push_back({found.thread, path_of(spec, found) + "." + found.statement->label,
                      chain_of(spec, found), found.statement->kind, found.statement->anchor});
  return places;
}

} // namespace interlock::lang
