// Skeletons of C functions and of the model's paths, and how the two are aligned.
#include "kernel_text/align.hpp"
#include "kernel_text/model_skeleton.hpp"
#include "kernel_text/read.hpp"
#include "kernel_text/source_skeleton.hpp"
#include "support/freebsd.hpp"

#include <gtest/gtest.h>

namespace interlock::kernel_text {
namespace {

Skeleton source(const std::string& text, const std::string& system = "freebsd") {
  const File file = read_text("a.c", text, {});
  EXPECT_TRUE(file.errors.empty()) << file.errors.front();
  return source_skeleton(
      file.functions.at(0),
      {system, {"kn_status", "KN_INFLUX", "P_WEXIT", "kn_kq", "fd_ofiles"}, {"knote_drop"}});
}

std::string outline(const std::string& text) { return to_string(source(text)); }

TEST(SourceSkeleton, NamesALockByTheMemberThatHoldsIt) {
  EXPECT_EQ(outline("void f(void) {\n"
                    "  sx_slock(&proctree_lock);\n"
                    "  mtx_lock(&p->p_list[0].p_mtx);\n"
                    "  PROC_UNLOCK(q);\n"
                    "  list->kl_lock(list->kl_lockarg);\n"
                    "}\n"),
            "takes proctree_lock (shared)\ntakes p_mtx\ngives p_mtx\ntakes p_mtx\n");
}

TEST(SourceSkeleton, KeepsWhatIsModelledAndTheConditionsAroundIt) {
  EXPECT_EQ(outline("void f(void) {\n"
                    "  struct kqueue *kq = kn->kn_kq;\n"
                    "  p->p_xthread = td;\n"
                    "  if ((p->p_flag & P_WEXIT) == 0)\n"
                    "    p->p_flag |= P_WEXIT;\n"
                    "  else {\n"
                    "    other();\n"
                    "    knote_drop(kn, td);\n"
                    "  }\n"
                    "  if (error)\n"
                    "    other();\n"
                    "}\n"),
            "reads kn_kq\nif P_WEXIT\n  sets P_WEXIT\n  else\n    calls knote_drop\n");
}

TEST(SourceSkeleton, AMacroOfSeveralOperationsIsAllOfThem) {
  EXPECT_EQ(outline("void f(void) { KQ_UNLOCK_FLUX(kq); KNOTE_ACTIVATE(kn, 0); "
                    "KNOTE_ACTIVATE(kn, 1); }"),
            "sets KQ_FLUXWAIT\nwakes kq\ngives kq_lock\n"
            "takes kq_lock\ncalls KNOTE_ACTIVATE\ngives kq_lock\n"
            "calls KNOTE_ACTIVATE\n");
}

TEST(SourceSkeleton, AListIsNamedByTheFieldThatLinksIt) {
  EXPECT_EQ(outline("void f(void) { SLIST_FOREACH_SAFE(kn, l, kn_selnext, next) "
                    "TAILQ_REMOVE(&kq->kq_head, kn, kn_tqe); }"),
            "walks p_klist\n  edits kq_head\n");
}

TEST(SourceSkeleton, AnElementOfATableIsTheTable) {
  EXPECT_EQ(outline("void f(void) {\n"
                    "  fdp->fd_ofiles[fd] = NULL;\n"
                    "  *fpp = NULL;\n"
                    "  fdp->fd_other[fd] = 0;\n"
                    "  *result = 0;\n"
                    "}\n"),
            "sets fd_ofiles\nsets fd_ofiles\n");
}

TEST(SourceSkeleton, AnAssertionOfWhatIsNotModelledIsNone) {
  EXPECT_EQ(outline("void f(void) { KASSERT(kn->kn_status & KN_INFLUX, (\"x\")); "
                    "KASSERT(kn->kn_sdata == 0, (\"x\")); }"),
            "asserts KN_INFLUX, kn_status\n");
}

TEST(ModelNames, AreTheLastOfEachChainAndTheLockInsteadOfItsOwner) {
  EXPECT_EQ(names_in("(kn.kn_sfflags & NOTE_FORK) != 0"),
            (std::set<std::string>{"kn_sfflags", "NOTE_FORK"}));
  EXPECT_EQ(names_in("!(kn.kn_kq.kq_lock.owner == p1)"), (std::set<std::string>{"kq_lock", "p1"}));
}

TEST(ModelNames, AreThoseOfLocksAndOfErrnoToo) {
  const std::set<std::string> names =
      modelled_names(*systems::build(tests::freebsd::delete_own().scenario()).spec);
  for (const char* name : {"p_mtx", "proctree_lock", "kn_status", "KN_INFLUX", "ENOENT"})
    EXPECT_TRUE(names.contains(name)) << name;
}

// knlist_add() of kern_event.c, 10.4: the list, then the status under kq_lock.
TEST(ModelSkeleton, TellsAPathLikeTheC) {
  const systems::BuiltSpec built =
      systems::build(tests::freebsd::kernel().thread("p", {"kevent add proc p exit"}).scenario());
  const auto functions = model_functions(*built.spec);
  ASSERT_TRUE(functions.contains("knlist_add"));
  EXPECT_EQ(functions.at("knlist_add").file, "sys/kern/kern_event.c");
  const Skeleton c = source("void knlist_add(void) {\n"
                            "  SLIST_INSERT_HEAD(&knl->kl_list, kn, kn_selnext);\n"
                            "  KQ_LOCK(kn->kn_kq);\n"
                            "  kn->kn_status &= ~KN_DETACHED;\n"
                            "  KQ_UNLOCK(kn->kn_kq);\n"
                            "}\n");
  std::vector<std::string> labels;
  for (const Match& match : align(c, functions.at("knlist_add").variants.at(0)))
    labels.push_back(match.second->label);
  EXPECT_EQ(labels, (std::vector<std::string>{
                        "knlist_add.insert_p_klist", "knlist_add.mtx_lock_kq_lock",
                        "knlist_add.clear_KN_DETACHED", "knlist_add.mtx_unlock_kq_lock"}));
}

// --- alignment ---

Node node(Act act, const std::string& name, Skeleton inside = {}) {
  Node made;
  made.act = act;
  made.names = {name};
  made.text = name;
  made.inside = std::move(inside);
  return made;
}
Node takes(const std::string& name) { return node(Act::takes, name); }
Node gives(const std::string& name) { return node(Act::gives, name); }
Node branch(Skeleton inside) { return node(Act::branch, "x", std::move(inside)); }

// `names of the first` for each match, in order.
std::string matched(const Skeleton& first, const Skeleton& second) {
  std::string text;
  for (const Match& match : align(first, second))
    text +=
        std::string(text.empty() ? "" : " ") + word_of(match.first->act) + ":" + match.first->text;
  return text;
}

TEST(Alignment, AConditionThatTheOtherDoesNotHaveIsLookedThrough) {
  const Skeleton with{takes("a"), branch({takes("b"), gives("b")}), gives("a")};
  const Skeleton without{takes("a"), takes("b"), gives("b"), gives("a")};
  EXPECT_EQ(matched(with, without), "takes:a takes:b gives:b gives:a");
  EXPECT_EQ(matched(without, with), "takes:a takes:b gives:b gives:a");
}

// Two early ways out, each with its own unlock: the one that is missing is the first, not the last.
TEST(Alignment, WhatStandsInABlockStaysInIt) {
  const Skeleton three{takes("a"), branch({gives("a"), node(Act::returns, "return")}),
                       branch({takes("b"), gives("a")}), gives("a")};
  const Skeleton two{takes("a"), branch({takes("b"), gives("a")}), gives("a")};
  const auto matches = align(two, three);
  ASSERT_EQ(matches.size(), 5U);
  EXPECT_EQ(matches[1].second, &three[2]);
  EXPECT_EQ(matches[3].second, &three[2].inside[1]);
  EXPECT_EQ(matches[4].second, &three[3]);
}

TEST(Alignment, KeepsTheOrder) {
  const Skeleton one{takes("a"), takes("b")};
  const Skeleton other{takes("b"), takes("a")};
  EXPECT_EQ(align(one, other).size(), 1U);
}

TEST(Alignment, ALoopThatLooksForTheNextElementIsAWalk) {
  const Skeleton walk{node(Act::walks, "p_children", {takes("a")})};
  const Skeleton by_hand{node(Act::loop, "q", {node(Act::looks, "p_children"), takes("a")})};
  EXPECT_EQ(matched(by_hand, walk), "loop:q takes:a");
  EXPECT_EQ(matched(walk, by_hand), "walks:p_children takes:a");
  const Skeleton of_another{node(Act::loop, "q", {node(Act::looks, "p_orphans"), takes("a")})};
  EXPECT_EQ(matched(of_another, walk), "takes:a");
}

TEST(Alignment, OtherFlagsOfTheSameWordAreAnotherStep) {
  Node in_flux = node(Act::sets, "kn_status");
  in_flux.names.insert("KN_INFLUX");
  Node queued = node(Act::sets, "kn_status");
  queued.names.insert("KN_QUEUED");
  EXPECT_FALSE(agree(in_flux, queued));
  EXPECT_TRUE(agree(in_flux, in_flux));
  EXPECT_TRUE(agree(in_flux, node(Act::sets, "kn_status")));
}

} // namespace
} // namespace interlock::kernel_text
