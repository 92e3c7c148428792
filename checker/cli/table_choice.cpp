// Options of the table; see table_choice.hpp.
#include "cli/table_choice.hpp"

#include "cli/output.hpp"
#include "text/lists.hpp"
#include "text/nearest.hpp"
#include "text/printable.hpp"

#include <algorithm>
#include <iostream>

namespace interlock::checker::cli {

namespace {

// `A..B`, `A..`, `..B` or `A`.
class Range {
public:
  Range(std::string command, std::string text, std::optional<std::size_t> length)
      : command_(std::move(command)), text_(std::move(text)), length_(length) {}

  void read_into(witnesses::TellOptions& tell) const {
    const std::size_t dots = text_.find("..");
    const std::string first = text_.substr(0, dots);
    const std::string last = dots == std::string::npos ? text_ : text_.substr(dots + 2);
    tell.first = first.empty() && !last.empty() ? 1 : number(first);
    if (!last.empty())
      tell.last = number(last);
    if (tell.first < 1 || tell.first > tell.last || tell.first > length_.value_or(tell.first))
      wrong("there are no such steps");
  }

private:
  std::size_t number(const std::string& digits) const {
    if (digits.empty() || digits.size() > 9 ||
        digits.find_first_not_of("0123456789") != std::string::npos)
      wrong("a range is A..B, A.., ..B or one step");
    return std::stoul(digits);
  }

  [[noreturn]] void wrong(const std::string& why) const {
    refuse(command_,
           "--steps " + text_ + ": " + why +
               (length_ ? "; the witness has the steps 1.." + std::to_string(*length_) : ""));
  }

  std::string command_;
  std::string text_;
  std::optional<std::size_t> length_;
};

// What --only can name, whatever the steps are.
std::vector<std::string> names_of(const lang::Spec& spec) {
  const lang::Trace nothing_happens{{}, {lang::ViolationKind::analysis, "", ""}};
  return names_in(witnesses::describe(spec, nothing_happens, {}));
}

} // namespace

void add_table_choice(CLI::App& command, TableChoice& choice) {
  command.add_flag("--full", choice.full,
                   "Show every step and change, and both end states: ghosts, lock words, program\n"
                   "counters");
  command
      .add_option("--only", choice.only,
                  "Steps of this thread, lock, lock class, variable, object or field alone;\n"
                  "several times: of any of them")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command.add_option("--steps", choice.steps, "Steps A to B alone; A.. and ..B leave one out")
      ->type_name("A..B");
  command.add_flag("--no-locks", choice.no_locks, "Leave out where locks are taken and released");
  command
      .add_option("--tree", choice.trees,
                  "A tree of the kernel's C, or several: steps have their lines there, and the "
                  "C\nstatements beside them")
      ->type_name("DIR")
      ->allow_extra_args(false);
}

witnesses::TellOptions tell_options(const std::string& command, const TableChoice& choice,
                                    const lang::Spec& spec, std::optional<std::size_t> length) {
  witnesses::TellOptions tell{.full = choice.full,
                              .locks = !choice.no_locks,
                              .only = choice.only,
                              .functions = witnesses::functions_of(spec)};
  if (!choice.only.empty()) {
    const std::vector<std::string> names = names_of(spec);
    for (const std::string& name : choice.only)
      if (!std::binary_search(names.begin(), names.end(), name))
        refuse(command, "--only " + name +
                            ": there is no thread, lock, variable, object or field of that name" +
                            text::nearest_hint(name, names));
  }
  if (!choice.steps.empty())
    Range(command, choice.steps, length).read_into(tell);
  return tell;
}

LinesInTree trees_of(const TableChoice& choice) {
  return {choice.trees, [](const std::string& message) {
            std::cerr << "interlock: " << text::printable(message) << "\n";
          }};
}

witnesses::Statements statements_in(LinesInTree& trees, const TableChoice& choice,
                                    const Config& config) {
  witnesses::Statements statements = trees.of(config);
  if (statements.empty() && !choice.trees.empty())
    std::cerr << "interlock: "
              << text::printable("no function in " + text::joined(choice.trees) +
                                 " does what the model of " + config.scenario.system.text + " " +
                                 config.scenario.revision.text +
                                 " does; lines are those that it was modelled after")
              << "\n";
  return statements;
}

} // namespace interlock::checker::cli
