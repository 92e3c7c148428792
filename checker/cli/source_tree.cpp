// Trees of the kernel's C beside a revision.
#include "cli/source_tree.hpp"

#include "cli/installed.hpp"
#include "kernel_text/read.hpp"
#include "kernel_text/source_error.hpp"
#include "text/lists.hpp"

#include <algorithm>

namespace interlock::checker::cli {

void add_tree_options(CLI::App& command, TreeOptions& options) {
  command.add_option("REVISION", options.revision, "A revision, or SYSTEM/REVISION")->required();
  command.add_option("--tree", options.trees, "Trees, folders or files of C")
      ->type_name("PATH...")
      ->required();
  add_configs_option(command, options.configs);
}

RevisionModel load_for_tree(const std::string& command, const TreeOptions& options) {
  SearchOptions quietly = options.search; // what configs say of themselves is not asked here
  quietly.silent = true;
  return load_revision(command, options.revision, options.configs, quietly,
                       Scenarios::of_all_revisions);
}

void read_tree(const RevisionModel& model, const TreeOptions& options,
               const std::function<bool(const std::string&)>& is_wanted, Complaints& complaints,
               const UseFunction& use) {
  for (const std::string& file : model.files) {
    const auto is_of_file = [&](const auto& each) {
      return each.second.file == file && is_wanted(each.first);
    };
    if (std::none_of(model.functions.begin(), model.functions.end(), is_of_file))
      continue;
    const auto path = find_file(options.trees, file);
    if (!path) {
      complaints.add(file + " is not in " + text::joined(options.trees));
      continue;
    }
    try {
      const kernel_text::File source = kernel_text::read(*path, {});
      for (const auto& each : model.functions)
        if (is_of_file(each))
          use(source, each.first, each.second);
    } catch (const kernel_text::SourceError& error) {
      complaints.add(error.what());
    }
  }
}

} // namespace interlock::checker::cli
