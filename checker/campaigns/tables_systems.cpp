// The tables of the systems: what configs can name, and what the specifications consist of.
#include "campaigns/table_makers.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace interlock::checker::tables {

namespace {

using systems::SystemDescription;

std::string code(const std::string& text) { return "`" + text + "`"; }

// The column to leave out where there is one system: `heading`.
std::string unless_named(const Request& request, const char* heading) {
  return request.names_systems() ? "" : heading;
}

// The entries of the systems, those with the same name and text in one row.
struct Shared {
  systems::Entry entry;
  std::vector<std::string> systems;
};

std::vector<Shared> shared(const Request& request,
                           std::vector<systems::Entry> SystemDescription::*entries) {
  std::vector<Shared> rows;
  for (const SystemDescription* system : request.systems)
    for (const systems::Entry& entry : system->*entries) {
      auto row = std::find_if(rows.begin(), rows.end(), [&](const Shared& other) {
        return other.entry.name == entry.name && other.entry.text == entry.text;
      });
      if (row == rows.end())
        row = rows.insert(rows.end(), {entry, {}});
      row->systems.push_back(title_of(*system));
    }
  return rows;
}

std::string names(const std::vector<std::string>& systems) {
  if (systems.size() == systems::systems().size() && systems.size() > 1)
    return "all";
  return text::joined(systems);
}

std::string entry_table(const Request& request, const char* heading, const char* text,
                        std::vector<systems::Entry> SystemDescription::*entries) {
  Markdown table({heading, text, "systems"}, unless_named(request, "systems"));
  for (const Shared& row : shared(request, entries))
    table.row({code(row.entry.name), row.entry.text, names(row.systems)});
  return table.text();
}

const char* kind_text(lang::PropertyKind kind) {
  switch (kind) {
  case lang::PropertyKind::check:
    return "check";
  case lang::PropertyKind::invariant:
    return "invariant";
  case lang::PropertyKind::settled:
  case lang::PropertyKind::at_rest:
    return "at rest";
  case lang::PropertyKind::no_deadlock:
  case lang::PropertyKind::no_oversleep:
    return "of states";
  case lang::PropertyKind::analysis:
    return "of the graph";
  }
  return "";
}

// The specifications of a system's configs, without those that patches edit.
std::vector<const lang::Spec*> specs_of(const Corpus& corpus, const SystemDescription& system) {
  std::vector<const lang::Spec*> specs;
  for (const Corpus::Entry& entry : corpus.entries)
    if (entry.config.scenario.system.text == system.name && entry.config.scenario.patches.empty())
      specs.push_back(entry.built.spec.get());
  return specs;
}

} // namespace

Markdown::Markdown(const std::vector<std::string>& headings, const std::string& hidden)
    : hidden_(static_cast<std::size_t>(std::find(headings.begin(), headings.end(), hidden) -
                                       headings.begin())) {
  row(headings);
  for (std::size_t i = 0; i < headings.size(); ++i)
    text_ += i == hidden_ ? "" : "|---";
  text_ += "|\n";
}

void Markdown::row(const std::vector<std::string>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i == hidden_)
      continue;
    const std::string& cell = cells[i];
    text_ += "| ";
    for (const char c : cell)
      text_ += c == '|' ? std::string("\\|") : std::string(1, c);
    text_ += cell.empty() ? "" : " ";
  }
  text_ += "|\n";
}

std::string title_of(const SystemDescription& system) {
  return system.text.substr(0, system.text.find(':'));
}

std::string revisions(const Request& request) {
  Markdown table({"system", "revision", "what it is"}, unless_named(request, "system"));
  for (const SystemDescription* system : request.systems)
    for (const systems::Entry& revision : system->revisions)
      table.row({title_of(*system), revision.name, revision.text});
  return table.text();
}

std::string calls(const Request& request) {
  return entry_table(request, "call", "what it does", &SystemDescription::calls);
}

std::string rules(const Request& request) {
  return entry_table(request, "rule", "holds when", &SystemDescription::rules);
}

std::string environment(const Request& request) {
  return entry_table(request, "choice", "what may happen", &SystemDescription::environment);
}

