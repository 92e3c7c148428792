// What is to be known of a tree's text: digests of the modelled functions, lines of their steps.
#include "cli/source_record.hpp"

#include "cli/interruption.hpp"
#include "cli/output.hpp"
#include "cli/source_tree.hpp"
#include "files/files.hpp"
#include "kernel_text/comparison.hpp"
#include "kernel_text/digest.hpp"
#include "systems/known_text.hpp"
#include "text/nearest.hpp"

#include <algorithm>
#include <iostream>
#include <sstream>

namespace interlock::checker::cli {

namespace {

struct SourceRecordArguments {
  TreeOptions tree;
  std::string into;
  std::string format = "human";
  std::vector<std::string> instead; // FILE=REVISION
};

class SourceRecord {
public:
  explicit SourceRecord(const SourceRecordArguments& options)
      : options_(options), model_(load_for_tree("source record", options.tree)) {
    for (const std::string& each : options.instead) {
      const std::size_t equals = each.find('=');
      const std::string file = each.substr(0, equals);
      if (equals == std::string::npos || equals + 1 == each.size() ||
          each.find_first_of(" \t\n") != std::string::npos)
        refuse("source record", "--instead " + each + ": expected FILE=REVISION");
      if (!model_.files.contains(file))
        refuse("source record",
               "--instead " + each + ": no path of the model stands in " + file +
                   text::nearest_hint(file, {model_.files.begin(), model_.files.end()}));
      known_.instead[file] = each.substr(equals + 1);
    }
  }

  ExitCode run() {
    for (const std::string& error : model_.errors)
      complaints_.add(error);
    read_tree(
        model_, options_.tree, [](const std::string&) { return true; }, complaints_,
        [&](const auto& source, const std::string& name, const auto& model) {
          if (const auto* function = source.find(name); function != nullptr)
            add_function(source, *function, model);
        });
    std::ostringstream lines;
    for (const auto& [file, text] : known_.instead)
      lines << "instead " << model_.name << " " << file << " " << text << "\n";
    for (const auto& [name, function] : known_.functions)
      lines << "text " << model_.name << " " << function.file << " " << name << " " << function.line
            << " " << function.digest << "\n";
    for (const auto& [label, line] : known_.lines)
      lines << "step " << model_.name << " " << label << " " << line << "\n";
    for (const auto& [label, key] : known_.keys)
      lines << "key " << model_.name << " " << label << " " << key << "\n";
    const bool writes = !options_.into.empty() && complaints_.empty(); // half would pass for whole
    if (writes)
      files::write(options_.into, with_lines(files::read(options_.into), lines.str()),
                   &interrupted());
    const ExitCode code = complaints_.empty() ? ExitCode::success : ExitCode::usage;
    if (options_.format == "json")
      put_json(writes, code);
    else if (options_.into.empty())
      std::cout << lines.str();
    return code;
  }

private:
  void put_json(bool written, ExitCode code) const {
    using Json = nlohmann::ordered_json;
    Json texts = Json::array();
    for (const auto& [name, function] : known_.functions)
      texts.push_back({{"function", name},
                       {"file", function.file},
                       {"line", function.line},
                       {"digest", function.digest}});
    Json steps = Json::array();
    for (const auto& [label, line] : known_.lines) {
      const auto key = known_.keys.find(label);
      steps.push_back({{"label", label},
                       {"line", line},
                       {"key", key == known_.keys.end() ? Json() : Json(key->second)}});
    }
    put_document("interlock-source-record", {{"revision", model_.name},
                                             {"texts", std::move(texts)},
                                             {"steps", std::move(steps)},
                                             {"instead", known_.instead},
                                             {"written", written ? Json(options_.into) : Json()},
                                             {"errors", complaints_.all()},
                                             {"exit", exit_json(code)}});
  }

  void add_function(const kernel_text::File& source, const kernel_text::Function& function,
                    const kernel_text::ModelFunction& model) {
    known_.functions[function.name] = {model.file, function.line, digest_of(source, function)};
    kernel_text::LedgerUse use;
    const auto comparison =
        kernel_text::compare(function, model, of_file(model_.modelled, source), use);
    std::map<std::string, std::vector<std::string>> labels; // by key
    for (const auto& [label, row] : rows_by_label(comparison)) {
      if (!known_.instead.contains(model.file)) // of another text the lines are others
        known_.lines.emplace(label, row->line);
      if (!row->key.empty())
        labels[row->key].push_back(label);
    }
    for (auto& [key, steps] : labels) {
      sort_as_written(steps, model);
      for (std::size_t i = 0; i < steps.size(); ++i)
        known_.keys.emplace(steps[i], steps.size() == 1 ? key : key + "." + std::to_string(i + 1));
    }
  }

  // Path by path, in the order of each.
  static void sort_as_written(std::vector<std::string>& labels,
                              const kernel_text::ModelFunction& model) {
    std::map<std::string, std::size_t> places;
    for (const kernel_text::Skeleton& variant : model.variants)
      for (const kernel_text::Node* node : in_order(variant))
        places.emplace(node->label, places.size());
    std::sort(labels.begin(), labels.end(), [&](const std::string& one, const std::string& other) {
      const auto rank = [&](const std::string& label) {
        const auto place = places.find(label);
        return std::tuple(label.substr(0, label.rfind('.')),
                          place == places.end() ? places.size() : place->second, label);
      };
      return rank(one) < rank(other);
    });
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
      const bool is_known = kind == "text" || kind == "step" || kind == "key" || kind == "instead";
      if (!is_known || revision != model_.name)
        kept += line + "\n";
    }
    return kept + lines;
  }

  const SourceRecordArguments& options_;
  RevisionModel model_;
  systems::KnownText known_;
  Complaints complaints_;
};

} // namespace

void add_source_record(CLI::App& source, Run& run) {
  CLI::App* command = source.add_subcommand(
      "record",
      "Print the digest of each modelled function of a tree, and the line and the source\n"
      "key of each step, by which the program knows the text again");
  const auto options = std::make_shared<SourceRecordArguments>();
  add_tree_options(*command, options->tree);
  command
      ->add_option("--into", options->into,
                   "Write the lines into this file, in place of the revision's own")
      ->type_name("FILE");
  add_format(*command, options->format, {"human", "json"});
  command
      ->add_option("--instead", options->instead,
                   "The tree has this revision of a file, since that of the model is not at hand:\n"
                   "no lines are recorded of it")
      ->type_name("FILE=REVISION")
      ->allow_extra_args(false);
  command->footer("The files are model/systems/texts/SYSTEM.txt; they are compiled in. A revision\n"
                  "is to be recorded from the text that it was modelled after.\n"
                  "Example:\n"
                  "  interlock source record kqueue-10.4 --tree ../freebsd-10.4 --into "
                  "model/systems/texts/freebsd.txt\n"
                  "  interlock source record kern_event-1.129 --tree ../netbsd "
                  "--instead sys/kern/kern_event.c=1.140\n");
  command->callback([options, &run] { run = [options] { return SourceRecord(*options).run(); }; });
}

} // namespace interlock::checker::cli
