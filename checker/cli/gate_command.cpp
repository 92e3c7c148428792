// interlock gate
#include "campaigns/files.hpp"
#include "campaigns/gate.hpp"
#include "cli/commands.hpp"
#include "cli/failure.hpp"
#include "cli/load.hpp"
#include "cli/search.hpp"
#include "text/numbers.hpp"
#include "verdict/report.hpp"

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <map>
#include <memory>

namespace interlock::checker::cli {

namespace {

struct Options {
  std::vector<std::string> paths;
  SearchOptions search;
};

// A file of the account; a config is read before anything is explored, for the table's columns.
struct Item {
  FoundFile file;
  std::optional<Config> config;
  std::optional<Failure> failure; // why it cannot be read
};

std::optional<Config> read_expecting(const std::filesystem::path& path) {
  Config config = read_config(path);
  if (!config.expect)
    throw config.source->error(config.source->root(),
                               "the key \"expect\" is missing: the gate compares with it");
  return config;
}

std::vector<Item> read_all(const std::vector<std::string>& paths) {
  std::vector<Item> items;
  for (FoundFile& file : files_below(paths)) {
    Item item{std::move(file), {}, {}};
    if (item.file.kind == FoundFile::Kind::missing)
      item.failure = {ExitCode::usage, item.file.path.string() + ": " + item.file.reason};
    if (item.file.kind == FoundFile::Kind::config) {
      try {
        item.config = read_expecting(item.file.path);
      } catch (...) {
        item.failure = current_failure(item.file.path.string());
      }
    }
    items.push_back(std::move(item));
  }
  return items;
}

class Table {
public:
  explicit Table(const std::vector<Item>& items) {
    for (const Item& item : items) {
      name_ = std::max(name_, item.file.path.string().size());
      if (item.config)
        verdict_ = std::max(verdict_, expectation_text(*item.config).size());
    }
    row("file", "verdict", "expected", "states", "transitions", "depth", "seconds");
  }

  void add(const Config& config, const CheckResult& result) const {
    const Statistics& statistics = result.statistics;
    char seconds[32];
    std::snprintf(seconds, sizeof seconds, "%.2f", statistics.seconds);
    const std::string verdict =
        result.trace ? "violates " + result.trace->violation.property : verdict_text(result);
    row(config.source->name(), verdict, expectation_text(config), std::to_string(statistics.states),
        std::to_string(statistics.transitions), std::to_string(statistics.depth), seconds);
  }

  void add(const std::filesystem::path& path, const std::string& text) const {
    std::cout << left(path.string(), name_) << text << "\n" << std::flush;
  }

private:
  static std::string left(const std::string& text, std::size_t width) {
    return text + std::string(width - std::min(width, text.size()), ' ') + "  ";
  }
  static std::string right(const std::string& text, std::size_t width) {
    return std::string(width - std::min(width, text.size()), ' ') + text;
  }

  void row(const std::string& name, const std::string& verdict, const std::string& expected,
           const std::string& states, const std::string& transitions, const std::string& depth,
           const std::string& seconds) const {
    std::cout << left(name, name_) << left(verdict, verdict_) << left(expected, verdict_)
              << right(states, 10) << right(transitions, 13) << right(depth, 7) << right(seconds, 9)
              << "\n"
              << std::flush;
  }

  std::size_t name_ = 6;
  std::size_t verdict_ = 10;
};

// What became of every file, and the table of it.
class Account {
public:
  Account(const std::vector<Item>& items, const SearchOptions& search)
      : table_(items), search_(search) {}

  // False when it was interrupted.
  bool add(const Item& item) {
    switch (item.file.kind) {
    case FoundFile::Kind::config:
      ++configs_;
      return attempt(item, wrong_configs_, [&] { return check_config(item); });
    case FoundFile::Kind::witness:
      ++witnesses_;
      return attempt(item, wrong_witnesses_, [&] { return follow_witness(item.file.path); });
    case FoundFile::Kind::missing:
      fail(item.file.path, item.failure.value());
      ++missing_;
      return true;
    case FoundFile::Kind::passed_over:
      table_.add(item.file.path, "passed over: " + item.file.reason);
      ++passed_over_;
      return true;
    }
    return true;
  }

