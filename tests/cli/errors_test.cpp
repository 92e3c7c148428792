// What goes wrong is said on stderr, with the exit code that scripts can tell; nothing is written.
#include "program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace interlock::tests {
namespace {

struct Mistake {
  const char* name;
  std::vector<std::string> arguments;
  const char* message; // a part of what stderr says
};

void PrintTo(const Mistake& mistake, std::ostream* out) { *out << mistake.name; }

class Usage : public testing::TestWithParam<Mistake> {};

TEST_P(Usage, Is151SaysWhatIsMeantAndWritesNothing) {
  const Workplace place;
  place.write("good.json", deadlock_config());
  place.write("other/good.json", deadlock_config());
  place.write("syntax.json", "{\n  \"system\": \"netbsd\",\n}\n");
  place.write("key.json", "{\n  \"sistem\": \"netbsd\"\n}\n");
  place.write("empty/notes.txt", "");
  const std::vector<std::string> before = place.files();
  const Finished run = place.run(GetParam().arguments);
  EXPECT_EQ(run.code, 151) << run.out << run.err;
  EXPECT_EQ(run.out, "");
  EXPECT_NE(run.err.find(GetParam().message), std::string::npos) << run.err;
  EXPECT_TRUE(run.err.starts_with("interlock: ")) << run.err;
  EXPECT_EQ(place.files(), before);
}

INSTANTIATE_TEST_SUITE_P(
    All, Usage,
    testing::Values(
        Mistake{"NoCommand", {}, "a command is missing"},
        Mistake{"UnknownCommand", {"chek", "good.json"}, "did you mean check?"},
        Mistake{
            "UnknownOption", {"check", "--fomat", "json", "good.json"}, "did you mean --format?"},
        Mistake{"NoConfig", {"check"}, "CONFIG is required"},
        Mistake{"UnknownFormat", {"check", "--format", "xml", "good.json"}, "xml"},
        Mistake{"NoLimit", {"check", "--max-states", "0", "good.json"}, "--max-states"},
        Mistake{"NoNumber", {"check", "--max-memory", "much", "good.json"}, "--max-memory"},
        Mistake{"Negative", {"check", "--max-states", "-5", "good.json"}, "--max-states"},
        Mistake{"NoTime", {"check", "--max-seconds", "nan", "good.json"}, "nan is no time"},
        Mistake{"NoTimeout", {"replay", "--timeout", "0", "good.json"}, "0 is no time"},
        Mistake{"MissingFile", {"check", "missing.json"}, "missing.json: no such file"},
        Mistake{"Folder", {"check", "empty"}, "empty: is a folder"},
        Mistake{"NotJson", {"check", "syntax.json"}, "syntax.json:3:1: not JSON"},
        Mistake{
            "WrongKey",
            {"check", "key.json"},
            "key.json:2:3: unknown key \"sistem\"; allowed here: $schema, format, comment, system"},
        Mistake{"OneWitnessForTwo",
                {"check", "good.json", "other/good.json"},
                "interlock-out/good.witness.json"},
        Mistake{"ReplayOfNothing", {"replay", "missing.json"}, "no such file"},
        Mistake{
            "ShowOfAConfig", {"show", "good.json"}, "good.json:1:1: the key \"format\" is missing"},
        Mistake{"ExportToNothing", {"export", "good.json"}, "--to is required"},
        Mistake{"ExportToUnknown", {"export", "good.json", "--to", "tla"}, "tla"},
        Mistake{"ListOfUnknown", {"list", "cals"}, "cals"},
        Mistake{"ListOfUnknownSystem", {"list", "calls", "netbds"}, "did you mean netbsd?"},
        Mistake{"ActionsOfNothing", {"list", "actions"}, "interlock list actions CONFIG"},
        Mistake{"TablesOfNothing", {"list", "tables", "empty"}, "no such file or folder"},
        Mistake{"FilterOfCalls",
                {"list", "calls", "--thread", "p"},
                "--thread, --label, --keys and --contract"},
        Mistake{"NoSuchThread",
                {"list", "actions", "--thread", "nobody", "good.json"},
                "good.json: there is no thread nobody"},
        Mistake{"NoSuchLabel",
                {"list", "labels", "--label", "exit2.", "good.json"},
                "good.json: no label contains \"exit2.\""},
        Mistake{"LabelsOfNothing", {"list", "labels"}, "interlock list labels CONFIG"},
        Mistake{"HelpForUnknown", {"help", "chek"}, "did you mean check?"}),
    [](const auto& info) { return info.param.name; });

// What only the system knows is placed in the config as well.
struct Unknown {
  const char* name;
  const char* what; // a text of the config
  const char* by;
  const char* message;
};

void PrintTo(const Unknown& unknown, std::ostream* out) { *out << unknown.name; }

class UnknownName : public testing::TestWithParam<Unknown> {};

TEST_P(UnknownName, IsPlacedAndTheNearestIsNamed) {
  const Workplace place;
  std::string text = deadlock_config("{\"violates\": \"no-deadlock\"}");
  const std::size_t at = text.find(GetParam().what);
  ASSERT_NE(at, std::string::npos);
  place.write("c.json", text.replace(at, std::string(GetParam().what).size(), GetParam().by));
  const Finished run = place.run({"check", "c.json"});
  EXPECT_EQ(run.code, 151) << run.out;
  EXPECT_NE(run.err.find(GetParam().message), std::string::npos) << run.err;
  EXPECT_EQ(place.files(), std::vector<std::string>{"c.json"});
}

INSTANTIATE_TEST_SUITE_P(
    All, UnknownName,
    testing::Values(Unknown{"System", "\"netbsd\"", "\"netbds\"", "c.json:2:14: "},
                    Unknown{"Revision", "kern_event-1.129", "kern_event-1.192", "c.json:2:36: "},
                    Unknown{"Property", "[\"no-deadlock", "[\"no-deadlok",
                            "did you mean no-deadlock?"},
                    Unknown{"Label", "exit1.mutex_enter_p_lock", "exit1.mutex_enter_plock",
                            "did you mean exit1.mutex_enter_p_lock?"},
                    Unknown{"FixingRevision", "\"violates\": \"no-deadlock\"}",
                            "\"violates\": \"no-deadlock\"}, "
                            "\"about\": {\"fixed_by\": \"kern_evnt-1.129\"}",
                            "did you mean kern_event-1.129?"},
                    Unknown{"ExpectedProperty", "\"violates\": \"no-deadlock",
                            "\"violates\": \"no-deadlok", "is not checked by this config"}),
    [](const auto& info) { return info.param.name; });

TEST(Errors, OfAConfigAreALineEachUnderEveryCommand) {
  const Workplace place;
  place.write("c.json", "{\"system\": \"netbsd\", \"revision\": \"kern_event-1.129\",\n"
                        "\"scenario\": {\"threads\": {\"t\": [\"frok c\"]}},\n"
                        "\"properties\": [\"laek\"], \"expect\": {\"holds\": true}, \"zzz\": 1}");
  for (const std::vector<std::string>& command :
       std::vector<std::vector<std::string>>{{"check"}, {"locks"}, {"list", "labels"}, {"gate"}}) {
    std::vector<std::string> arguments = command;
    arguments.emplace_back("c.json");
    const Finished run = place.run(arguments);
    EXPECT_EQ(run.code, 151) << run.err;
    std::istringstream lines(run.err);
    std::vector<std::string> places;
    for (std::string line; std::getline(lines, line);)
      places.push_back(line.substr(0, line.find(' ', std::string("interlock: ").size())));
    EXPECT_EQ(places,
              (std::vector<std::string>{
                  "interlock: c.json:2:33:", "interlock: c.json:3:17:", "interlock: c.json:3:52:"}))
        << command.back() << ": " << run.err;
  }
}

// The verdict is what the run was for: it is there although the witness is not.
class WitnessThatCannotBeWritten : public testing::Test {
protected:
  void SetUp() override {
    place.write("a.json", safety_config());
    place.write("b.json", holds_config());
    place.write("file", "in the way");
  }

