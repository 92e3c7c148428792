// Formats of CI systems: what each of them uses itself is escaped, and what is told is there.
#include "reports/finding_text.hpp"
#include "reports/github.hpp"
#include "reports/junit.hpp"
#include "reports/sarif.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace interlock::tests {
namespace {

using namespace checker::reports;
using Json = nlohmann::json;

Finding finding() {
  Finding finding;
  finding.rule = "no-deadlock";
  finding.rule_text = "nobody waits for ever";
  finding.title = "expected holds, found violates no-deadlock";
  finding.details = {"no-deadlock: p and w wait"};
  finding.threads = {"p", "watcher", "idle"};
  finding.steps = {{"p", "mtx_lock(&a)", {"sys/kern/kern_exit.c", 10}, true},
                   {"watcher", "return", {"c.json", 3}, false},
                   {"watcher", "mtx_lock(&b)", {"sys/kern/kern_event.c", 20}, true},
                   {"p", "mtx_lock(&b)", {"sys/kern/kern_exit.c", 11}, true}};
  finding.endings = {"wait-for cycle: p -> b -> watcher -> a -> p"};
  finding.config = {"configs/c.json", 7};
  finding.place = {"sys/kern/kern_exit.c", 11};
  finding.reproduce = "interlock check configs/c.json";
  return finding;
}

Report report_of(Finding finding) {
  Report report;
  report.command = "gate";
  report.version = "1.2.3";
  Case failed;
  failed.name = finding.config.file;
  failed.outcome = Case::Outcome::failed;
  failed.finding = std::move(finding);
  Case passed;
  passed.name = "configs/d.json";
  report.cases = {failed, passed};
  report.summary = {"2 configs: 1 as expected"};
  report.exit_code = 17;
  return report;
}

void expect_in(const std::string& text, std::initializer_list<const char*> parts) {
  for (const char* part : parts)
    EXPECT_NE(text.find(part), std::string::npos) << part << "\nin " << text;
}

TEST(StoryLines, CountWhatIsNotToldAndAlignTheThreads) {
  EXPECT_EQ(story_lines(finding(), ""),
            (std::vector<std::string>{"p        kern_exit.c:10: mtx_lock(&a)", "    ... 1 step",
                                      "watcher  kern_event.c:20: mtx_lock(&b)",
                                      "p        kern_exit.c:11: mtx_lock(&b)"}));
}

TEST(StoryLines, OfALongStoryTheEndIsTold) {
  EXPECT_EQ(story_lines(finding(), "", 1),
            (std::vector<std::string>{"    ... 3 lines before",
                                      "p        kern_exit.c:11: mtx_lock(&b)"}));
}

TEST(Sarif, HasAThreadFlowForEachThreadThatMovesInTheOrderOfAllSteps) {
  const Json log = Json::parse(sarif(report_of(finding())));
  const Json& result = log["runs"][0]["results"].at(0);
  const Json& flows = result["codeFlows"][0]["threadFlows"];
  ASSERT_EQ(flows.size(), 2U); // idle takes no step
  EXPECT_EQ(flows[0]["id"], "p");
  EXPECT_EQ(flows[0]["locations"][0]["executionOrder"], 1);
  EXPECT_EQ(flows[0]["locations"][1]["executionOrder"], 4);
  EXPECT_EQ(flows[0]["locations"][1]["importance"], "essential");
  EXPECT_EQ(flows[1]["locations"][0]["importance"], "unimportant");
  EXPECT_EQ(result["locations"][0]["physicalLocation"]["region"]["startLine"], 11);
  EXPECT_EQ(result["relatedLocations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            "configs/c.json");
}

TEST(Sarif, NamesFilesByUris) {
  Finding odd = finding();
  odd.place = {"./a b/50%:\xFF.c", 1};
  const Json log = Json::parse(sarif(report_of(odd)));
  EXPECT_EQ(
      log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
      "a%20b/50%25%3A%FF.c");
}

TEST(Junit, CountsAndEscapes) {
  Finding odd = finding();
  odd.title = "<\"&'>\x1b\xEF\xBF\xBF";
  const std::string xml = junit(report_of(odd));
  expect_in(xml, {"tests=\"2\" failures=\"1\" errors=\"0\"", "&lt;&quot;&amp;'&gt;\\u001b\\uffff",
                  "<testcase name=\"configs/d.json\"", "reproduce: interlock check"});
}

TEST(Annotations, EscapeWhatTheWorkflowCommandsUse) {
  Finding odd = finding();
  odd.config.file = "a,b:c.json";
  odd.details = {"100%", "\r::error::forged"};
  const std::string text = github_annotations(report_of(odd));
  EXPECT_TRUE(text.starts_with("::error file=sys/kern/kern_exit.c,line=11,title=a%2Cb%3Ac.json%3A "
                               "expected holds%2C found violates no-deadlock::100%25%0A"))
      << text;
  EXPECT_EQ(text.find('\n'), text.size() - 1); // one line: nothing is forged
}

TEST(Annotations, AreOnTheConfigWhereNoLineOfTheKernelIsKnown) {
  Finding without = finding();
  without.place.reset();
  EXPECT_TRUE(github_annotations(report_of(without))
                  .starts_with("::error file=configs/c.json,line=7,title="));
}

TEST(Markdown, TellsTheStoryInABlockThatItsTextCannotEnd) {
  Finding odd = finding();
  odd.details = {"````"};
  odd.title = "a|b";
  const std::string text = markdown(report_of(odd));
  expect_in(text, {"`````text\n````\n", "a\\|b", "kern_exit.c:10: mtx_lock(&a)",
                   "- 2 configs\\: 1 as expected"});
}

TEST(Markdown, OfNothingToTellHasNoTable) {
  Report report = report_of(finding());
  report.cases.erase(report.cases.begin());
  EXPECT_EQ(markdown(report).find("| config"), std::string::npos);
}

} // namespace
} // namespace interlock::tests
