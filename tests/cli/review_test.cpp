// interlock review, from outside: from an edit of C to a verdict.
#include "program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

namespace interlock::tests {
namespace {

// What knlist_add() of FreeBSD's kern_event.c does, told in few words.
constexpr const char* knlist_add =
    "void knlist_add(struct knlist *knl, struct knote *kn, int islocked)\n"
    "{\n"
    "  SLIST_INSERT_HEAD(&knl->kl_list, kn, kn_selnext);\n"
    "  count(knl);\n"
    "  KQ_LOCK(kn->kn_kq);\n"
    "  kn->kn_status &= ~KN_DETACHED;\n"
    "  KQ_UNLOCK(kn->kn_kq);\n"
    "}\n";
constexpr const char* unlock = "  KQ_UNLOCK(kn->kn_kq);\n";

std::string config(const std::string& calls, const std::string& more = "") {
  return R"({"system": "freebsd", "revision": "kqueue-10.4", "scenario": {"threads": {"p": [)" +
         calls + "]}}" + more + "}";
}
const std::string registers = config(R"("kevent add proc p exit", "exit")");

std::string without(std::string text, const std::string& what) {
  return text.replace(text.find(what), what.size(), "");
}

std::string with(std::string text, const std::string& what, const std::string& by) {
  return text.replace(text.find(what), what.size(), by);
}

class Review : public testing::Test {
protected:
  Finished review(const std::string& before, const std::string& after,
                  const std::vector<std::string>& more = {}) {
    place_.write("configs/registers.json", registers);
    place_.write("configs/exits.json", config(R"("exit")"));
    place_.write("old/sys/kern/kern_event.c", before);
    place_.write("new/kern_event.c", after);
    std::vector<std::string> arguments{"review", "kqueue-10.4", "--old", "old", "--new", "new"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return place_.run(arguments);
  }
  static void expect_said(const std::string& text, std::initializer_list<const char*> parts) {
    for (const char* part : parts)
      EXPECT_NE(text.find(part), std::string::npos) << part << "\n" << text;
  }
  Workplace place_;
};

// The verdict is that of the patch which a reader would write.
TEST_F(Review, AStatementThatIsGoneGivesTheVerdictOfItsPatch) {
  const Finished run = review(knlist_add, without(knlist_add, unlock), {"--format", "json"});
  place_.write("by-hand.json",
               config(R"("kevent add proc p exit", "exit")",
                      R"(, "patches": [{"drop": "knlist_add.mtx_unlock_kq_lock"}])"));
  const Finished by_hand = place_.run({"check", "--format", "json", "--no-replay", "by-hand.json"});
  const auto expected = nlohmann::json::parse(by_hand.out)["results"][0];
  ASSERT_EQ(expected["verdict"], "violated");
  const auto found = nlohmann::json::parse(run.out);
  EXPECT_EQ(run.code, by_hand.code) << run.err;
  ASSERT_EQ(found["configs"].size(), 1U); // exits.json comes by no changed path
  EXPECT_EQ(found["configs"][0]["before"], "holds");
  EXPECT_EQ(found["configs"][0]["new_violation"], expected["violation"]["property"]);
  EXPECT_EQ(found["changes"][0]["old_line"], 7);
  EXPECT_EQ(found["partial"], false);
}

// What knote() of FreeBSD's kern_event.c does, told in few words.
constexpr const char* knote = "void knote(struct knlist *list, long hint, int lockflags)\n"
                              "{\n"
                              "  SLIST_FOREACH_SAFE(kn, &list->kl_list, kn_selnext, tkn) {\n"
                              "    KQ_LOCK(kn->kn_kq);\n"
                              "    KQ_UNLOCK(kn->kn_kq);\n"
                              "  }\n"
                              "}\n";

// An edit whose patch is another shape than a statement's, and the patch by hand.
struct NewShape {
  const char* name;
  const char* before;
  const char *what, *by; // in the text
  const char* patch;
};

void PrintTo(const NewShape& shape, std::ostream* out) { *out << shape.name; }

class ReviewOfShapes : public Review, public testing::WithParamInterface<NewShape> {};

TEST_P(ReviewOfShapes, HasTheVerdictOfThePatchByHand) {
  const NewShape& shape = GetParam();
  // Somebody else watches, whose knote is there when p exits.
  const auto watched = [](const std::string& more) {
    return R"({"system": "freebsd", "revision": "kqueue-10.4", "scenario": {"threads": {)"
           R"("w": ["kevent add proc p exit"], "p": ["exit"]}})" +
           more + "}";
  };
  place_.write("watched.json", watched(""));
  const Finished run = review(shape.before, with(shape.before, shape.what, shape.by),
                              {"--format", "json", "--configs", "watched.json"});
  place_.write("by-hand.json", watched(std::string(R"(, "patches": [)") + shape.patch + "]"));
  const Finished by_hand = place_.run({"check", "--format", "json", "--no-replay", "by-hand.json"});
  const auto expected = nlohmann::json::parse(by_hand.out)["results"][0];
  ASSERT_EQ(expected["verdict"], "violated") << by_hand.out;
  const auto found = nlohmann::json::parse(run.out);
  EXPECT_EQ(run.code, by_hand.code) << run.out << run.err;
  ASSERT_EQ(found["configs"].size(), 1U);
  EXPECT_EQ(found["configs"][0]["before"], "holds");
  EXPECT_EQ(found["configs"][0]["new_violation"], expected["violation"]["property"]) << run.out;
}

INSTANTIATE_TEST_SUITE_P(
    Review, ReviewOfShapes,
    testing::Values(
        NewShape{"walk", knote, "  SLIST_FOREACH_SAFE",
                 "  SLIST_FOREACH(kn, &list->kl_list, kn_selnext)\n    KQ_LOCK(kn->kn_kq);\n"
                 "  SLIST_FOREACH_SAFE",
                 R"({"insert": "for_each kn, p.p_klist, next_read_of_unlinked { mtx_lock )"
                 R"(kn.kn_kq.kq_lock }", "before": "knote.for_each_p_klist"})"},
        NewShape{"branches", knlist_add,
                 "  kn->kn_status &= ~KN_DETACHED;\n  KQ_UNLOCK(kn->kn_kq);\n",
                 "  if ((kn->kn_status & KN_DISABLED) == 0)\n    kn->kn_status &= ~KN_DETACHED;\n"
                 "  else\n    KQ_UNLOCK(kn->kn_kq);\n",
                 R"({"replace": "knlist_add.clear_KN_DETACHED", "with": "if (kn.kn_status & )"
                 R"(KN_DISABLED) == 0 { this } else { those mtx_unlock_kq_lock }"})"},
        NewShape{
            "goto", knlist_add,
            "  KQ_LOCK(kn->kn_kq);\n  kn->kn_status &= ~KN_DETACHED;\n  KQ_UNLOCK",
            "  if ((kn->kn_status & KN_DISABLED) == 0)\n    goto unlock;\n"
            "  KQ_LOCK(kn->kn_kq);\n  kn->kn_status &= ~KN_DETACHED;\nunlock:\n  KQ_UNLOCK",
            R"({"insert": "if (kn.kn_status & KN_DISABLED) == 0 { goto mtx_unlock_kq_lock }", )"
            R"("before": "knlist_add.mtx_lock_kq_lock"})"}),
    [](const auto& tested) { return std::string(tested.param.name); });

TEST_F(Review, AGotoThatLeadsBackMakesTheAnswerPartial) {
  const Finished run =
      review(knlist_add,
             with(with(knlist_add, "  KQ_LOCK", "again:\n  KQ_LOCK"), "  KQ_UNLOCK(kn->kn_kq);\n",
                  "  KQ_UNLOCK(kn->kn_kq);\n  if (kn->kn_status & KN_DISABLED)\n"
                  "    goto again;\n"));
  EXPECT_EQ(run.code, 19) << run.out << run.err;
  expect_said(run.out, {"not translated: a new goto that leads back, or into a loop"});
}

// The file names the steps by source keys; what-if finds them by these.
TEST_F(Review, ItsPatchesInAFileGiveTheSameVerdictsByWhatIf) {
  const std::string moved =
      with(without(knlist_add, unlock), "  KQ_LOCK", "  KQ_UNLOCK(kn->kn_kq);\n  KQ_LOCK");
  const Finished run = review(knlist_add, moved, {"--format", "json", "--patches", "p.json"});
  const Finished what_if = place_.run({"what-if", "p.json", "configs", "--format", "json"});
  EXPECT_EQ(place_.read("p.json"), R"({
  "patches": [
    {
      "move": "knlist_add:KQ_UNLOCK#1",
      "before": "knlist_add:KQ_LOCK#1"
    }
  ]
}
)");
  auto reviewed = nlohmann::json::parse(run.out)["configs"];
  auto patched = nlohmann::json::parse(what_if.out)["configs"];
  ASSERT_EQ(reviewed.size(), 1U); // exits.json comes by no changed path, and has no such step
  EXPECT_TRUE(reviewed[0]["new_violation"].is_string());
  reviewed[0].erase("witness"); // of another name
  patched[0].erase("witness");
  EXPECT_EQ(patched, reviewed);
}

