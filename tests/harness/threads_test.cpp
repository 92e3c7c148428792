// Where threads are started: ThreadSanitizer looks at nothing else (cmake/InterlockTarget.cmake).
#include "files/files.hpp"
#include "support/project_files.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace interlock::tests {
namespace {

namespace fs = std::filesystem;

bool starts_threads(const std::string& text) {
  static const std::regex start(R"(std::j?thread[ >&({]|pthread_create|std::async|thrd_create)");
  return std::regex_search(text, start);
}

std::set<std::string> sources_with_threads() {
  const std::set<std::string> extensions{".cpp", ".hpp", ".S", ".inc"};
  std::set<std::string> found;
  for (const fs::path& file : project_files())
    if (extensions.contains(file.extension()) && starts_threads(files::read(file)))
      found.insert(fs::relative(file, INTERLOCK_SOURCE_DIR));
  return found;
}

TEST(Threads, AreStartedByTheHarnessAndItsTestsAlone) {
  const std::set<std::string> found = sources_with_threads();
  EXPECT_TRUE(found.contains("harness/machine.cpp"))
      << "what starts the threads of a replay is not recognised";
  for (const std::string& source : found)
    EXPECT_TRUE(source.starts_with("harness/") || source.starts_with("tests/harness/"))
        << source << " starts threads, and ThreadSanitizer does not look at it";
}

} // namespace
} // namespace interlock::tests
