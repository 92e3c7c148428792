// Every way to get a config wrong is answered with its exact place and with what is allowed there.
#include "config/config.hpp"
#include "support/temporary_folder.hpp"

#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

namespace interlock::tests {
namespace {

using checker::ConfigError;
using checker::parse_config;

struct Wrong {
  const char* name;
  std::string text;
  std::size_t line;
  std::size_t column;
  const char* pointer;
  const char* message; // a part of it
};

void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.name; }

// A config that is right but for one member, which is the fourth line.
std::string with(const std::string& member) {
  return "{\n\"system\": \"netbsd\", \"revision\": \"kern_event-1.129\",\n"
         "\"scenario\": {\"threads\": {\"t\": []}},\n" +
         member + "\n}\n";
}

// A config whose scenario, on the second line behind 12 characters, is this text.
std::string with_scenario(const std::string& scenario) {
  return "{\"system\": \"netbsd\", \"revision\": \"kern_event-1.129\",\n\"scenario\": " + scenario +
         "}";
}

// All that is said of a config, or nothing when it is right.
std::vector<ConfigError> errors_of(const std::string& text) {
  try {
    checker::build_spec(parse_config("wrong.json", text));
  } catch (const json::DocumentErrors& errors) {
    return errors.errors();
  } catch (const ConfigError& error) {
    return {error};
  }
  return {};
}

class ConfigErrors : public testing::TestWithParam<Wrong> {};

TEST_P(ConfigErrors, NameTheirPlace) {
  const Wrong& wrong = GetParam();
  std::size_t found = 0;
  std::string said;
  for (const ConfigError& error : errors_of(wrong.text)) {
    said += error.what() + std::string("\n");
    EXPECT_TRUE(std::string(error.what()).starts_with("wrong.json:")) << error.what();
    if (error.pointer() == wrong.pointer &&
        error.message().find(wrong.message) != std::string::npos) {
      EXPECT_EQ(error.line(), wrong.line) << error.what();
      EXPECT_EQ(error.column(), wrong.column) << error.what();
      ++found;
    }
  }
  EXPECT_EQ(found, 1U) << said;
}

const auto name_of = [](const testing::TestParamInfo<Wrong>& info) { return info.param.name; };

INSTANTIATE_TEST_SUITE_P(
    Text, ConfigErrors,
    testing::Values(
        Wrong{"EmptyFile", "", 0, 0, "", "the file is empty"},
        Wrong{"OnlyAComment", "// nothing\n", 2, 1, "", "unexpected end of input"},
        Wrong{"NotJson", "system: netbsd", 1, 1, "", "not JSON"},
        Wrong{"MissingComma", "{\"system\": \"s\"\n  \"revision\": \"r\"}", 2, 3, "",
              "unexpected string literal; expected '}'"},
        Wrong{"TrailingComma", "{\"system\": \"s\",\n}", 2, 1, "", "unexpected '}'"},
        Wrong{"MisspeltTrue", "{\"expect\": {\"holds\": ture}}", 1, 23, "", "invalid literal"},
        Wrong{"CutOff", "{\"system\": \"s\"", 1, 15, "", "unexpected end of input"},
        Wrong{"OpenString", "{\"system\": \"s", 1, 14, "", "missing closing quote"},
        Wrong{"OpenComment", "{ /* \n", 2, 1, "", "missing closing '*/'"},
        Wrong{"TwoValues", "{} {}", 1, 4, "", "expected end of input"},
        Wrong{"HugeNumber", with("\"bounds\": {\"knotes\": 1e999}"), 4, 22, "", "number overflow"},
        Wrong{"InvalidUtf8", "{\n  \"system\": \"\xC3(\"}", 2, 14, "", "not valid UTF-8"},
        Wrong{"SurrogateInUtf8", "{\"a\": \"\xED\xA0\x80\"}", 1, 8, "", "not valid UTF-8"},
        Wrong{"NulByte", std::string("{\"a\": 1,\0}", 10), 1, 9, "", "NUL byte"},
        Wrong{"ColumnsCountCharacters", "{\"comment\": \"\xC3\xA4\xE2\x82\xAC\", \"sytem\": 1}", 1,
              19, "/sytem", "unknown key \"sytem\""},
        Wrong{"TooDeep", "{\"comment\": " + std::string(64, '[') + std::string(64, ']') + "}", 1,
              76, "", "nested more than 64 deep"},
        Wrong{"NotAnObject", "[]", 1, 1, "", "expected an object, found an array"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Keys, ConfigErrors,
    testing::Values(
        Wrong{"Unknown", with("\"propertys\": []"), 4, 1, "/propertys", "did you mean properties?"},
        Wrong{"UnknownListsAll", with("\"zzz\": []"), 4, 1, "/zzz",
              "allowed here: $schema, format, comment, system, revision, scenario, environment, "
              "properties, "
              "excused, bounds, reuse, limits, patches, invariants, sometimes, expect, about"},
        Wrong{"Duplicate", with("\"system\": \"freebsd\""), 4, 1, "/system",
              "duplicate key \"system\"; the first one is on line 2"},
        Wrong{"MissingSystem", "\n{\"revision\": \"1\", \"scenario\": {\"threads\": {\"t\": []}}}",
              2, 1, "", "the key \"system\" is missing"},
        Wrong{"MissingRevision", "{\"system\": \"netbsd\"}", 1, 1, "", "\"revision\" is missing"},
        Wrong{"MissingScenario", "{\"system\": \"netbsd\", \"revision\": \"1\"}", 1, 1, "",
              "\"scenario\" is missing"},
        Wrong{"MissingThreads", with_scenario("{}"), 2, 13, "/scenario", "\"threads\" is missing"},
        Wrong{"UnknownInScenario", with_scenario("{\"thread\": {}}"), 2, 14, "/scenario/thread",
              "allowed here: processes, kqueues, setup, threads; did you mean threads?"},
        Wrong{"UnknownInLimits", with("\"limits\": {\"state\": 1}"), 4, 12, "/limits/state",
              "did you mean states?"},
        Wrong{"UnknownInExpect", with("\"expect\": {\"hold\": true}"), 4, 12, "/expect/hold",
              "did you mean holds?"},
        Wrong{"UnknownInAbout", with("\"about\": {\"fixedby\": \"1\"}"), 4, 11, "/about/fixedby",
              "allowed here: title, fixed_by, siblings; did you mean fixed_by?"},
        Wrong{"UnknownInPatch", with("\"patches\": [{\"drop\": \"a\"}, {\"dorp\": \"b\"}]"), 4, 29,
              "/patches/1/dorp", "did you mean drop?"},
        Wrong{"SlashInAKey", with("\"a/b~c\": 1"), 4, 1, "/a~1b~0c", "unknown key \"a/b~c\""}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Types, ConfigErrors,
    testing::Values(
        Wrong{"Schema", with("\"$schema\": 1"), 4, 12, "/$schema", "expected a string"},
        Wrong{"Comment", with("\"comment\": 1"), 4, 12, "/comment",
              "a string or an array of strings"},
        Wrong{"About", with("\"about\": \"a bug\""), 4, 10, "/about", "expected an object"},
        Wrong{"TitleOfTwoLines", with("\"about\": {\"title\": \"a\\nb\"}"), 4, 20, "/about/title",
              "the title is more than one line"},
        Wrong{
            "FixedWithoutABug",
            with("\"about\": {\"fixed_by\": \"kern_event-1.129\"}, \"expect\": {\"holds\": true}"),
            4, 23, "/about/fixed_by", "only a bug has this"},
        Wrong{"CommentLine", with("\"comment\": [\"a\", 2]"), 4, 18, "/comment/1",
              "expected a string, found a whole number"},
        Wrong{"System", "{\"system\": null, \"revision\": \"1\"}", 1, 12, "/system", "found null"},
        Wrong{"EmptySystem", "{\"system\": \"\", \"revision\": \"1\"}", 1, 12, "/system",
              "the string is empty"},
        Wrong{"Scenario", with_scenario("[]"), 2, 13, "/scenario", "expected an object"},
        Wrong{"Threads", with_scenario("{\"threads\": []}"), 2, 25, "/scenario/threads",
              "expected an object, found an array"},
        Wrong{"NoThreads", with_scenario("{\"threads\": {}}"), 2, 25, "/scenario/threads",
              "at least one thread"},
        Wrong{"Calls", with_scenario("{\"threads\": {\"t\": \"exit\"}}"), 2, 31,
              "/scenario/threads/t", "expected an array, found a string"},
        Wrong{"Call", with_scenario("{\"threads\": {\"t\": [\"exit\", true]}}"), 2, 40,
              "/scenario/threads/t/1", "expected a string, found a boolean"},
        Wrong{"Name", with_scenario("{\"threads\": {\"a b\": []}}"), 2, 26, "/scenario/threads/a b",
              "\"a b\" is no name; allowed here: letters, digits, _ and -"},
        Wrong{"EmptyName", with_scenario("{\"threads\": {\"\": []}}"), 2, 26, "/scenario/threads/",
              "is no name"},
        Wrong{"DuplicateThread", with_scenario("{\"threads\": {\"t\": [],\n \"t\": []}}"), 3, 2,
              "/scenario/threads/t", "duplicate key \"t\"; the first one is on line 2"},
        Wrong{"Kqueue", with_scenario("{\"kqueues\": {\"kq\": []}, \"threads\": {\"t\": []}}"), 2,
              32, "/scenario/kqueues/kq", "expected a string"},
        Wrong{"ListedTwice", with("\"properties\": [\"a\", \"b\", \"a\"]"), 4, 26, "/properties/2",
              "\"a\" is listed twice"},
        Wrong{"Environment", with("\"environment\": \"a\""), 4, 16, "/environment",
              "expected an array"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    Numbers, ConfigErrors,
    testing::Values(Wrong{"ZeroBound", with("\"bounds\": {\"knotes\": 0}"), 4, 22, "/bounds/knotes",
                          "0 is out of range; allowed here: 1 to 24"},
                    Wrong{"LargeBound", with("\"bounds\": {\"knotes\": 65}"), 4, 22,
                          "/bounds/knotes", "1 to 24"},
                    Wrong{"NegativeBound", with("\"bounds\": {\"knotes\": -1}"), 4, 22,
                          "/bounds/knotes", "-1 is out of range"},
                    Wrong{"Beyond64Bits", with("\"bounds\": {\"knotes\": 18446744073709551616}"), 4,
                          22, "/bounds/knotes", "expected a whole number"},
                    Wrong{"Fraction", with("\"bounds\": {\"knotes\": 1.5}"), 4, 22,
                          "/bounds/knotes", "expected a whole number"},
                    Wrong{"Text", with("\"bounds\": {\"knotes\": \"4\"}"), 4, 22, "/bounds/knotes",
                          "expected a whole number from 1 to 24, found a string"},
                    Wrong{"NoSeconds", with("\"limits\": {\"seconds\": 0}"), 4, 23,
                          "/limits/seconds", "more than 0"},
                    Wrong{"TextSeconds", with("\"limits\": {\"seconds\": \"1\"}"), 4, 23,
                          "/limits/seconds", "expected a number of seconds"},
                    Wrong{"NoStates", with("\"limits\": {\"states\": 0}"), 4, 22, "/limits/states",
                          "out of range"}),
    name_of);

INSTANTIATE_TEST_SUITE_P(
    PatchesAndExpectations, ConfigErrors,
    testing::Values(
        Wrong{"EmptyPatch", with("\"patches\": [{}]"), 4, 13, "/patches/0",
              "no patch; allowed here"},
        Wrong{"ReplaceByNothing", with("\"patches\": [{\"replace\": \"a\"}]"), 4, 13, "/patches/0",
              "no patch; allowed here"},
        Wrong{"InsertBeforeAndAfter",
              with("\"patches\": [{\"insert\": \"a\", \"before\": \"b\", \"after\": \"c\"}]"), 4,
              13, "/patches/0", "no patch; allowed here"},
        Wrong{"TwoEdits", with("\"patches\": [{\"drop\": \"a\", \"move\": \"b\"}]"), 4, 13,
              "/patches/0", "no patch; allowed here"},
        Wrong{"EmptyLabel", with("\"patches\": [{\"drop\": \"\"}]"), 4, 22, "/patches/0/drop",
              "the string is empty"},
        Wrong{"ExpectsNothing", with("\"expect\": {}"), 4, 11, "/expect", "exactly one of"},
        Wrong{"ExpectsTwo", with("\"expect\": {\"holds\": true, \"violates\": \"a\"}"), 4, 11,
              "/expect", "exactly one of"},
        Wrong{"DoesNotHold", with("\"expect\": {\"holds\": false}"), 4, 21, "/expect/holds",
              "only true"},
        Wrong{"CutOfNoStep", with("\"expect\": {\"holds\": true, \"cut\": {\"leak\": 0}}"), 4, 43,
              "/expect/cut/leak", "0 is out of range"},
        Wrong{"NotCut", with("\"expect\": {\"holds\": true, \"cut\": {\"leak\": false}}"), 4, 43,
              "/expect/cut/leak", "only true or a number"},
        Wrong{"CutList", with("\"expect\": {\"holds\": true, \"cut\": [\"leak\"]}"), 4, 34,
              "/expect/cut", "expected an object"},
        Wrong{"LengthWithoutTrace", with("\"expect\": {\"holds\": true, \"trace_length\": 3}"), 4,
              43, "/expect/trace_length", "only a violation has a trace"}),
    name_of);

// "LINE:COLUMN POINTER" of each error, in the order in which they are said.
std::vector<std::string> places_of(const std::string& text) {
  std::vector<std::string> places;
  for (const ConfigError& error : errors_of(text))
    places.push_back(std::to_string(error.line()) + ":" + std::to_string(error.column()) + " " +
                     error.pointer());
  return places;
}

using Places = std::vector<std::string>;

TEST(ConfigErrorsAtOnce, ComeInTheOrderOfTheText) {
  EXPECT_EQ(places_of("{\"expect\": {\"holds\": false, \"states\": -1},\n"
                      " \"bounds\": {\"knotes\": 0, \"procs\": \"1\"},\n"
                      " \"comment\": [1, \"a\", 2],\n"
                      " \"zzz\": 1}"),
            (Places{"1:1 ", "1:1 ", "1:1 ", // system, revision and scenario are missing
                    "1:22 /expect/holds", "1:39 /expect/states", "2:23 /bounds/knotes",
                    "2:35 /bounds/procs", "3:14 /comment/0", "3:22 /comment/2", "4:2 /zzz"}));
}

TEST(ConfigErrorsAtOnce, AMisspeltKeyIsNotMissedToo) {
  EXPECT_EQ(places_of("{\"sistem\": \"netbsd\", \"revision\": \"1\",\n"
                      "\"scenario\": {\"thread\": {}},\n"
                      "\"expect\": {\"violate\": \"leak\", \"trace_length\": 3}}"),
            (Places{"1:2 /sistem", "2:14 /scenario/thread", "3:12 /expect/violate"}));
}

TEST(ConfigErrorsAtOnce, WhatTheSystemKnowsIsSaidBesideWhatTheReaderKnows) {
  EXPECT_EQ(places_of("{\"system\": \"netbsd\", \"revision\": \"kern_event-1.129\",\n"
                      "\"scenario\": {\"threads\": {\"t\": [\"kevent add prok t exit\"]}},\n"
                      "\"properties\": [\"leak\", \"laek\"], \"environment\": [\"signal\"],\n"
                      "\"limits\": {\"states\": 0}}"),
            (Places{"2:44 /scenario/threads/t/0", "3:25 /properties/1", "3:50 /environment/0",
                    "4:22 /limits/states"}));
}

TEST(ConfigErrorsAtOnce, EveryCallIsLookedAt) {
  EXPECT_EQ(
      places_of(with_scenario("{\"threads\": {\"a\": [\"frok b\", \"fork c\", \"exit 300\"],\n"
                              "\"b\": [\"kevent wait 9\", \"exit\", \"exit\"]}}")),
      (Places{"2:33 /scenario/threads/a/0", // frok
              "2:48 /scenario/threads/a/1", // c
              "2:58 /scenario/threads/a/2", // 300
              "3:20 /scenario/threads/b/0", // 9
              "3:33 /scenario/threads/b/2"}));
}

TEST(ConfigErrorsAtOnce, WhatFollowsFromAnErrorIsNoSecondOne) {
  // Were the process known, the caller would have a child to wait for; were the kqueue right, it
  // would belong to the caller; a tracked fork needs three knotes.
  EXPECT_EQ(places_of(with_scenario("{\"threads\": {\"a\": [\"fork c\", \"wait4\"]}}")),
            (Places{"2:38 /scenario/threads/a/0"}));
  EXPECT_EQ(
      places_of(with_scenario("{\"kqueues\": {\"kq\": \"b\"},\n"
                              "\"threads\": {\"a\": [\"kevent wait on kq\", \"close kq\"]}}")),
      (Places{"2:33 /scenario/kqueues/kq"}));
}

TEST(ConfigErrorsAtOnce, AreThoseOfAllPatches) {
  const std::string patches =
      "\"patches\": [{\"drop\": \"fork1.nothing\"},\n"
      "{\"insert\": \"mutex_enter proc_lok\", \"before\": \"fork1.set_SACTIVE\"},\n"
      "{\"drop\": \"fork1.set_SACTIVE\"}]";
  EXPECT_EQ(places_of("{\"system\": \"netbsd\", \"revision\": \"kern_event-1.129\",\n"
                      "\"scenario\": {\"threads\": {\"a\": [\"fork b\"], \"b\": [\"exit\"]}},\n" +
                      patches + "}"),
            (Places{"3:23 /patches/0/drop", "4:25 /patches/1/insert"}));
}

// What could not be read of an invariant is said once, and nothing of what follows from it.
TEST(ConfigErrorsAtOnce, AreThoseOfAllInvariants) {
  EXPECT_EQ(places_of("{\"system\": \"netbsd\", \"revision\": \"kern_event-1.129\",\n"
                      "\"scenario\": {\"threads\": {\"a\": [\"exit\"]}},\n"
                      "\"invariants\": [{\"name\": \"a b\", \"holds\": \"true\"},\n"
                      "{\"name\": \"one\", \"forall\": \"knot kn\", \"holds\": \"true\"},\n"
                      "{\"name\": \"two\", \"forall\": \"proc p\", \"hold\": \"true\"},\n"
                      "{\"name\": \"three\", \"forall\": 1, \"holds\": \"p.p_stat == SZOMP\"},\n"
                      "4],\n"
                      "\"expect\": {\"violates\": \"two\"}}"),
            (Places{"3:25 /invariants/0/name", "4:28 /invariants/1/forall",
                    "5:37 /invariants/2/hold", "6:29 /invariants/3/forall", "7:1 /invariants/4"}));
}

TEST(ConfigErrorsAtOnce, AWrongPatchHidesNoneOfTheScenario) {
  EXPECT_EQ(places_of("{\"system\": \"netbsd\", \"revision\": \"kern_event-1.129\",\n"
                      "\"scenario\": {\"threads\": {\"t\": [\"frok b\"]}},\n"
                      "\"patches\": [{\"dorp\": \"x\"}]}"),
            (Places{"2:33 /scenario/threads/t/0", // behind the quote: the word itself
                    "3:14 /patches/0/dorp"}));
}

TEST(ConfigErrorsAtOnce, APartThatCannotBeReadHidesNoneOfTheOthers) {
  const std::string rest = "\"properties\": [\"laek\"], \"environment\": [\"signal\"],\n"
                           "\"expect\": {\"violates\": \"kasert\"}}";
  const std::string head = "{\"system\": \"netbsd\", \"revision\": \"kern_event-1.129\",\n";
  const Places of_rest{"4:17 /properties/0", "4:42 /environment/0", "5:24 /expect/violates"};
  const auto places = [&](const std::string& part) {
    return places_of(head + part + ",\n" + rest);
  };
  const auto beside_the_rest = [&](Places places) {
    places.insert(places.end(), of_rest.begin(), of_rest.end());
    return places;
  };
  EXPECT_EQ(places("\"scenario\":\n1"), beside_the_rest({"3:1 /scenario"}));
  EXPECT_EQ(places("\"bounds\": {\"knotes\":\n0}, \"scenario\": {\"threads\": {\"t\": []}}"),
            beside_the_rest({"3:1 /bounds/knotes"}));
}

TEST(ConfigErrorsAtOnce, ACallThatCannotBeReadHidesNoneOfTheOthers) {
  // The number may have been a fork of the child, and so nobody waits too often.
  EXPECT_EQ(places_of(with_scenario("{\"threads\": {\"a\": [1, \"frok b\", \"wait4\"],\n"
                                    "\"b\": [\"kevent add proc c exit\", \"exit 300\"]}}")),
            (Places{"2:32 /scenario/threads/a/0", "2:36 /scenario/threads/a/1",
                    "3:24 /scenario/threads/b/0", "3:39 /scenario/threads/b/1"}));
}

TEST(ConfigErrorsAtOnce, AnAwaitIsJudgedBesideCallsOfOtherThreadsThatAreWrong) {
  EXPECT_EQ(places_of(with_scenario("{\"threads\": {\"a\": [\"fork b\", \"await b.exit 2\",\n"
                                    "\"wait4 c\", \"await d.exit\", \"exit\"],\n"
                                    "\"b\": [\"await a.wait4 c\", \"exit 1\"]}}")),
            (Places{"2:43 /scenario/threads/a/1", "3:8 /scenario/threads/a/2",
                    "3:13 /scenario/threads/a/3"}))
      << "what awaits a call of a is not judged";
}

TEST(ConfigErrorsAtOnce, WhereNamesCannotBeReadCallsAreStillLookedAt) {
  // The process may be the one without a name, and the kqueue that of a number.
  EXPECT_EQ(places_of(with_scenario("{\"kqueues\": {\"k\": 1}, \"threads\": {\"a b\": [],\n"
                                    "\"t\": [\"kevent add proc c exit on q\", \"exit 300\",\n"
                                    "\"kevent add proc c exot\"]}}")),
            (Places{"2:31 /scenario/kqueues/k", "2:47 /scenario/threads/a b",
                    "3:44 /scenario/threads/t/1", "4:20 /scenario/threads/t/2"}));
}

TEST(ConfigErrorsAtOnce, AnUnknownRevisionHidesNoneOfTheScenario) {
  EXPECT_EQ(places_of("{\"system\": \"netbsd\", \"revision\": \"kern_event-1.139\",\n"
                      "\"scenario\": {\"threads\": {\"t\": [\"frok b\"]}},\n"
                      "\"environment\": [\"signal\"], \"expect\": {\"violates\": \"laek\"}}"),
            (Places{"1:35 /revision", "2:33 /scenario/threads/t/0", "3:18 /environment/0",
                    "3:51 /expect/violates"}));
}

TEST(ConfigErrorsAtOnce, AWrongLimitHidesNoLabelOfAPatch) {
  EXPECT_EQ(places_of(with("\"limits\": {\"states\": 0},\n"
                           "\"patches\": [{\"dorp\": \"x\"}, {\"drop\": \"exit1.nothing\"}]")),
            (Places{"4:22 /limits/states", "5:14 /patches/0/dorp", "5:38 /patches/1/drop"}));
}

TEST(ConfigErrorsAtOnce, AreThoseOfWhatIsExpectedToo) {
  EXPECT_EQ(places_of(with("\"properties\": [\"leak\"],\n"
                           "\"expect\": {\"violates\": \"kassert\", \"cut\": {\"leak\": true}},\n"
                           "\"about\": {\"fixed_by\": \"kern_event-1.130\"}")),
            (Places{"5:24 /expect/violates", "5:51 /expect/cut/leak", "6:23 /about/fixed_by"}));
}

TEST(ConfigErrorsAtOnce, AreALineEach) {
  try {
    parse_config("wrong.json", "{\"a\": 1,\n\"b\": 2}");
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    std::istringstream lines(error.what());
    std::size_t count = 0;
    for (std::string line; std::getline(lines, line); ++count)
      EXPECT_TRUE(line.starts_with("wrong.json:")) << line;
    EXPECT_EQ(count, 5U); // two unknown keys, three missing ones
  }
}

TEST(ConfigFiles, WhatCannotBeReadIsNamed) {
  const TemporaryFolder folder;
  const auto message_of = [](const std::filesystem::path& path) -> std::string {
    try {
      checker::read_config(path);
    } catch (const ConfigError& error) {
      EXPECT_EQ(error.line(), 0U);
      return error.what();
    }
    return "accepted";
  };
  const std::string missing = (folder.path() / "missing.json").string();
  EXPECT_EQ(message_of(missing), missing + ": no such file");
  EXPECT_EQ(message_of(folder.path()), folder.path().string() + ": is a folder, not a file");
  EXPECT_EQ(message_of("/dev/null"), "/dev/null: is not a regular file");
  const std::string large = (folder.path() / "large.json").string();
  std::ofstream(large) << std::string((1U << 20) + 1, ' ');
  EXPECT_EQ(message_of(large), large + ": the file is larger than 1024 KiB");
}

TEST(ConfigFiles, AByteOrderMarkIsNoCharacter) {
  EXPECT_EQ(places_of("\xEF\xBB\xBF{\"sytem\": 1}"),
            (Places{"1:1 ", "1:1 ", "1:2 /sytem"})); // revision and scenario are missing
}

TEST(ConfigFiles, AnObjectionInsideAStringIsPlacedBehindItsEscapes) {
  const checker::Config config = parse_config("c.json", with("\"comment\": \"a\\n\\u0041bc\""));
  const json::Value& value = config.source->at("/comment");
  EXPECT_EQ(value.text, "a\nAbc");
  EXPECT_EQ(config.source->error_within(value, 0, "").column(), 13U);
  EXPECT_EQ(config.source->error_within(value, 2, "").column(), 16U); // the escaped A
  EXPECT_EQ(config.source->error_within(value, 3, "").column(), 22U); // b
}

} // namespace
} // namespace interlock::tests