TEST_F(Review, APatchFileThatCannotBeWrittenIsSaid) {
  const Finished run = review(knlist_add, without(knlist_add, unlock), {"--patches", "configs"});
  EXPECT_EQ(run.code, 153);
  EXPECT_NE(run.err.find("configs"), std::string::npos) << run.err;
}

TEST_F(Review, ACounterexampleIsToldInLinesOfTheNewTextAndItsWitnessReplays) {
  const std::string moved =
      without(knlist_add, unlock)
          .insert(std::string(knlist_add).find("  KQ_LOCK"), "  KQ_UNLOCK(kn->kn_kq);\n");
  const Finished run = review(knlist_add, moved);
  EXPECT_NE(run.code, 0);
  expect_said(run.out, {"kern_event.c:7: knlist_add(): moved: KQ_UNLOCK(kn->kn_kq)",
                        "move knlist_add:KQ_UNLOCK#1 before knlist_add:KQ_LOCK#1",
                        "kern_event.c:3: SLIST_INSERT_HEAD(&knl->kl_list, kn, kn_selnext)",
                        "kern_event.c:5: KQ_UNLOCK(kn->kn_kq)", "reproduced: "});
  const Finished replay = place_.run({"replay", "interlock-out/registers.review.witness.json"});
  EXPECT_NE(replay.out.find("reproduced"), std::string::npos) << replay.out << replay.err;
}

