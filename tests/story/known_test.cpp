// A resemblance follows from the rule alone, and says it.
#include "story/story_text.hpp"
#include "support/lang_world.hpp"

#include <gtest/gtest.h>
#include <set>

namespace interlock::tests {
namespace {

using checker::Known;
using checker::resembles;
using checker::Signature;

const Signature lost{"netbsd", "kevent-contract", "scan.copy", "an event for _: wrong", "exit.set"};

std::vector<Known> table(const std::vector<std::pair<std::string, Signature>>& rows) {
  std::vector<Known> all;
  for (const auto& [name, signature] : rows)
    all.push_back({name, "title of " + name, "", signature});
  return all;
}

Signature but(Signature signature, std::string Signature::*field, const std::string& value) {
  signature.*field = value;
  return signature;
}

TEST(Resemblance, NeedsSystemPropertyAndFailingStep) {
  for (const auto field : {&Signature::system, &Signature::property, &Signature::step})
    EXPECT_FALSE(resembles(lost, "c", table({{"a", but(lost, field, "other")}})));
  EXPECT_TRUE(resembles(lost, "c", table({{"a", lost}})));
}

TEST(Resemblance, NeedsTheMessageOrTheCauseBesides) {
  const Signature other = but(but(lost, &Signature::message, "x"), &Signature::cause, "y");
  EXPECT_FALSE(resembles(lost, "c", table({{"a", other}})));
  const auto by_message = resembles(lost, "c", table({{"a", but(lost, &Signature::cause, "y")}}));
  ASSERT_TRUE(by_message);
  EXPECT_EQ(by_message->rule, "same property, failing step and message");
  const auto by_cause = resembles(lost, "c", table({{"a", but(lost, &Signature::message, "x")}}));
  ASSERT_TRUE(by_cause);
  EXPECT_EQ(by_cause->rule, "same property, failing step and cause (exit.set)");
}

TEST(Resemblance, IsToTheOneWithMostInCommonAndThenToTheOneOfTheConfig) {
  const auto rows = table({{"a", but(lost, &Signature::cause, "y")}, {"b", lost}, {"c", lost}});
  EXPECT_EQ(resembles(lost, "d", rows)->known->name, "b");
  EXPECT_EQ(resembles(lost, "c", rows)->known->name, "c");
}

// Two scenarios that differ in the names of their processes fail with the same message.
TEST(Resemblance, NamesOfObjectsDoNotCount) {
  World world{{"child"}};
  world.body([](lang::Steps& s) { s.step("go", {}); });
  const Signature signature = checker::signature_of(
      world.finish(), {lang::ViolationKind::check, "p", "an event for child: of children"}, "s",
      {});
  EXPECT_EQ(signature.message, "an event for _: of children");
}

TEST(KnownText, SaysWhichOneAndByWhichRule) {
  const auto rows = table({{"a", lost}});
  const auto resemblance = resembles(lost, "other", rows);
  EXPECT_EQ(
      checker::known_text(resemblance, "other", {}),
      "Resembles a: title of a (same property, failing step, message and cause (exit.set))\n");
  EXPECT_TRUE(checker::known_text(resemblance, "a", {}).starts_with("Known as a: "));
  EXPECT_EQ(checker::known_text({}, "a", {}), "");
}

TEST(KnownTable, HasEachConfigOnce) {
  std::set<std::string> names;
  for (const Known& known : checker::known())
    EXPECT_TRUE(names.insert(known.name).second) << known.name;
  EXPECT_FALSE(names.empty());
}

} // namespace
} // namespace interlock::tests
