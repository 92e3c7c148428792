// The commands that the documents show are run, and do what is shown.
#include "support/shell.hpp"
#include "support/temporary_folder.hpp"
#include "text/wrap.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <vector>

namespace interlock::tests {
namespace {

namespace fs = std::filesystem;

// A command with what is shown of its output: lines, of which `...` stands for any that follow, and
// ends one that goes on.
struct Shown {
  std::string command;
  std::vector<std::string> output;
};

std::string read(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Of the blocks ```console: `$ ` begins a command, `> ` goes on with it, the rest is output.
std::vector<Shown> shown_in(const std::string& document) {
  std::vector<Shown> shown;
  bool inside = false;
  for (const std::string& line : text::lines_of(document)) {
    if (line.starts_with("```")) {
      inside = line == "```console";
    } else if (inside && line.starts_with("$ ")) {
      shown.push_back({line.substr(2), {}});
    } else if (inside && line.starts_with("> ") && shown.back().output.empty()) {
      shown.back().command += "\n" + line.substr(2);
    } else if (inside) {
      shown.back().output.push_back(line);
    }
  }
  return shown;
}

// What differs from machine to machine.
std::string normalised(const std::string& line) {
  static const std::regex timing(R"(\d+\.\d+ s, \d+ states/s)");
  return std::regex_replace(line, timing, "TIME");
}

bool fits(const std::string& shown, const std::string& line) {
  if (shown.ends_with("..."))
    return line.starts_with(shown.substr(0, shown.size() - 3));
  return normalised(shown) == normalised(line);
}

// Do the lines from `at` on fit what is shown from `from` on?
bool fits(const std::vector<std::string>& shown, std::size_t from,
          const std::vector<std::string>& lines, std::size_t at) {
  if (from == shown.size())
    return at == lines.size();
  if (shown[from] == "...") {
    for (std::size_t next = at; next <= lines.size(); ++next)
      if (fits(shown, from + 1, lines, next))
        return true;
    return false;
  }
  return at < lines.size() && fits(shown[from], lines[at]) && fits(shown, from + 1, lines, at + 1);
}

// A folder with the corpus, where `interlock` is the program.
class Desk {
public:
  Desk() {
    fs::create_directory_symlink(fs::path(INTERLOCK_SOURCE_DIR) / "configs",
                                 folder_.path() / "configs");
    fs::create_directory_symlink(fs::path(INTERLOCK_SOURCE_DIR) / "schemas",
                                 folder_.path() / "schemas");
  }
  Ran run(const std::string& command) const {
    const std::string programs = fs::path(INTERLOCK_BINARY).parent_path().string();
    return shell("cd " + folder_.path().string() + " && PATH=" + programs + ":$PATH\n" + command);
  }

private:
  TemporaryFolder folder_;
};

TEST(Tutorial, ShowsWhatItsCommandsDo) {
  const Desk desk;
  const std::vector<Shown> all = shown_in(read(INTERLOCK_SOURCE_DIR "/docs/tutorial.md"));
  EXPECT_GE(all.size(), 10U) << "the tutorial is made of commands";
  for (const Shown& shown : all) {
    const Ran ran = desk.run(shown.command);
    EXPECT_TRUE(fits(shown.output, 0, text::lines_of(ran.out), 0)) << "$ " << shown.command << "\n"
                                                                   << ran.out;
  }
}

// Of a document's code the commands that are whole: without names in capitals that stand for
// others, without files and trees that are not here, and more than a verb that the text speaks of.
std::vector<std::string> commands_in(const std::string& document) {
  static const std::regex command(
      R"((?:^ {4}|`)(?:\./dev run|interlock) ((?:[a-z][^`\n]*?)?)(?=`|  |$))");
  static const std::regex elsewhere(
      R"([A-Z]{3,}|\.\./|/usr/|\.\.\.|patches\.json|,|^(check|gate)$)");
  std::vector<std::string> commands;
  for (const std::string& line : text::lines_of(document))
    for (std::sregex_iterator match(line.begin(), line.end(), command), end; match != end; ++match)
      if (!std::regex_search((*match)[1].str(), elsewhere))
        commands.push_back("interlock " + (*match)[1].str());
  return commands;
}

TEST(Readme, HasCommandsThatAreUnderstood) {
  const Desk desk;
  const std::vector<std::string> commands = commands_in(read(INTERLOCK_SOURCE_DIR "/README.md"));
  EXPECT_GE(commands.size(), 4U);
  for (const std::string& command : commands) {
    const Ran ran = desk.run(command);
    EXPECT_TRUE(ran.code == 0 || ran.code == 12) << command << ": " << ran.out;
  }
}

TEST(ShownOutput, FitsLineByLineWhereNothingIsLeftOut) {
  EXPECT_TRUE(fits({"a", "...", "c"}, 0, {"a", "b", "b", "c"}, 0));
  EXPECT_TRUE(fits({"a", "..."}, 0, {"a"}, 0));
  EXPECT_FALSE(fits({"a", "...", "d"}, 0, {"a", "b", "c"}, 0));
  EXPECT_FALSE(fits({"a"}, 0, {"a", "b"}, 0));
  EXPECT_TRUE(fits({"a b..."}, 0, {"a b c"}, 0));
  EXPECT_FALSE(fits({"a b..."}, 0, {"a c"}, 0));
  EXPECT_TRUE(fits({"depth 3, 0.01 s, 70 states/s"}, 0, {"depth 3, 1.20 s, 8 states/s"}, 0));
  EXPECT_FALSE(fits({"depth 3, 0.01 s, 70 states/s"}, 0, {"depth 4, 0.01 s, 70 states/s"}, 0));
}

} // namespace
} // namespace interlock::tests
