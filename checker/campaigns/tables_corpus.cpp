// The tables of the configs: bugs, and what holds.
#include "campaigns/table_makers.hpp"
#include "properties/property.hpp"

#include <algorithm>
#include <functional>

namespace interlock::checker::tables {

namespace {

using Entry = Corpus::Entry;
using systems::SystemDescription;

// A link to a file that is named from the root.
std::string link(const Request& request, const std::string& text, const std::string& target) {
  namespace fs = std::filesystem;
  const fs::path here = fs::current_path(); // the folder of "d.md" is empty
  const fs::path file = (here / request.corpus.root / target).lexically_normal();
  const fs::path folder = (here / request.folder).lexically_normal();
  return "[" + text + "](" + file.lexically_relative(folder).generic_string() + ")";
}

// What the config shows; its comment's first sentence where it does not say.
std::string title_of(const Config& config) {
  if (!config.about.title.empty())
    return config.about.title;
  std::string text = config.comment.substr(0, config.comment.find(". "));
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text.ends_with(".") ? text.substr(0, text.size() - 1) : text;
}

bool is(const Entry& entry, Expectation::Outcome outcome) {
  return entry.config.expect && entry.config.expect->outcome == outcome;
}

std::vector<const Entry*> select(const Corpus& corpus, const SystemDescription& system,
                                 const std::function<bool(const Entry&)>& wanted) {
  std::vector<const Entry*> entries;
  for (const Entry& entry : corpus.entries)
    if (entry.config.scenario.system.text == system.name && wanted(entry))
      entries.push_back(&entry);
  // In the order of the system's revisions; within one, of the files.
  const auto place = [&](const Entry* entry) {
    return std::find_if(system.revisions.begin(), system.revisions.end(),
                        [&](const systems::Entry& revision) {
                          return revision.name == entry->config.scenario.revision.text;
                        });
  };
  std::stable_sort(entries.begin(), entries.end(),
                   [&](const Entry* a, const Entry* b) { return place(a) < place(b); });
  return entries;
}

std::string fix_of(const Request& request, const Entry& entry) {
  const About& about = entry.config.about;
  const std::filesystem::path folder = std::filesystem::path(entry.link).parent_path();
  std::vector<std::string> siblings;
  for (const systems::Text& sibling : about.siblings)
    siblings.push_back(
        link(request, sibling.text, (folder / (sibling.text + ".json")).generic_string()));
  std::string text = about.fixed_by.text;
  if (!siblings.empty())
    text += (text.empty() ? "" : ": ") + text::joined(siblings);
  return text;
}

// A system's part of a table, below its name where there are others.
std::string titled(const Request& request, const SystemDescription& system, const Markdown& table,
                   bool first) {
  const std::string title =
      request.names_systems() ? "**" + tables::title_of(system) + "**\n\n" : "";
  return (first ? "" : "\n") + title + table.text();
}

enum class Kernel { released, patched };

std::string violations(const Request& request, Kernel kernel) {
  const bool patched = kernel == Kernel::patched;
  std::string text;
  for (const SystemDescription* system : request.systems) {
    const std::vector<const Entry*> entries =
        select(request.corpus, *system, [&](const Entry& entry) {
          return is(entry, Expectation::Outcome::violates) &&
                 entry.config.scenario.patches.empty() != patched;
        });
    if (entries.empty())
      continue;
    Markdown table({"bug", "what goes wrong", patched ? "revision, patched" : "revision",
                    patched ? "what holds without" : "fixed by, and what holds there", "property",
                    "steps", "replayed"});
    for (const Entry* entry : entries) {
      const Expectation& expect = *entry->config.expect;
      table.row({link(request, entry->name, entry->link), title_of(entry->config),
                 entry->config.scenario.revision.text, fix_of(request, *entry), expect.property,
                 expect.trace_length ? std::to_string(*expect.trace_length) : "",
                 entry->recorded
                     ? link(request, "yes", "witnesses/recorded/" + entry->name + ".witness.json")
                     : "no"});
    }
    text += titled(request, *system, table, text.empty());
  }
  return text;
}

// Which properties a config checks, said by what is shorter.
std::string checked_text(const SystemDescription& system, const Config& config) {
  std::vector<std::string> named;
  for (const systems::Text& property : config.scenario.properties)
    named.push_back(property.text);
  if (named.empty())
    return "all";
  std::vector<std::string> missing;
  std::vector<std::string> only_named;
  for (const systems::Entry& property : system.properties) {
    const bool has = std::find(named.begin(), named.end(), property.name) != named.end();
    const properties::Entry* entry = properties::find(property.name);
    if (entry != nullptr && (entry->analysis || entry->asked_for)) {
      if (has)
        only_named.push_back(property.name);
    } else if (!has) {
      missing.push_back(property.name);
    }
  }
  if (missing.size() >= named.size())
    return text::joined(named);
  std::string text = missing.empty() ? "all" : "all but " + text::joined(missing);
  for (const std::string& name : only_named)
    text += ", " + name;
  return text;
}

} // namespace

std::string bugs(const Request& request) { return violations(request, Kernel::released); }

std::string patched(const Request& request) { return violations(request, Kernel::patched); }

std::string holds(const Request& request) {
  std::string text;
  for (const SystemDescription* system : request.systems) {
    const std::vector<const Entry*> entries =
        select(request.corpus, *system,
               [&](const Entry& entry) { return is(entry, Expectation::Outcome::holds); });
    if (entries.empty())
      continue;
    Markdown table({"config", "what happens", "revision", "checked", "states"});
    for (const Entry* entry : entries) {
      const std::optional<std::uint64_t>& states = entry->config.expect->states;
      table.row(
          {link(request, entry->name, entry->link),
           title_of(entry->config) + (entry->config.scenario.patches.empty() ? "" : " (patched)"),
           entry->config.scenario.revision.text, checked_text(*system, entry->config),
           states ? std::to_string(*states) : ""});
    }
    text += titled(request, *system, table, text.empty());
  }
  return text;
}

} // namespace interlock::checker::tables
