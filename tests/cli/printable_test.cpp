// What a file says cannot command the terminal on which the program answers, nor forge its lines.
#include "program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace interlock::tests {
namespace {

using Json = nlohmann::ordered_json;

// A title for the window, red, DEL, red in 8 bits, an override of direction; a line of a gate.
const std::string hostile = "\x1b]0;x\x07\x1b[31m\r\x7f\xC2\x9B"
                            "31m\xE2\x80\xAE\nexit 0: forged\n";

// The first byte of a character that does not belong on a terminal, or the end.
std::size_t unprintable(const std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool control = (byte < 0x20 && byte != '\n') || byte == 0x7F;
    const bool c1 =
        byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
    const bool direction = text.compare(i, 3, "\xE2\x80\xAE") == 0;
    if (control || c1 || direction)
      return i;
  }
  return text.size();
}

void expect_clean(const Finished& run) {
  for (const std::string& text : {run.out, run.err}) {
    EXPECT_EQ(unprintable(text), text.size()) << text;
    EXPECT_EQ(text.find("\nexit 0: forged"), std::string::npos) << text;
  }
}

struct Spot {
  const char* name;
  const char* pointer; // of the value that becomes hostile
  bool key;            // or of the object that gets a hostile key
  bool named = true;   // in the message
};

void PrintTo(const Spot& spot, std::ostream* out) { *out << spot.name; }

class HostileConfig : public testing::TestWithParam<Spot> {};

TEST_P(HostileConfig, ComesOutPrintable) {
  const Workplace place;
  Json config = Json::parse(deadlock_config("{\"violates\": \"no-deadlock\"}"));
  config["environment"] = Json::array({"signals"});
  config["bounds"]["knotes"] = 2;
  config["patches"].push_back({{"insert", "check true"}, {"before", "exit.enter"}});
  config["about"]["title"] = "title";
  Json& value = config[Json::json_pointer(GetParam().pointer)];
  if (GetParam().key)
    value[hostile] = 1;
  else if (value.is_string() && value.get<std::string>().starts_with("kevent"))
    value = value.get<std::string>() + " udata " + hostile;
  else
    value = hostile;
  place.write("c.json", config.dump());
  for (const char* command : {"check", "gate", "locks"}) {
    const Finished run = place.run({command, "c.json"});
    EXPECT_EQ(run.code, 151) << run.out << run.err;
    if (GetParam().named) {
      EXPECT_NE(run.err.find("\\u001b"), std::string::npos) << run.err;
    }
    expect_clean(run);
  }
}

INSTANTIATE_TEST_SUITE_P(All, HostileConfig,
                         testing::Values(Spot{"Key", "", true}, Spot{"System", "/system", false},
                                         Spot{"Revision", "/revision", false},
                                         Spot{"Thread", "/scenario/threads", true},
                                         Spot{"Call", "/scenario/threads/p/0", false},
                                         Spot{"Udata", "/scenario/threads/w/0", false, false},
                                         Spot{"Property", "/properties/0", false},
                                         Spot{"Environment", "/environment/0", false},
                                         Spot{"Bound", "/bounds", true},
                                         Spot{"Label", "/patches/0/move", false},
                                         Spot{"OtherLabel", "/patches/0/before", false},
                                         Spot{"Operand", "/patches/1/insert", false},
                                         Spot{"Expectation", "/expect/violates", false},
                                         Spot{"Title", "/about/title", false, false}),
                         [](const auto& info) { return info.param.name; });

TEST(HostileText, ThatIsNoJsonComesOutPrintable) {
  const Workplace place;
  for (const char* text :
       {"{\"a\x1b[31m\": 1}", "{\"a\": \x1b]0;x\x07}", "\xff{", "{\"a\": \xC2\x9B"}) {
    place.write("c.json", text);
    const Finished run = place.run({"check", "c.json"});
    EXPECT_EQ(run.code, 151);
    expect_clean(run);
  }
}

TEST(HostileText, InTheNameOfAFileComesOutPrintable) {
  const Workplace place;
  const std::string name = "\x1b]0;x\x07\r\x7f\xC2\x9B\xE2\x80\xAE\nexit 0: forged\n\xff.json";
  place.write(name, deadlock_config("{\"violates\": \"no-deadlock\"}"));
  for (const char* command : {"check", "gate", "locks", "replay", "export", "show"}) {
    std::vector<std::string> arguments{command, name};
    if (arguments[0] == "export")
      arguments.insert(arguments.end(), {"--to", "itf"});
    const Finished run = place.run(arguments);
    EXPECT_NE(run.out + run.err, "");
    expect_clean(run);
  }
  for (const std::string& file : place.files())
    EXPECT_TRUE(file == name || unprintable(file) == file.size()) << file;
}

TEST(HostileText, OnTheCommandLineComesOutPrintable) {
  const Workplace place;
  const std::vector<std::vector<std::string>> wrong{
      {hostile},         {"check", hostile},         {"check", "--" + hostile},
      {"list", hostile}, {"list", "calls", hostile}, {"help", hostile}};
  for (const std::vector<std::string>& arguments : wrong) {
    const Finished run = place.run(arguments);
    EXPECT_EQ(run.code, 151);
    EXPECT_EQ(unprintable(run.err), run.err.size()) << run.err;
  }
}

TEST(HostileText, LeavesJsonWhatItIs) {
  const Workplace place;
  const std::string name = "a\xC2\x9B\x7f.json";
  place.write(name, holds_config());
  const Finished run = place.run({"check", "--format", "json", name});
  expect_clean(run);
  EXPECT_EQ(Json::parse(run.out)["results"][0]["verdict"], "holds");
}

TEST(HostileText, NulCutsNoMessage) {
  const Workplace place;
  std::string text = holds_config();
  place.write("c.json", text.insert(1, "\"comment\": \"a\\u0000b\","));
  const Finished run = place.run({"check", "c.json"});
  EXPECT_EQ(run.code, 151);
  EXPECT_EQ(run.err,
            "interlock: c.json:1:13: a NUL character in a string; no text has one [at /comment]\n");
}

} // namespace
} // namespace interlock::tests
