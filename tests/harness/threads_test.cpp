// Where threads are started: ThreadSanitizer looks at nothing else (cmake/InterlockTarget.cmake).
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

namespace interlock::tests {
namespace {

namespace fs = std::filesystem;

bool starts_threads(const std::string& text) {
  static const std::regex start(R"(std::j?thread[ >&({]|pthread_create|std::async|thrd_create)");
  return std::regex_search(text, start);
}

std::vector<std::string> sources_with_threads() {
  const fs::path root = INTERLOCK_SOURCE_DIR;
  std::vector<std::string> found;
  for (const char* folder : {"bench", "checker", "exporters", "files", "harness", "json",
                             "kernel_text", "model", "tests", "text", "witnesses"})
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string extension = entry.path().extension();
      if (extension != ".cpp" && extension != ".hpp" && extension != ".S")
        continue;
      std::ostringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      if (starts_threads(text.str()))
        found.push_back(fs::relative(entry.path(), root));
    }
  std::sort(found.begin(), found.end());
  return found;
}

TEST(Threads, AreStartedByTheHarnessAndItsTestsAlone) {
  const std::vector<std::string> found = sources_with_threads();
  EXPECT_NE(std::find(found.begin(), found.end(), "harness/machine.cpp"), found.end())
      << "what starts the threads of a replay is not recognised";
  for (const std::string& source : found)
    EXPECT_TRUE(source.starts_with("harness/") || source.starts_with("tests/harness/"))
        << source << " starts threads, and ThreadSanitizer does not look at it";
}

} // namespace
} // namespace interlock::tests