  Workplace place;
  const std::vector<std::string> check{"check", "--out", "file/x", "a.json", "b.json"};
};

TEST_F(WitnessThatCannotBeWritten, IsASystemErrorAfterAllReports) {
  const Finished run = place.run(check);
  EXPECT_EQ(run.code, 153) << run.err;
  EXPECT_TRUE(run.out.starts_with("a.json: violates locks-held-on-return (")) << run.out;
  EXPECT_NE(run.out.find("reproduced: "), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("exit 153: system error\n\nb.json: holds\n"), std::string::npos);
  EXPECT_NE(run.err.find("interlock: a.json: the witness was not written: "), std::string::npos);
  EXPECT_EQ(place.files(), (std::vector<std::string>{"a.json", "b.json", "file"}));
}

TEST_F(WitnessThatCannotBeWritten, IsSaidInTheWholeJsonDocument) {
  std::vector<std::string> arguments = check;
  arguments.insert(arguments.end(), {"--format", "json"});
  const Finished run = place.run(arguments);
  EXPECT_EQ(run.code, 153) << run.err;
  const nlohmann::json json = nlohmann::json::parse(run.out);
  EXPECT_EQ(json["exit"]["code"], 153);
  ASSERT_EQ(json["results"].size(), 2U);
  EXPECT_EQ(json["results"][0]["violation"]["property"], "locks-held-on-return");
  EXPECT_TRUE(json["results"][0]["witness"].is_null());
  EXPECT_NE(json["results"][0]["error"].get<std::string>().find("file/x"), std::string::npos);
  EXPECT_TRUE(json["results"][1]["error"].is_null());
}

TEST_F(WitnessThatCannotBeWritten, LeavesTheLineOfTheVerdictToQuiet) {
  std::vector<std::string> arguments = check;
  arguments.emplace_back("--quiet");
  const Finished run = place.run(arguments);
  EXPECT_EQ(run.code, 153) << run.err;
  EXPECT_TRUE(run.out.starts_with("a.json: violates locks-held-on-return (")) << run.out;
  EXPECT_TRUE(run.out.ends_with("\nb.json: holds\n")) << run.out;
}

} // namespace
} // namespace interlock::tests
