// A config is read as it is written, in the order in which it is written.
#include "config/canonical.hpp"
#include "config/config.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

using checker::Config;
using checker::Expectation;
using checker::parse_config;

constexpr const char* full = R"json({
  // a config with every key
  "$schema": "../schemas/config-1.schema.json",
  "comment": ["why it holds", "in two lines"],
  "system": "netbsd", "revision": "kern_event-1.128",
  "scenario": {
    "processes": {"init": [], "parent": ["p1", "p2"]},
    "kqueues": {"kq": "parent"},
    "threads": {"p2": ["fork child"], "p1": ["kevent add proc parent exit", "kevent wait"],
                "child": []}
  },
  "environment": ["allocation-fails"],
  "properties": ["no-deadlock", "kevent-contract"],
  "bounds": {"knotes": 4, "events": 2},
  "limits": {"states": 1000, "memory_mib": 64, "seconds": 2.5},
  "patches": [{"drop": "a.b"},
              {"replace": "a.c", "with": "mutex_enter(p1.p_lock)"},
              {"insert": "mutex_exit(p1.p_lock)", "before": "a.d"},
              {"insert": "mutex_exit(p1.p_lock)", "after": "a.e"},
              {"move": "a.f", "before": "a.g"},
              {"move": "a.h", "after": "a.i"},
              {"drop": "a.j", "keep": "else"},
              {"drop": "a.k", "part": "kn.kn_data"},
              {"negate": "a.l"}],
  "expect": {"violates": "kevent-contract", "trace_length": 7, "states": 10, "transitions": 12,
             "depth": 5},
  "about": {"title": "what goes wrong", "fixed_by": "kern_event-1.129", "siblings": ["a", "b"]}
  /* the end */
})json";

std::vector<std::string> texts_of(const std::vector<systems::Text>& list) {
  std::vector<std::string> texts;
  for (const systems::Text& text : list)
    texts.push_back(text.text);
  return texts;
}

TEST(ConfigRead, TheScenarioKeepsItsOrderAndItsPointers) {
  const Config config = parse_config("full.json", full);
  EXPECT_EQ(config.source->name(), "full.json");
  EXPECT_EQ(config.comment, "why it holds\nin two lines");
  EXPECT_EQ(config.scenario.system.text, "netbsd");
  EXPECT_EQ(config.scenario.revision.pointer, "/revision");
  ASSERT_EQ(config.scenario.threads.size(), 3U);
  EXPECT_EQ(config.scenario.threads[0].name.text, "p2");
  EXPECT_EQ(config.scenario.threads[1].calls[1].text, "kevent wait");
  EXPECT_EQ(config.scenario.threads[1].calls[1].pointer, "/scenario/threads/p1/1");
  EXPECT_EQ(config.scenario.threads[2].name.pointer, "/scenario/threads/child");
  ASSERT_EQ(config.scenario.processes.size(), 2U);
  EXPECT_EQ(texts_of(config.scenario.processes[1].threads), (std::vector<std::string>{"p1", "p2"}));
  ASSERT_EQ(config.scenario.kqueues.size(), 1U);
  EXPECT_EQ(config.scenario.kqueues[0].process.text, "parent");
}

TEST(ConfigRead, TheRestOfTheKeys) {
  const Config config = parse_config("full.json", full);
  EXPECT_EQ(texts_of(config.scenario.environment), std::vector<std::string>{"allocation-fails"});
  EXPECT_EQ(texts_of(config.scenario.properties),
            (std::vector<std::string>{"no-deadlock", "kevent-contract"}));
  EXPECT_EQ(config.scenario.bounds.at("knotes"), std::make_pair(4, std::string("/bounds/knotes")));
  EXPECT_EQ(config.limits.states, 1000U);
  EXPECT_EQ(config.limits.memory_mib, 64U);
  EXPECT_EQ(config.limits.seconds, 2.5);
  ASSERT_TRUE(config.expect.has_value());
  EXPECT_EQ(config.expect->outcome, Expectation::Outcome::violates);
  EXPECT_EQ(config.expect->property, "kevent-contract");
  EXPECT_EQ(config.expect->trace_length, 7U);
  EXPECT_EQ(config.expect->states, 10U);
  EXPECT_EQ(config.expect->transitions, 12U);
  EXPECT_EQ(config.expect->depth, 5U);
  EXPECT_EQ(config.about.title, "what goes wrong");
  EXPECT_EQ(config.about.fixed_by.text, "kern_event-1.129");
  EXPECT_EQ(config.about.fixed_by.pointer, "/about/fixed_by");
  EXPECT_EQ(texts_of(config.about.siblings), (std::vector<std::string>{"a", "b"}));
}

