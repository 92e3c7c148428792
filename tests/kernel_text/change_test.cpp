// A change of C as patches: what each kind of edit becomes, and what cannot become anything.
#include "walk_text.hpp"

namespace interlock::kernel_text {
namespace {

// The only change that there is.
Change only(const std::string& what, const std::string& by) {
  const Changes found = changes(walk, replaced(walk, what, by));
  EXPECT_EQ(found.changes.size(), 1U);
  for (const Change& change : found.changes)
    SCOPED_TRACE(change.text + " " + change.why);
  return found.changes.empty() ? Change{} : found.changes.front();
}

using Kind = lang::Patch::Kind;

TEST(Changes, NothingIsOneWhereOnlySpaceAndCommentsDiffer) {
  EXPECT_TRUE(
      changes(walk, replaced(walk, "  note(kn);", " /* tell */ note( kn );\n\n")).changes.empty());
}

TEST(Changes, AStatementThatIsGoneIsDropped) {
  const Change change = only("    KQ_UNLOCK(kq);\n", "");
  EXPECT_EQ(change.old_line, 9);
  EXPECT_EQ(change.function, "walk");
  expect_patch(change, Kind::drop, "walk.mtx_unlock_kq_lock", "");
}

TEST(Changes, AConditionThatIsGoneLeavesItsBranch) {
  expect_patch(only("    if (kn->kn_status & KN_INFLUX)\n", ""), Kind::drop, "walk.if", "");
}

TEST(Changes, AStatementThatStandsElsewhereIsMoved) {
  const std::string without = replaced(walk, "    KQ_UNLOCK(kq);\n", "");
  const Changes found = changes(walk, replaced(without, "    if (kn->kn_status",
                                               "    KQ_UNLOCK(kq);\n    if (kn->kn_status"));
  ASSERT_EQ(found.changes.size(), 1U);
  EXPECT_EQ(found.changes[0].old_line, 9);
  EXPECT_EQ(found.changes[0].new_line, 6);
  expect_patch(found.changes[0], Kind::move_before, "walk.mtx_unlock_kq_lock", "walk.if");
}

TEST(Changes, ANewLockOperationIsInsertedWithTheOperandThatTheModelHasForIt) {
  const Changes found =
      changes(walk, replaced(walk, "    note(kn);\n",
                             "    note(kn);\n    KQ_UNLOCK(kq);\n    KQ_LOCK(kq);\n"));
  ASSERT_EQ(found.changes.size(), 2U);
  expect_patch(found.changes[0], Kind::insert_before, "walk.mtx_unlock_kq_lock",
               "mtx_unlock kn.kn_kq.kq_lock");
  expect_patch(found.changes[1], Kind::insert_before, "walk.mtx_unlock_kq_lock",
               "mtx_lock kn.kn_kq.kq_lock");
}

// p1's own lock is nowhere else in the function; p1 is an argument of the path.
// What is read into something that no model has is a step where the model has the read.
TEST(Changes, ANewStatementStandsBehindAReadWhoseValueGoesElsewhere) {
  const std::string unlock = "    KQ_UNLOCK(kq);\n";
  const std::string read = "    uap->count[0] = kn->kn_kq;\n";
  std::map<std::string, ModelFunction> all = model();
  all.at("walk").variants.at(0).at(1).inside.push_back(
      step(Act::reads, {"kn_kq"}, "read_kn_kq", "kn.kn_kq"));
  const std::string reads = replaced(walk, unlock, unlock + read);
  const Changes found = changes(reads, replaced(reads, read, read + "    PROC_LOCK(p1);\n"), all);
  ASSERT_EQ(found.changes.size(), 1U);
  expect_patch(found.changes[0], Kind::insert_after, "walk.read_kn_kq", "mtx_lock p1.p_mtx");
}

TEST(Changes, ALockOfAnArgumentIsInsertedAsTheCSaysIt) {
  expect_patch(only("    note(kn);\n", "    note(kn);\n    PROC_LOCK(p1);\n"), Kind::insert_before,
               "walk.mtx_unlock_kq_lock", "mtx_lock p1.p_mtx");
}

TEST(Changes, AnotherWalkIsAnotherRule) {
  expect_patch(only("SLIST_FOREACH(kn, l, kn_selnext)", "SLIST_FOREACH_SAFE(kn, l, kn_selnext, t)"),
               Kind::replace, "walk.for_each_p_klist", "next_read_before_body");
}

TEST(Changes, AWalkThatIsNotSafeAnyMoreReadsTheLinkOfWhatIsTakenOff) {
  const std::string safe = replaced(walk, "SLIST_FOREACH(kn, l, kn_selnext)",
                                    "SLIST_FOREACH_SAFE(kn, l, kn_selnext, t)");
  const Changes found = changes(safe, walk);
  ASSERT_EQ(found.changes.size(), 1U);
  expect_patch(found.changes[0], Kind::replace, "walk.for_each_p_klist", "next_read_of_unlinked");
}

TEST(Changes, TheOppositeOfAConditionIsNegated) {
  expect_patch(only("(kn->kn_status & KN_INFLUX)", "(!(kn->kn_status & KN_INFLUX))"), Kind::negate,
               "walk.if", "");
}

TEST(Changes, AnotherConditionIsTheNewOne) {
  expect_patch(only("(kn->kn_status & KN_INFLUX)", "(kn->kn_status & KN_ACTIVE)"), Kind::replace,
               "walk.if", "condition (kn.kn_status & KN_ACTIVE) != 0");
}

TEST(Changes, AConditionMayCompareFlagsOfAWord) {
  expect_patch(only("(kn->kn_status & KN_INFLUX)",
                    "((kn->kn_status & (KN_INFLUX | KN_ACTIVE)) == KN_INFLUX)"),
               Kind::replace, "walk.if",
               "condition (kn.kn_status & (KN_INFLUX | KN_ACTIVE)) == KN_INFLUX");
}

// What the model has of the old one stays as it is, whatever C has besides.
TEST(Changes, AConditionMayComeToAnother) {
  expect_patch(
      only("(kn->kn_status & KN_INFLUX)", "(kn->kn_status & KN_INFLUX && p1->p_flag & P_WEXIT)"),
      Kind::replace, "walk.if", "condition (kn.kn_status & KN_INFLUX) && (p1.P_WEXIT)");
}

// The path tests the opposite, and does in its else what C does at once.
TEST(Changes, AConditionThatTheModelHasTheOtherWayRoundIsNotTranslated) {
  std::map<std::string, ModelFunction> all = model();
  Node& test = all.at("walk").variants.at(0).at(1).inside.at(1);
  test.inside = {step(Act::otherwise, {}, "if", "else", test.inside)};
  for (const char* other :
       {"(kn->kn_status & KN_ACTIVE)", "(kn->kn_status & KN_INFLUX && p1->p_flag & P_WEXIT)"}) {
    const Changes found = changes(walk, replaced(walk, "(kn->kn_status & KN_INFLUX)", other), all);
    ASSERT_EQ(found.changes.size(), 1U);
    EXPECT_EQ(found.changes[0].why,
              "the model has the branches of this condition the other way round");
  }
}

TEST(Changes, ANewConditionIsInsertedWithWhatItDecidesAbout) {
  const Changes found =
      changes(walk, replaced(walk, "    note(kn);\n",
                             "    note(kn);\n    if (kn->kn_kq == NULL) {\n      KQ_UNLOCK(kq);\n"
                             "      kn->kn_status &= ~KN_ACTIVE;\n      return;\n    } else\n"
                             "      kn->kn_kq->kq_count++;\n"));
  ASSERT_FALSE(found.changes.empty());
  expect_patch(found.changes[0], Kind::insert_before, "walk.mtx_unlock_kq_lock",
               "if !(kn.kn_kq != none) { mtx_unlock kn.kn_kq.kq_lock; set kn.kn_status, "
               "kn.kn_status & ~KN_ACTIVE; return } else { set kn.kn_kq.kq_count, "
               "kn.kn_kq.kq_count + 1 }");
  EXPECT_TRUE(is_whole(found.changes));
}

// KNOTE_ACTIVATE(kn, 0) takes the lock, activates and gives it back: the first of these alone would
// be a lock that is kept.
TEST(Changes, AStatementThatDoesSeveralThingsIsNotTranslatedByOneOfThem) {
  EXPECT_EQ(only("    note(kn);\n", "    note(kn);\n    if (kn->kn_kq == NULL)\n"
                                    "      KNOTE_ACTIVATE(kn, 0);\n")
                .why,
            "the statement does several things, which patches insert one by one");
}

// Without its step it would go on for ever.
TEST(Changes, AForIsNoWhile) {
  EXPECT_EQ(only("    note(kn);\n", "    note(kn);\n    for (i = 0; kn->kn_kq->kq_count > 1; i++)\n"
                                    "      KQ_UNLOCK(kq);\n")
                .why,
            "a new loop that is no while");
}

TEST(Changes, ADifferenceKeepsItsBrackets) {
  expect_patch(only("    note(kn);\n", "    note(kn);\n    kn->kn_kq->kq_count = 3 - (2 - 1);\n"),
               Kind::insert_before, "walk.mtx_unlock_kq_lock",
               "set kn.kn_kq.kq_count, (3 - (2 - 1))");
}

TEST(Changes, ANewConditionIsPutAroundWhatWasThere) {
  const Changes found =
      changes(walk, replaced(replaced(walk, "    KQ_LOCK(kq);\n",
                                      "    while (kn->kn_kq->kq_count > 1) {\n    KQ_LOCK(kq);\n"),
                             "    note(kn);\n", "    KQ_UNLOCK(kq);\n    KQ_LOCK(kq);\n    }\n"));
  ASSERT_GE(found.changes.size(), 3U);
  expect_patch(found.changes[0], Kind::replace, "walk.mtx_lock_kq_lock",
               "while kn.kn_kq.kq_count > 1 { this through walk.if }");
  expect_patch(found.changes[1], Kind::insert_after, "walk.if", "mtx_lock kn.kn_kq.kq_lock");
}

TEST(Changes, WhatWasThereMayBeTheElseOfANewCondition) {
  const Changes found = changes(
      walk, replaced(walk, "    KQ_UNLOCK(kq);\n",
                     "    if (kn->kn_kq != NULL)\n      kn->kn_kq->kq_count = 0;\n    else\n"
                     "      KQ_UNLOCK(kq);\n"));
  ASSERT_FALSE(found.changes.empty());
  expect_patch(found.changes[0], Kind::replace, "walk.mtx_unlock_kq_lock",
               "if kn.kn_kq != none { set kn.kn_kq.kq_count, 0 } else { this }");
  EXPECT_TRUE(is_whole(found.changes));
}

// --- what constants decide ---

Changes changes_with(const Constants& constants, const std::string& after) {
  Modelled by_constants = modelled();
  by_constants.constants = &constants;
  const auto all = model();
  return changes_of(read_text("old.c", walk, {}), read_text("new.c", after, {}), by_constants,
                    {all, all});
}

const Constants only_one{
    {.functions = {"walk"}, .expression = "one", .value = "1", .reason = "nobody sets it"}};

// As 7adc569540 of DragonFly has it: the old statement is the else of a new one.
TEST(Changes, AConditionThatAConstantDecidesIsWhatRuns) {
  const Changes found = changes_with(
      only_one, replaced(walk, "    KQ_LOCK(kq);\n",
                         "    if (one)\n      KQ_UNLOCK(kq);\n    else\n      KQ_LOCK(kq);\n"));
  std::vector<std::string> patches;
  for (const Change& change : found.changes)
    for (const lang::Patch& patch : change.patches)
      patches.push_back(patch.label + " " + patch.argument);
  EXPECT_EQ(patches, (std::vector<std::string>{"walk.mtx_lock_kq_lock ",
                                               "walk.if mtx_unlock kn.kn_kq.kq_lock"}));
  EXPECT_TRUE(is_whole(found.changes));
}

TEST(Changes, InABranchThatDoesNotRunNothingIsTranslated) {
  const Changes found =
      changes_with(only_one, replaced(walk, "    KQ_LOCK(kq);\n",
                                      "    KQ_LOCK(kq);\n    if (!one)\n      PROC_LOCK(kq);\n"));
  ASSERT_FALSE(found.changes.empty());
  EXPECT_TRUE(is_whole(found.changes));
  for (const Change& change : found.changes) {
    EXPECT_TRUE(change.patches.empty()) << change.text;
    EXPECT_FALSE(change.translated()) << change.text;
  }
  EXPECT_EQ(found.changes.back().why, "does not run: one is 1, nobody sets it");
}

TEST(Changes, AConstantThatTheNewTextChangesIsNone) {
  const Changes found =
      changes_with(only_one, replaced(walk, "    KQ_LOCK(kq);\n",
                                      "    one = 0;\n    if (one)\n      KQ_LOCK(kq);\n"));
  EXPECT_FALSE(is_whole(found.changes));
}

TEST(Changes, WhatTheLedgerLeavesOutIsNoOperation) {
  const Ledger ledger{{.names = {"other"},
                       .reason = "a leaf",
                       .could_hide = "no-deadlock",
                       .but = "nothing sleeps under it"}};
  Modelled with = modelled();
  with.ledger = &ledger;
  const std::string locking = replaced(replaced(walk, "    note(kn);\n", "    mtx_lock(&other);\n"),
                                       "    KQ_UNLOCK(kq);\n", "");
  const Changes found = changes_of(read_text("old.c", walk, {}), read_text("new.c", locking, {}),
                                   with, {model(), model()});
  EXPECT_TRUE(is_whole(found.changes));
  const auto left_out = std::find_if(found.changes.begin(), found.changes.end(),
                                     [](const Change& each) { return each.new_line == 8; });
  ASSERT_NE(left_out, found.changes.end());
  EXPECT_EQ(left_out->why, "left out of the model: a leaf");
}

TEST(Changes, AConditionOfNothingButWhatIsLeftOutIsLeftOut) {
  const Ledger ledger{{.functions = {"walk"},
                       .condition = "PS_NOCLDWAIT",
                       .reason = "nobody sets it",
                       .could_hide = "no-deadlock",
                       .but = "nobody sleeps",
                       .order = "none"}};
  Modelled with_ledger = modelled();
  with_ledger.ledger = &ledger;
  const auto all = model();
  const auto with = [](const std::string& flags) {
    return replaced(walk, "    note(kn);\n",
                    "    if (ps->ps_flag & " + flags + ")\n      PROC_LOCK(p);\n");
  };
  const Changes found = changes_of(read_text("old.c", with("PS_NOCLDWAIT"), {}),
                                   read_text("new.c", with("(PS_NOCLDWAIT | PS_CLDSIGIGN)"), {}),
                                   with_ledger, {all, all});
  ASSERT_EQ(found.changes.size(), 1U);
  EXPECT_EQ(found.changes[0].why, "left out of the model: nobody sets it");
  EXPECT_TRUE(is_whole(found.changes));
}

// --- sleeps ---

// The model sleeps on what it wakes.
Change with_sleep(const std::string& sleep) {
  auto all = model();
  all.at("walk").variants[0].push_back(step(Act::wakes, {"kq"}, "wakeup_kq", "kn.kn_kq.kq"));
  Modelled sleeping = modelled();
  sleeping.names.insert("kq_lock");
  sleeping.insertable.insert({"msleep", "msleep_pdrop"});
  const std::string before =
      replaced(walk, "  PROC_UNLOCK(p);\n", "  PROC_UNLOCK(p);\n  wakeup(kq);\n");
  const std::string after =
      replaced(before, "    note(kn);\n", "    note(kn);\n    " + sleep + ";\n");
  const Changes found = changes_of(read_text("old.c", before, {}), read_text("new.c", after, {}),
                                   sleeping, {all, all});
  EXPECT_EQ(found.changes.size(), 1U);
  return found.changes.empty() ? Change{} : found.changes.front();
}

TEST(Changes, ASleepIsInsertedWithItsChannelAndInterlock) {
  expect_patch(with_sleep("msleep(kq, &kn->kn_kq->kq_lock, PSOCK, \"x\", 0)"), Kind::insert_before,
               "walk.mtx_unlock_kq_lock", "msleep kn.kn_kq.kq, kn.kn_kq.kq_lock");
  expect_patch(with_sleep("msleep(kq, &kn->kn_kq->kq_lock, PSOCK | PDROP, \"x\", 0)"),
               Kind::insert_before, "walk.mtx_unlock_kq_lock",
               "msleep_pdrop kn.kn_kq.kq, kn.kn_kq.kq_lock");
}

TEST(Changes, AnotherWakeUpOfTheSameChannelWakesOneOrAll) {
  auto all = model();
  all.at("walk").variants[0].push_back(step(Act::wakes, {"kq"}, "wakeup_kq", "kn.kn_kq.kq"));
  const auto with = [](const std::string& wakes) {
    return replaced(walk, "  PROC_UNLOCK(p);\n", "  PROC_UNLOCK(p);\n  " + wakes + ";\n");
  };
  const auto change = [&](const std::string& before, const std::string& after) {
    const Changes found = changes_of(read_text("old.c", with(before), {}),
                                     read_text("new.c", with(after), {}), modelled(), {all, all});
    EXPECT_EQ(found.changes.size(), 1U);
    return found.changes.empty() ? Change{} : found.changes.front();
  };
  expect_patch(change("wakeup(kq)", "wakeup_one(kq)"), Kind::replace, "walk.wakeup_kq", "wake_one");
  expect_patch(change("wakeup_one(kq)", "wakeup(kq)"), Kind::replace, "walk.wakeup_kq", "wake_all");
}

TEST(Changes, ASleepThatEndsOtherwiseIsNotTranslated) {
  EXPECT_EQ(with_sleep("msleep(kq, &kn->kn_kq->kq_lock, PSOCK, \"x\", hz)").why,
            "a new sleep that ends after a time");
  EXPECT_EQ(with_sleep("msleep(kq, &kn->kn_kq->kq_lock, PSOCK | PCATCH, \"x\", 0)").why,
            "a new sleep with PCATCH");
  EXPECT_EQ(with_sleep("msleep(kq, &kn->other, PSOCK, \"x\", 0)").why,
            "&kn->other is no lock that is modelled");
  EXPECT_EQ(with_sleep("tsleep(kq, 0, \"x\", 0)").why,
            "the model does not sleep on kq in this function");
}

TEST(Changes, ACallIsInsertedWithItsOperands) {
  expect_patch(only("    note(kn);\n", "    note(kn);\n    knote_enqueue(kn);\n"),
               Kind::insert_before, "walk.mtx_unlock_kq_lock", "knote_enqueue kn");
}

TEST(Changes, AnotherKindOfLockIsAnotherPrimitive) {
  const std::string exclusive = "void walk(void) {\n  sx_xlock(&tree);\n}\n";
  ModelFunction function;
  function.variants = {{step(Act::takes, {"tree"}, "sx_xlock_tree", "tree")}};
  const Changes found =
      changes(exclusive, replaced(exclusive, "xlock", "slock"), {{"walk", function}});
  ASSERT_EQ(found.changes.size(), 1U);
  expect_patch(found.changes[0], Kind::replace, "walk.sx_xlock_tree", "sx_slock tree");
}

TEST(Changes, AConditionThatIsGoneWithAllThatItDecidedAboutIsDropped) {
  const Change change =
      only("    if (kn->kn_status & KN_INFLUX)\n      kn->kn_status |= KN_ACTIVE;\n", "");
  expect_patch(change, Kind::drop, "walk.if", "nothing");
}

TEST(Changes, AnotherMessageIsNoChange) {
  const std::string with =
      replaced(walk, "    note(kn);\n", "    note(kn);\n    KASSERT(kn->kn_kq, \"a\");\n");
  EXPECT_TRUE(changes(with, replaced(with, "\"a\"", "\"b\"")).changes.empty());
}

// Its parameters are the caller's arguments.
TEST(Changes, AFunctionThatIsNewIsReadWhereItIsCalled) {
  const std::string helper =
      "static void relock(struct kqueue *q) {\n  KQ_UNLOCK(q);\n  KQ_LOCK(q);\n}\n";
  const std::string calling = replaced(walk, "    note(kn);\n", "    note(kn);\n    relock(kq);\n");
  const Changes found = changes(walk, helper + calling);
  ASSERT_GE(found.changes.size(), 2U);
  expect_patch(found.changes[0], Kind::insert_before, "walk.mtx_unlock_kq_lock",
               "mtx_unlock kn.kn_kq.kq_lock");
  expect_patch(found.changes[1], Kind::insert_before, "walk.mtx_unlock_kq_lock",
               "mtx_lock kn.kn_kq.kq_lock");
  EXPECT_TRUE(is_whole(found.changes));
}

// Each is put behind the step that is there; the last is put first, so that they stand in order.
TEST(Changes, StatementsAtTheEndOfABlockKeepTheirOrder) {
  const Changes found = changes(walk, replaced(walk, "    KQ_UNLOCK(kq);\n",
                                               "    KQ_UNLOCK(kq);\n    KQ_LOCK(kq);\n"
                                               "    KQ_UNLOCK(kq);\n"));
  std::vector<std::string> put;
  for (const Change& change : found.changes)
    for (const lang::Patch& patch : change.patches) {
      EXPECT_EQ(patch.label, "walk.mtx_unlock_kq_lock");
      put.push_back((patch.kind == Kind::insert_after ? "after " : "before ") + patch.argument);
    }
  const std::string lock = "mtx_lock kn.kn_kq.kq_lock";
  const std::string unlock = "mtx_unlock kn.kn_kq.kq_lock";
  // Which of the two unlocks is the new one does not matter.
  EXPECT_TRUE(put == (std::vector<std::string>{"after " + unlock, "after " + lock}) ||
              put == (std::vector<std::string>{"before " + unlock, "before " + lock}))
      << (put.empty() ? "" : put[0]);
}

// Two paths stand for the function, for callers that do different things.
std::map<std::string, ModelFunction> two_paths() {
  auto model_of_two = model();
  model_of_two.at("walk").paths.insert("walk_other");
  Skeleton other = model_of_two.at("walk").variants[0];
  other[0].label = "walk_other.mtx_lock_p_mtx";
  other[1].label = "walk_other.for_each_p_klist";
  for (Node& node : other[1].inside)
    node.label = "walk_other." + node.text.substr(0, 2) + node.label;
  other[2].label = "walk_other.mtx_unlock_p_mtx";
  model_of_two.at("walk").variants.push_back(other);
  return model_of_two;
}

TEST(Changes, EveryPathOfAFunctionIsChanged) {
  const Changes found = changes(walk, replaced(walk, "  PROC_UNLOCK(p);\n", ""), two_paths());
  ASSERT_EQ(found.changes.size(), 1U);
  std::vector<std::string> labels;
  for (const lang::Patch& patch : found.changes[0].patches)
    labels.push_back(patch.label);
  EXPECT_EQ(labels,
            (std::vector<std::string>{"walk.mtx_unlock_p_mtx", "walk_other.mtx_unlock_p_mtx"}));
}

// This scenario's walk comes without the condition: what is put before it there stands before the
// unlock here.
TEST(Changes, WhatStandsBesideIsThatOfTheScenario) {
  const auto all = model();
  auto own = model();
  Skeleton& loop = own.at("walk").variants[0][1].inside;
  loop.erase(loop.begin() + 1);
  const std::string with = replaced(walk, "    if (kn->", "    PROC_LOCK(p1);\n    if (kn->");
  const auto found = [&](const std::map<std::string, ModelFunction>& paths) {
    return changes_of(read_text("old.c", walk, {}), read_text("new.c", with, {}),
                      {"freebsd", {"kn_status", "KN_INFLUX", "KN_ACTIVE"}, {"walk"}}, {all, paths})
        .changes.at(0)
        .patches.at(0)
        .label;
  };
  EXPECT_EQ(found(all), "walk.if");
  EXPECT_EQ(found(own), "walk.mtx_unlock_kq_lock");
}

TEST(Changes, AScenarioThatDoesNotComeByTakesNoPartInAChange) {
  const auto all = model();
  auto own = model();
  own.at("walk").variants[0].pop_back(); // p_mtx stays with the caller
  const std::string without = replaced(walk, "  PROC_UNLOCK(p);\n", "");
  const Changes found = changes_of(read_text("old.c", walk, {}), read_text("new.c", without, {}),
                                   {"freebsd", {"kn_status"}, {"walk"}}, {all, own});
  ASSERT_EQ(found.changes.size(), 1U);
  EXPECT_TRUE(found.changes[0].absent);
  EXPECT_TRUE(found.changes[0].patches.empty());
}

// --- what is not translated is said ---

// kq is no local of the path.
TEST(Changes, AReadOfAModelledFieldIsAnOperation) {
  const std::string half = replaced(walk, "    KQ_UNLOCK(kq);\n", "");
  const Changes found =
      changes(walk, replaced(half, "    note(kn);\n", "    note(kn);\n    kq = kn->kn_kq;\n"));
  EXPECT_FALSE(is_whole(found.changes));
  for (const Change& change : found.changes)
    EXPECT_TRUE(change.patches.empty());
}

TEST(Changes, AnElseIsNotTranslated) {
  const std::string with = replaced(walk, "      kn->kn_status |= KN_ACTIVE;\n",
                                    "      ;\n    else\n      kn->kn_status |= KN_ACTIVE;\n");
  EXPECT_FALSE(is_whole(changes(walk, with).changes));
  EXPECT_FALSE(is_whole(changes(with, walk).changes));
}

TEST(Changes, AConditionOfWhatIsNotModelledIsNotTranslated) {
  EXPECT_EQ(only("(kn->kn_status & KN_INFLUX)", "(kn->kn_hook)").why,
            "kn->kn_hook is nothing that is modelled");
  EXPECT_EQ(only("    note(kn);\n", "    note(kn);\n    if (note(kn))\n      KQ_UNLOCK(kq);\n").why,
            "note(kn) is nothing that is modelled");
}

TEST(Changes, AStatementOfNothingModelledIsNotTranslated) {
  const Changes found = changes(walk, replaced(walk, "    note(kn);\n", "    tell(kn);\n"));
  ASSERT_EQ(found.changes.size(), 2U);
  EXPECT_EQ(found.changes[0].text, "gone: note(kn)");
  EXPECT_EQ(found.changes[1].text, "new: tell(kn)");
  for (const Change& change : found.changes)
    EXPECT_EQ(change.why, "nothing that is modelled");
}

TEST(Changes, AMacroThatNoTableKnowsIsNotTranslatedAndSaidByItsName) {
  const Change change = only("    note(kn);\n", "    note(kn);\n    KQ_GUARD(kq);\n");
  EXPECT_EQ(change.why, "KQ_GUARD() is nothing of which a table says what it does");
  EXPECT_TRUE(change.of_operation); // it may be a lock: what else has changed is half
}

// The macro may be the lock in another guise: without it the drop is half of the change.
TEST(Changes, BesideAMacroThatNoTableKnowsNothingIsTranslated) {
  const Changes found =
      changes(walk, replaced(walk, "    KQ_UNLOCK(kq);\n", "    KQ_UNGUARD(kq);\n"));
  ASSERT_EQ(found.changes.size(), 2U);
  for (const Change& change : found.changes)
    EXPECT_TRUE(change.patches.empty()) << change.text;
}

TEST(Changes, ALockThatTheFunctionDoesNotKnowIsNotTranslated) {
  const Change change = only("    note(kn);\n", "    note(kn);\n    mtx_lock(&other);\n");
  EXPECT_EQ(change.new_line, 9);
  EXPECT_NE(change.why, "");
  EXPECT_TRUE(change.patches.empty());
}

// Without the unlock, but with a condition around the lock: half of that would be a deadlock.
TEST(Changes, HalfAChangeOfAFunctionIsNone) {
  const std::string half = replaced(walk, "    KQ_UNLOCK(kq);\n", "");
  const Changes found =
      changes(walk, replaced(half, "    KQ_LOCK(kq);\n", "    if (x)\n      KQ_LOCK(kq);\n"));
  ASSERT_EQ(found.changes.size(), 2U);
  for (const Change& change : found.changes) {
    EXPECT_TRUE(change.patches.empty());
    EXPECT_FALSE(change.translated());
  }
  EXPECT_FALSE(is_whole(found.changes));
  EXPECT_TRUE(is_whole(changes(walk, half).changes));
  EXPECT_TRUE(is_whole(changes(walk, replaced(half, "    note(kn);\n", "")).changes));
}

TEST(Changes, DeclarationsAreNotTranslated) {
  EXPECT_EQ(only("  struct knote *kn;\n", "  struct knote *kn, *other;\n").why,
            "not in its statements: in declarations, or in what is compiled");
}

TEST(Changes, ADirectiveInAFunctionIsNotTranslated) {
  EXPECT_EQ(only("    note(kn);\n", "    note(kn);\n#ifdef KTRACE\n    trace(kn);\n#endif\n").why,
            "not in its statements: in declarations, or in what is compiled");
}

TEST(Changes, TextOutsideFunctionsIsNotTranslated) {
  const Changes found = changes(walk, std::string("#define KQ_LOCK(kq) do { } while (0)\n") + walk);
  ASSERT_EQ(found.changes.size(), 1U);
  EXPECT_EQ(found.changes[0].function, "");
  EXPECT_NE(found.changes[0].why, "");
}

TEST(Changes, FunctionsThatNoModelKnowsAreNamed) {
  const std::string other = "void other(void) { a(); }\n";
  EXPECT_TRUE(changes(walk + other, walk + other).changes.empty());
  const Changes changed = changes(walk + other, walk + replaced(other, "a()", "b()"));
  ASSERT_EQ(changed.changes.size(), 1U);
  EXPECT_EQ(changed.changes[0].function, "other");
  EXPECT_EQ(changed.changes[0].why, "a function that no model knows");
}

TEST(Changes, AModelledFunctionThatIsGoneIsNamed) {
  const Changes found =
      changes(std::string(walk) + "void other(void) { }\n", "void other(void) { }\n");
  ASSERT_FALSE(found.changes.empty());
  EXPECT_EQ(found.changes.back().text, "gone: walk()");
  EXPECT_EQ(found.changes.back().why, "a function that is modelled is gone");
}

TEST(Changes, TellWhereTheStepsOfAChangedFunctionStandInTheNewText) {
  const Changes found = changes(walk, replaced(walk, "    note(kn);\n", "\n\n    other(kn);\n"));
  EXPECT_EQ(found.places.at("walk.mtx_lock_kq_lock").line, 5);
  EXPECT_EQ(found.places.at("walk.mtx_unlock_kq_lock").line, 11);
  EXPECT_EQ(found.places.at("walk.mtx_unlock_kq_lock").text, "KQ_UNLOCK(kq)");
}

TEST(Changes, TheStepsOfAnUnchangedFunctionAreFoundInTheNewTextToo) {
  const File before = read_text("old.c", walk, {});
  const File after = read_text("new.c", std::string("\n/* new */\n") + walk, {});
  const auto all = model();
  EXPECT_EQ(unchanged_places(before, after, "walk", modelled(), {all, all})
                .at("walk.mtx_lock_kq_lock")
                .line,
            7);
}

TEST(Changes, ATextIsTheSameButForCommentsLinesAndMessages) {
  const auto is_same = [](const std::string& before, const std::string& after) {
    return is_same_text(read_text("old.c", before, {}), read_text("new.c", after, {}));
  };
  EXPECT_TRUE(is_same(walk, std::string("\n/* new */\n") + walk));
  EXPECT_TRUE(is_same("void f(void) { a(\"x\"); }\n", "void f(void) { a(\"y\"); }\n"));
  EXPECT_FALSE(is_same(walk, replaced(walk, "    note(kn);\n", "")));
  EXPECT_FALSE(is_same(walk, std::string("int count;\n") + walk));
}

} // namespace
} // namespace interlock::kernel_text
