// The model held against a tree of the kernel's C.
#include "cli/source_check.hpp"

#include "cli/output.hpp"
#include "cli/source_tree.hpp"
#include "kernel_text/comparison.hpp"
#include "kernel_text/constant_calls.hpp"
#include "kernel_text/digest.hpp"
#include "kernel_text/unknown_calls.hpp"
#include "systems/known_text.hpp"
#include "text/lists.hpp"
#include "text/nearest.hpp"
#include "text/numbers.hpp"
#include "text/printable.hpp"

#include <algorithm>
#include <iostream>

namespace interlock::checker::cli {

namespace {

using Json = nlohmann::ordered_json;
using kernel_text::ComparedRow;
using kernel_text::Comparison;
using kernel_text::Finding;

constexpr Finding findings[] = {
    Finding::matched,           Finding::left_out, Finding::not_run,   Finding::unexplained_source,
    Finding::unexplained_model, Finding::inverted, Finding::lock_kind, Finding::condition};

struct SourceCheckArguments {
  TreeOptions tree;
  std::vector<std::string> functions;
  bool all = false;
  std::string format = "human";
};

class SourceCheck {
public:
  explicit SourceCheck(const SourceCheckArguments& options)
      : options_(options), model_(load_for_tree("source check", options.tree)),
        ledger_(*model_.ledger) {}

  ExitCode run() {
    for (const std::string& error : model_.errors)
      complaints_.add(error);
    require_functions();
    read_tree(
        model_, options_.tree, [&](const std::string& name) { return is_wanted(name); },
        complaints_,
        [&](const auto& source, const std::string& name, const auto& model) {
          check_function(source, name, model);
        });
    if (options_.functions.empty())
      tell_objections();
    const ExitCode code = !complaints_.empty() ? ExitCode::usage
                          : unexplained_       ? ExitCode::unexplained
                                               : ExitCode::success;
    if (options_.format == "json")
      put_document("interlock-source-check", {{"revision", options_.tree.revision},
                                              {"functions", documents_},
                                              {"totals", totals_json(totals_)},
                                              {"objections_entries", objections_},
                                              {"errors", complaints_.all()},
                                              {"exit", exit_json(code)}});
    else
      std::cout << "in all: " << totals_text(totals_) << "\n"
                << texts_text() << "exit " << static_cast<int>(code) << ": " << text_of(code)
                << "\n";
    return code;
  }

private:
  using Totals = std::map<Finding, std::size_t>;

  void tell_objections() {
    for (auto& messages :
         {used_.objections(ledger_, seen_), used_.objections(*model_.constants, seen_)})
      for (const std::string& message : messages)
        object(message);
  }

  void object(const std::string& message) {
    unexplained_ = true;
    objections_.push_back(message);
    if (options_.format != "json")
      std::cout << "! " << message << "\n";
  }

  // Why the ledger leaves out all of a function, if so.
  bool is_left_out(const std::string& function) {
    for (const kernel_text::LedgerEntry& entry : ledger_)
      if (is_of_whole_functions(entry) && std::find(entry.functions.begin(), entry.functions.end(),
                                                    function) != entry.functions.end()) {
        used_.add(entry, function);
        return true;
      }
    return false;
  }

  bool is_wanted(const std::string& function) const {
    return options_.functions.empty() ||
           std::find(options_.functions.begin(), options_.functions.end(), function) !=
               options_.functions.end();
  }

  void require_functions() const {
    std::vector<std::string> known;
    for (const auto& [name, function] : model_.functions)
      known.push_back(name);
    for (const std::string& name : options_.functions)
      if (!model_.functions.contains(name))
        refuse("source check",
               "no path of the model is of a function " + name + text::nearest_hint(name, known));
  }

  void check_function(const kernel_text::File& source, const std::string& name,
                      const kernel_text::ModelFunction& model) {
    const kernel_text::Function* function = source.find(name);
    if (function == nullptr) {
      const auto unread =
          std::find_if(source.errors.begin(), source.errors.end(), [&](const std::string& error) {
            return error.ends_with("(in " + name + ")");
          });
      if (unread != source.errors.end())
        complaints_.add(*unread);
      else if (!source.defines(name) && !is_left_out(name)) // else the table of primitives has it
        complaints_.add(source.name + ": there is no function " + name + "()");
      return;
    }
    seen_.insert(name);
    for (const kernel_text::Function& other : source.functions)
      if (kernel_text::is_inlined(model_.modelled.system, other.name))
        seen_.insert(other.name);
    const Comparison comparison =
        kernel_text::compare(*function, model, of_file(model_.modelled, source), used_);
    Totals totals;
    for (const Finding finding : findings) {
      totals[finding] = comparison.count(finding);
      totals_[finding] += totals[finding];
    }
    unexplained_ = unexplained_ || !comparison.explained();
    for (const std::string& message :
         objections_to_constants(*function, of_file(model_.modelled, source)))
      object(message);
    for (const kernel_text::UnknownCall& call :
         unknown_calls(*function, of_file(model_.modelled, source)))
      complaints_.add(source.name + ":" + std::to_string(call.line) + ": " + name + "() calls " +
                      call.name + "(), of which no table says what it does");
    const std::string known = known_as(source, *function);
    if (options_.format == "json")
      documents_.push_back(json_of(source, *function, comparison, totals, known));
    else
      put(source, *function, comparison, totals, known);
  }

