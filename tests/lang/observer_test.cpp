// What an observer explains: what some run of its specification shows, its unseen steps wherever
// they fit.
#include "lang/observer.hpp"
#include "lang/violations.hpp"
#include "support/histories.hpp"
#include "support/lang_world.hpp"

#include <gtest/gtest.h>

#include <random>

namespace interlock::lang {
namespace {

using tests::explained;
using tests::Seen;
using tests::some_run_shows;
using tests::World;

void show(Steps& s, const std::string& event, const std::vector<Report>& values = {},
          std::vector<Update> updates = {}, const Expr& guard = {}) {
  Step step;
  step.guard = guard;
  step.updates = std::move(updates);
  step.shows = Shows{event, values};
  s.step(event, std::move(step));
}

std::unique_ptr<const Spec> finished(World& world) {
  return std::make_unique<const Spec>(std::move(world.builder).finish());
}

// A letter is posted, unseen, between its sending and its arrival; it is read at most once.
std::unique_ptr<const Spec> mailbox() {
  World world({"sender", "reader"});
  const Expr letters = world.number("letters");
  world.builder.property(
      {"all-read", PropertyKind::at_rest, letters == 0, "a letter is never read"});
  world.body(0, [&](Steps& s) {
    show(s, "sends");
    s.set(letters, letters + 1);
    show(s, "has sent");
  });
  world.body(1, [&](Steps& s) {
    s.loop("read", [&] { show(s, "reads", {{"letters", letters}}, {assign(letters, Expr(0))}); });
  });
  return finished(world);
}

TEST(Observer, LetsAnUnseenStepHappenAnywhereInItsInterval) {
  Observer mail(mailbox());
  EXPECT_TRUE(explained(mail, {{"sends", {}}, {"reads", {0}}, {"has sent", {}}, {"reads", {1}}}));
  EXPECT_TRUE(explained(mail, {{"sends", {}}, {"reads", {1}}, {"has sent", {}}, {"reads", {0}}}));
}

TEST(Observer, ExplainsNothingThatNoRunShows) {
  Observer mail(mailbox());
  EXPECT_FALSE(explained(mail, {{"reads", {1}}, {"sends", {}}})) << "before it is sent";
  EXPECT_FALSE(explained(mail, {{"sends", {}}, {"reads", {1}}, {"reads", {1}}})) << "twice";
  EXPECT_FALSE(explained(mail, {{"sends", {}}, {"has sent", {}}, {"reads", {0}}})) << "lost";
  EXPECT_FALSE(explained(mail, {{"burns", {}}})) << "an event that it does not know";
}

TEST(Observer, OwesWhatEveryExplanationOwes) {
  Observer mail(mailbox());
  const auto debt = [&](const std::vector<Seen>& history) {
    const Property* owed = mail.debt(explained(mail, history).value());
    return owed == nullptr ? "" : owed->message;
  };
  EXPECT_EQ(debt({{"sends", {}}}), "") << "it may not be posted yet";
  EXPECT_EQ(debt({{"sends", {}}, {"has sent", {}}}), "a letter is never read");
  EXPECT_EQ(debt({{"sends", {}}, {"has sent", {}}, {"reads", {1}}}), "");
}

TEST(Observer, SaysWhatWouldHaveBeenExplained) {
  Observer mail(mailbox());
  const auto sent = explained(mail, {{"sends", {}}, {"has sent", {}}}).value();
  World words;
  const Shows reads{"reads", {{"letters", words.number("letters")}}};
  EXPECT_EQ(mail.objection(sent, reads, std::vector<Value>{0}),
            "reads letters 0; allowed here: letters 1");
  EXPECT_EQ(mail.objection(sent, {"sends", {}}, {}), "sends; nothing of the kind is allowed here");
}

// A mailbox whose rules have names: "count", of how many letters are read, and "all-read".
Observer mailbox_of_rules(const std::set<std::string>& excused,
                          BrokenRule::Then then = BrokenRule::Then::nearest) {
  return Observer(
      mailbox(),
      [then](const Unexplained& event) {
        return BrokenRule{event.shows.event == "reads" ? "count" : "calls", then};
      },
      excused);
}

const std::vector<Seen> a_letter_is_lost{{"sends", {}}, {"has sent", {}}, {"reads", {0}}};

TEST(ObserverRules, NameWhatIsBroken) {
  Observer mail = mailbox_of_rules({});
  const auto sent = explained(mail, {{"sends", {}}, {"has sent", {}}}).value();
  EXPECT_EQ(mail.rule(sent, mail.event("reads"), std::vector<Value>{0}), "count");
  EXPECT_EQ(mail.rule(sent, mail.event("sends"), {}), "calls");
  EXPECT_EQ(mail.rule(*mail.debt(sent)), "all-read");
  EXPECT_FALSE(explained(mail, a_letter_is_lost));
}

TEST(ObserverRules, WhatIsExcusedIsTakenAsTheNearest) {
  Observer mail = mailbox_of_rules({"count"});
  EXPECT_EQ(mail.debt(explained(mail, a_letter_is_lost).value()), nullptr) << "it was read";
}

TEST(ObserverRules, WhatIsExcusedCanBeTakenAsNothing) {
  Observer mail = mailbox_of_rules({"count"}, BrokenRule::Then::nothing);
  EXPECT_NE(mail.debt(explained(mail, a_letter_is_lost).value()), nullptr) << "it is still there";
}

TEST(ObserverRules, NothingIsJudgedBehindWhatCannotBeTakenForAnything) {
  Observer mail = mailbox_of_rules({"count"}, BrokenRule::Then::anything);
  const auto after = explained(mail, a_letter_is_lost);
  EXPECT_EQ(mail.debt(after.value()), nullptr);
  EXPECT_EQ(mail.after(*after, mail.event("has sent"), {}), after);
}

TEST(ObserverRules, AnotherThanTheExcusedIsBrokenAllTheSame) {
  Observer lost = mailbox_of_rules({"calls", "all-read"});
  EXPECT_FALSE(explained(lost, a_letter_is_lost));
  Observer unread = mailbox_of_rules({"count"});
  EXPECT_NE(unread.debt(explained(unread, {{"sends", {}}, {"has sent", {}}}).value()), nullptr);
}

TEST(ObserverRules, WhatIsOwedCanBeExcused) {
  Observer mail = mailbox_of_rules({"all-read"});
  EXPECT_EQ(mail.debt(explained(mail, {{"sends", {}}, {"has sent", {}}}).value()), nullptr);
}

// The machine that is observed: what it reads is what was posted, or, if it forgets, nothing.
struct Post {
  World world{{"sender", "reader"}};
  Post(bool forgets, bool rests) {
    const Expr box = world.number("box");
    world.builder.property({"mail", PropertyKind::check, {}, ""});
    world.builder.property({"mail", PropertyKind::settled, {}, ""});
    world.body(0, [&](Steps& s) {
      show(s, "sends");
      if (!forgets)
        s.set(box, box + 1);
      show(s, "has sent");
    });
    world.body(1, [&](Steps& s) {
      Step wait;
      wait.guard = box != 0;
      wait.idle_when = Expr(true);
      if (rests)
        s.step("wait", std::move(wait));
      show(s, "reads", {{"letters", box}}, {assign(box, Expr(0))});
    });
    world.builder.set_observer("mail", std::make_shared<Observer>(mailbox()));
  }
};

// Sends, then reads: the state at the end, or why it fails.
tests::SingleRun send_and_read(Post& post) {
  post.world.finish();
  return tests::run(post.world.spec());
}

TEST(Observation, IsAViolationOfTheStepWhoseEventIsNotExplained) {
  Post right(false, false);
  EXPECT_EQ(send_and_read(right).failure.message, "");
  Post wrong(true, false);
  const tests::SingleRun run = send_and_read(wrong);
  EXPECT_EQ(run.failure.property, "mail");
  EXPECT_EQ(run.failure.message, "reads letters 0; allowed here: letters 1");
  EXPECT_EQ(run.labels.back(), "reader.reads");
}

TEST(Observation, IsAViolationAtRestWhereSomethingIsOwed) {
  const auto violation = [](bool forgets) {
    Post post(forgets, true);
    const tests::SingleRun run = send_and_read(post);
    const Spec& spec = post.world.spec();
    std::optional<Violation> found;
    for (const Property& property : spec.properties())
      if (!found)
        found = violation_in(spec, run.state, standstill(spec, run.state), property);
    return found ? found->message : "";
  };
  EXPECT_EQ(violation(false), "");
  EXPECT_EQ(violation(true), "a letter is never read");
}

TEST(Observation, IsNobodysBusinessWhereItsPropertyIsNotSelected) {
  Post wrong(true, false);
  wrong.world.builder.select_properties({"other"});
  EXPECT_EQ(send_and_read(wrong).failure.message, "");
  EXPECT_FALSE(wrong.world.spec().observation());
}

// Two threads that count up and down, unseen, and show what they find.
std::unique_ptr<const Spec> random_observer(std::mt19937& random) {
  World world({"a", "b"});
  const Expr count = world.number("count", 3);
  const auto pick = [&](unsigned below) { return static_cast<unsigned>(random() % below); };
  for (ThreadId thread = 0; thread < 2; ++thread)
    world.body(thread, [&](Steps& s) {
      for (unsigned i = 0, steps = 2 + pick(4); i < steps; ++i) {
        const std::string number = std::to_string(i);
        Step step;
        switch (pick(4)) {
        case 0:
          step.guard = count < Expr(3);
          step.updates = {assign(count, count + 1)};
          s.step("up" + number, std::move(step));
          break;
        case 1:
          step.guard = Expr(0) < count;
          step.updates = {assign(count, count - 1)};
          s.step("down" + number, std::move(step));
          break;
        case 2:
          s.either({[&] { show(s, "x"); }, [&] { show(s, "y"); }});
          break;
        default:
          show(s, "counts", {{"count", count}});
        }
      }
      show(s, "ends");
    });
  return finished(world);
}

TEST(Observer, AgreesWithTryingAllRunsOnRandomHistories) {
  std::mt19937 random(20261130);
  unsigned right = 0;
  unsigned wrong = 0;
  for (int round = 0; round < 150; ++round) {
    Observer observer(random_observer(random));
    for (int sample = 0; sample < 20; ++sample) {
      std::vector<Seen> history;
      for (auto more = 1 + random() % 5; more > 0; --more) {
        const char* const events[] = {"x", "y", "ends", "counts"};
        const std::string event = events[random() % 4];
        history.push_back({event, {}});
        if (event == "counts")
          history.back().values.push_back(static_cast<Value>(random() % 3));
      }
      const bool expected = some_run_shows(observer.spec(), history);
      (expected ? right : wrong) += 1;
      ASSERT_EQ(explained(observer, history).has_value(), expected) << "round " << round;
    }
  }
  EXPECT_GT(right, 200U) << "histories of both kinds are tried";
  EXPECT_GT(wrong, 200U);
}

} // namespace
} // namespace interlock::lang
