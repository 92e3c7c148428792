// interlock source, from outside.
#include "program.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace interlock::tests {
namespace {

constexpr const char* c_file = "void\nfork1(void)\n{\n\tmutex_enter(&proc_lock);\n"
                               "#ifdef DIAGNOSTIC\n\tmutex_exit(&proc_lock);\n#endif\n}\n";

TEST(Source, OutlinesAFunctionWithItsLines) {
  const Workplace place;
  place.write("a.c", c_file);
  const Finished run = place.run({"source", "outline", "--system", "netbsd", "a.c"});
  EXPECT_EQ(run.code, 0) << run.err;
  EXPECT_EQ(run.out, "a.c:2: fork1()\n     4  mutex_enter(&proc_lock)  [takes]\n");
}

TEST(Source, ADefinedMacroBringsItsLines) {
  const Workplace place;
  place.write("a.c", c_file);
  const Finished run = place.run({"source", "outline", "--system", "netbsd", "--define",
                                  "DIAGNOSTIC", "--format", "json", "a.c"});
  const auto json = nlohmann::json::parse(run.out);
  EXPECT_EQ(json["functions"][0]["outline"].size(), 2U);
  EXPECT_EQ(json["functions"][0]["outline"][1]["does"][0], "gives");
}

TEST(Source, WhatCannotBeReadIsSaidAndTheRestIsDone) {
  const Workplace place;
  place.write("a.c", c_file);
  place.write("b.c", "int f(void) { if }\n");
  const Finished run = place.run({"source", "outline", "--system", "netbsd", "missing.c", "b.c",
                                  "a.c", "--function", "fork1", "--function", "forc1"});
  EXPECT_EQ(run.code, 151);
  EXPECT_NE(run.out.find("fork1()"), std::string::npos);
  for (const char* part : {"missing.c: ", "b.c:1: expected \"(\"", "did you mean fork1?"})
    EXPECT_NE(run.err.find(part), std::string::npos) << part << "\n" << run.err;
}

// --- the model beside a tree ---

constexpr const char* knlist_add =
    "void knlist_add(struct knlist *knl, struct knote *kn, int islocked)\n{\n"
    "  KNL_ASSERT_LOCK(knl, islocked);\n"
    "  KQ_NOTOWNED(kn->kn_kq);\n"
    "  KASSERT((kn->kn_status & (KN_INFLUX|KN_DETACHED)) == (KN_INFLUX|KN_DETACHED), (\"x\"));\n"
    "  SLIST_INSERT_HEAD(&knl->kl_list, kn, kn_selnext);\n"
    "  KQ_LOCK(kn->kn_kq);\n"
    "  kn->kn_knlist = knl;\n"
    "  kn->kn_status &= ~KN_DETACHED;\n"
    "  KQ_UNLOCK(kn->kn_kq);\n"
    "}\n";

class SourceCheck : public testing::Test {
protected:
  Finished check(const std::string& text, const std::string& function = "knlist_add") {
    place_.write("configs/c.json", R"({"system": "freebsd", "revision": "kqueue-10.4",
        "scenario": {"threads": {"p": ["kevent add proc p exit"]}}})");
    place_.write("tree/sys/kern/kern_event.c", text);
    return place_.run({"source", "check", "kqueue-10.4", "--tree", "tree", "--function", function});
  }
  Workplace place_;
};

TEST_F(SourceCheck, PutsTheStepsBesideTheStatements) {
  const Finished run = check(knlist_add);
  EXPECT_EQ(run.code, 0) << run.out << run.err;
  for (const char* part :
       {"knlist_add(): 8 matched; the text is not as modelled\n", "knlist_add.mtx_lock_kq_lock",
        "     6  SLIST_INSERT_HEAD(&knl->kl_list, kn, kn_selnext)"})
    EXPECT_NE(run.out.find(part), std::string::npos) << part << "\n" << run.out;
}

TEST_F(SourceCheck, IsNotContentWithLessOrMoreThanTheModelDoes) {
  const std::string text = knlist_add;
  const std::string unlock = "  KQ_UNLOCK(kn->kn_kq);\n";
  std::string less = text;
  less.erase(less.find(unlock), unlock.size());
  EXPECT_EQ(check(less).code, 18);
  std::string more = text;
  more.insert(more.find(unlock), "  PROC_UNLOCK(p);\n");
  const Finished run = check(more);
  EXPECT_EQ(run.code, 18);
  EXPECT_NE(run.out.find("!    10  PROC_UNLOCK(p)"), std::string::npos) << run.out;
}

TEST_F(SourceCheck, TellsAConditionThatDecidesOtherwise) {
  const auto drop = [&](const std::string& condition) {
    return check("static void knote_dequeue(struct knote *kn)\n{\n  struct kqueue *kq = "
                 "kn->kn_kq;\n  TAILQ_REMOVE(&kq->kq_head, kn, kn_tqe);\n  kn->kn_status &= "
                 "~KN_QUEUED;\n  kq->kq_count--;\n}\n"
                 "void knote_drop(struct knote *kn)\n{\n  if (" +
                     condition + ")\n    knote_dequeue(kn);\n}\n",
                 "knote_drop")
        .out;
  };
  const std::string other = "another condition in the model";
  EXPECT_EQ(drop("kn->kn_status & KN_QUEUED").find(other), std::string::npos);
  EXPECT_NE(drop("kn->kn_status & KN_ACTIVE").find(other), std::string::npos);
}

