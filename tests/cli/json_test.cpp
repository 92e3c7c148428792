// Every command has its facts as JSON, by the command line's own list of commands.
#include "program.hpp"

#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>

namespace interlock::tests {
namespace {

using Json = nlohmann::ordered_json;
using Words = std::vector<std::string>;

// The commands that have none below them, by their words.
void add_commands(std::map<std::string, Json>& commands, const Json& command) {
  for (const Json& below : command["commands"])
    add_commands(commands, below);
  std::string name;
  for (const Json& word : command["words"])
    name += (name.empty() ? "" : " ") + word.get<std::string>();
  if (command["commands"].empty())
    commands.emplace(name, command);
}

class EveryCommand : public testing::Test {
protected:
  void SetUp() override {
    place.write("d.json", deadlock_config());
    place.write("h.json", holds_config());
    ASSERT_EQ(place.run({"check", "--no-replay", "d.json"}).code, 11);
    place.write("src/sys/kern/kern_event.c", kern_event_of_a_tree());
    place.write("patches.json", R"([{"drop": "filt_procattach.mutex_exit_p_lock"}])");
    const Json help = Json::parse(place.run({"help", "--format", "json"}).out);
    add_commands(commands, help);
  }

  // Of each command words with which it has something to say.
  const std::map<std::string, Words> examples{
      {"init", {"netbsd", "--output", "new.json"}},
      {"check", {"--no-replay", "d.json"}},
      {"replay", {"interlock-out/d.witness.json"}},
      {"gate", {"d.json"}},
      {"show", {"interlock-out/d.witness.json"}},
      {"export", {"interlock-out/d.witness.json", "--to", "itf", "--output", "d.itf.json"}},
      {"locks", {"d.json"}},
      {"source outline", {"--system", "netbsd", "src/sys/kern/kern_event.c"}},
      {"source check", {"kern_event-1.129", "--tree", "src", "--configs", "h.json"}},
      {"source record", {"kern_event-1.129", "--tree", "src", "--configs", "h.json"}},
      {"review", {"kern_event-1.129", "--old", "src", "--new", "src", "--configs", "h.json"}},
      {"what-if", {"patches.json", "h.json"}},
      {"list", {"calls"}},
      {"help", {"exit-codes"}},
  };

  Workplace place;
  std::map<std::string, Json> commands;
};

TEST_F(EveryCommand, HasItsFactsAsJson) {
  ASSERT_EQ(commands.size(), examples.size());
  for (const auto& [name, command] : commands) {
    ASSERT_TRUE(examples.contains(name)) << name << " has no example here";
    Words words;
    for (const Json& word : command["words"])
      words.push_back(word);
    words.insert(words.end(), examples.at(name).begin(), examples.at(name).end());
    words.insert(words.end(), {"--format", "json"});
    const Finished run = place.run(words);
    const Json document = Json::parse(run.out, nullptr, false);
    ASSERT_TRUE(document.is_object()) << name << "\n" << run.out << run.err;
    EXPECT_TRUE(document["format"].get<std::string>().starts_with("interlock-")) << name;
    EXPECT_EQ(document["version"], 1) << name;
  }
}

TEST_F(EveryCommand, ThatWritesAFileSaysWhichAndOfWhat) {
  const Json made =
      Json::parse(place.run({"init", "netbsd", "--output", "new.json", "--format", "json"}).out);
  EXPECT_EQ(made["written"], "new.json");
  EXPECT_EQ(made["config"], place.read("new.json"));
  const Json checked = Json::parse(
      place.run({"check", "--no-replay", "--max-states", "1", "--format", "json", "new.json"}).out);
  EXPECT_EQ(made["digest"], checked["results"][0]["digest"]);

  const Words words{"export", "d.json", "--to", "itf", "--format", "json"};
  const Finished without = place.run(words);
  EXPECT_EQ(without.code, 151);
  EXPECT_NE(without.err.find("--output"), std::string::npos) << without.err;
  Words with = words;
  with.insert(with.end(), {"--output", "d.itf.json"});
  const Json exported = Json::parse(place.run(with).out);
  EXPECT_EQ(exported["written"], "d.itf.json");
  const Json itf = Json::parse(place.read("d.itf.json"));
  EXPECT_EQ(exported["violation"]["length"].get<std::size_t>() + 1, itf["states"].size());
}

TEST_F(EveryCommand, WhatOtherProgramsReadAsItIsHasNoJsonAndHelpSaysSo) {
  for (const char* topic : {"man", "bash-completion", "zsh-completion"}) {
    const Finished run = place.run({"help", topic, "--format", "json"});
    EXPECT_EQ(run.code, 151) << topic;
    EXPECT_EQ(run.out, "") << topic;
  }
  EXPECT_NE(place.run({"help", "help"}).out.find("have no JSON"), std::string::npos);
}

TEST_F(EveryCommand, HelpOfOneIsItsPartOfTheWhole) {
  const Json one = Json::parse(place.run({"help", "show", "--format", "json"}).out);
  EXPECT_EQ(one["operands"], commands.at("show")["operands"]);
  const Json codes = Json::parse(place.run({"help", "exit-codes", "--format", "json"}).out);
  for (const Json& code : codes["exit_codes"])
    if (code["code"] == 12) {
      EXPECT_EQ(code["text"], "safety violated");
    }
}

} // namespace
} // namespace interlock::tests
