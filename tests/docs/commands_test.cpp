// The commands that the documents show are run, and do what is shown.
#include "support/shell.hpp"
#include "support/temporary_folder.hpp"
#include "text/wrap.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <vector>

namespace interlock::tests {
namespace {

namespace fs = std::filesystem;

const fs::path project = INTERLOCK_SOURCE_DIR;

// A command with what is shown of its output: lines, of which `...` stands for any that follow, and
// ends one that goes on.  One that shows `...` alone has to succeed.
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

// What differs from machine to machine, and from one replay to the next.
std::string normalised(std::string line) {
  static const std::pair<std::regex, const char*> differing[] = {
      {std::regex(R"(\d+\.\d+ s, \d+ states/s)"), "TIME"},
      {std::regex(R"(\d+ (to take locks|for the turn)( \(\d+ in vain\))?)"), "N $1"},
  };
  for (const auto& [what, by] : differing)
    line = std::regex_replace(line, what, by);
  return line;
}

bool fits(const std::string& shown, const std::string& line) {
  if (shown.ends_with("..."))
    return normalised(line).starts_with(normalised(shown.substr(0, shown.size() - 3)));
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

// What the documents have at hand: a checkout, ../freebsd-10.4 (one function, shortened),
// ../my-tree, where knote_fork() gives kq_lock back after the first kqueue_register(), and
// ../kernel, a repository of the former.  The commands are run in one of them, on a terminal of 96
// columns.
class Desk {
public:
  explicit Desk(const std::string& place) : folder_(around_.path() / place) {
    const fs::path checkout = around_.path() / "interlock";
    fs::create_directory(checkout);
    for (const char* name : {"configs", "schemas", "docs"}) // copies: a command may write
      fs::copy(project / name, checkout / name, fs::copy_options::recursive);
    write(checkout / "dev", "#!/bin/sh\n[ \"$1\" = run ] && shift && exec interlock \"$@\"\n");
    fs::permissions(checkout / "dev", fs::perms::owner_all);
    const std::string kern_event = "sys/kern/kern_event.c";
    const std::string text = read(project / "tests/docs/freebsd-10.4" / kern_event);
    for (const char* tree : {"freebsd-10.4", "kernel"})
      write(around_.path() / tree / kern_event, text);
    write(around_.path() / "my-tree" / kern_event, with_line_moved(text, 32, 38));
    shell(in(around_.path() / "kernel") +
          "git init -q && git add -A && git commit -qm 'FreeBSD 10.4'");
  }

  Ran run(const std::string& command) const { return shell(in(folder_) + command); }

private:
  static void write(const fs::path& path, const std::string& text) {
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }

  // A line of a text behind another one that follows.
  static std::string with_line_moved(const std::string& text, std::size_t line,
                                     std::size_t behind) {
    std::vector<std::string> lines = text::lines_of(text);
    const std::string moved = lines.at(line - 1);
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(behind), moved);
    lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(line - 1));
    std::string result;
    for (const std::string& each : lines)
      result += each + "\n";
    return result;
  }

  std::string in(const fs::path& folder) const {
    const std::string programs = fs::path(INTERLOCK_BINARY).parent_path().string();
    std::string commands = "cd " + folder.string() + " && export PATH=" + programs + ":$PATH";
    commands += " COLUMNS=96 XDG_CACHE_HOME=" + (around_.path() / "cache").string();
    commands += " GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null";
    for (const char* role : {"AUTHOR", "COMMITTER"})
      commands += std::string(" GIT_") + role + "_NAME=me GIT_" + role + "_EMAIL=me@example.org";
    return commands + "\n";
  }