// The line is gone: the one before it is where it was.
TEST_F(Review, AnAnnotationIsOnTheLineThatHasChanged) {
  const Finished run = review(knlist_add, without(knlist_add, unlock), {"--annotate", "github"});
  expect_said(run.out, {"\n::error file=new/kern_event.c,line=6,title=configs/registers.json%3A ",
                        "%0Achanged: new/kern_event.c:6%0A"});
}

TEST_F(Review, WhatIsNotTranslatedIsAnnotatedToo) {
  const Finished run =
      review(knlist_add, with(knlist_add, "count(knl)", "recount(knl)"), {"--annotate", "github"});
  EXPECT_EQ(run.code, 19);
  expect_said(run.out, {"\n::error file=new/kern_event.c,line=4,title="});
}

TEST_F(Review, AReportThatCannotBeWrittenIs153) {
  const Finished run = review(knlist_add, knlist_add, {"--junit", "configs"});
  EXPECT_EQ(run.code, 153) << run.err;
  EXPECT_EQ(review(knlist_add, knlist_add, {"--annotate", "github", "--format", "json"}).code, 151);
}

// --- kept answers ---

// What is kept: files, by what the file system knows them.  One that is written again is another.
class KeptReview : public Review {
protected:
  Finished review_kept(const std::vector<std::string>& more = {"--no-replay"}) {
    std::vector<std::string> arguments{"--cache", "kept"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return review(knlist_add, without(knlist_add, unlock), arguments);
  }
  std::map<std::string, ino_t> kept() const {
    std::map<std::string, ino_t> files;
    for (const std::string& name : place_.files())
      if (name.starts_with("kept/") && name.ends_with(".json")) {
        struct stat status {};
        stat(place_.path(name).c_str(), &status);
        files[name] = status.st_ino;
      }
    return files;
  }
};

TEST_F(KeptReview, ASecondOneExploresNothingAndSaysTheSame) {
  const Finished first = review_kept();
  const auto before = kept();
  EXPECT_GE(before.size(), 7U); // both sides: verdict, orders, behaviours; and a counterexample
  const Finished second = review_kept();
  EXPECT_EQ(kept(), before);
  EXPECT_EQ(second.out, first.out);
  EXPECT_EQ(second.err, first.err);
  EXPECT_EQ(second.code, first.code);
}

TEST_F(KeptReview, AKeptCounterexampleIsReplayed) {
  review_kept();
  const auto before = kept();
  expect_said(review_kept({}).out, {"reproduced: "});
  EXPECT_EQ(kept(), before);
}

// The first side of a review is what a gate checks: it is there for both.
TEST_F(KeptReview, WhatTheGateHasKeptIsNotCheckedAgain) {
  const std::string gated =
      config(R"("kevent add proc p exit", "exit")", R"(, "expect": {"holds": true})");
  place_.write("gated/registers.json", gated);
  place_.run({"gate", "gated", "--cache", "kept"});
  const auto before = kept();
  ASSERT_EQ(before.size(), 1U);
  review_kept({"--configs", "gated", "--no-replay"});
  const auto after = kept();
  EXPECT_EQ(after.at(before.begin()->first), before.begin()->second);
  EXPECT_GT(after.size(), before.size());
}

TEST_F(KeptReview, ADamagedAnswerIsSaidAndCheckedAgain) {
  const Finished first = review_kept();
  for (const auto& [name, number] : kept())
    place_.write(name, "{");
  const Finished second = review_kept();
  EXPECT_NE(second.err.find("is damaged; its config is checked again"), std::string::npos)
      << second.err;
  EXPECT_EQ(second.out, first.out);
  EXPECT_EQ(review_kept().err, first.err) << "it is kept anew";
}

TEST_F(KeptReview, WithoutACacheNothingIsKept) {
  const Finished run =
      review(knlist_add, without(knlist_add, unlock), {"--no-cache", "--no-replay"});
  EXPECT_NE(run.code, 0);
  EXPECT_EQ(review_kept({"--no-cache"}).code, 151) << "one or the other";
  EXPECT_TRUE(kept().empty());
}

TEST_F(Review, TheSameTextIsNoChange) {
  const Finished run = review(knlist_add, std::string("/* new */\n") + knlist_add);
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  expect_said(run.out, {"no statement of these files has changed", "0 of 2 configs concerned"});
}

TEST_F(Review, WhatNoModelKnowsMakesTheAnswerPartial) {
  const Finished run = review(knlist_add, without(knlist_add, "  count(knl);\n"));
  EXPECT_EQ(run.code, 19) << run.err;
  expect_said(run.out, {"kern_event.c:4: knlist_add(): gone: count(knl)",
                        "not translated: nothing that is modelled"});
}

// kevent-contract fails first, before and after: EV_DELETE leaves NOTE_CHILD behind.  The lock that
// is not given back any more is found behind it, when the process exits and closes the kqueue.
// The model has no such lock: what the change does beside it is not what the model would do.
TEST_F(Review, ATextThatDoesWhatTheModelDoesNotIsNotThatOfTheRevision) {
  const std::string other = with(knlist_add, "  count(knl);\n", "  mtx_lock(&knl->kl_other);\n");
  const Finished run = review(other, without(other, unlock));
  EXPECT_EQ(run.code, 19) << run.out;
  expect_said(run.out, {"old/sys/kern/kern_event.c:1: knlist_add(): the old text\n",
                        "not the one that revision kqueue-10.4 was modelled after"});
}

TEST_F(Review, AKnownViolationHidesNoNewOne) {
  place_.write("known/c.json", R"({"system": "freebsd", "revision": "kqueue-10.4",
    "scenario": {"threads": {
      "parent": ["kevent add proc parent track", "fork child", "kevent delete proc child",
                 "kevent wait poll", "exit"],
      "child": ["sigsuspend"]}}})");
  const std::string close = "void kqueue_close(struct kqueue *kq) {\n"
                            "  FILEDESC_XLOCK(fdp);\n"
                            "  FILEDESC_XUNLOCK(fdp);\n"
                            "}\n";
  const Finished run =
      review(close, without(close, "  FILEDESC_XUNLOCK(fdp);\n"), {"--configs", "known/c.json"});
  expect_said(run.out,
              {"known/c.json: violates kevent-contract/exactly-once; after the change violates ",
               "1 with a new violation"});
  const Finished unchanged = review(close, close + "\n", {"--configs", "known/c.json"});
  EXPECT_EQ(unchanged.code, 0);
}

