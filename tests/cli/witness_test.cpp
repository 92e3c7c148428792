// Witness files on the command line: shown, replayed, exported; refused when they do not fit.
#include "program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>

namespace interlock::tests {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* witness = "interlock-out/d.witness.json";

class WitnessFile : public testing::Test {
protected:
  void SetUp() override {
    place.write("d.json", deadlock_config());
    ASSERT_EQ(place.run({"check", "--no-replay", "d.json"}).code, 11);
  }

  // The run on a copy of the witness after one replacement in its text.
  Finished run_edited(const std::string& command, const std::string& what, const std::string& by) {
    std::string text = place.read(witness);
    const std::size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    place.write("edited.json", text.replace(at, what.size(), by));
    return place.run({command, "edited.json"});
  }

  Workplace place;
};

TEST_F(WitnessFile, IsReplayedOnThisMachine) {
  const Finished run = place.run({"replay", witness, "--timeout", "30"});
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_TRUE(run.out.starts_with("reproduced: ")) << run.out;
}

TEST_F(WitnessFile, AReplayIsADocumentForMachines) {
  const Finished run = place.run({"replay", witness, "--format", "json"});
  const Json document = Json::parse(run.out);
  EXPECT_EQ(document["format"], "interlock-replay");
  EXPECT_EQ(document["verdict"], nullptr) << "a witness is not checked";
  EXPECT_EQ(document["replay"]["outcome"], "reproduced");
  EXPECT_EQ(document["replay"]["threads"], 2);
  EXPECT_EQ(document["exit"]["code"], 0);
  place.write("h.json", holds_config());
  const Json held = Json::parse(place.run({"replay", "h.json", "--format", "json"}).out);
  EXPECT_EQ(held["verdict"], "holds");
  EXPECT_EQ(held["replay"], nullptr);
}

// A deadlock is watched for as long as the deadline lets; this one lets it not at all.
TEST_F(WitnessFile, AReplayThatRunsOutOfTimeIs124AndNoDivergence) {
  const Finished run = place.run({"replay", witness, "--timeout", "1e-9"});
  EXPECT_EQ(run.code, 124) << run.out << run.err;
  EXPECT_TRUE(run.out.starts_with("not finished: ")) << run.out;
  EXPECT_NE(run.out.find("\nnot checked: "), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("\nexit 124: a limit was reached"), std::string::npos) << run.out;
}

TEST_F(WitnessFile, IsEnoughWithoutItsConfig) {
  place.write("d.json", "gone");
  EXPECT_EQ(place.run({"replay", witness}).code, 0);
}

TEST_F(WitnessFile, AConfigCanBeReplayedToo) {
  const Finished run = place.run({"replay", "d.json"});
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_NE(run.out.find("d.json: violates no-deadlock ("), std::string::npos);
  EXPECT_NE(run.out.find("reproduced: "), std::string::npos);
  place.write("h.json", holds_config());
  EXPECT_NE(place.run({"replay", "h.json"}).out.find("nothing to replay"), std::string::npos);
}

TEST_F(WitnessFile, IsShownAsInTheReportOfTheCheck) {
  const Finished shown = place.run({"show", witness});
  EXPECT_EQ(shown.code, 0) << shown.err;
  const std::size_t at = shown.out.find(" step  p ");
  ASSERT_NE(at, std::string::npos) << shown.out;
  const std::string table = shown.out.substr(at, shown.out.find("\n\n", at) - at);
  const Finished checked = place.run({"check", "--no-replay", "d.json"});
  EXPECT_NE(checked.out.find(table), std::string::npos);
  EXPECT_NE(place.run({"show", "--full", witness}).out.find("initial state\n"), std::string::npos);
}

TEST_F(WitnessFile, IsShownIn160ColumnsWhereThereIsNoTerminal) {
  const std::string shown = place.run({"show", witness}).out;
  const std::string table = shown.substr(shown.find(" step  p "));
  std::istringstream lines(table.substr(0, table.find("\n\n")));
  for (std::string line; std::getline(lines, line);)
    EXPECT_LE(line.size(), 160U) << line;
}

TEST_F(WitnessFile, WhatIsLeftOutIsCountedAndFullShowsIt) {
  const std::string shown = place.run({"show", witness}).out;
  const std::string steps = std::to_string(Json::parse(place.read(witness))["steps"].size());
  EXPECT_NE(shown.find(" of " + steps + " steps, which only test something or set local"),
            std::string::npos)
      << shown;
  EXPECT_EQ(shown.find("newkn_unused"), std::string::npos);
  const std::string full = place.run({"show", "--full", witness}).out;
  EXPECT_EQ(full.find("Not shown"), std::string::npos);
  EXPECT_NE(full.find("    kqueue_register.newkn_unused"), std::string::npos) << full;
}

TEST_F(WitnessFile, ItfIsTheSameFromShowFromExportAndFromTheConfig) {
  EXPECT_EQ(place.run({"show", witness, "--itf", "a.itf.json"}).code, 0);
  const Finished exported = place.run({"export", witness, "--to", "itf"});
  EXPECT_EQ(exported.code, 0) << exported.err;
  EXPECT_EQ(exported.out, place.read("a.itf.json"));
  EXPECT_EQ(place.run({"export", "d.json", "--to", "itf", "--output", "b.itf.json"}).code, 0);
  EXPECT_EQ(place.read("b.itf.json"), exported.out);
  const Json file = Json::parse(exported.out);
  EXPECT_EQ(file["states"].size(), Json::parse(place.read(witness))["steps"].size() + 1);
}

// A signal may come or not: whoever waits for nothing else stands still, for every reader.
TEST_F(WitnessFile, OfADeadlockThatASignalCouldEndIsAcceptedByAllItsReaders) {
  place.write("s.json", R"({
    "system": "netbsd", "revision": "kern_fork-1.231", "environment": ["signals"],
    "scenario": {"processes": {"proc": ["parent", "a"]},
                 "threads": {"a": ["kevent loop"], "parent": ["close kq"]}},
    "properties": ["no-deadlock"]
  })");
  const Finished checked = place.run({"check", "s.json"});
  ASSERT_EQ(checked.code, 11) << checked.out << checked.err;
  EXPECT_NE(checked.out.find("reproduced: "), std::string::npos) << checked.out;
  const std::string written = "interlock-out/s.witness.json";
  EXPECT_EQ(place.run({"show", written}).code, 0) << place.run({"show", written}).err;
  EXPECT_EQ(place.run({"replay", written}).code, 0);
  EXPECT_EQ(place.run({"export", written, "--to", "itf"}).code, 0);
}