TEST(ConfigRead, APatchNamesItsLabelAndItsArgument) {
  const std::vector<systems::Patch> patches = parse_config("full.json", full).scenario.patches;
  using Kind = systems::Patch::Kind;
  const std::vector<std::tuple<Kind, std::string, std::string>> expected{
      {Kind::drop, "a.b", ""},
      {Kind::replace, "a.c", "mutex_enter(p1.p_lock)"},
      {Kind::insert_before, "a.d", "mutex_exit(p1.p_lock)"},
      {Kind::insert_after, "a.e", "mutex_exit(p1.p_lock)"},
      {Kind::move_before, "a.f", "a.g"},
      {Kind::move_after, "a.h", "a.i"},
      {Kind::drop, "a.j", "else"},
      {Kind::drop_part, "a.k", "kn.kn_data"},
      {Kind::negate, "a.l", ""}};
  ASSERT_EQ(patches.size(), expected.size());
  for (std::size_t i = 0; i < patches.size(); ++i)
    EXPECT_EQ(std::make_tuple(patches[i].kind, patches[i].label.text, patches[i].argument.text),
              expected[i]);
}

TEST(ConfigRead, OnlySystemRevisionAndThreadsAreNeeded) {
  const Config config = parse_config(
      "c.json", R"({"system": "s", "revision": "r", "scenario": {"threads": {"t": ["exit 0"]}}})");
  EXPECT_FALSE(config.expect.has_value());
  EXPECT_EQ(config.limits.states, 0U);
  EXPECT_TRUE(config.scenario.properties.empty());
}

// The digest of the full config after one replacement in its text.
std::string digest_with(const std::string& what, const std::string& by) {
  std::string text = full;
  const std::size_t at = text.find(what);
  if (at == std::string::npos)
    throw std::runtime_error("the config has no " + what);
  return parse_config("x.json", text.replace(at, what.size(), by)).digest;
}

TEST(ConfigDigest, LayoutCommentsAndExpectationsDoNotCount) {
  const std::string digest = parse_config("full.json", full).digest;
  EXPECT_EQ(digest.size(), 32U);
  EXPECT_EQ(digest.find_first_not_of("0123456789abcdef"), std::string::npos);
  EXPECT_EQ(digest_with("// a config with every key", ""), digest);
  EXPECT_EQ(digest_with("why it holds", "because"), digest);
  EXPECT_EQ(digest_with("../schemas", "schemas"), digest);
  EXPECT_EQ(digest_with("what goes wrong", "something"), digest);
  EXPECT_EQ(digest_with("\"trace_length\": 7", "\"trace_length\": 8"), digest);
  EXPECT_EQ(digest_with("{\"knotes\": 4, \"events\": 2}", "{\"events\": 2, \"knotes\": 4}"),
            digest);
  EXPECT_EQ(digest_with("\"system\": \"netbsd\"", "\"system\":\n\n\"net\\u0062sd\""), digest);
}

TEST(ConfigDigest, WhatCanChangeTheAnswerCounts) {
  const std::string digest = parse_config("full.json", full).digest;
  for (const auto& [what, by] : std::vector<std::pair<const char*, const char*>>{
           {"netbsd", "freebsd"},
           {"kern_event-1.128", "kern_event-1.129"},
           {"[\"p1\", \"p2\"]", "[\"p2\", \"p1\"]"},
           {"\"kq\": \"parent\"", "\"kq\": \"init\""},
           {"\"threads\": {\"p2\"", "\"threads\": {\"p3\""},
           {"fork child", "vfork child"},
           {"allocation-fails", "authorisation-denied"},
           {"\"no-deadlock\", ", ""},
           {"\"knotes\": 4", "\"knotes\": 5"},
           {"\"states\": 1000", "\"states\": 1001"},
           {"{\"drop\": \"a.b\"}", "{\"drop\": \"a.z\"}"},
           {"\"before\": \"a.g\"", "\"after\": \"a.g\""}})
    EXPECT_NE(digest_with(what, by), digest) << what;
}

// XXH3 (128 bits, seed 0) of the empty input is published with the algorithm; it pins the byte
// order.
TEST(ConfigDigest, IsTheCanonicalFormOfXxh3) {
  EXPECT_EQ(checker::hex_digest(""), "99aa06d3014798d86001c324468d497f");
}

} // namespace
} // namespace interlock::tests