TEST_F(Review, ATreeWithoutTheFilesAndAnUnknownRevisionAreRefused) {
  review(knlist_add, knlist_add); // writes the files
  place_.write("empty/README", "");
  const Finished none = place_.run({"review", "kqueue-10.4", "--old", "empty", "--new", "empty"});
  EXPECT_EQ(none.code, 151);
  expect_said(none.err, {"none of the modelled files is there", "sys/kern/kern_event.c"});
  const Finished one = place_.run({"review", "kqueue-10.4", "--old", "old", "--new", "empty"});
  EXPECT_EQ(one.code, 151);
  expect_said(one.err, {"the new text of sys/kern/kern_event.c is missing"});
  const Finished unknown = place_.run({"review", "kqueue-10.5", "--old", "old", "--new", "new"});
  EXPECT_EQ(unknown.code, 151);
  expect_said(unknown.err, {"kqueue-10.5", "freebsd/kqueue-10.4"});
}

// Nothing was read, so nothing is said of what has changed.
TEST_F(Review, ATreeWithoutTheFilesHasNotStayedTheSame) {
  review(knlist_add, knlist_add); // writes the files
  place_.write("empty/README", "");
  const Finished none = place_.run({"review", "kqueue-10.4", "--old", "empty", "--new", "empty"});
  EXPECT_EQ(none.out.find("no statement of these files has changed"), std::string::npos)
      << none.out;
  const Finished nowhere =
      place_.run({"review", "kqueue-10.4", "--git", "a..b", "--repo", "nowhere"});
  EXPECT_EQ(nowhere.code, 151);
  expect_said(nowhere.err, {"nowhere: is no folder"});
}

