// interlock list
#include "campaigns/systems_schema.hpp"
#include "campaigns/tables.hpp"
#include "cli/commands.hpp"
#include "cli/interruption.hpp"
#include "cli/list_steps.hpp"
#include "cli/output.hpp"
#include "config/config.hpp"
#include "files/files.hpp"
#include "lang/violations.hpp"
#include "text/lists.hpp"
#include "text/nearest.hpp"

#include <algorithm>
#include <iostream>
#include <memory>

namespace interlock::checker::cli {

namespace {

using systems::SystemDescription;
using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

struct ListArguments {
  std::string what = "systems";
  std::string subject;
  std::string format = "human";
  StepFilter filter;
  std::vector<std::string> into;
};

// The system of that name, or all of them for an empty one.
std::vector<const SystemDescription*> select(const std::string& name) {
  std::vector<const SystemDescription*> selected;
  std::vector<std::string> names;
  for (const SystemDescription& system : systems::systems()) {
    names.push_back(system.name);
    if (name.empty() || system.name == name)
      selected.push_back(&system);
  }
  if (selected.empty())
    refuse("list", "there is no system " + name + "; allowed here: " + text::joined(names) +
                       text::nearest_hint(name, names));
  return selected;
}

// What `list WHAT` has of a system; the locks of its order and its nesting rules as entries too.
std::vector<systems::Entry> entries_of(const SystemDescription& system, const std::string& what) {
  if (what == "calls")
    return system.calls;
  if (what == "properties") { // each with its rules
    std::vector<systems::Entry> entries;
    for (const systems::Entry& property : system.properties) {
      entries.push_back(property);
      for (const systems::Entry& rule : system.rules)
        if (lang::property_of(rule.name) == property.name)
          entries.push_back(rule);
    }
    return entries;
  }
  if (what == "environment")
    return system.environment;
  if (what == "bounds")
    return system.bounds;
  if (what != "lock-order")
    return system.revisions; // "systems" and "revisions"
  std::vector<systems::Entry> entries;
  for (const std::string& lock : system.lock_order)
    entries.push_back({lock, ""});
  for (const systems::Entry& rule : system.nestable_locks)
    entries.push_back({"two of " + rule.name, rule.text});
  return entries;
}

// The exit code of a violation, for properties.
std::optional<ExitCode> exit_of(const std::string& what, const systems::Entry& entry) {
  if (what != "properties")
    return std::nullopt;
  return exit_code_of(properties::breach_of(entry.name));
}

void put_entries(const std::string& what, const std::vector<systems::Entry>& entries) {
  std::size_t width = 0;
  for (const systems::Entry& entry : entries)
    width = std::max(width, entry.name.size());
  for (const systems::Entry& entry : entries) {
    std::cout << "  " << entry.name;
    const std::string space(width - entry.name.size(), ' ');
    if (const std::optional<ExitCode> code = exit_of(what, entry))
      std::cout << space << "  exit " << static_cast<int>(*code) << "  " << entry.text;
    else if (!entry.text.empty())
      std::cout << space << "  " << entry.text;
    std::cout << "\n";
  }
}

Json entries_json(const std::string& what, const std::vector<systems::Entry>& entries) {
  Json list = Json::array();
  for (const systems::Entry& entry : entries) {
    list.push_back({{"name", entry.name}, {"text", entry.text}});
    if (const std::optional<ExitCode> code = exit_of(what, entry))
      list.back()["exit"] = exit_json(*code);
  }
  return list;
}

// The documents that --into names: files as they are, of a folder its *.md in the order of names.
std::vector<fs::path> documents(const std::vector<std::string>& into) {
  std::vector<fs::path> files;
  for (const fs::path path : into) {
    if (!fs::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    std::vector<fs::path> found;
    for (const fs::directory_entry& entry : fs::directory_iterator(path))
      if (entry.path().extension() == ".md")
        found.push_back(entry.path());
    if (found.empty())
      refuse("list", "there is no *.md in the folder " + path.string());
    std::sort(found.begin(), found.end());
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

// All tables as blocks of a document; or those of the documents, in them.  No document is touched
// when one of them is wrong.
ExitCode list_tables(const std::string& folder, const std::vector<std::string>& into, bool json) {
  for (const SystemDescription& system : systems::systems())
    if (!system.kernel)
      refuse("list", "tables are those of the kernels' texts; there is none of " + system.name);
  const fs::path root = folder.empty() ? "." : folder;
  const Corpus corpus = read_corpus(root);
  if (into.empty()) {
    if (json) {
      Json tables = Json::array();
      for (const std::string& name : table_names())
        tables.push_back({{"name", name}, {"markdown", table(name, corpus, root)}});
      put_document("interlock-list", {{"what", "tables"}, {"tables", std::move(tables)}});
      return ExitCode::success;
    }
    std::string blocks;
    for (const std::string& name : table_names())
      blocks += (blocks.empty() ? "" : "\n") + ("<!-- generated: " + name + " -->\n") +
                table(name, corpus, root) + "<!-- end -->\n";
    std::cout << blocks;
    return ExitCode::success;
  }
  struct Document {
    fs::path path;
    std::string before;
    std::string after;
  };
  std::vector<Document> rewritten;
  for (const fs::path& path : documents(into)) {
    const std::string before = files::read(path);
    rewritten.push_back({path, before, with_tables(path, before, corpus)});
  }
  Json documents = Json::array();
  for (const Document& document : rewritten) {
    const bool same = document.after == document.before;
    if (!same)
      files::write(document.path, document.after, &interrupted());
    if (json)
      documents.push_back({{"path", document.path.string()}, {"rewritten", !same}});
    else
      std::cout << document.path.string() << ": " << (same ? "as it was" : "rewritten") << "\n";
  }
  if (json)
    put_document("interlock-list", {{"what", "tables"}, {"documents", std::move(documents)}});
  return ExitCode::success;
}

ExitCode run_list(const ListArguments& options) {
  if (options.what == "tables")
    return list_tables(options.subject, options.into, options.format == "json");
  if (options.what == "schema") {
    std::cout << systems_schema();
    return ExitCode::success;
  }
  if (options.what == "labels" || options.what == "actions")
    return list_steps(options.what, options.subject, options.filter, options.format == "json");
  if (!options.filter.thread.empty() || !options.filter.label.empty() || options.filter.keys ||
      options.filter.contract)
    refuse("list", "--thread, --label, --keys and --contract are for labels and actions");
  Json systems = Json::array();
  for (const SystemDescription* system : select(options.subject)) {
    const std::vector<systems::Entry> entries = entries_of(*system, options.what);
    if (options.format == "human") {
      std::cout << system->name << ": " << system->text << "\n";
      put_entries(options.what, entries);
      continue;
    }
    systems.push_back({{"name", system->name},
                       {"text", system->text},
                       {"entries", entries_json(options.what, entries)}});
  }
  if (options.format == "json")
    put_document("interlock-list", {{"what", options.what}, {"systems", std::move(systems)}});
  return ExitCode::success;
}

} // namespace

void add_list(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand(
      "list", "List what configs can name, and the steps of a config's specification");
  const auto options = std::make_shared<ListArguments>();
  command
      ->add_option("WHAT", options->what,
                   "systems, revisions, calls, properties, environment, bounds, lock-order;\n"
                   "of a config: labels, actions; of a folder with configs/: tables;\n"
                   "schema: what configs can name, as a JSON Schema for editors")
      ->check(CLI::IsMember({"systems", "revisions", "calls", "properties", "environment", "bounds",
                             "lock-order", "labels", "actions", "tables", "schema"}))
      ->capture_default_str();
  command->add_option("SUBJECT", options->subject,
                      "A system, to list only its own; for labels and actions: a config; for\n"
                      "tables: the folder (.)");
  command->add_option("--thread", options->filter.thread, "labels, actions: of this thread only")
      ->type_name("NAME");
  command
      ->add_option("--label", options->filter.label,
                   "labels, actions: only where the label contains this")
      ->type_name("TEXT");
  command->add_flag(
      "--keys", options->filter.keys,
      "labels: the source key of each instead of what it does: FUNCTION:OPERATION#N,\n"
      "the N-th call or assignment of that name in the kernel's function");
  command->add_flag("--contract", options->filter.contract,
                    "labels, actions: of the machine that says what kevent(2) promises in this\n"
                    "scenario (specs.md, kevent's contract), instead of the kernel's");
  command
      ->add_option("--into", options->into,
                   "tables: rewrite the generated blocks of these files, and of a folder's *.md")
      ->type_name("PATH...");
  add_format(*command, options->format, {"human", "json"});
  command->footer(
      "labels are the statements that patches can name: every path with its callers, in its "
      "order,\n"
      "with tests, choices and loops, the lines where known, and what each does. actions are\n"
      "all guarded actions as they are explored: LABEL: when GUARD do UPDATES then NEXT, with the\n"
      "source and the calls that lead there. tables are those of specs.md and of specs/.\n"
      "properties come with the exit code of a violation, and with their rules. schema is JSON in "
      "either format.\n"
      "Examples:\n"
      "  interlock list\n"
      "  interlock list calls netbsd\n"
      "  interlock list labels configs/netbsd/NAME.json\n"
      "  interlock list actions --thread parent --label kq_lock configs/netbsd/NAME.json\n"
      "  interlock list actions --contract configs/netbsd/NAME.json\n"
      "  interlock list tables --into specs.md specs\n");
  command->callback([options, &run] { run = [options] { return run_list(*options); }; });
}

} // namespace interlock::checker::cli