  // The last lines.
  ExitCode finish() const {
    std::string cut;
    for (const auto& [property, count] : cut_)
      cut += (cut.empty() ? " (" : ", ") + property + " in " + std::to_string(count);
    std::cout << text::counted(configs_, "config") << ": " << as_expected_ << " as expected, "
              << different_ << " different, " << wrong_configs_ << " wrong; " << incomplete_
              << " incomplete, " << with_cut_ << " with cut steps" << cut
              << (cut.empty() ? "" : ")") << "\n"
              << witnesses_ << " witness" << (witnesses_ == 1 ? ": " : "es: ") << followed_
              << " as its config says, " << wrong_witnesses_ << " wrong\n"
              << passed_over_ << " passed over, " << missing_ << " missing\n";
    const ExitCode code = interrupted_      ? ExitCode::interrupted
                          : different_ != 0 ? ExitCode::gate
                                            : first_failure_;
    std::cout << exit_line(code);
    return code;
  }

private:
  template <class Work> bool attempt(const Item& item, std::size_t& wrong, Work work) {
    try {
      if (!item.failure)
        return work();
      fail(item.file.path, *item.failure);
    } catch (...) {
      const Failure failure = current_failure(item.file.path.string());
      interrupted_ = failure.code == ExitCode::interrupted;
      if (interrupted_) {
        say(failure);
        return false;
      }
      fail(item.file.path, failure);
    }
    ++wrong;
    return true;
  }

  void fail(const std::filesystem::path& path, const Failure& failure) {
    table_.add(path, "wrong: " + std::to_string(static_cast<int>(failure.code)) + ", " +
                         text_of(failure.code));
    say(failure);
    if (first_failure_ == ExitCode::success)
      first_failure_ = failure.code;
  }

  bool check_config(const Item& item) {
    const Config& config = item.config.value();
    const CheckResult result = search(load_within(search_, config), search_);
    table_.add(config, result);
    for (const auto& [property, count] : result.statistics.cut)
      std::cout << "  CUT      " << text::counted(count, "step") << " not taken that would violate "
                << property << "\n";
    interrupted_ = result.verdict == Verdict::interrupted;
    if (interrupted_)
      return false;
    if (result.verdict == Verdict::incomplete)
      std::cout << "  LIMIT    " << result.limit << "\n";
    const std::vector<std::string> found = differences(config.expect.value(), result);
    for (const std::string& difference : found)
      std::cout << "  DIFFERS  " << difference << "\n";
    ++(found.empty() ? as_expected_ : different_);
    incomplete_ += result.verdict == Verdict::incomplete ? 1 : 0;
    with_cut_ += result.statistics.cut.empty() ? 0 : 1;
    for (const auto& [property, count] : result.statistics.cut)
      ++cut_[property];
    return true;
  }

  bool follow_witness(const std::filesystem::path& path) {
    const LoadedWitness loaded = load_witness(path);
    table_.add(path, "witness: " + loaded.witness.property + ", " +
                         text::counted(loaded.trace.actions.size(), "step"));
    ++followed_;
    return true;
  }

  Table table_;
  SearchOptions search_;
  std::size_t configs_ = 0;
  std::size_t as_expected_ = 0;
  std::size_t different_ = 0;
  std::size_t wrong_configs_ = 0;
  std::size_t incomplete_ = 0;
  std::size_t with_cut_ = 0;
  std::map<std::string, std::size_t> cut_; // property: configs
  std::size_t witnesses_ = 0;
  std::size_t followed_ = 0; // witnesses
  std::size_t wrong_witnesses_ = 0;
  std::size_t passed_over_ = 0;
  std::size_t missing_ = 0;
  bool interrupted_ = false;
  ExitCode first_failure_ = ExitCode::success;
};

ExitCode run_gate(const Options& options) {
  const std::vector<Item> items = read_all(options.paths);
  Account account(items, options.search);
  for (const Item& item : items)
    if (!account.add(item))
      break;
  return account.finish();
}

} // namespace

void add_gate(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand(
      "gate", "Check every config at and below the paths and compare verdict, numbers and cut\n"
              "steps with what its \"expect\" says; follow every witness");
  const auto options = std::make_shared<Options>();
  command->add_option("PATH", options->paths, "Configs, witnesses, and folders of them")
      ->required();
  add_search_options(*command, options->search);
  command->footer(
      "Every *.json and *.jsonc is a config, right or wrong, unless its content says that\n"
      "it is a witness or a report of Interlock (\"format\"), an ITF trace (\"vars\" and\n"
      "\"states\") or a JSON schema (\"$schema\" of json-schema.org, and no \"system\"). All\n"
      "else is listed as passed over; links are followed; nothing is written.\n"
      "Exit code: 130 when interrupted; 17 when something differs; else that of the first\n"
      "file that is wrong (151 or 150, as `check` has it), and the others are checked all the\n"
      "same; else 0.\n"
      "Examples:\n"
      "  interlock gate configs\n"
      "  interlock gate configs/netbsd configs/freebsd/NAME.json\n");
  command->callback([options, &run] { run = [options] { return run_gate(*options); }; });
}

} // namespace interlock::checker::cli
