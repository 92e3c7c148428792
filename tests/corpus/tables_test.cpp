// The generated tables of the documents, and the README's config, are those of the
// corpus as it is.
#include "campaigns/tables.hpp"
#include "corpus.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace interlock::tests {
namespace {

const checker::Corpus& corpus_of_the_project() {
  static const checker::Corpus corpus = checker::read_corpus(INTERLOCK_SOURCE_DIR);
  return corpus;
}

std::string document(const std::string& name) {
  std::ifstream file(std::string(INTERLOCK_SOURCE_DIR "/") + name);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(Tables, OfTheDocumentsAreUpToDate) {
  std::vector<std::string> names{"specs.md"};
  for (const auto& entry : std::filesystem::directory_iterator(INTERLOCK_SOURCE_DIR "/specs"))
    names.push_back("specs/" + entry.path().filename().string());
  std::string all;
  for (const std::string& name : names) {
    const std::string text = document(name);
    const std::string path = std::string(INTERLOCK_SOURCE_DIR "/") + name;
    EXPECT_TRUE(text == checker::with_tables(path, text, corpus_of_the_project()))
        << name << " is stale: run ./dev run list tables --into specs.md specs";
    all += text;
  }
  for (const systems::SystemDescription& system : systems::systems())
    EXPECT_NE(all.find("<!-- generated: functions " + system.name + " -->"), std::string::npos)
        << "specs/ has no text about " << system.name;
  for (const std::string& table : checker::table_names())
    EXPECT_NE(all.find("<!-- generated: " + table), std::string::npos)
        << "no document has the table " << table;
}

TEST(Readme, ItsConfigGivesWhatItExpects) {
  const std::string readme = document("README.md");
  const std::size_t begin = readme.find("    {\n      \"$schema\"");
  ASSERT_NE(begin, std::string::npos);
  const std::string config = readme.substr(begin, readme.find("\n    }\n", begin) + 7 - begin);
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "readme.json") << config;
  const CheckedFile checked = check_file(folder.path() / "readme.json");
  EXPECT_EQ(checker::differences(*checked.config.expect, checked.result),
            std::vector<std::string>{});
}

// A system describes the nesting rules that its specifications have: those of the locks that the
// scenario needs.
TEST(Tables, NestingRulesAreDescribedAsTheSpecificationsHaveThem) {
  for (const checker::Corpus::Entry& entry : corpus_of_the_project().entries) {
    std::map<std::string, std::string> described;
    for (const systems::SystemDescription& system : systems::systems())
      if (system.name == entry.config.scenario.system.text)
        for (const systems::Entry& rule : system.nestable_locks)
          described[rule.name] = rule.text;
    for (const lang::Nesting& rule : entry.built.spec->nestings())
      EXPECT_EQ(described[rule.lock_class], rule.text) << entry.link;
  }
}

} // namespace
} // namespace interlock::tests
