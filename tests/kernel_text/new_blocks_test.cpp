// Walks, branches of what was there, gotos and results that are new: what they are in patches, and
// what cannot be one.
#include "walk_text.hpp"

namespace interlock::kernel_text {
namespace {

using Kind = lang::Patch::Kind;

constexpr const char* note = "    note(kn);\n";

std::string to_string(const lang::Patch& patch) {
  const char* kind = patch.kind == Kind::insert_before  ? "before "
                     : patch.kind == Kind::insert_after ? "after "
                     : patch.kind == Kind::replace      ? "replace "
                     : patch.kind == Kind::drop         ? "drop "
                                                        : "other ";
  return kind + patch.label + ": " + patch.argument;
}

// All that the change is, without what stands in no model.
std::vector<std::string> patches(const Changes& found) {
  std::vector<std::string> all;
  for (const Change& change : found.changes) {
    EXPECT_TRUE(change.translated() || !change.of_operation) << change.text << ": " << change.why;
    for (const lang::Patch& patch : change.patches)
      all.push_back(to_string(patch));
  }
  return all;
}

// Why it is none: the first reason; nothing of such a change is a patch.
std::string refusal(const Changes& found) {
  EXPECT_FALSE(is_whole(found.changes));
  std::string why;
  for (const Change& change : found.changes) {
    EXPECT_TRUE(change.patches.empty()) << change.text;
    if (why.empty() && change.of_operation)
      why = change.why;
  }
  return why;
}

void expect_only(const Changes& found, Kind kind, const std::string& label,
                 const std::string& argument) {
  EXPECT_EQ(patches(found), std::vector<std::string>{to_string({kind, label, argument})});
}

Changes with(const std::string& what, const std::string& by) {
  return changes(walk, replaced(walk, what, by));
}

// --- walks ---

// The path of walk() where it says which list it walks.
std::map<std::string, ModelFunction> with_list() {
  auto all = model();
  all.at("walk").variants.at(0).at(1).list = "p.p_klist";
  return all;
}

Changes with_walk(const std::string& walks) {
  return changes(walk, replaced(walk, "  PROC_UNLOCK(p);\n", walks + "  PROC_UNLOCK(p);\n"),
                 with_list());
}

TEST(NewWalks, GoOnAsTheirMacroDoes) {
  const auto walks = [](const std::string& macro, const std::string& rule) {
    expect_only(with_walk("  " + macro + ") {\n    PROC_LOCK(p1);\n    continue;\n  }\n"),
                Kind::insert_before, "walk.mtx_unlock_p_mtx",
                "for_each kn, p.p_klist, " + rule + " { mtx_lock p1.p_mtx; continue }");
  };
  walks("SLIST_FOREACH(kn, l, kn_selnext", "next_read_of_unlinked");
  walks("SLIST_FOREACH_SAFE(kn, l, kn_selnext, next", "next_read_before_body");
  walks("LIST_FOREACH(kn, l, kn_selnext", "next_read_after_body");
  walks("TAILQ_FOREACH(kn, l, kn_selnext", "next_read_after_body");
  walks("TAILQ_FOREACH_SAFE(kn, l, kn_selnext, next", "next_read_before_body");
}

TEST(NewWalks, MayHaveACursorThatThePathDoesNotKnow) {
  expect_only(with_walk("  SLIST_FOREACH(other, l, kn_selnext)\n"
                        "    other->kn_status |= KN_ACTIVE;\n"),
              Kind::insert_before, "walk.mtx_unlock_p_mtx",
              "for_each other, p.p_klist, next_read_of_unlinked { set other.kn_status, "
              "other.kn_status | KN_ACTIVE }");
}

TEST(NewWalks, GoThroughAListAsCNamesItWhereTheModelCallsItSo) {
  Modelled with_field = modelled();
  with_field.names.insert("p_klist");
  with_field.fields.emplace("p_klist", lang::Kind::reference);
  const auto all = model();
  const std::string after = replaced(
      walk, "  PROC_UNLOCK(p);\n",
      "  SLIST_FOREACH(kn, &p1->p_klist, kn_selnext)\n    KQ_LOCK(kq);\n  PROC_UNLOCK(p);\n");
  expect_only(changes_of(read_text("old.c", walk, {}), read_text("new.c", after, {}), with_field,
                         {all, all}),
              Kind::insert_before, "walk.mtx_unlock_p_mtx",
              "for_each kn, p1.p_klist, next_read_of_unlinked { mtx_lock kn.kn_kq.kq_lock }");
}

TEST(NewWalks, MayBePutAroundWhatWasThere) {
  expect_only(changes(walk,
                      replaced(walk, "  PROC_UNLOCK(p);\n",
                               "  SLIST_FOREACH(kn, l, kn_selnext)\n    PROC_UNLOCK(p);\n"),
                      with_list()),
              Kind::replace, "walk.mtx_unlock_p_mtx",
              "for_each kn, p.p_klist, next_read_of_unlinked { this }");
}

// The list is drained: each turn begins at its head.
TEST(NewWalks, OfWhateverIsFirstBeginAgainAtTheHead) {
  Modelled with_head = modelled();
  with_head.fields.emplace("p_klist", lang::Kind::reference);
  with_head.names.insert("p_klist");
  const auto all = model();
  const std::string after =
      replaced(walk, "  PROC_UNLOCK(p);\n",
               "  while ((kn = SLIST_FIRST(&p1->p_klist)) != NULL)\n    KQ_LOCK(kq);\n"
               "  PROC_UNLOCK(p);\n");
  expect_only(changes_of(read_text("old.c", walk, {}), read_text("new.c", after, {}), with_head,
                         {all, all}),
              Kind::insert_before, "walk.mtx_unlock_p_mtx",
              "for_each kn, p1.p_klist, restart_from_head { mtx_lock kn.kn_kq.kq_lock }");
}

TEST(NewWalks, ThatGoOtherwiseAreNotTranslated) {
  EXPECT_EQ(refusal(with_walk("  TAILQ_FOREACH_REVERSE(kn, l, klist, kn_selnext)\n"
                              "    PROC_LOCK(p1);\n")),
            "a new walk by TAILQ_FOREACH_REVERSE(), which goes through a list otherwise than walks "
            "of the model");
  EXPECT_EQ(refusal(with_walk("  RB_FOREACH(kn, tree, kn_selnext)\n    PROC_LOCK(p1);\n")),
            "a new walk by RB_FOREACH(), which goes through a list otherwise than walks of the "
            "model");
}

TEST(NewWalks, OfAListThatTheModelDoesNotHaveAreNotTranslated) {
  EXPECT_EQ(refusal(with_walk("  SLIST_FOREACH(kn, other, kn_selnext)\n    PROC_LOCK(p1);\n")),
            "the model has no list for other in this function");
  EXPECT_EQ(refusal(with_walk("  l = other;\n  SLIST_FOREACH(kn, l, kn_selnext)\n"
                              "    PROC_LOCK(p1);\n")),
            "l is given another value in this function, so that l may be another list elsewhere");
}

// Its parameter is a variable of the caller in the model.
TEST(NewWalks, WhoseCursorIsAParameterAreNotTranslated) {
  EXPECT_EQ(refusal(with_walk("  SLIST_FOREACH(l, other, kn_selnext)\n    PROC_LOCK(p1);\n")),
            "a new walk whose cursor l is a parameter, which the model has from the caller");
  EXPECT_EQ(refusal(with(note, "    note(kn);\n    l = kn->kn_kq;\n")),
            "l is a parameter, which the model has from the caller");
}

TEST(NewWalks, WhoseSavedElementTheBodyChangesAreNotTranslated) {
  EXPECT_EQ(refusal(with_walk("  SLIST_FOREACH_SAFE(kn, l, kn_selnext, next)\n"
                              "    next->kn_status |= KN_ACTIVE;\n")),
            "a new walk whose next element, next, is used by others");
}

TEST(Walks, OfAnotherListAreNotTheOldOneByAnotherRule) {
  EXPECT_EQ(refusal(with("SLIST_FOREACH(kn, l, kn_selnext)",
                         "SLIST_FOREACH_SAFE(kn, other, kn_selnext, t)")),
            "the walk has another cursor, list or link than before");
}

TEST(Walks, ThatAreGoneAroundWhatStaysAreNotTranslated) {
  const std::string without = replaced(walk, "  SLIST_FOREACH(kn, l, kn_selnext) {\n", "  {\n");
  EXPECT_EQ(refusal(changes(walk, without)), "a loop that is gone, and not what it went through");
}

// --- loops ---

TEST(NewLoops, RunAtLeastOnceWhereTheyAreDoLoops) {
  expect_only(with(note, "    note(kn);\n    do {\n      KQ_UNLOCK(kq);\n      KQ_LOCK(kq);\n"
                         "    } while (kn->kn_kq->kq_count > 1);\n"),
              Kind::insert_before, "walk.mtx_unlock_kq_lock",
              "while true { mtx_unlock kn.kn_kq.kq_lock; mtx_lock kn.kn_kq.kq_lock; if "
              "!(kn.kn_kq.kq_count > 1) { break } }");
  EXPECT_EQ(refusal(with(note, "    note(kn);\n    do {\n      if (kn->kn_kq == NULL)\n"
                               "        continue;\n      KQ_LOCK(kq);\n"
                               "    } while (kn->kn_kq->kq_count > 1);\n")),
            "a new do loop with a continue");
}

TEST(NewLoops, WithoutAConditionRunUntilTheyAreLeft) {
  expect_only(
      with(note, "    note(kn);\n    for (;;) {\n      KQ_LOCK(kq);\n      break;\n    }\n"),
      Kind::insert_before, "walk.mtx_unlock_kq_lock",
      "while true { mtx_lock kn.kn_kq.kq_lock; break }");
}

// There the continue of the old walk would be one of the new loop.
TEST(NewLoops, AroundWhatLeavesATurnAreNotTranslated) {
  const std::string before =
      replaced(walk, note, "    if (kn->kn_status & KN_ACTIVE)\n      continue;\n");
  const std::string after =
      replaced(before, "    if (kn->kn_status & KN_ACTIVE)\n      continue;\n    KQ_UNLOCK(kq);\n",
               "    while (kn->kn_kq->kq_count > 1) {\n    if (kn->kn_status & KN_ACTIVE)\n"
               "      continue;\n    KQ_UNLOCK(kq);\n    }\n");
  EXPECT_EQ(refusal(changes(before, after)), "a new loop around what leaves a turn of a loop");
}

TEST(Loops, ThatAreGoneLeaveTheirBody) {
  auto all = model();
  Skeleton& path = all.at("walk").variants.at(0);
  path.push_back(step(Act::loop, {"kq_count"}, "while", "while p1.kq_count > 1",
                      {step(Act::takes, {"p_mtx"}, "mtx_lock_p_mtx_2", "p1.p_mtx")}));
  const std::string after =
      replaced(walk, "  PROC_UNLOCK(p);\n", "  PROC_UNLOCK(p);\n  PROC_LOCK(p1);\n");
  const std::string before =
      replaced(after, "  PROC_LOCK(p1);\n", "  while (p1->kq_count > 1)\n    PROC_LOCK(p1);\n");
  expect_only(changes(before, after, all), Kind::drop, "walk.while", "body");
}

// --- else ---

// The two locks, one behind the other, each in a branch of its own.
TEST(NewConditions, MayHaveWhatWasThereInBothBranches) {
  const std::string before =
      replaced(walk, "    note(kn);\n    KQ_UNLOCK(kq);\n", "    KQ_UNLOCK(kq);\n");
  expect_only(changes(before, replaced(before,
                                       "    if (kn->kn_status & KN_INFLUX)\n"
                                       "      kn->kn_status |= KN_ACTIVE;\n"
                                       "    KQ_UNLOCK(kq);\n",
                                       "    if (kn->kn_kq->kq_count > 1) {\n"
                                       "      if (kn->kn_status & KN_INFLUX)\n"
                                       "        kn->kn_status |= KN_ACTIVE;\n"
                                       "    } else\n      KQ_UNLOCK(kq);\n")),
              Kind::replace, "walk.if",
              "if kn.kn_kq.kq_count > 1 { this } else { those walk.mtx_unlock_kq_lock }");
}

TEST(NewConditions, TakeAllThatStandsInThem) {
  // What the path does without the inner condition is put under the outer one all the same.
  auto all = model();
  Skeleton& loop = all.at("walk").variants.at(0).at(1).inside;
  loop[1] = loop[1].inside[0];
  const std::string after =
      replaced(replaced(walk, "    KQ_LOCK(kq);\n",
                        "    if (kn->kn_kq->kq_count > 1) {\n    KQ_LOCK(kq);\n"),
               note, "    }\n    note(kn);\n");
  expect_only(changes(walk, after, all), Kind::replace, "walk.mtx_lock_kq_lock",
              "if kn.kn_kq.kq_count > 1 { this through walk.set_KN_ACTIVE }");
}

TEST(NewConditions, WithSomethingBetweenTheirBranchesInTheModelAreNotTranslated) {
  auto all = model();
  Skeleton& loop = all.at("walk").variants.at(0).at(1).inside;
  loop.insert(loop.begin() + 2, step(Act::takes, {"other"}, "mtx_lock_other", "other"));
  EXPECT_EQ(refusal(changes(walk,
                            replaced(walk,
                                     "    if (kn->kn_status & KN_INFLUX)\n"
                                     "      kn->kn_status |= KN_ACTIVE;\n"
                                     "    note(kn);\n    KQ_UNLOCK(kq);\n",
                                     "    note(kn);\n    if (kn->kn_kq->kq_count > 1) {\n"
                                     "      if (kn->kn_status & KN_INFLUX)\n"
                                     "        kn->kn_status |= KN_ACTIVE;\n"
                                     "    } else\n      KQ_UNLOCK(kq);\n"),
                            all)),
            "the branches do not stand directly behind each other in the model");
}

TEST(Conditions, GetAnElseOfSomethingNew) {
  expect_only(with("      kn->kn_status |= KN_ACTIVE;\n",
                   "      kn->kn_status |= KN_ACTIVE;\n    else\n      PROC_LOCK(p1);\n"),
              Kind::replace, "walk.if", "else { mtx_lock p1.p_mtx }");
}

TEST(Conditions, GetAnElseOfWhatStoodBehind) {
  expect_only(with("    note(kn);\n    KQ_UNLOCK(kq);\n", "    else\n      KQ_UNLOCK(kq);\n"),
              Kind::replace, "walk.if", "else { those walk.mtx_unlock_kq_lock }");
}

TEST(Conditions, OfWhichTheModelHasAPartGetNoElse) {
  const std::string before =
      replaced(walk, "(kn->kn_status & KN_INFLUX)", "(kn->kn_status & KN_INFLUX && kn->kn_hook)");
  EXPECT_EQ(refusal(changes(before, replaced(before, "      kn->kn_status |= KN_ACTIVE;\n",
                                             "      kn->kn_status |= KN_ACTIVE;\n    else\n"
                                             "      PROC_LOCK(p1);\n"))),
            "the model has this condition in part: kn->kn_hook is nothing that is modelled");
}

TEST(Conditions, ThatHaveAnElseInTheModelGetNoOther) {
  auto all = model();
  Node& test = all.at("walk").variants.at(0).at(1).inside.at(1);
  test.inside.push_back(
      step(Act::otherwise, {}, "if", "else", {step(Act::gives, {"other"}, "give", "other")}));
  EXPECT_EQ(refusal(changes(walk,
                            replaced(walk, "      kn->kn_status |= KN_ACTIVE;\n",
                                     "      kn->kn_status |= KN_ACTIVE;\n    else\n"
                                     "      PROC_LOCK(p1);\n"),
                            all)),
            "the model has an else there, for something else");
}

// --- ways out ---

// A goto to the label in front of the walk, and something in front of the last unlock.
std::string with_goto(const std::string& label, const std::string& last) {
  return replaced(
      replaced(walk, "  SLIST", "  if (p1->p_flag & P_WEXIT)\n    goto " + label + ";\n  SLIST"),
      "  PROC_UNLOCK(p);\n", last);
}

// FreeBSD's table of tails has `out`: the old text may have done the same without one.
TEST(NewGotos, DoWhatStandsBehindTheirLabel) {
  for (const std::string label : {"out", "unlock"})
    expect_only(changes(walk, with_goto(label, label + ":\n  PROC_UNLOCK(p);\n"), with_list()),
                Kind::insert_before, "walk.for_each_p_klist",
                "if p1.P_WEXIT { goto walk.mtx_unlock_p_mtx }");
}

TEST(NewGotos, ToTheEndReturn) {
  expect_only(changes(walk, with_goto("bad", "  PROC_UNLOCK(p);\nbad:\n  ;\n"), with_list()),
              Kind::insert_before, "walk.for_each_p_klist", "if p1.P_WEXIT { return }");
}

TEST(NewGotos, DoWhatIsNewBehindTheirLabelToo) {
  for (const std::string label : {"out", "unlock"}) {
    const Changes found = changes(
        walk, with_goto(label, label + ":\n  PROC_LOCK(p1);\n  PROC_UNLOCK(p);\n"), with_list());
    EXPECT_EQ(patches(found),
              (std::vector<std::string>{
                  "before walk.for_each_p_klist: if p1.P_WEXIT { mtx_lock p1.p_mtx; goto "
                  "walk.mtx_unlock_p_mtx }",
                  "before walk.mtx_unlock_p_mtx: mtx_lock p1.p_mtx"}));
  }
}

TEST(NewGotos, OfOneConditionMayLeadToSeveralPlaces) {
  const std::string both = "  if (p1->p_flag & P_WEXIT)\n    goto to;\n  else\n    goto too;\n";
  expect_only(changes(walk,
                      replaced(replaced(walk, "  SLIST", both + "  SLIST"), "  PROC_UNLOCK(p);\n",
                               "to:\n  PROC_UNLOCK(p);\ntoo:\n  ;\n"),
                      with_list()),
              Kind::insert_before, "walk.for_each_p_klist",
              "if p1.P_WEXIT { goto walk.mtx_unlock_p_mtx } else { return }");
}

// What comes behind the step of the label is there when the goto is put.
TEST(NewGotos, ComeLastWhereSomethingHasComeToWhereTheyLead) {
  const Changes found =
      changes(walk, with_goto("out", "out:\n  PROC_UNLOCK(p);\n  PROC_LOCK(p1);\n"), with_list());
  EXPECT_EQ(patches(found),
            (std::vector<std::string>{
                "after walk.mtx_unlock_p_mtx: mtx_lock p1.p_mtx",
                "before walk.for_each_p_klist: if p1.P_WEXIT { goto walk.mtx_unlock_p_mtx }"}));
}

// FreeBSD's table has both.
TEST(NewGotos, MayPassAnotherLabel) {
  EXPECT_EQ(
      patches(changes(walk, with_goto("out", "out:\n  PROC_UNLOCK(p);\nfail:\n  PROC_LOCK(p1);\n"),
                      with_list())),
      (std::vector<std::string>{
          "after walk.mtx_unlock_p_mtx: mtx_lock p1.p_mtx",
          "before walk.for_each_p_klist: if p1.P_WEXIT { goto walk.mtx_unlock_p_mtx }"}));
}

// Nothing but the goto leads there.
TEST(NewGotos, MayLeadBehindTheEnd) {
  const Changes found =
      changes(walk, with_goto("bad", "  PROC_UNLOCK(p);\n  return;\nbad:\n  PROC_LOCK(p1);\n"),
              with_list());
  ASSERT_FALSE(patches(found).empty());
  EXPECT_EQ(patches(found)[0],
            "before walk.for_each_p_klist: if p1.P_WEXIT { mtx_lock p1.p_mtx; return }");
}

TEST(NewGotos, ToTheEndOfATurnGoOnWithTheNext) {
  expect_only(changes(walk,
                      replaced(replaced(walk, "    note(kn);\n    KQ_UNLOCK(kq);\n",
                                        "    note(kn);\nnext:\n    KQ_UNLOCK(kq);\n"),
                               "    if (kn->",
                               "    if (kn->kn_kq == NULL)\n      goto next;\n"
                               "    if (kn->"),
                      with_list()),
              Kind::insert_before, "walk.if",
              "if !(kn.kn_kq != none) { goto walk.mtx_unlock_kq_lock }");
}

TEST(NewGotos, ThatLeadBackOrIntoALoopAreNotTranslated) {
  const std::string jumps = "  if (p1->p_flag & P_WEXIT)\n    goto there;\n";
  const auto found = [&](const std::string& from, const std::string& to) {
    return changes(walk, replaced(replaced(walk, from, jumps + from), to, "there:\n" + to),
                   with_list());
  };
  EXPECT_EQ(refusal(found("  PROC_UNLOCK(p);\n", "  PROC_LOCK(p);\n")),
            "a new goto that leads back, or into a loop");
  EXPECT_EQ(refusal(found("  SLIST", "    KQ_LOCK(kq);\n")),
            "a new goto that leads back, or into a loop");
}

// What the path does there, the goto would do without what C has before its label.
TEST(NewGotos, ToWhatThePathDoesTogetherWithMoreAreNotTranslated) {
  auto all = with_list();
  Skeleton& path = all.at("walk").variants.at(0);
  Node both = step(Act::branch, {"P_WEXIT"}, "if_2", "if p1.P_WEXIT",
                   {path.back(), step(Act::takes, {"other"}, "mtx_lock_other", "other")});
  path.back() = both;
  const std::string before =
      replaced(walk, "  PROC_UNLOCK(p);\n", "  PROC_UNLOCK(p);\n  mtx_lock(&other);\n");
  EXPECT_EQ(refusal(changes(before,
                            replaced(replaced(before, "  SLIST",
                                              "  if (p1->p_flag & P_WEXIT)\n"
                                              "    goto more;\n  SLIST"),
                                     "  mtx_lock(&other);\n", "more:\n  mtx_lock(&other);\n"),
                            all)),
            "the step walk.mtx_unlock_p_mtx is also line 11, which stands before the label");
}

TEST(NewReturns, GiveTheCallerTheConstant) {
  auto all = with_list();
  all.at("walk").names.emplace("returned", lang::Kind::enumeration);
  Modelled with_errno = modelled();
  with_errno.names.insert({"ESRCH", "EPERM"});
  const std::string exit = "  if (p1->p_flag & P_WEXIT)\n    return (";
  const std::string known =
      replaced(walk, "  PROC_LOCK(p);\n", exit + "ESRCH);\n  PROC_LOCK(p);\n");
  Skeleton& path = all.at("walk").variants.at(0);
  path.insert(path.begin(), step(Act::branch, {"P_WEXIT"}, "if_2", "if p1.P_WEXIT",
                                 {step(Act::reads, {"error"}, "ESRCH", "returned := ESRCH"),
                                  step(Act::returns, {}, "return", "return")}));
  const auto found = [&](const std::string& value) {
    return changes_of(
        read_text("old.c", known, {}),
        read_text("new.c",
                  replaced(known, "  PROC_UNLOCK(p);\n", exit + value + ");\n  PROC_UNLOCK(p);\n"),
                  {}),
        with_errno, {all, all});
  };
  expect_only(found("EPERM"), Kind::insert_before, "walk.mtx_unlock_p_mtx",
              "if p1.P_WEXIT { set returned, EPERM; return }");
  EXPECT_EQ(refusal(found("EJUSTRETURN")),
            "a new return of EJUSTRETURN, which the model does not have as a value there");
  EXPECT_EQ(refusal(found("check(p)")), "a new return of a value that is no constant");
  all.at("walk").promises = true;
  EXPECT_EQ(refusal(found("EPERM")), "a new return of a value from walk(), with which what the "
                                     "model promises to users would change");
  all.at("walk").promises = false;
  expect_only(changes_of(read_text("old.c", known, {}),
                         read_text("new.c", replaced(known, "ESRCH", "EPERM"), {}), with_errno,
                         {all, all}),
              Kind::replace, "walk.ESRCH", "set returned, EPERM");
}

TEST(NewReturns, OfAFunctionWithoutAResultInTheModelAreNotTranslated) {
  EXPECT_EQ(refusal(changes(walk,
                            replaced(walk, "  SLIST",
                                     "  if (p1->p_flag & P_WEXIT)\n"
                                     "    return (1);\n  SLIST"),
                            with_list())),
            "a new return of a value, and the model has no place for what walk() returns");
}

// It would go on with the rest of walk().
TEST(NewReturns, OutOfAPathThatIsAPartOfTheFunctionAreNotTranslated) {
  auto all = with_list();
  for (Node& node : all.at("walk").variants.at(0).at(1).inside)
    node.label = "walk_one." + node.label.substr(5);
  EXPECT_EQ(refusal(changes(walk, replaced(walk, note, "    note(kn);\n    return;\n"), all)),
            "the model has this in a path of its own, walk_one(), which a return would leave "
            "alone");
}

TEST(NewBreaks, OutOfASwitchAreNoneOutOfALoop) {
  const std::string before = replaced(
      walk, note, "    switch (x) {\n    case 1:\n      kn->kn_status |= KN_ACTIVE;\n    }\n");
  auto all = model();
  Skeleton& loop = all.at("walk").variants.at(0).at(1).inside;
  loop.insert(loop.begin() + 2, step(Act::sets, {"kn_status", "KN_ACTIVE"}, "set_2", "kn_status"));
  EXPECT_EQ(refusal(changes(before,
                            replaced(before, "    case 1:\n",
                                     "    case 1:\n"
                                     "      if (kn->kn_kq == NULL)\n        break;\n"),
                            all)),
            "a new break out of what is no loop of the model");
}

// --- other names ---

TEST(NewLocals, OfOnePlaceAreThatPlace) {
  Modelled once = modelled();
  once.set_once = {"kn_kq"};
  const auto all = with_list();
  const auto found = [&](const std::string& more) {
    const std::string after =
        replaced(walk, "  PROC_UNLOCK(p);\n",
                 "  SLIST_FOREACH(kn, l, kn_selnext) {\n    kq = kn->kn_kq;\n    KQ_LOCK(kq);\n" +
                     more + "  }\n  PROC_UNLOCK(p);\n");
    return changes_of(read_text("old.c", walk, {}), read_text("new.c", after, {}), once,
                      {all, all});
  };
  expect_only(found(""), Kind::insert_before, "walk.mtx_unlock_p_mtx",
              "for_each kn, p.p_klist, next_read_of_unlinked { mtx_lock kn.kn_kq.kq_lock }");
  EXPECT_EQ(refusal(found("    kq = p1->kn_kq;\n")), "kq is nothing that is modelled");
}

} // namespace
} // namespace interlock::kernel_text