// What else a file's name may stand for is tested with files::write, which all of them use.
TEST_F(WitnessFile, IsWrittenThroughALinkWhateverWritesIt) {
  const auto leads = [&](const std::string& link, const std::string& text) {
    EXPECT_TRUE(std::filesystem::is_symlink(place.path(link))) << link;
    EXPECT_EQ(place.read("real"), text) << link;
  };
  const std::string itf = place.run({"export", witness, "--to", "itf"}).out;
  for (const char* link : {"exported", "shown", "out/d.witness.json"}) {
    std::filesystem::create_directories(place.path(link).parent_path());
    std::filesystem::create_symlink(place.path("real"), place.path(link));
  }
  place.write("real", "old");
  place.run({"export", witness, "--to", "itf", "--output", "exported"});
  leads("exported", itf);
  place.write("real", "old");
  place.run({"show", witness, "--itf", "shown"});
  leads("shown", itf);
  place.write("real", "old");
  place.run({"check", "--no-replay", "--out", "out", "d.json"});
  leads("out/d.witness.json", place.read(witness));
}

TEST_F(WitnessFile, ThereIsNothingToExportWhereNothingIsViolated) {
  place.write("h.json", holds_config());
  const Finished run = place.run({"export", "h.json", "--to", "itf"});
  EXPECT_EQ(run.code, 0);
  EXPECT_EQ(run.out, "");
  EXPECT_NE(run.err.find("no counterexample"), std::string::npos);
}

TEST_F(WitnessFile, AnEditedConfigInItIsRefusedByItsDigest) {
  for (const char* command : {"replay", "show"}) {
    const Finished run = run_edited(command, "kevent add proc p exit", "kevent add proc p fork");
    EXPECT_EQ(run.code, 151) << run.out;
    EXPECT_NE(run.err.find("[at /config/digest]"), std::string::npos) << run.err;
  }
}

