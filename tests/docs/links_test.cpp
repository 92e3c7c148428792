// What the documents and the comments point to is there: links lead to a file, and to a heading in
// it; sources that are named exist.
#include "support/project_files.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace interlock::tests {
namespace {

namespace fs = std::filesystem;

// The lines of a document outside of its fenced code, and without `code` within them.
std::vector<std::string> prose(const fs::path& path) {
  static const std::regex code("`[^`]*`");
  std::ifstream file(path);
  std::vector<std::string> lines;
  std::string line;
  bool fenced = false;
  while (std::getline(file, line)) {
    if (line.starts_with("```"))
      fenced = !fenced;
    else if (!fenced)
      lines.push_back(std::regex_replace(line, code, ""));
  }
  return lines;
}

// The anchor that a heading gets from those who show Markdown: "What 1.129 gets wrong" has
// "what-1129-gets-wrong".
std::string anchor(const std::string& heading) {
  std::string text;
  for (const char c : heading) {
    const auto letter = static_cast<unsigned char>(c);
    if (c == ' ')
      text += '-';
    else if (std::isalnum(letter) != 0 || c == '-' || c == '_')
      text += static_cast<char>(std::tolower(letter));
  }
  return text;
}

// Of two headings with the same text only the first has the plain anchor.
std::set<std::string> anchors(const fs::path& path) {
  std::set<std::string> found;
  std::map<std::string, int> count;
  for (const std::string& line : prose(path)) {
    const std::size_t text = line.find_first_not_of('#');
    if (text == 0 || text == std::string::npos || line[text] != ' ')
      continue;
    const std::string plain = anchor(line.substr(text + 1));
    const int before = count[plain]++;
    found.insert(before == 0 ? plain : plain + "-" + std::to_string(before));
  }
  return found;
}

// What is wrong with the links of a document: "README.md: there is no specs.md#bugs".
std::vector<std::string> broken_links(const fs::path& document) {
  static const std::regex link(R"(\]\(([^)\s]+)\))");
  std::vector<std::string> broken;
  for (const std::string& line : prose(document))
    for (std::sregex_iterator match(line.begin(), line.end(), link), end; match != end; ++match) {
      const std::string target = (*match)[1];
      if (target.find("://") != std::string::npos)
        continue;
      const std::size_t hash = target.find('#');
      const std::string file = target.substr(0, hash);
      const fs::path path = file.empty() ? document : document.parent_path() / file;
      if (!fs::exists(path) ||
          (hash != std::string::npos && !anchors(path).contains(target.substr(hash + 1))))
        broken.push_back(document.filename().string() + ": there is no " + target);
    }
  return broken;
}

std::vector<fs::path> documents() {
  std::vector<fs::path> found;
  for (const fs::path& file : project_files())
    if (file.extension() == ".md")
      found.push_back(file);
  return found;
}

TEST(Documents, HaveNoBrokenLinks) {
  EXPECT_GE(documents().size(), 4U) << "README, HACKING, CHANGELOG and specs are documents";
  for (const fs::path& document : documents())
    for (const std::string& broken : broken_links(document))
      ADD_FAILURE() << broken;
}

std::string read(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// What a file says to people: a document's text, the comments of C++.
std::string words_of(const fs::path& path) {
  std::ifstream file(path);
  std::string text;
  std::string line;
  while (std::getline(file, line))
    if (const std::size_t comment = line.find("//"); path.extension() == ".md")
      text += line + "\n";
    else if (comment != std::string::npos)
      text += line.substr(comment) + "\n";
  return text;
}

// By their path, or by the end of it: "explore.hpp" is checker/search/explore.hpp.  *.c and *.h are
// files of the kernels.
TEST(Documents, NameSourcesThatExist) {
  static const std::regex source(R"([\w./]*\w\.(hpp|cpp|def|cmake|S|inc|pml)\b)");
  std::string names;
  for (const fs::path& file : project_files())
    names += "/" + file.generic_string() + "\n";
  for (const fs::path& file : project_files()) {
    if (file.extension() != ".md" && file.extension() != ".cpp" && file.extension() != ".hpp")
      continue;
    const std::string text = words_of(file);
    for (std::sregex_iterator match(text.begin(), text.end(), source), end; match != end; ++match) {
      std::string name = match->str();
      while (name.starts_with("../"))
        name.erase(0, 3);
      EXPECT_NE(names.find("/" + name + "\n"), std::string::npos) << file << " names " << name;
    }
  }
}

// Without indentation, line by line.
std::string trimmed(const std::string& text) {
  std::istringstream lines(text);
  std::string result;
  std::string line;
  while (std::getline(lines, line))
    if (const std::size_t begin = line.find_first_not_of(' '); begin != std::string::npos)
      result += line.substr(begin) + "\n";
  return result;
}

// What specs.md shows of the model beside the C is what the model has.
TEST(Documents, QuoteTheSourcesAsTheyAre) {
  const std::string specs = read(fs::path(INTERLOCK_SOURCE_DIR) / "specs.md");
  const std::size_t begin = specs.find("```cpp\n");
  ASSERT_NE(begin, std::string::npos);
  const std::string quoted = specs.substr(begin + 7, specs.find("```", begin + 7) - begin - 7);
  const fs::path source =
      fs::path(INTERLOCK_SOURCE_DIR) / "model/actions/netbsd/kern_event_filter.cpp";
  EXPECT_NE(trimmed(read(source)).find(trimmed(quoted)), std::string::npos) << quoted;
}

TEST(Links, ToNoFileOrNoHeadingAreBroken) {
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "b.md") << "# One's 1.2 and `code`\n## Twice\n## Twice\n";
  std::ofstream(folder.path() / "a.md")
      << "[good](b.md) [good](b.md#ones-12-and-) [good](b.md#twice-1) [good](#here)\n# Here\n"
      << "[bad](c.md) [bad](b.md#thrice) and [bad](#there), on one line\n"
      << "[elsewhere](https://example.org/x#y) `[code](c.md)`\n```\n[code](c.md)\n```\n";
  EXPECT_EQ(broken_links(folder.path() / "a.md"),
            (std::vector<std::string>{"a.md: there is no c.md", "a.md: there is no b.md#thrice",
                                      "a.md: there is no #there"}));
}

} // namespace
} // namespace interlock::tests