  // "as modelled" or, where the text of the model was not at hand, "as compared"; either with "not
  // " before it; or "" where nothing is known.
  std::string known_as(const kernel_text::File& source, const kernel_text::Function& function) {
    const systems::KnownText& known = systems::known_text(model_.modelled.system, model_.name);
    const auto found = known.functions.find(function.name);
    if (found == known.functions.end())
      return "";
    const bool same = found->second.digest == digest_of(source, function);
    const bool instead = known.instead.contains(found->second.file);
    Texts& texts = instead ? compared_ : modelled_;
    ++(same ? texts.same : texts.other);
    return std::string(same ? "" : "not ") + (instead ? "as compared" : "as modelled");
  }

  std::string texts_text() const {
    std::string text;
    const auto add = [&](const Texts& texts, const std::string& as) {
      if (texts.same + texts.other != 0)
        text += "text: " + text::counted(texts.same, "function") + " as " + as + ", " +
                std::to_string(texts.other) + " not as " + as + "\n";
    };
    add(modelled_, "modelled");
    add(compared_, "compared");
    if (compared_.same + compared_.other != 0)
      text += instead_text();
    return text.empty() ? "which text this was modelled after is not recorded\n" : text;
  }

  // Which texts these are.
  std::string instead_text() const {
    std::vector<std::string> texts;
    for (const auto& [file, revision] :
         systems::known_text(model_.modelled.system, model_.name).instead)
      texts.push_back(file.substr(file.rfind('/') + 1) + " " + revision);
    return "compared were " + text::joined(texts) + "; the texts of " + model_.name +
           " itself were not at hand\n";
  }

  static std::string totals_text(const Totals& totals) {
    std::string text;
    for (const auto& [finding, count] : totals)
      if (count != 0 || finding == Finding::matched)
        text += (text.empty() ? "" : ", ") + std::to_string(count) + " " +
                (finding == Finding::not_run && count != 1 ? "do not run" : word_of(finding));
    return text;
  }

  static Json totals_json(const Totals& totals) {
    Json json = Json::object();
    for (const auto& [finding, count] : totals)
      json[word_of(finding)] = count;
    return json;
  }

  // C on the left, the step on the right, and what is said of it between them.
  void put(const kernel_text::File& source, const kernel_text::Function& function,
           const Comparison& comparison, const Totals& totals, const std::string& known) const {
    const bool whole = options_.all || !options_.functions.empty();
    const bool differs = known.starts_with("not ");
    if (!whole && !differs && comparison.explained())
      return;
    std::cout << source.name << ":" << function.line << ": " << function.name
              << "(): " << totals_text(totals) << (known.empty() ? "" : "; the text is " + known)
              << "\n";
    for (const ComparedRow& row : comparison.rows) {
      const bool bad = row.open();
      if (!bad && !whole)
        continue;
      constexpr std::size_t width = 60;
      const std::string line = row.line == 0 ? "" : std::to_string(row.line);
      std::string text = std::string(2 * row.depth, ' ') + text::one_line(row.text);
      if (text.size() > width)
        text.resize(width);
      std::cout << (bad ? "!" : " ") << std::string(line.size() < 6 ? 6 - line.size() : 0, ' ')
                << line << "  " << text << std::string(width - text.size() + 2, ' ') << said_of(row)
                << "\n";
    }
    std::cout << "\n";
  }

  static std::string said_of(const ComparedRow& row) {
    if (row.finding == Finding::matched)
      return text::joined(row.labels);
    std::string text = word_of(row.finding);
    if (!row.reason.empty())
      text += ": " + row.reason;
    if (!row.labels.empty())
      text += ": " + text::joined(row.labels);
    return text;
  }

  Json json_of(const kernel_text::File& source, const kernel_text::Function& function,
               const Comparison& comparison, const Totals& totals, const std::string& known) const {
    Json rows = Json::array();
    for (const ComparedRow& row : comparison.rows)
      rows.push_back({{"finding", word_of(row.finding)},
                      {"line", row.line},
                      {"text", row.text},
                      {"key", row.key},
                      {"operation", row.operation},
                      {"labels", row.labels},
                      {"reason", row.reason}});
    return {{"function", function.name},     {"file", source.name},
            {"line", function.line},         {"text", known.empty() ? Json() : Json(known)},
            {"totals", totals_json(totals)}, {"rows", rows}};
  }

  const SourceCheckArguments& options_;
  RevisionModel model_;
  const kernel_text::Ledger& ledger_;
  kernel_text::LedgerUse used_;
  std::vector<std::string> objections_; // to the ledger and the constants
  std::set<std::string> seen_;
  Complaints complaints_;
  Totals totals_{{Finding::matched, 0}};
  struct Texts {
    std::size_t same = 0, other = 0; // functions
  };
  Texts modelled_, compared_;
  bool unexplained_ = false;
  Json documents_ = Json::array();
};

} // namespace

void add_source_check(CLI::App& source, Run& run) {
  CLI::App* command = source.add_subcommand(
      "check", "The model's paths of a revision beside a tree's functions: what each has that the\n"
               "other does not");
  const auto options = std::make_shared<SourceCheckArguments>();
  add_tree_options(*command, options->tree);
  command->add_option("--function", options->functions, "Only functions of that name, in full")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command->add_flag("--all", options->all, "Print what is explained, too");
  add_format(*command, options->format, {"human", "json"});
  command->footer(
      "The paths are those of the scenarios of the system's configs, without patches. Exit code:\n"
      "0 when every operation on locks, channels, lists and modelled fields is matched, left out\n"
      "with a reason or in a branch that does not run, and every entry of what is left out and\n"
      "every constant was needed; 18 when not; 151 where something could not be read.\n"
      "Examples:\n"
      "  interlock source check kqueue-10.4 --tree ../freebsd-10.4\n"
      "  interlock source check kqueue-10.4 --tree ../freebsd-10.4 --function knote_fork\n");
  command->callback([options, &run] { run = [options] { return SourceCheck(*options).run(); }; });
}

} // namespace interlock::checker::cli
