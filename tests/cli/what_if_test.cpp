// interlock what-if, from outside.
#include "program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace interlock::tests {
namespace {

class WhatIf : public testing::Test {
protected:
  void SetUp() override {
    place_.write("configs/holds.json", holds_config());
    place_.write("configs/safety.json", safety_config()); // exit1() keeps proc_lock already
  }
  Finished what_if(const std::string& patches, const std::vector<std::string>& more = {}) {
    place_.write("patches.json", patches);
    std::vector<std::string> arguments{"what-if", "patches.json", "configs"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return place_.run(arguments);
  }
  Workplace place_;
};

// Each config beside its patched self: what is violated before is not new.
TEST_F(WhatIf, TellsWhatIsNewAndWhatWasThere) {
  const Finished run =
      what_if(R"([{"drop": "filt_procattach.mutex_exit_p_lock"}])", {"--format", "json"});
  const auto found = nlohmann::json::parse(run.out);
  ASSERT_EQ(found["configs"].size(), 2U) << run.out;
  EXPECT_EQ(found["configs"][0]["config"], "configs/holds.json");
  EXPECT_EQ(found["configs"][0]["before"], "holds");
  EXPECT_TRUE(found["configs"][0]["new_violation"].is_string()) << run.out;
  EXPECT_TRUE(found["configs"][1]["before"].get<std::string>().starts_with("violates "));
  EXPECT_EQ(run.code, found["exit"]["code"]);
  EXPECT_NE(run.code, 0);
  EXPECT_TRUE(place_.has("interlock-out/holds.what-if.witness.json"));
}

// A step that has to be taken in some run is no mistake of the config where a patch takes it away.
TEST_F(WhatIf, APatchMayTakeAwayWhatHasToHappen) {
  const std::string config = holds_config();
  place_.write(
      "configs/holds.json",
      config.substr(0, config.rfind('}')) +
          R"(, "sometimes": [{"name": "u", "takes": "filt_procattach.mutex_exit_p_lock"}]})");
  const Finished run =
      what_if(R"([{"drop": "filt_procattach.mutex_exit_p_lock"}])", {"--format", "json"});
  const auto found = nlohmann::json::parse(run.out);
  EXPECT_EQ(run.err.find("no step of this scenario"), std::string::npos) << run.err;
  EXPECT_TRUE(found["configs"][0]["new_violation"].is_string()) << run.out;
}

TEST_F(WhatIf, KeptAnswersAreUsedAndADamagedOneIsSaid) {
  const std::string patch = R"([{"drop": "filt_procattach.mutex_exit_p_lock"}])";
  const std::vector<std::string> options{"--cache", "kept", "--no-replay"};
  const Finished first = what_if(patch, options);
  EXPECT_EQ(what_if(patch, options).out, first.out);
  int damaged = 0;
  for (const std::string& name : place_.files())
    if (name.starts_with("kept/") && name.ends_with(".json")) {
      place_.write(name, "{");
      ++damaged;
    }
  EXPECT_GT(damaged, 0);
  const Finished again = what_if(patch, options);
  EXPECT_NE(again.err.find("is damaged; its config is checked again"), std::string::npos)
      << again.err;
  EXPECT_EQ(again.out, first.out);
}

TEST_F(WhatIf, APatchThatChangesNoVerdictIsSuccess) {
  const Finished run =
      what_if(R"({"patches": [{"insert": "check true", "before": "exit1.mutex_exit_proc_lock"}]})");
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  EXPECT_NE(run.out.find("\n  configs/holds.json  holds   as before\n"), std::string::npos)
      << run.out;
}

// A config selects properties of its own text; what a patch asserts is not among them.
TEST_F(WhatIf, WhatAPatchAssertsIsCheckedWhateverAConfigSelects) {
  place_.write("selects.json", R"({"system": "netbsd", "revision": "kern_event-1.129",
      "properties": ["kassert"], "scenario": {"threads": {"p": ["exit"]}}})");
  for (const char* patch : {"check false", "if true { check false }"}) {
    place_.write("p.json", R"([{"insert": ")" + std::string(patch) +
                               R"(", "before": "exit1.mutex_exit_proc_lock"}])");
    const Finished run = place_.run({"what-if", "p.json", "selects.json"});
    EXPECT_NE(run.out.find("\n! selects.json  holds   violates assertion\n"), std::string::npos)
        << run.out << run.err;
  }
}

// Steps that would violate a property that is not selected are cut, and hide what is behind them.
TEST_F(WhatIf, WhatThePatchesMakeToBeCutIsAViolation) {
  place_.write("selects.json", R"({"system": "freebsd", "revision": "kqueue-10.4",
      "properties": ["kevent-contract"],
      "scenario": {"threads": {"parent": ["sigsuspend", "exit 1"],
                               "watcher": ["kevent add proc parent exit", "kill parent",
                                           "kevent loop"]}}})");
  place_.write("p.json", R"([{"replace": "knote.for_each_p_klist",
                              "with": "next_read_after_body"}])");
  const Finished run = place_.run({"what-if", "p.json", "selects.json"});
  EXPECT_NE(run.out.find("after the change violates not-on-list"), std::string::npos)
      << run.out << run.err;
  EXPECT_EQ(run.code, 12);
}

TEST_F(WhatIf, WhatIsWrongIsSaid) {
  const Finished unknown = what_if(R"([{"drop": "exit1.mutex_exit_proc_lokc"}])");
  EXPECT_EQ(unknown.code, 151);
  EXPECT_NE(unknown.err.find("no config has a step"), std::string::npos) << unknown.err;
  const Finished form = what_if(R"([{"dorp": "exit1.mutex_exit_proc_lock"}])");
  EXPECT_EQ(form.code, 151);
  EXPECT_NE(form.err.find("patches.json:1:3: "), std::string::npos) << form.err;
  EXPECT_EQ(what_if("[]").code, 151);
  EXPECT_EQ(what_if("{}").code, 151);
}

// The patched specification is wrong: that config has no answer, and that is no success.
TEST_F(WhatIf, AConfigWithoutAnAnswerMakesItPartial) {
  const Finished run =
      what_if(R"([{"insert": "mutex_enter nowhere", "before": "exit1.mutex_exit_proc_lock"}])");
  EXPECT_EQ(run.code, 19) << run.out << run.err;
  EXPECT_NE(run.out.find("no answer: "), std::string::npos) << run.out;
}

} // namespace
} // namespace interlock::tests