TEST_F(WitnessFile, OfTheOrderOfLocksIsFoundAnewAndNotSaidToBeReproduced) {
  place.write("r.json", reversal_config());
  for (const bool short_form : {false, true}) {
    std::vector<std::string> check{"check", "r.json"};
    if (short_form)
      check.emplace_back("--steps-only");
    EXPECT_EQ(place.run(check).out.find("reproduced"), std::string::npos);
    Json file = Json::parse(place.read("interlock-out/r.witness.json"));
    EXPECT_EQ(file["violation"]["kind"], "analysis");
    const Finished replayed = place.run({"replay", "interlock-out/r.witness.json"});
    EXPECT_EQ(replayed.code, 0) << replayed.err;
    EXPECT_TRUE(replayed.out.starts_with("followed: ")) << replayed.out;
    EXPECT_NE(replayed.out.find("computed from all interleavings, not run"), std::string::npos);
    const std::string message = file["violation"]["message"];
    file["violation"]["message"] = "nothing at all";
    place.write("forged.json", file.dump());
    for (const char* command : {"replay", "show"}) {
      const Finished run = place.run({command, "forged.json"});
      EXPECT_EQ(run.code, 151) << run.out;
      EXPECT_NE(run.err.find("[at /violation/message]"), std::string::npos) << run.err;
    }
    file["violation"]["message"] = message;
    file["steps"] = Json::array();
    file["length"] = 0;
    place.write("forged.json", file.dump());
    EXPECT_EQ(place.run({"replay", "forged.json"}).code, 151);
  }
}

TEST_F(WitnessFile, OfTheStepsAloneIsShownReplayedAndExportedLikeTheFullOne) {
  const std::string full = place.read(witness);
  const std::string shown = place.run({"show", "--full", witness}).out;
  const std::string exported = place.run({"export", witness, "--to", "itf"}).out;
  ASSERT_EQ(place.run({"check", "--no-replay", "--steps-only", "d.json"}).code, 11);
  EXPECT_LT(place.read(witness).size(), full.size() / 4);
  EXPECT_EQ(place.run({"show", "--full", witness}).out, shown);
  EXPECT_EQ(place.run({"export", witness, "--to", "itf"}).out, exported);
  EXPECT_EQ(place.run({"replay", witness}).code, 0);
}

TEST_F(WitnessFile, AnEditedPartOfItsConfigIsRefusedByAllReaders) {
  ASSERT_EQ(place.run({"check", "--no-replay", "--steps-only", "d.json"}).code, 11);
  const Json file = Json::parse(place.read(witness));
  for (const char* key : {"digest", "system", "revision", "text"}) {
    Json edited = file;
    edited["config"][key] = file["config"][key].get<std::string>() + "x";
    place.write("edited.json", edited.dump());
    for (const std::vector<std::string>& command : {std::vector<std::string>{"show", "edited.json"},
                                                    {"replay", "edited.json"},
                                                    {"export", "edited.json", "--to", "itf"}})
      EXPECT_EQ(place.run(command).code, 151) << key;
  }
}

TEST_F(WitnessFile, AnEditedStepIsNamed) {
  const Finished run =
      run_edited("replay", "\"label\": \"exit.enter\"", "\"label\": \"exit.entr\"");
  EXPECT_EQ(run.code, 151) << run.out;
  EXPECT_NE(run.err.find("did you mean exit.enter?"), std::string::npos) << run.err;
  EXPECT_NE(run.err.find("/label]"), std::string::npos) << run.err;
}

TEST_F(WitnessFile, AnotherVersionAndACutOffFileAreRefused) {
  EXPECT_NE(run_edited("show", "\"version\": 2,", "\"version\": 9,")
                .err.find("witness format version 9; this program reads version 2"),
            std::string::npos);
  const std::string text = place.read(witness);
  place.write("cut.json", text.substr(0, text.size() / 2));
  const Finished run = place.run({"replay", "cut.json"});
  EXPECT_EQ(run.code, 151);
  EXPECT_NE(run.err.find("not JSON"), std::string::npos) << run.err;
}

} // namespace
} // namespace interlock::tests
