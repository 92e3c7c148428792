// Skeletons of C functions and of the model's paths, and how the two are aligned.
#include "kernel_text/align.hpp"
#include "kernel_text/model_skeleton.hpp"
#include "kernel_text/read.hpp"
#include "kernel_text/source_skeleton.hpp"
#include "lang/steps.hpp"
#include "support/dragonfly.hpp"
#include "support/freebsd.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace interlock::kernel_text {
namespace {

Skeleton source(const std::string& text, const std::string& system = "freebsd") {
  const File file = read_text("a.c", text, {});
  EXPECT_TRUE(file.errors.empty()) << file.errors.front();
  const std::set<std::string> names{"kn_status", "KN_INFLUX",  "P_WEXIT",       "kn_kq",
                                    "p_lock",    "PLOCK_ZOMB", "PLOCK_WAITING", "fd_ofiles"};
  return source_skeleton(file.functions.at(0), {system, names, {"knote_drop"}});
}
std::string dragonfly(const std::string& body) {
  return to_string(source("void f(void) {\n" + body + "}\n", "dragonfly"));
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

// The flags of the word are variables of the model, and so is what else is in it.
TEST(SourceSkeleton, AnAtomicFunctionChangesWhatItsValueSays) {
  const std::string compare = "atomic_cmpset_int(&p->p_lock, o, n);\n";
  EXPECT_EQ(dragonfly("o = p->p_lock;\nn = (o - 1) & ~PLOCK_WAITING;\n" + compare),
            "reads p_lock\nreads PLOCK_WAITING\nsets p_lock\nsets PLOCK_WAITING\n");
  EXPECT_EQ(dragonfly("o = p->p_lock;\nn = o | PLOCK_WAITING;\n" + compare),
            "reads p_lock\nreads PLOCK_WAITING\nsets PLOCK_WAITING\n");
  EXPECT_EQ(dragonfly("atomic_set_int(&p->p_flags, P_WEXIT);\n"), "sets P_WEXIT\n");
  // The same value again: it only looks.
  EXPECT_EQ(dragonfly("o = p->p_lock;\natomic_cmpset_int(&p->p_lock, o, o);\n"),
            "reads p_lock\nreads p_lock\n");
}

TEST(SourceSkeleton, AnAssertionIsOfWhatItsLocalVariablesHold) {
  EXPECT_EQ(dragonfly("o = p->p_lock;\nKKASSERT(o > 0);\n"), "reads p_lock\nasserts p_lock\n");
  EXPECT_EQ(dragonfly("o = other;\nKKASSERT(o > 0);\n"), "");
}

TEST(SourceSkeleton, AGotoToTheCommonEndDoesWhatStandsThere) {
  EXPECT_EQ(dragonfly("lwkt_gettoken(&p->p_token);\n"
                      "if (none)\n"
                      "  goto done;\n"
                      "wakeup(x);\n"
                      "done:\n"
                      "lwkt_reltoken(&p->p_token);\n"
                      "return;\n"),
            "takes p_token\nif\n  gives p_token\n  return\nwakes x\ngives p_token\nreturn\n");
  // A label that is no end, and one in a block that goes on behind it.
  EXPECT_EQ(dragonfly("again:\nwakeup(x);\ngoto again;\n"), "wakes x\njumps\n");
  EXPECT_EQ(dragonfly("if (a) {\ndone:\nwakeup(x);\n}\nwakeup(y);\ngoto done;\n"),
            "if\n  wakes x\nwakes y\njumps\n");
}

// The switch breaks, and the function goes on behind it, and ends there.
TEST(SourceSkeleton, AGotoToTheCommonEndMayLeadIntoACase) {
  const std::string ends = "  break;\n"
                           "case 3:\n"
                           "  wakeup(z);\n"
                           "}\n"
                           "lwkt_reltoken(&p->p_token);\n";
  EXPECT_EQ(dragonfly("switch (r) {\n"
                      "case 1:\n"
                      "  goto done;\n"
                      "case 2:\n"
                      "  wakeup(x);\n"
                      "done:\n"
                      "  wakeup(y);\n" +
                      ends),
            "either\n"
            "  if\n    wakes y\n    gives p_token\n    return\n"
            "  if\n    wakes x\n    wakes y\n    jumps\n"
            "  if\n    wakes z\n"
            "gives p_token\n");
  // Without the break the next case follows.
  EXPECT_EQ(dragonfly("switch (r) {\n"
                      "case 1:\n"
                      "  goto done;\n"
                      "done:\n"
                      "case 2:\n"
                      "  wakeup(y);\n" +
                      ends),
            "either\n"
            "  if\n    wakes y\n    gives p_token\n    return\n"
            "  if\n    wakes y\n    jumps\n"
            "  if\n    wakes z\n"
            "gives p_token\n");
}

TEST(SourceSkeleton, AStatementKnowsTheLabelsThatItStandsBehind) {
  const Skeleton skeleton = source("void f(void) {\n"
                                   "  if (x) goto out;\n"
                                   "  { more: PROC_LOCK(p); }\n"
                                   "out:\n"
                                   "  KQ_LOCK(kq);\n"
                                   "fail:\n"
                                   "  PROC_UNLOCK(p);\n"
                                   "}\n");
  std::vector<std::string> behind;
  for (const Node* node : in_order(skeleton))
    behind.push_back(node->behind);
  // What is led to ends with a return, as the function does.
  EXPECT_EQ(behind, (std::vector<std::string>{"", "goto out", "goto out, fail", "goto out, fail",
                                              "more", "out", "out, fail"}));
}

TEST(SourceSkeleton, AChannelIsJoinedBeforeItIsSleptOn) {
  EXPECT_EQ(dragonfly("tsleep_interlock(&p->p_lock, 0);\n"
                      "tsleep(&p->p_lock, PINTERLOCKED, \"x\", 0);\n"),
            "joins p_lock, p_lock_channel\nsleeps p_lock, p_lock_channel\n");
}

TEST(SourceSkeleton, WhatStandsBehindALabelAfterAReturnIsDoneOnlyByAGoto) {
  EXPECT_EQ(outline("void f(void) {\n"
                    "  if (x) { KQ_LOCK(kq); goto bad; }\n"
                    "more:\n"
                    "  PROC_LOCK(p);\n"
                    "  return;\n"
                    "bad:\n"
                    "  KQ_UNLOCK(kq);\n"
                    "}\n"),
            "if\n  takes kq_lock\n  jumps\ntakes p_mtx\nreturn\nif\n  gives kq_lock\n");
}

TEST(SourceSkeleton, EachCaseOfASwitchIsACondition) {
  const Skeleton skeleton = source("void f(void) {\n"
                                   "  switch (idtype) {\n"
                                   "  case P_ALL:\n"
                                   "    PROC_LOCK(p);\n"
                                   "    break;\n"
                                   "  case P_PID:\n"
                                   "  default:\n"
                                   "    KQ_LOCK(kq);\n"
                                   "  }\n"
                                   "}\n");
  EXPECT_EQ(to_string(skeleton),
            "either\n  if\n    takes p_mtx\n    jumps\n  if\n    takes kq_lock\n");
  EXPECT_EQ(skeleton[0].inside[0].text, "case P_ALL");
  EXPECT_EQ(skeleton[0].inside[1].text, "case P_PID, default");
}

TEST(SourceSkeleton, AStructureThatIsCopiedIsItsFields) {
  const File file =
      read_text("a.c", "void f(void) { *knchild = *kntrack; *other = *kntrack; }", {});
  EXPECT_EQ(to_string(source_skeleton(file.functions.at(0), {"netbsd", {"kn_id", "udata"}, {}})),
            "sets kn_id\nsets udata\n");
}

// As an event is for the caller of kevent(2).
TEST(SourceSkeleton, AStructureThatIsGivenAwayIsCopied) {
  const File file =
      read_text("a.c", "void f(void) { *kevp++ = kn->kn_kevent; *p = kn->kn_id; }", {});
  EXPECT_EQ(
      to_string(source_skeleton(file.functions.at(0), {"freebsd", {"kn_id", "kn_flags"}, {}})),
      "copies kn_flags, kn_id\nreads kn_id\n");
}

TEST(SourceSkeleton, AFunctionMayBeCalledThroughAPointerThatIsFollowed) {
  EXPECT_EQ(to_string(source("void f(void) { (*fp->f_ops->fo_restart)(fp); }", "netbsd")),
            "calls kqueue_restart\n");
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

// What is copied for the caller is an operation, whatever else the step does.
TEST(ModelSkeleton, AStepThatReportsAnEventCopiesIt) {
  const systems::BuiltSpec built = systems::build(
      tests::freebsd::kernel().thread("p", {"kevent add proc p exit", "kevent wait"}).scenario());
  const std::string scan = to_string(model_functions(*built.spec).at("kqueue_scan").variants.at(0));
  EXPECT_NE(scan.find("copies kn_data, kn_fflags, kn_flags, kn_id"), std::string::npos) << scan;
}

TEST(ModelSkeleton, AFunctionWhoseStepsAreSeenPromisesSomething) {
  const systems::BuiltSpec built = systems::build(
      tests::freebsd::kernel().thread("p", {"kevent add proc p exit", "kevent wait"}).scenario());
  const auto functions = model_functions(*built.spec);
  EXPECT_TRUE(functions.at("kqueue_scan").promises);
  EXPECT_FALSE(functions.at("knlist_add").promises);
}

// knote_drop(), which a scan and a close call with knotes of their own.
TEST(ModelSkeleton, NamesArgumentsAsThePathDoesWhoeverCalls) {
  const systems::BuiltSpec built =
      systems::build(tests::freebsd::kernel()
                         .thread("p", {"kevent add proc p exit oneshot", "kevent wait", "close kq"})
                         .scenario());
  const auto functions = model_functions(*built.spec);
  ASSERT_EQ(functions.at("knote_drop").variants.size(), 1U);
  for (const Node* node : in_order(functions.at("knote_drop").variants[0])) {
    EXPECT_EQ(node->text.find("kqueue_"), std::string::npos) << node->text;
    EXPECT_EQ(node->place.find("kqueue_"), std::string::npos) << node->place;
  }
}

// A path that is called with a number, a flag and an object: the number is no argument elsewhere.
TEST(ModelSkeleton, AValueThatAnyExpressionMayHaveIsNoArgument) {
  lang::SpecBuilder spec;
  const lang::ThreadId thread = spec.thread("t");
  const lang::PoolId pool = spec.pool("box", {"box0"}, lang::Lifetime::permanent);
  const lang::VariableId count = spec.field(pool, "count", lang::integer_type(0, 4), 0);
  const lang::Expr box = spec.object(pool, 0);
  lang::Steps s(spec, thread);
  lang::Step add;
  add.updates = {lang::assign(spec.read(count, box), spec.read(count, box) + 1)};
  const lang::Expr one = lang::literal(lang::integer_type(0, 4), 1);
  s.path({"a.c", "1", "fill", 1}, {{"b", box}, {"how", one}}, [&] { s.step("add", add); });
  spec.set_body(thread, s.take());
  const auto functions = model_functions(std::move(spec).finish());
  EXPECT_EQ(functions.at("fill").variants.at(0).at(0).text, "b.count := b.count + 1");
  EXPECT_EQ(functions.at("fill").variants.at(0).at(0).place, "b.count");
}

// start_forked_proc(): tsleep_interlock(), a second look, and the sleep.
TEST(ModelSkeleton, WhoJoinsAChannelDoesSoBeforeSleepingThere) {
  const systems::BuiltSpec built = systems::build(tests::dragonfly::vfork_and_exit().scenario());
  const std::string path =
      to_string(model_functions(*built.spec).at("start_forked_proc").variants.at(0));
  const std::size_t joins = path.find("joins p\n");
  EXPECT_NE(joins, std::string::npos) << path;
  EXPECT_EQ(path.find("joins p\n", joins + 1), std::string::npos) << path;
  EXPECT_LT(joins, path.find("sleeps p\n"));
}

// A kqueue's buckets are closed one after another, in either order: the text has the loop's body
// once.
TEST(ModelSkeleton, CopiesForSeveralObjectsStandOnce) {
  const systems::BuiltSpec built = systems::build(
      tests::freebsd::kernel()
          .thread("parent", {"kevent add proc parent exit", "fork child", "close kq"})
          .thread("child", {})
          .scenario());
  const auto functions = model_functions(*built.spec);
  for (const Skeleton& variant : functions.at("kqueue_close").variants) {
    const std::vector<const Node*> nodes = in_order(variant);
    EXPECT_EQ(std::count_if(
                  nodes.begin(), nodes.end(),
                  [](const Node* node) { return node->label == "kqueue_close_bucket.knote_drop"; }),
              1);
  }
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

Node otherwise(Skeleton inside) { return node(Act::otherwise, "else", std::move(inside)); }

// What one call cannot run is not matched with what it runs.
TEST(Alignment, OfAnIfWithAnElseOneBranchIsMatched) {
  const Skeleton c{
      branch({takes("a"), takes("b"), otherwise({branch({gives("x")}), takes("a"), takes("b")})}),
      gives("c")};
  const auto branch_of = [&](const Nodes& wanted) {
    std::set<std::size_t> places;
    const std::vector<const Node*> order = in_order(c);
    for (const Match& match : align(c, {takes("a"), takes("b"), gives("c")}, wanted))
      if (match.first->act == Act::takes)
        places.insert(static_cast<std::size_t>(std::find(order.begin(), order.end(), match.first) -
                                               order.begin()));
    return places;
  };
  const std::set<std::size_t> then{1, 2};
  const std::set<std::size_t> in_else{6, 7};
  EXPECT_EQ(branch_of({&c[0].inside[0]}), then);
  EXPECT_EQ(branch_of({&c[0].inside[2].inside[1]}), in_else);
}

// An early return is a way out; the last one says nothing.
TEST(Alignment, ALastReturnIsLeftBeforeAnEarlyOne) {
  const Skeleton c{branch({takes("a"), gives("a"), node(Act::returns, "return")}), gives("a"),
                   node(Act::returns, "return")};
  const Skeleton path{takes("a"), gives("a"), node(Act::returns, "return")};
  const auto matches = align(c, path);
  ASSERT_EQ(matches.size(), 3U);
  EXPECT_EQ(matches[1].first, &c[0].inside[1]);
}

TEST(Alignment, AListIsWalkedByHandToo) {
  const Skeleton macro{node(Act::walks, "children", {takes("a")})};
  const Skeleton hand{node(Act::loop, "p", {node(Act::looks, "children"), takes("a")})};
  EXPECT_EQ(matched(hand, macro), "loop:p takes:a");
  const Skeleton other{node(Act::loop, "p", {node(Act::looks, "threads"), takes("a")})};
  EXPECT_EQ(matched(other, macro), "takes:a");
}

TEST(Alignment, AWalkMayBeTheSearchOfAStep) {
  const Skeleton walk{node(Act::walks, "children")};
  EXPECT_EQ(matched(walk, {node(Act::looks, "children")}), "walks:children");
  EXPECT_EQ(matched(walk, {node(Act::looks, "threads")}), "");
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

TEST(Alignment, AFlagThatIsSetIsNotOneThatIsCleared) {
  const auto only = [](const std::string& body) {
    return source("void f(void) { " + body + " }").at(0);
  };
  const Node set = only("kn->kn_status |= KN_INFLUX;");
  const Node cleared = only("kn->kn_status &= ~KN_INFLUX;");
  const Node either = only("kn->kn_status = KN_INFLUX;");
  EXPECT_FALSE(agree(set, cleared));
  EXPECT_TRUE(agree(set, either));
  EXPECT_TRUE(agree(cleared, either));
  EXPECT_FALSE(agree(only("TAILQ_REMOVE(&kq->kq_head, kn, kn_tqe);"),
                     only("TAILQ_INSERT_TAIL(&kq->kq_head, kn, kn_tqe);")));
}

} // namespace
} // namespace interlock::kernel_text