std::string bounds(const Request& request) {
  return entry_table(request, "bound", "what it is", &SystemDescription::bounds);
}

std::string properties(const Request& request) {
  std::map<std::string, std::set<std::string>> kinds;
  for (const Corpus::Entry& entry : request.corpus.entries)
    for (const lang::Property& property : entry.built.spec->properties())
      kinds[property.name].insert(kind_text(property.kind));
  Markdown table({"property", "kind", "holds when", "systems"}, unless_named(request, "systems"));
  for (const Shared& row : shared(request, &SystemDescription::properties)) {
    const std::set<std::string>& known = kinds[row.entry.name];
    table.row({row.entry.name, text::joined({known.begin(), known.end()}), row.entry.text,
               names(row.systems)});
  }
  return table.text();
}

std::string lock_orders(const Request& request) {
  Markdown table({"system", "documented, outermost first", "two of one class"},
                 unless_named(request, "system"));
  for (const SystemDescription* system : request.systems) {
    std::vector<std::string> rules;
    for (const systems::Entry& rule : system->nestable_locks)
      rules.push_back(rule.name + ": " + rule.text);
    table.row({title_of(*system), text::joined(system->lock_order, " -> "),
               rules.empty() ? "none may be held" : text::joined(rules)});
  }
  return table.text();
}

std::string locks(const Request& request) {
  Markdown table({"system", "kind", "lock classes"}, unless_named(request, "system"));
  for (const SystemDescription* system : request.systems) {
    std::map<std::string, std::set<std::string>> classes; // by kind
    for (const lang::Spec* spec : specs_of(request.corpus, *system))
      for (const lang::Pool& pool : spec->pools())
        if (pool.lock)
          classes[pool.lock->kind].insert(pool.classes.begin(), pool.classes.end());
    for (const auto& [kind, names] : classes)
      table.row({title_of(*system), kind, text::joined({names.begin(), names.end()})});
  }
  return table.text();
}

std::string objects(const Request& request) {
  Markdown table({"system", "object", "fields"}, unless_named(request, "system"));
  for (const SystemDescription* system : request.systems) {
    std::vector<std::string> pools; // in the order of declaration, as the fields
    std::map<std::string, std::vector<std::string>> fields;
    for (const lang::Spec* spec : specs_of(request.corpus, *system))
      for (const lang::Variable& variable : spec->variables()) {
        if (variable.scope != lang::Scope::field || variable.ghost)
          continue;
        const lang::Pool& pool = spec->pools()[variable.pool];
        if (pool.lock || (pool.allocated && &variable == &spec->variables()[*pool.allocated]))
          continue;
        std::vector<std::string>& known = fields[pool.name];
        if (known.empty())
          pools.push_back(pool.name);
        const std::string name = variable.name.substr(0, variable.name.find('['));
        if (std::find(known.begin(), known.end(), name) == known.end())
          known.push_back(name);
      }
    for (const std::string& pool : pools)
      table.row({title_of(*system), pool, text::joined(fields[pool])});
  }
  return table.text();
}

std::string functions(const Request& request) {
  Markdown table({"system", "source", "functions, with their number of steps", "steps"},
                 unless_named(request, "system"));
  for (const SystemDescription* system : request.systems) {
    // By file and revision, then by function: the labels, which are the same in each config.
    std::map<std::string, std::map<std::string, std::set<std::string>>> sources;
    for (const lang::Spec* spec : specs_of(request.corpus, *system))
      for (const lang::Action& action : spec->actions())
        if (!action.anchor.file.empty())
          sources[action.anchor.file + " " + action.anchor.revision][action.anchor.function].insert(
              action.label);
    for (const auto& [source, found] : sources) {
      std::vector<std::string> list;
      std::size_t steps = 0;
      for (const auto& [function, labels] : found) {
        list.push_back(function + " " + std::to_string(labels.size()));
        steps += labels.size();
      }
      table.row({title_of(*system), source, text::joined(list), std::to_string(steps)});
    }
  }
  return table.text();
}

} // namespace interlock::checker::tables