// Its specification is not there, so nobody knows whether it has the changed step.
TEST_F(Review, AConfigThatIsNotBuiltWithinItsLimitsIsIncomplete) {
  const std::string again = std::string(knlist_add)
                                .insert(std::string(knlist_add).find(unlock),
                                        "  KQ_UNLOCK(kn->kn_kq);\n  KQ_LOCK(kn->kn_kq);\n");
  EXPECT_EQ(review(knlist_add, again).code, 0); // changes no verdict
  place_.write("configs/limited.json",
               config(R"("kevent add proc p exit")", R"(, "limits": {"seconds": 0.000000001})"));
  const Finished run = review(knlist_add, again);
  EXPECT_EQ(run.code, 124) << run.out;
  expect_said(run.out, {"configs/limited.json: incomplete; after the change incomplete"});
}

TEST_F(Review, CThatDoesNotParseIsSaidWithItsLine) {
  const Finished run = review(knlist_add, "void knlist_add(void) {\n  if }\n");
  EXPECT_EQ(run.code, 151);
  expect_said(run.err, {"kern_event.c:2: expected \"(\""});
}

// --- by diff, and by commits ---

constexpr const char* diff = "--- a/sys/kern/kern_event.c\n"
                             "+++ b/sys/kern/kern_event.c\n"
                             "@@ -5,4 +5,3 @@\n"
                             "   KQ_LOCK(kn->kn_kq);\n"
                             "   kn->kn_status &= ~KN_DETACHED;\n"
                             "-  KQ_UNLOCK(kn->kn_kq);\n"
                             " }\n";

class ReviewOfDiff : public Review {
protected:
  Finished review_diff(const std::string& text) {
    place_.write("configs/registers.json", registers);
    place_.write("tree/sys/kern/kern_event.c", knlist_add);
    place_.write("my.patch", text);
    return place_.run({"review", "kqueue-10.4", "--diff", "my.patch", "--tree", "tree"});
  }
};

TEST_F(ReviewOfDiff, IsThatOfTheTwoTexts) {
  const Finished by_trees = review(knlist_add, without(knlist_add, unlock));
  const Finished by_diff = review_diff(diff);
  EXPECT_EQ(by_diff.code, by_trees.code) << by_diff.err;
  expect_said(by_diff.out, {"sys/kern/kern_event.c:7: knlist_add(): gone: KQ_UNLOCK(kn->kn_kq)\n",
                            "    drop knlist_add:KQ_UNLOCK#1\n"});
  EXPECT_EQ(place_.read("tree/sys/kern/kern_event.c"), knlist_add); // stays as it is
}

