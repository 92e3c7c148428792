// The configs of one revision.
#include "cli/revision.hpp"

#include "campaigns/files.hpp"
#include "cli/failure.hpp"
#include "cli/output.hpp"
#include "text/lists.hpp"
#include "text/nearest.hpp"

namespace interlock::checker::cli {

namespace {

std::string name_of(const Config& config) {
  return config.scenario.system.text + "/" + config.scenario.revision.text;
}

void add(RevisionModel& model, const systems::BuiltSpec& built) {
  const lang::Spec& spec = *built.spec;
  model.modelled.insertable.insert(built.insertable.begin(), built.insertable.end());
  model.modelled.names.merge(kernel_text::modelled_names(spec));
  model.modelled.fields.merge(kernel_text::modelled_fields(spec));
  model.modelled.set_once.merge(kernel_text::fields_set_once(spec));
  for (auto& [name, function] : kernel_text::model_functions(spec)) {
    kernel_text::ModelFunction& known = model.functions[name];
    known.file = function.file;
    known.revision = function.revision;
    known.names.merge(function.names);
    known.paths.insert(function.paths.begin(), function.paths.end());
    known.promises = known.promises || function.promises;
    std::set<std::string> texts;
    for (const kernel_text::Skeleton& variant : known.variants)
      texts.insert(to_string(variant));
    for (kernel_text::Skeleton& variant : function.variants)
      if (texts.insert(to_string(variant)).second)
        known.variants.push_back(std::move(variant));
    model.modelled.functions.insert(name);
    for (const std::string& path : function.paths)
      model.modelled.functions.insert(path);
    if (!function.file.empty()) // a system call of a scenario stands in none
      model.files.insert(function.file);
  }
}

// What a revision's paths have does not depend on which configs there are of it: the scenario of
// any other of the system tells of them too, where the revision can run it.
void add_scenarios(RevisionModel& model, const std::vector<Config>& others,
                   const std::string& revision, const SearchOptions& options) {
  for (Config config : others) {
    if (config.scenario.system.text != model.modelled.system)
      continue;
    config.scenario.revision.text = revision;
    config.scenario.patches.clear();
    try {
      add(model, load_within(options, std::move(config)).built);
    } catch (const json::DocumentError&) { // a call or a choice that the revision does not have
    }
  }
}

void add_tables(RevisionModel& model) {
  model.ledger = std::make_unique<const kernel_text::Ledger>(
      of_revision(kernel_text::ledger_of(model.modelled.system), model.name));
  model.modelled.ledger = model.ledger.get();
  model.constants = std::make_unique<const kernel_text::Constants>(
      of_revision(kernel_text::constants_of(model.modelled.system), model.name));
  model.modelled.constants = model.constants.get();
}

} // namespace

RevisionConfigs read_revision(const std::string& command, const std::string& revision,
                              const std::vector<std::string>& paths) {
  RevisionConfigs read;
  std::set<std::string> others;
  std::set<std::string> systems;
  for (const std::filesystem::path& path : configs_below(paths)) {
    try {
      Config config = read_config(path);
      others.insert(name_of(config));
      const bool meant = config.scenario.revision.text == revision || name_of(config) == revision;
      if (!meant || !config.scenario.patches.empty()) {
        read.others.push_back(std::move(config));
        continue;
      }
      systems.insert(config.scenario.system.text);
      read.configs.push_back(std::move(config));
    } catch (const std::exception&) {
      read.errors.push_back(current_failure().message);
    }
  }
  if (systems.size() > 1)
    refuse(command, "revision " + revision + " is of " +
                        text::joined({systems.begin(), systems.end()}) + "; say SYSTEM/REVISION");
  if (systems.empty())
    refuse(command, "no config without patches is of revision " + revision +
                        "; there are those of " + text::joined({others.begin(), others.end()}) +
                        text::nearest_hint(revision, {others.begin(), others.end()}));
  read.name = revision.substr(revision.find('/') + 1); // all of it where there is none
  read.system = *systems.begin();
  return read;
}

RevisionModel build_revision(const RevisionConfigs& read, const SearchOptions& options,
                             Scenarios scenarios) {
  RevisionModel model;
  model.name = read.name;
  model.modelled.system = read.system;
  model.errors = read.errors;
  for (const Config& config : read.configs) {
    try {
      model.configs.push_back(load_within(options, config));
      add(model, model.configs.back().built);
    } catch (const std::exception&) {
      model.errors.push_back(current_failure().message);
    }
  }
  if (scenarios == Scenarios::of_all_revisions)
    add_scenarios(model, read.others, model.name, options);
  add_tables(model);
  return model;
}

RevisionModel load_revision(const std::string& command, const std::string& revision,
                            const std::vector<std::string>& paths, const SearchOptions& options,
                            Scenarios scenarios) {
  return build_revision(read_revision(command, revision, paths), options, scenarios);
}

RevisionModel model_of(const LoadedConfig& loaded) {
  RevisionModel model;
  model.name = loaded.config.scenario.revision.text;
  model.modelled.system = loaded.config.scenario.system.text;
  add(model, loaded.built);
  add_tables(model);
  return model;
}

std::optional<std::filesystem::path> find_file(const std::vector<std::string>& paths,
                                               const std::filesystem::path& file) {
  for (const std::filesystem::path path : paths) {
    std::error_code error;
    if (!std::filesystem::is_directory(path, error)) {
      if (path.filename() == file.filename())
        return path;
      continue;
    }
    for (const std::filesystem::path& there : {path / file, path / file.filename()})
      if (std::filesystem::exists(there, error))
        return there;
  }
  return std::nullopt;
}

} // namespace interlock::checker::cli
