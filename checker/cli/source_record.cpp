// What is to be known of a tree's text: digests of the modelled functions, lines of their steps.
#include "cli/source_record.hpp"

#include "cli/interruption.hpp"
#include "cli/output.hpp"
#include "cli/revision.hpp"
#include "files/files.hpp"
#include "kernel_text/comparison.hpp"
#include "kernel_text/digest.hpp"
#include "kernel_text/read.hpp"
#include "kernel_text/source_error.hpp"
#include "systems/known_text.hpp"
#include "text/lists.hpp"

#include <algorithm>
#include <iostream>
#include <sstream>

namespace interlock::checker::cli {

namespace {

struct Options {
  std::string revision;
  std::vector<std::string> trees, configs;
  std::string into;
  SearchOptions search;
};

class SourceRecord {
public:
  explicit SourceRecord(const Options& options)
      : options_(options),
        model_(load_revision("source record", options.revision, options.configs, options.search)) {}

  ExitCode run() {
    for (const std::string& error : model_.errors)
      complaints_.add(error);
    for (const std::string& file : model_.files)
      add_file(file);
    std::ostringstream lines;
    for (const auto& [name, function] : known_.functions)
      lines << "text " << model_.name << " " << function.file << " " << name << " " << function.line
            << " " << function.digest << "\n";
    for (const auto& [label, line] : known_.lines)
      lines << "step " << model_.name << " " << label << " " << line << "\n";
    if (options_.into.empty())
      std::cout << lines.str();
    else if (complaints_.empty()) // half a record would pass for a whole one
      files::write(options_.into, with_lines(files::read(options_.into), lines.str()),
                   &interrupted());
    return complaints_.empty() ? ExitCode::success : ExitCode::usage;
  }

private:
  void add_file(const std::string& file) {
    const auto path = find_file(options_.trees, file);
    if (!path) {
      complaints_.add(file + " is not in " + text::joined(options_.trees));
      return;
    }
    try {
      const kernel_text::File source = kernel_text::read(*path, {});
      for (const auto& [name, model] : model_.functions)
        if (const auto* function = source.find(name); function != nullptr && model.file == file)
          add_function(source, *function, model);
    } catch (const kernel_text::SourceError& error) {
      complaints_.add(error.what());
    }
  }

  void add_function(const kernel_text::File& source, const kernel_text::Function& function,
                    const kernel_text::ModelFunction& model) {
    known_.functions[function.name] = {model.file, function.line, digest_of(source, function)};
    kernel_text::Modelled modelled = model_.modelled;
    modelled.file = &source;
    kernel_text::LedgerUse use;
    const auto comparison = kernel_text::compare(function, model, modelled, *model_.ledger, use);
    for (const kernel_text::ComparedRow& row : comparison.rows)
      if (row.finding == kernel_text::Finding::matched && row.line != 0)
        for (const std::string& label : row.labels)
          known_.lines.emplace(label, row.line); // the first statement of a step
  }

  // In place of the revision's own lines.
  std::string with_lines(const std::string& text, const std::string& lines) const {
    std::istringstream old(text);
    std::string kept;
    for (std::string line; std::getline(old, line);) {
      std::istringstream words(line);
      std::string kind;
      std::string revision;
      words >> kind >> revision;
      if ((kind != "text" && kind != "step") || revision != model_.name)
        kept += line + "\n";
    }
    return kept + lines;
  }

  const Options& options_;
  RevisionModel model_;
  systems::KnownText known_;
  Complaints complaints_;
};

} // namespace

void add_source_record(CLI::App& source, Run& run) {
  CLI::App* command = source.add_subcommand(
      "record", "Print the digest of each modelled function of a tree, and the line of each step,\n"
                "by which the program knows the text again");
  const auto options = std::make_shared<Options>();
  command->add_option("REVISION", options->revision, "A revision, or SYSTEM/REVISION")->required();
  command->add_option("--tree", options->trees, "Trees, folders or files of C")
      ->type_name("PATH...")
      ->required();
  command
      ->add_option("--into", options->into,
                   "Write the lines into this file, in place of the revision's own")
      ->type_name("FILE");
  command->add_option("--configs", options->configs, "Configs, or folders of them")
      ->type_name("PATH...")
      ->default_val(std::vector<std::string>{"configs"});
  command->footer("The files are model/systems/texts/SYSTEM.txt; they are compiled in. A revision\n"
                  "is to be recorded from the text that it was modelled after.\n"
                  "Example:\n"
                  "  interlock source record kqueue-10.4 --tree ../freebsd-10.4 --into "
                  "model/systems/texts/freebsd.txt\n");
  command->callback([options, &run] { run = [options] { return SourceRecord(*options).run(); }; });
}

} // namespace interlock::checker::cli