TEST_F(SourceCheck, AMacroThatNobodyKnowsIsAnErrorWithItsLineAndTheRestIsDone) {
  std::string text = knlist_add;
  text.insert(text.find("  KQ_UNLOCK"), "  KQ_GUARD(kq);\n");
  const Finished run = check(text);
  EXPECT_EQ(run.code, 151);
  EXPECT_NE(run.err.find("kern_event.c:10: knlist_add() calls KQ_GUARD(), of which no table says"),
            std::string::npos)
      << run.err;
  EXPECT_NE(run.out.find("8 matched"), std::string::npos) << run.out;
}

TEST_F(SourceCheck, SaysWhatIsNotThere) {
  EXPECT_EQ(check(knlist_add, "knlist_ad").code, 151);
  const Finished other = check("void other(void) { }\n");
  EXPECT_EQ(other.code, 151);
  EXPECT_NE(other.err.find("there is no function knlist_add()"), std::string::npos) << other.err;
  const Finished unread = check("void knlist_add(void) {\n  if }\n");
  EXPECT_EQ(unread.code, 151);
  EXPECT_NE(unread.err.find("kern_event.c:2: expected \"(\""), std::string::npos) << unread.err;
}

// The lines that make a text known are those of the file that is compiled in.
TEST_F(SourceCheck, RecordsATextByWhichItIsKnownAgain) {
  check(knlist_add); // writes the config and the tree
  const Finished run =
      place_.run({"source", "record", "kqueue-10.4", "--tree", "tree", "--configs", "configs"});
  EXPECT_EQ(run.code, 151); // the other files of the kernel are not in the tree
  const auto has = [&](const std::string& part) {
    EXPECT_NE(run.out.find(part), std::string::npos) << part << "\n" << run.out;
  };
  has("text kqueue-10.4 sys/kern/kern_event.c knlist_add 1 ");
  has("step kqueue-10.4 knlist_add.mtx_lock_kq_lock 7\n");
  // The first of the two statements that it is.
  has("step kqueue-10.4 knlist_add.clear_KN_DETACHED 8\n");
  // Of the text of another revision the lines are others.
  const Finished other =
      place_.run({"source", "record", "kqueue-10.4", "--tree", "tree", "--configs", "configs",
                  "--instead", "sys/kern/kern_event.c=head"});
  EXPECT_EQ(other.out.find("step "), std::string::npos) << other.out;
  for (const char* part : {"instead kqueue-10.4 sys/kern/kern_event.c head\n",
                           "key kqueue-10.4 knlist_add.mtx_lock_kq_lock knlist_add:KQ_LOCK#1\n"})
    EXPECT_NE(other.out.find(part), std::string::npos) << part << "\n" << other.out;
  // Half a record is not written.
  place_.write("texts.txt", "# kept\n");
  place_.run({"source", "record", "kqueue-10.4", "--tree", "tree", "--configs", "configs", "--into",
              "texts.txt"});
  EXPECT_EQ(place_.read("texts.txt"), "# kept\n");
}

TEST_F(SourceCheck, RecordWantsToKnowWhichFileIsAnothers) {
  check(knlist_add); // writes the config and the tree
  for (const char* wrong :
       {"sys/kern/kern_event.c", "sys/kern/kern_event.c=", "kern_event.c=1.2"}) {
    const Finished run = place_.run({"source", "record", "kqueue-10.4", "--tree", "tree",
                                     "--configs", "configs", "--instead", wrong});
    EXPECT_EQ(run.code, 151);
    EXPECT_NE(run.err.find(std::string("--instead ") + wrong), std::string::npos) << run.err;
  }
}

// The list's lock is taken for callers that do not hold it, and filt_procattach() does.
TEST_F(SourceCheck, SaysWhatDoesNotRunAndWhy) {
  std::string text = knlist_add;
  text.insert(text.find("  SLIST"), "  if (!islocked)\n    knl->kl_lock(knl->kl_lockarg);\n");
  const Finished run = check(text);
  EXPECT_EQ(run.code, 0) << run.out;
  EXPECT_NE(run.out.find("8 matched, 1 does not run;"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find("does not run: islocked is 1, filt_procattach() calls with PROC_LOCK(p)"),
            std::string::npos)
      << run.out;
}

TEST_F(SourceCheck, ACallThatPassesSomethingElseIsAnObjection) {
  const std::string call =
      "void filt_procattach(struct knote *kn) {\n  knlist_add(&p->p_klist, kn, "
      "0);\n}\n";
  const Finished run = check(knlist_add + call, "filt_procattach");
  EXPECT_EQ(run.code, 18);
  EXPECT_NE(run.out.find("! the constant \"islocked is 1\" of knlist_add() is not what "
                         "filt_procattach() passes in line 13: knlist_add(&p->p_klist, kn, 0)"),
            std::string::npos)
      << run.out;
}

} // namespace
} // namespace interlock::tests
