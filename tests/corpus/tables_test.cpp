// The generated tables of the documents are those of the corpus as it is.
#include "checker/tables.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

namespace interlock::tests {
namespace {

const checker::Corpus& corpus_of_the_project() {
  static const checker::Corpus corpus = checker::read_corpus(INTERLOCK_SOURCE_DIR);
  return corpus;
}

TEST(Tables, OfTheDocumentsAreUpToDate) {
  std::ifstream file(INTERLOCK_SOURCE_DIR "/specs.md");
  std::ostringstream text;
  text << file.rdbuf();
  ASSERT_NE(text.str().find("<!-- generated: bugs -->"), std::string::npos);
  EXPECT_TRUE(text.str() == checker::with_tables("specs.md", text.str(), corpus_of_the_project()))
      << "specs.md is stale: run ./dev run list tables --into specs.md";
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
