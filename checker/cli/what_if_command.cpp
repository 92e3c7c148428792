// interlock what-if
#include "campaigns/files.hpp"
#include "cli/before_after.hpp"
#include "cli/commands.hpp"
#include "cli/failure.hpp"
#include "cli/interruption.hpp"
#include "cli/output.hpp"
#include "text/printable.hpp"

#include <algorithm>
#include <array>
#include <iostream>

namespace interlock::checker::cli {

namespace {

using Json = nlohmann::ordered_json;

struct WhatIfArguments {
  std::string patches;
  std::vector<std::string> configs;
  BeforeAfterOptions checks{.suffix = "what-if"};
  std::string format = "human";
};

class WhatIf {
public:
  explicit WhatIf(const WhatIfArguments& options) : options_(options) {}

  ExitCode run() {
    const std::vector<lang::Patch> patches = read_patches(options_.patches);
    const std::vector<std::filesystem::path> configs = configs_below(options_.configs);
    BeforeAfterOptions checks = options_.checks;
    KeptAnswers kept(checks.cache.path(), checks.search);
    const bool json = options_.format == "json";
    for (const std::filesystem::path& path : configs) {
      if (interrupted().load())
        break;
      try {
        all_.push_back(
            compare(load_within(checks.search, read_config(path)), patches, checks, kept));
      } catch (const std::exception&) {
        complaints_.add(current_failure().message);
        continue;
      }
      if (!json && all_.back().concerned)
        put(all_.back());
    }
    kept.forget_unused();
    require_concerned();
    const ExitCode code = exit_code();
    if (json)
      put_json(patches, code);
    else
      put_summary(code);
    return code;
  }

private:
  // A patch that no config knows is a misspelt one.
  void require_concerned() {
    const bool none = std::none_of(all_.begin(), all_.end(),
                                   [](const BeforeAfter& each) { return each.concerned; });
    if (none && complaints_.empty() && !interrupted().load())
      refuse("what-if", "no config has a step that " + options_.patches +
                            " names; `interlock list labels CONFIG` prints what there is");
  }

  ExitCode exit_code() const {
    const ExitCode code = exit_code_of(all_);
    return code == ExitCode::success && !complaints_.empty() ? ExitCode::usage : code;
  }

  // What the table at the end has no room for.
  static void put(const BeforeAfter& each) {
    const std::vector<std::string> differences = difference_lines(each);
    if (each.error.empty() && !each.is_new_violation() && differences.empty())
      return;
    std::cout << each.name << ": ";
    if (!each.error.empty()) {
      std::cout << "no answer: " << text::printable(each.error) << "\n";
      return;
    }
    std::cout << "after the change " << each.after_text() << "\n";
    if (each.is_new_violation())
      put_violation(each.checked);
    for (const std::string& line : differences)
      std::cout << text::printable(line) << "\n";
  }

  static void put_violation(const CheckedConfig& checked) {
    std::cout << "  " << text::printable(checked.witness->message) << "\n"
              << "  witness: " << checked.witness_path << "\n";
    if (checked.replay)
      std::cout << "  replay: " << checked.replay->outcome << "\n";
  }

  // Each patched config beside its unpatched self, the new violations marked.
  void put_table() const {
    std::vector<std::array<std::string, 3>> rows{{"config", "before", "after"}};
    for (const BeforeAfter& each : all_)
      if (each.concerned)
        rows.push_back({(each.is_new_violation() ? "! " : "  ") + each.name,
                        each.error.empty() ? each.before_text() : "",
                        each.error.empty() ? each.after_text() : "no answer"});
    rows.front()[0] = "  " + rows.front()[0];
    constexpr std::array<std::size_t, 2> widest{200, 40}; // what is longer pushes the next away
    std::array<std::size_t, 2> widths{};
    for (const auto& row : rows)
      for (std::size_t i = 0; i < widths.size(); ++i)
        widths[i] = std::max(widths[i], std::min(row[i].size(), widest[i]));
    std::cout << "\n";
    for (const auto& row : rows) {
      for (std::size_t i = 0; i < widths.size(); ++i)
        std::cout << row[i]
                  << std::string(row[i].size() < widths[i] ? widths[i] - row[i].size() : 0, ' ')
                  << "  ";
      std::cout << row.back() << "\n";
    }
  }

  void put_summary(ExitCode code) const {
    put_table();
    std::cout << summary_text(all_) << "\n"
              << "exit " << static_cast<int>(code) << ": " << text_of(code) << "\n";
  }

  void put_json(const std::vector<lang::Patch>& patches, ExitCode code) const {
    Json texts = Json::array();
    for (const lang::Patch& patch : patches)
      texts.push_back(patch_text(patch));
    Json configs = Json::array();
    for (const BeforeAfter& each : all_)
      if (each.concerned)
        configs.push_back(json_of(each));
    put_document("interlock-what-if", {{"patches", texts},
                                       {"configs", configs},
                                       {"errors", complaints_.all()},
                                       {"exit", exit_json(code)}});
  }

  const WhatIfArguments& options_;
  std::vector<BeforeAfter> all_;
  Complaints complaints_;
};

} // namespace

void add_what_if(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand(
      "what-if", "What patches do to the verdicts: every config that has the steps they name is\n"
                 "checked as it is and with them");
  const auto options = std::make_shared<WhatIfArguments>();
  command
      ->add_option("PATCHES", options->patches,
                   "A file with patches: the list that a config has, or an object with it")
      ->required();
  command->add_option("PATH", options->configs, "Configs, or folders of them")->required();
  add_before_after_options(*command, options->checks);
  add_format(*command, options->format, {"human", "json"});
  command->footer(
      "A config's own patches stay, before the new ones. What is violated before is left out on\n"
      "both sides, so that it hides nothing new. Lock orders, and sequences of delivered events,\n"
      "that come or go are told, too. Exit code: that of the first new violation; 19\n"
      "where a config has no answer; 151 where a file is wrong, or no config has such a step.\n"
      "Final answers are kept, before and after, as `interlock gate` keeps them.\n"
      "Examples:\n"
      "  interlock what-if patches.json configs/netbsd\n"
      "  interlock what-if --format json patches.json configs\n"
      "with, in patches.json:\n"
      "  [{\"drop\": \"knote_proc_fork_track.enter_flux\"}]\n");
  command->callback([options, &run] { run = [options] { return WhatIf(*options).run(); }; });
}

} // namespace interlock::checker::cli