TEST_F(ReviewOfDiff, FilesThatNoModelKnowsMakeItPartial) {
  const Finished run = review_diff("--- a/sys/kern/other.c\n+++ b/sys/kern/other.c\n"
                                   "@@ -1 +1 @@\n-a\n+b\n");
  EXPECT_EQ(run.code, 19) << run.err;
  expect_said(run.out, {"sys/kern/other.c: changed", "a file that no model knows"});
}

TEST_F(ReviewOfDiff, OneThatDoesNotApplyIsRefused) {
  std::string other = diff;
  other.replace(other.find("   KQ_LOCK"), 10, "   PR_LOCK");
  const Finished run = review_diff(other);
  EXPECT_EQ(run.code, 151);
  expect_said(run.err, {"my.patch does not apply to tree", "sys/kern/kern_event.c:5"});
  const Finished none = review_diff("no diff\n");
  EXPECT_EQ(none.code, 151);
  expect_said(none.err, {"my.patch: "});
}

TEST_F(ReviewOfDiff, ACommitIsThatOfItsTwoTexts) {
  const Finished by_diff = review_diff(diff);
  const std::string repository = place_.path("tree").string();
  const auto git = [&](const std::string& command) {
    return std::system(("git -C '" + repository + "' -c user.name=t -c user.email=t@example.org " +
                        command + " >/dev/null 2>&1")
                           .c_str());
  };
  ASSERT_EQ(git("init"), 0);
  ASSERT_EQ(git("add -A"), 0);
  ASSERT_EQ(git("commit -m before"), 0);
  place_.write("tree/sys/kern/kern_event.c", without(knlist_add, unlock));
  ASSERT_EQ(git("commit -a -m after"), 0);
  const std::vector<std::string> command{"review", "kqueue-10.4", "--repo", "tree", "--git"};
  auto arguments = command;
  arguments.emplace_back("HEAD^..HEAD");
  const Finished by_commit = place_.run(arguments);
  EXPECT_EQ(by_commit.code, by_diff.code) << by_commit.err;
  EXPECT_EQ(by_commit.out, by_diff.out);
  for (const char* range : {"HEAD", "HEAD^..nothing", "..HEAD", "--output=x..HEAD"}) {
    arguments.back() = range;
    EXPECT_EQ(place_.run(arguments).code, 151) << range;
  }
  // What a commit changes besides is no part of the model.
  place_.write("tree/README", "new");
  ASSERT_EQ(git("add -A"), 0);
  ASSERT_EQ(git("commit -m more"), 0);
  arguments.back() = "HEAD^..HEAD";
  EXPECT_EQ(place_.run(arguments).code, 19);
  arguments.emplace_back("--modelled-only");
  const Finished modelled = place_.run(arguments);
  EXPECT_EQ(modelled.code, 0) << modelled.out << modelled.err;
  expect_said(modelled.out, {"1 changed file that no model knows: not reviewed"});
}

// In a repository git leaves out what a diff has outside the folder where it runs.
TEST_F(ReviewOfDiff, WorksWhereTemporaryFilesAreInARepository) {
  const Finished plain = review_diff(diff);
  place_.write("repository/tmp/README", "");
  ASSERT_EQ(std::system(
                ("git init '" + place_.path("repository").string() + "' >/dev/null 2>&1").c_str()),
            0);
  ASSERT_EQ(setenv("TMPDIR", place_.path("repository/tmp").c_str(), 1), 0);
  const Finished inside =
      place_.run({"review", "kqueue-10.4", "--diff", "my.patch", "--tree", "tree"});
  unsetenv("TMPDIR");
  EXPECT_EQ(inside.code, plain.code) << inside.err;
  EXPECT_EQ(inside.out, plain.out);
}

TEST_F(ReviewOfDiff, OneWayOfSayingWhatChangedIsWanted) {
  place_.write("configs/registers.json", registers);
  const Finished run = place_.run({"review", "kqueue-10.4"});
  EXPECT_EQ(run.code, 151);
  expect_said(run.err, {"--old and --new, --diff and --tree, or --git and --repo"});
}

} // namespace
} // namespace interlock::tests