  TemporaryFolder around_;
  fs::path folder_;
};

// --- commands with their output ---

struct Document {
  const char* path;
  const char* place; // where its commands are run
  std::size_t least; // so many commands, lest none is found
};
constexpr Document documents[] = {{"README.md", "interlock", 4},
                                  {"docs/tutorial.md", "interlock", 10},
                                  {"docs/ci/README.md", "kernel", 4}};

class CommandsOf : public testing::TestWithParam<Document> {};

TEST_P(CommandsOf, DoWhatIsShown) {
  const Desk desk(GetParam().place);
  const std::vector<Shown> all = shown_in(read(project / GetParam().path));
  EXPECT_GE(all.size(), GetParam().least);
  for (const Shown& shown : all) {
    const Ran ran = desk.run(shown.command);
    EXPECT_TRUE(fits(shown.output, 0, text::lines_of(ran.out), 0)) << "$ " << shown.command << "\n"
                                                                   << ran.out;
    if (shown.output == std::vector<std::string>{"..."}) {
      EXPECT_EQ(ran.code, 0) << "$ " << shown.command << "\n" << ran.out;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Documents, CommandsOf, testing::ValuesIn(documents), [](const auto& info) {
  return std::regex_replace(std::string(info.param.path), std::regex("[^A-Za-z]"), "_");
});

// --- commands that the text speaks of ---

// Commands that are not run here, each with the reason.
const std::map<std::string, std::string> not_run = {
    {"./dev test", "it runs this test"},
    {"./dev build", "it has built what this test runs"},
    {"cmake --install build/release --prefix ~/.local", "tests/install installs"},
    {"cd build/release && cpack -G DEB", "tests/install makes the packages"},
    {"interlock check /usr/share/interlock/configs/netbsd/lost-note-child.json",
     "tools/try-packages runs it where the package is installed"},
    {"cmake -B build -DCMAKE_PREFIX_PATH=PREFIX", "tests/install builds the examples"},
    {"interlock gate --update configs", "it checks the whole corpus, as tests/corpus does"},
};

// What is not in a fenced block: indented lines as they are, and the others joined to paragraphs.
std::vector<std::string> paragraphs_of(const std::string& document) {
  std::vector<std::string> paragraphs{""};
  bool fenced = false;
  for (const std::string& line : text::lines_of(document)) {
    const bool fence = line.starts_with("```");
    fenced = fenced != fence;
    const bool indented = line.starts_with("    ");
    if (fence || line.empty() || indented)
      paragraphs.push_back(indented && !fenced ? line : "");
    else if (!fenced)
      paragraphs.back() += (paragraphs.back().empty() ? "" : " ") + line;
  }
  return paragraphs;
}

// In code between backticks or in indented lines, what begins like a command; in an indented line
// it ends at two blanks.
std::vector<std::string> spoken_of_in(const std::string& document) {
  static const std::regex code(R"(`([^`]+)`|^ {4}(\S.*?)(?=  |$))");
  static const std::regex command(R"((interlock|\./dev|cmake|cpack|cd|cp|git|apt|dpkg) \S.*)");
  std::vector<std::string> commands;
  for (const std::string& paragraph : paragraphs_of(document))
    for (std::sregex_iterator match(paragraph.begin(), paragraph.end(), code), end; match != end;
         ++match) {
      const std::string found = match->str(match->length(1) != 0 ? 1 : 2);
      if (std::regex_match(found, command))
        commands.push_back(found);
    }
  return commands;
}

// Words that stand for others, or a verb alone.
bool is_pattern(const std::string& command) {
  static const std::regex pattern(R"([A-Z]{3,}|\.\.\.|^interlock [a-z-]+$)");
  return std::regex_search(command, pattern);
}

// What the program's own help does not have of a pattern: its verbs and options.
std::string unknown_to_help(const Desk& desk, const std::string& command) {
  static const std::regex verb("[a-z][a-z-]*");
  std::istringstream words(command.substr(command.find(' ') + 1));
  std::string verbs;
  std::vector<std::string> wanted;
  bool leading = true;
  for (std::string word; words >> word;) {
    word = std::regex_replace(word, std::regex("[,.]+$"), "");
    leading = leading && std::regex_match(word, verb);
    if (leading)
      verbs += word + " ";
    if (leading || word.starts_with("--"))
      wanted.push_back(word);
  }
  const Ran help = desk.run("interlock " + verbs + "--help");
  if (help.code != 0)
    return help.out;
  for (const std::string& word : wanted)
    if (help.out.find(word) == std::string::npos)
      return word;
  return "";
}

TEST_P(CommandsOf, AreThereWhereTheTextSpeaksOfThem) {
  const Desk desk("interlock");
  for (std::string command : spoken_of_in(read(project / GetParam().path))) {
    if (not_run.contains(command))
      continue;
    command = std::regex_replace(command, std::regex(R"(^\./dev run )"), "interlock ");
    if (std::smatch verb; std::regex_match(command, verb, std::regex(R"(\./dev ([a-z]+))"))) {
      EXPECT_NE(read(project / "dev").find("\n  " + verb[1].str() + " "), std::string::npos)
          << command;
      continue;
    }
    if (!command.starts_with("interlock ")) {
      ADD_FAILURE() << command << ": show it with its output, or say why it is not run";
    } else if (is_pattern(command)) {
      EXPECT_EQ(unknown_to_help(desk, command), "") << command;
    } else {
      const Ran ran = desk.run(command);
      EXPECT_EQ(ran.code, 0) << command << ": " << ran.out;
    }
  }
}

TEST(NotRun, IsShownSomewhere) {
  std::string all;
  for (const Document& document : documents)
    for (const std::string& paragraph : paragraphs_of(read(project / document.path)))
      all += paragraph + "\n";
  for (const auto& [command, reason] : not_run)
    EXPECT_NE(all.find(command), std::string::npos) << command << ": " << reason;
}

// --- patches ---

// Those of the table in README.md, all of NetBSD's latest revision.
TEST(Readme, ItsPatchesAreTaken) {
  static const std::regex row(R"(^\| `(\{.*?\})` \|)");
  const Desk desk("interlock");
  int count = 0;
  for (const std::string& line : text::lines_of(read(project / "README.md"))) {
    std::smatch patch;
    if (!std::regex_search(line, patch, row))
      continue;
    ++count;
    const Ran ran = desk.run(R"(cat > patched.json <<'END'
{"system": "netbsd", "revision": "kern_event-1.129",
 "scenario": {"threads": {"parent": ["fork child"], "child": ["exit 1"],
                          "watcher": ["kevent add proc parent exit,track", "kevent loop"]}},
 "patches": [)" + patch[1].str() +
                             "]}\nEND\ninterlock list labels patched.json");
    EXPECT_EQ(ran.code, 0) << line << "\n" << ran.out.substr(0, 300);
  }
  EXPECT_GE(count, 10);
}

// --- the reading of the documents ---

TEST(ShownOutput, FitsLineByLineWhereNothingIsLeftOut) {
  EXPECT_TRUE(fits({"a", "...", "c"}, 0, {"a", "b", "b", "c"}, 0));
  EXPECT_TRUE(fits({"a", "..."}, 0, {"a"}, 0));
  EXPECT_FALSE(fits({"a", "...", "d"}, 0, {"a", "b", "c"}, 0));
  EXPECT_FALSE(fits({"a"}, 0, {"a", "b"}, 0));
  EXPECT_TRUE(fits({"a b..."}, 0, {"a b c"}, 0));
  EXPECT_FALSE(fits({"a b..."}, 0, {"a c"}, 0));
  EXPECT_TRUE(fits({"depth 3, 0.01 s, 70 states/s"}, 0, {"depth 3, 1.20 s, 8 states/s"}, 0));
  EXPECT_FALSE(fits({"depth 3, 0.01 s, 70 states/s"}, 0, {"depth 4, 0.01 s, 70 states/s"}, 0));
  EXPECT_TRUE(
      fits({"30 to take locks, 5 on sets"}, 0, {"32 to take locks (2 in vain), 5 on sets"}, 0));
  EXPECT_FALSE(fits({"30 to take locks, 5 on sets"}, 0, {"30 to take locks, 6 on sets"}, 0));
}

TEST(SpokenOf, AreCommandsInCode) {
  EXPECT_EQ(spoken_of_in("Say `interlock list calls`, `set PLACE` or `cp a b`.\n\n"
                         "    interlock gate DIR    for CI\n\n```console\n$ cp c d\n```\n"),
            (std::vector<std::string>{"interlock list calls", "cp a b", "interlock gate DIR"}));
  EXPECT_EQ(spoken_of_in("Say `interlock\nlist calls`.\n"),
            (std::vector<std::string>{"interlock list calls"}));
}

} // namespace
} // namespace interlock::tests
