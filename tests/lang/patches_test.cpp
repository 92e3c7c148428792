// Patches: edits of labelled statements, and what is said of a wrong one.
#include "lang/patch.hpp"

#include "lang/evaluate.hpp"
#include "support/lang_world.hpp"

#include <gtest/gtest.h>

namespace interlock::tests {
namespace {

using namespace lang;
using Lines = std::vector<std::string>;
using Kind = Patch::Kind;

// Two threads, parent and child, that both call
//   knote(kn): enter, if (NOTE_EXIT in flags) { post }, exit
// from path `fork1` and `exit1`; fork1 also walks a list.
class Patches : public ::testing::Test {
protected:
  World world{{"parent", "child"}};
  SpecBuilder& builder = world.builder;
  TypeRef notes = flags_type("note", {"NOTE_EXIT", "NOTE_FORK"});
  Mutexes mutexes{builder, {"kq_lock", "p_lock"}};
  PoolId knotes = builder.pool("knote", {"kn0", "kn1"}, Lifetime::permanent);
  TypeRef knote_type = builder.pools()[knotes].reference;
  VariableId kn_lock =
      builder.constant_field(knotes, "kn_lock", builder.pools()[mutexes.pool].reference, {1, 1});
  VariableId kn_fflags = builder.field(knotes, "kn_fflags", notes, 0);
  VariableId klist = builder.global_list("klist", knote_type, 2);
  Expr posted = world.number("posted");
  Primitives primitives{
      {"mutex_enter",
       {1, "LOCK: take a mutex",
        [this](Steps& s, const std::vector<Expr>& operands) { mutexes.enter(s, operands[0]); }}},
      {"mutex_exit",
       {1, "LOCK: release a mutex",
        [this](Steps& s, const std::vector<Expr>& operands) { mutexes.exit(s, operands[0]); }}},
      {"yield",
       {0, "do nothing", [](Steps& s, const std::vector<Expr>&) { s.step("yield", {}); }}}};

  void knote(Steps& s, const Expr& kn) {
    s.path({"sys/kern/kern_event.c", "1.129", "knote", 50}, {{"kn", kn}}, [&] {
      s.step("enter", {});
      s.if_((builder.read(kn_fflags, kn) & literal(notes, 1)) != 0, [&] { s.set(posted, 1); });
      s.step("exit", {});
    });
  }

  void SetUp() override {
    world.body(0, [&](Steps& s) {
      s.path({"", "", "fork child", 0}, {}, [&] {
        s.path({"", "", "fork1", 0}, {}, [&] {
          const Expr at = s.local("at", knote_type);
          s.for_each(at, klist, {}, Cursor::next_read_after_body, [&] { knote(s, at); });
          s.step("last", {});
        });
      });
    });
    world.body(1, [&](Steps& s) {
      s.path({"", "", "exit1", 0}, {{"victim", builder.object(knotes, 1)}}, [&] {
        s.step("begin", {});
        knote(s, builder.object(knotes, 0));
        s.loop("drain", [&] {
          s.if_(
              posted == 0, [&] { s.break_(); }, [&] { s.step("wait", {}); });
        });
        s.step("end", {});
      });
    });
  }

  void apply(const Patch& patch) { apply_patches(builder, {patch}, primitives); }

  // The labels of a thread's statements with `depth` blanks for what they are in.
  std::string outline(ThreadId thread) {
    std::string text;
    print_block(builder.body(thread), text);
    return text;
  }

  // `part offset: message` of the refusal.
  std::string refusal(const Patch& patch) {
    try {
      apply(patch);
    } catch (const PatchError& error) {
      return std::string(error.part() == PatchError::Part::label ? "label " : "argument ") +
             std::to_string(error.offset()) + ": " + error.what();
    }
    return "accepted";
  }

private:
  static void print_block(const Block& block, std::string& text) {
    text += "{";
    for (const auto& statement : block) {
      text += " " + statement->label;
      for (const Block& inner : statement->blocks)
        if (!inner.empty())
          print_block(inner, text);
    }
    text += " }";
  }
};

const std::string exit_thread =
    "{ exit1{ begin knote{ enter if{ set_posted } exit } drain{ if{ break }{ wait } } end } }";

TEST_F(Patches, EveryStatementHasAPlace) {
  EXPECT_EQ(outline(1), exit_thread);
  Lines child;
  for (const StatementPlace& place : statement_places(builder))
    if (place.thread == 1)
      child.push_back(place.label);
  EXPECT_EQ(child, (Lines{"child.exit1", "exit1.begin", "exit1.knote", "knote.enter", "knote.if",
                          "knote.set_posted", "knote.exit", "exit1.drain", "exit1.if",
                          "exit1.break", "exit1.wait", "exit1.end"}));
  const StatementPlace enter = statement_places(builder).at(4);
  EXPECT_EQ(enter.label, "knote.enter");
  EXPECT_EQ(enter.chain, "parent > fork child > fork1 > knote");
  EXPECT_EQ(enter.kind, StatementKind::step);
  EXPECT_EQ(to_string(enter.anchor), "sys/kern/kern_event.c 1.129 knote():50");
}

TEST_F(Patches, APathAndALabelMeanEveryCallInEveryThread) {
  apply({Kind::drop, "knote.enter", ""});
  EXPECT_EQ(outline(0),
            "{ fork child{ fork1{ for_each_klist{ knote{ if{ set_posted } exit } } last } } }");
  EXPECT_EQ(outline(1),
            "{ exit1{ begin knote{ if{ set_posted } exit } drain{ if{ break }{ wait } } end } }");
}

TEST_F(Patches, AChainOfCallsMeansOnlyThoseThatEndSo) {
  apply({Kind::drop, "exit1 >knote.enter", ""});
  EXPECT_NE(outline(0).find("enter"), std::string::npos);
  EXPECT_EQ(outline(1).find("enter"), std::string::npos);
}

TEST_F(Patches, AChainMayBeginWithTheThread) {
  apply({Kind::drop, "parent > fork child > fork1 > knote.enter", ""});
  EXPECT_EQ(outline(0).find("enter"), std::string::npos);
  EXPECT_EQ(outline(1), exit_thread);
}

TEST_F(Patches, AnUnknownLabelIsAnsweredWithTheNearest) {
  EXPECT_EQ(refusal({Kind::drop, "knote.entr", ""}),
            "label 0: no statement has the label 'knote.entr'; did you mean knote.enter?");
  EXPECT_EQ(refusal({Kind::drop, "exit1 > knote.entr", ""}),
            "label 0: no statement has the label 'exit1 > knote.entr'; did you mean exit1 > "
            "knote.enter?");
  EXPECT_EQ(refusal({Kind::drop, "", ""}), "label 0: no statement has the label ''");
  EXPECT_EQ(refusal({Kind::drop, "enter", ""}).substr(0, 8), "label 0:");
}

TEST_F(Patches, TheErrorKnowsItsPatch) {
  try {
    apply_patches(builder, {{Kind::drop, "knote.enter", ""}, {Kind::drop, "knote.enter", ""}},
                  primitives);
    FAIL() << "the second patch finds nothing left to drop";
  } catch (const PatchError& error) {
    EXPECT_EQ(error.patch(), 1U);
  }
}

TEST_F(Patches, DropOfATestKeepsItsBranch) {
  apply({Kind::drop, "knote.if", ""});
  EXPECT_EQ(outline(1),
            "{ exit1{ begin knote{ enter set_posted exit } drain{ if{ break }{ wait } } end } }");
}
TEST_F(Patches, DropTakesAWholeTestWhereNothingIsKept) {
  apply({Kind::drop, "knote.if", "nothing"});
  EXPECT_EQ(outline(1), "{ exit1{ begin knote{ enter exit } drain{ if{ break }{ wait } } end } }");
}
TEST_F(Patches, OfTwoBranchesThePatchSaysWhichOneStays) {
  EXPECT_EQ(refusal({Kind::drop, "exit1.if", ""}),
            "label 0: exit1.if has two branches: \"keep\" says which one stays: then (break), else "
            "(wait) or nothing");
  EXPECT_EQ(refusal({Kind::drop, "exit1.if", "both"}),
            "argument 0: a test cannot keep 'both'; allowed here: then, else, nothing");
  apply({Kind::drop, "exit1.if", "else"});
  EXPECT_EQ(outline(1),
            "{ exit1{ begin knote{ enter if{ set_posted } exit } drain{ wait } end } }");
}
TEST_F(Patches, DropTakesAWholeCall) {
  apply({Kind::drop, "exit1.knote", ""});
  EXPECT_EQ(outline(1), "{ exit1{ begin drain{ if{ break }{ wait } } end } }");
}
TEST_F(Patches, DropTakesAWholeLoop) {
  apply({Kind::drop, "fork1.for_each_klist", ""});
  EXPECT_EQ(outline(0), "{ fork child{ fork1{ last } } }");
}
TEST_F(Patches, DropTakesNoArgument) {
  EXPECT_EQ(refusal({Kind::drop, "exit1.knote", "now"}),
            "argument 0: a call cannot keep 'now'; allowed here: nothing");
}

TEST_F(Patches, APrimitiveIsInsertedBefore) {
  apply({Kind::insert_before, "knote.if", "mutex_enter kn.kn_lock"});
  EXPECT_EQ(outline(1), "{ exit1{ begin knote{ enter enter_2 if{ set_posted } exit } drain{ if{ "
                        "break }{ wait } } end } }");
  const Spec& spec = world.finish();
  const Action* added = nullptr;
  for (const Action& action : spec.actions())
    if (action.label == "knote.enter_2" && action.thread == 1)
      added = &action;
  ASSERT_NE(added, nullptr);
  EXPECT_EQ(to_string(spec, *added), "knote.enter_2: when kn0.kn_lock.owner == none do "
                                     "kn0.kn_lock.owner := child then knote.if");
  EXPECT_EQ(added->chain, "exit1 > knote");
  EXPECT_EQ(to_string(added->anchor), "sys/kern/kern_event.c 1.129 knote():50");
}

TEST_F(Patches, APrimitiveIsInsertedAfterAWholeStatement) {
  apply({Kind::insert_after, "knote.if", "yield"});
  EXPECT_EQ(outline(1), "{ exit1{ begin knote{ enter if{ set_posted } yield exit } drain{ if{ "
                        "break }{ wait } } end } }");
}

TEST_F(Patches, LaterPatchesSeeWhatEarlierOnesDid) {
  apply_patches(builder,
                {{Kind::insert_before, "exit1.end", "yield"},
                 {Kind::replace, "exit1.yield", "mutex_enter p_lock"},
                 {Kind::insert_after, "exit1.enter", "mutex_exit p_lock"}},
                primitives);
  EXPECT_NE(outline(1).find("enter exit end"), std::string::npos) << outline(1);
}

TEST_F(Patches, AStatementIsReplacedByAPrimitive) {
  apply({Kind::replace, "exit1 > knote.enter", "mutex_enter kn.kn_lock"});
  EXPECT_EQ(outline(1), exit_thread); // the label is free again, and the primitive takes it
  const Spec& spec = world.finish();
  EXPECT_EQ(to_string(spec, spec.actions()[spec.threads()[1].points[1].actions[0]]),
            "knote.enter: when kn0.kn_lock.owner == none do kn0.kn_lock.owner := child then "
            "knote.if");
}

TEST_F(Patches, ATestGetsAnotherCondition) {
  apply({Kind::replace, "knote.if", "condition (kn.kn_fflags & NOTE_FORK) != 0 && posted == 0"});
  const auto& test = builder.body(1)[0]->blocks[0][1]->blocks[0][1];
  EXPECT_EQ(to_string(test->condition), "(kn0.kn_fflags & NOTE_FORK) != 0 && posted == 0");
  EXPECT_EQ(test->blocks[0].size(), 1U);
}

TEST_F(Patches, ALoopGetsACondition) {
  apply({Kind::replace, "exit1.drain", "condition posted < 2"});
  EXPECT_EQ(to_string(builder.body(1)[0]->blocks[0][2]->condition), "posted < 2");
}

TEST_F(Patches, AWalkGetsAnotherCursorRule) {
  for (const auto& [word, rule] :
       {std::pair{"next_read_before_body", Cursor::next_read_before_body},
        std::pair{"next_read_of_unlinked", Cursor::next_read_of_unlinked},
        std::pair{"restart_from_head", Cursor::restart_from_head},
        std::pair{"next_read_after_body", Cursor::next_read_after_body}}) {
    apply({Kind::replace, "fork1.for_each_klist", word});
    EXPECT_EQ(builder.body(0)[0]->blocks[0][0]->blocks[0][0]->rule, rule);
  }
  EXPECT_EQ(error_of([&] { world.finish(); }), "");
}

TEST_F(Patches, SetAssignsAPlaceOfAnyKind) {
  apply_patches(builder,
                {{Kind::insert_after, "exit1.begin", "set posted, posted + 1"},
                 {Kind::insert_after, "exit1.begin", "set victim.kn_fflags, NOTE_EXIT | NOTE_FORK"},
                 {Kind::insert_before, "fork1.last", "set at, none"}},
                primitives);
  const Block& exit1 = builder.body(1)[0]->blocks[0];
  EXPECT_EQ(to_string(builder, exit1[1]->step.updates[0]), "kn1.kn_fflags := NOTE_EXIT|NOTE_FORK");
  EXPECT_EQ(to_string(builder, exit1[2]->step.updates[0]), "posted := posted + 1");
  EXPECT_EQ(exit1[2]->label, "set_posted");
  EXPECT_NE(outline(0).find("set_at last"), std::string::npos);
}

TEST_F(Patches, CheckAddsAnAssertion) {
  apply({Kind::insert_before, "exit1.end", "check posted == 1"});
  const Spec& spec = world.finish();
  const SingleRun end = run(spec);
  EXPECT_EQ(end.failure.property, patched_check);
  EXPECT_EQ(end.failure.message, "posted == 1 does not hold");
}

TEST_F(Patches, AStatementIsMovedWithinItsCall) {
  apply({Kind::move_after, "knote.enter", "exit"});
  EXPECT_EQ(outline(1), "{ exit1{ begin knote{ if{ set_posted } exit enter } drain{ if{ break }{ "
                        "wait } } end } }");
  apply({Kind::move_before, "exit1 > knote.if", "knote.enter"});
  EXPECT_EQ(outline(1), "{ exit1{ begin knote{ exit if{ set_posted } enter } drain{ if{ break }{ "
                        "wait } } end } }");
  EXPECT_NE(outline(0).find("{ if{ set_posted } exit enter }"), std::string::npos);
}

TEST_F(Patches, AStatementIsMovedIntoABranch) {
  apply({Kind::move_before, "exit1.end", "wait"});
  EXPECT_EQ(
      outline(1),
      "{ exit1{ begin knote{ enter if{ set_posted } exit } drain{ if{ break }{ end wait } } } }");
}

TEST_F(Patches, AMoveStaysInItsCall) {
  EXPECT_EQ(refusal({Kind::move_after, "exit1.begin", "knote.enter"}),
            "argument 0: 'knote.enter' is no label in the same call of exit1");
  EXPECT_EQ(refusal({Kind::move_after, "exit1.begin", "drane"}),
            "argument 0: 'drane' is no label in the same call of exit1; did you mean drain?");
  EXPECT_EQ(refusal({Kind::move_after, "exit1.drain", "wait"}),
            "argument 0: a statement cannot be moved to where it is itself: wait");
  EXPECT_EQ(refusal({Kind::move_after, "exit1.drain", "exit1.drain"}),
            "argument 0: a statement cannot be moved to where it is itself: exit1.drain");
}

const std::string words = "set, check, push_front, push_back, remove, insert_before, wake_one, "
                          "wake_all, break, continue, return, goto, if, while, for_each, ";

TEST_F(Patches, AWrongPrimitiveIsAnsweredWithWhatIsAllowed) {
  EXPECT_EQ(refusal({Kind::insert_before, "exit1.end", "mutex_entr p_lock"}),
            "argument 0: there is no primitive mutex_entr; allowed here: " + words +
                "mutex_enter, mutex_exit, yield; did you mean mutex_enter?");
  EXPECT_EQ(refusal({Kind::insert_before, "exit1.end", " "}),
            "argument 1: a primitive is missing; allowed here: " + words +
                "mutex_enter, mutex_exit, yield");
  EXPECT_EQ(refusal({Kind::replace, "fork1.for_each_klist", "cursor"}),
            "argument 0: there is no primitive cursor; allowed here: " + words +
                "mutex_enter, mutex_exit, yield, next_read_after_body, next_read_before_body, "
                "next_read_of_unlinked, restart_from_head");
}

TEST_F(Patches, AConditionIsInsertedWithWhatItDecidesAbout) {
  apply(
      {Kind::insert_before, "exit1.begin",
       "if posted == 0 { yield; set posted, 1 } else { while posted != 2 { yield } break drain }"});
  EXPECT_EQ(outline(1).substr(0, 74), "{ exit1{ if_2{ yield set_posted }{ while{ yield_2 } "
                                      "break_2 } begin knote{");
}

TEST_F(Patches, SeveralStatementsAreSeparatedBySemicolons) {
  apply({Kind::insert_after, "exit1.begin", "yield; set posted, 1;"});
  EXPECT_EQ(outline(1).substr(0, 42), "{ exit1{ begin yield set_posted knote{ ent");
}

TEST_F(Patches, WhatIsThereComesUnderACondition) {
  apply({Kind::replace, "exit1.begin",
         "if posted == 0 { this through knote; yield } else { yield }"});
  EXPECT_EQ(outline(1),
            "{ exit1{ if_2{ begin knote{ enter if{ set_posted } exit } yield }{ yield_2 } "
            "drain{ if{ break }{ wait } } end } }");
  apply({Kind::replace, "exit1.end", "while posted != 1 { this }"});
  EXPECT_EQ(outline(1),
            "{ exit1{ if_2{ begin knote{ enter if{ set_posted } exit } yield }{ yield_2 } "
            "drain{ if{ break }{ wait } } while{ end } } }");
}

TEST_F(Patches, BothBranchesOfANewConditionMayBeWhatIsThere) {
  apply({Kind::replace, "exit1.begin", "if posted == 0 { this } else { yield; those knote }"});
  EXPECT_EQ(outline(1), "{ exit1{ if_2{ begin }{ yield knote{ enter if{ set_posted } exit } } "
                        "drain{ if{ break }{ wait } } end } }");
  apply({Kind::replace, "exit1.if_2",
         "if posted == 0 { } else { this; those drain through exit1.end }"});
  EXPECT_EQ(outline(1),
            "{ exit1{ if_3{ if_2{ begin }{ yield knote{ enter if{ set_posted } exit } } "
            "drain{ if{ break }{ wait } } end } } }");
}

TEST_F(Patches, AConditionGetsAnElse) {
  apply({Kind::replace, "knote.if", "else { yield; set posted, 2 }"});
  EXPECT_EQ(outline(1).substr(0, 68),
            "{ exit1{ begin knote{ enter if{ set_posted }{ yield set_posted_2 } e");
}

TEST_F(Patches, TheElseOfAConditionMayBeWhatStandsBehindIt) {
  apply({Kind::replace, "knote.if", "else { those exit }"});
  EXPECT_EQ(outline(1).substr(0, 55), "{ exit1{ begin knote{ enter if{ set_posted }{ exit } } ");
}

// The order stays: nothing is passed over.
TEST_F(Patches, WhatGoesIntoABranchStandsDirectlyBehindTheRest) {
  EXPECT_EQ(refusal({Kind::replace, "knote.if", "else { those enter }"}),
            "argument 7: no statement enter stands directly behind if in the same block");
  EXPECT_EQ(refusal({Kind::replace, "exit1.begin", "if posted == 0 { this } else { those }"}),
            "argument 31: those LABEL [through LABEL]");
  EXPECT_EQ(refusal({Kind::insert_before, "exit1.begin", "if posted == 0 { those end }"}),
            "argument 17: those are statements behind the one that is replaced: replace LABEL with "
            "if CONDITION { this } else { those LABEL }");
  EXPECT_EQ(refusal({Kind::replace, "exit1.begin", "if posted == 0 { this } else { those drain }"}),
            "argument 31: no statement drain stands directly behind begin in the same block");
}

TEST_F(Patches, AnElseIsForConditionsThatHaveNone) {
  apply({Kind::replace, "knote.if", "else { yield }"});
  EXPECT_EQ(refusal({Kind::replace, "knote.if", "else { yield }"}),
            "argument 0: knote.if has an else already");
  EXPECT_EQ(refusal({Kind::replace, "exit1.drain", "else { yield }"}).substr(0, 38),
            "argument 0: there is no primitive else");
}

// --- goto ---

// The rest is done where the goto stands, and then nothing more.
TEST_F(Patches, AGotoDoesWhatStandsFromItsLabelOn) {
  apply({Kind::insert_before, "exit1.begin", "if posted == 0 { yield; goto drain }"});
  EXPECT_EQ(outline(1),
            "{ exit1{ if_2{ yield drain_2{ if_3{ break_2 }{ wait_2 } } end_2 return } begin knote{ "
            "enter if{ set_posted } exit } drain{ if{ break }{ wait } } end } }");
}

TEST_F(Patches, AGotoInALoopGoesOnWithTheNextTurn) {
  apply({Kind::insert_after, "exit1.if", "yield"});
  apply({Kind::insert_before, "exit1.wait", "goto yield"});
  EXPECT_NE(outline(1).find("drain{ if{ break }{ yield_2 continue wait } yield }"),
            std::string::npos)
      << outline(1);
}

TEST_F(Patches, AGotoLeadsForwardsToAPlaceThatTheEndIsReachedFrom) {
  EXPECT_EQ(refusal({Kind::insert_before, "exit1.end", "goto begin"}),
            "argument 4: begin stands in front of this: goto leads forwards only");
  EXPECT_EQ(refusal({Kind::insert_after, "exit1.end", "goto end"}),
            "argument 4: end stands in front of this: goto leads forwards only");
  EXPECT_EQ(refusal({Kind::insert_before, "exit1.begin", "goto break"}),
            "argument 4: break stands in a branch: from there nothing goes to the end of the path "
            "or of a loop's turn");
  EXPECT_EQ(refusal({Kind::insert_before, "exit1.begin", "goto ende"}),
            "argument 4: 'ende' is no label in the same call of exit1; did you mean end?");
}

// --- walks ---

// fork1 knows `at`, exit1 gets a cursor of its own.
TEST_F(Patches, AWalkGoesThroughAList) {
  apply({Kind::insert_before, "fork1.last",
         "for_each at, klist, next_read_before_body { mutex_enter at.kn_lock; continue }"});
  EXPECT_NE(outline(0).find("for_each_klist_2{ enter continue } last"), std::string::npos)
      << outline(0);
  apply({Kind::replace, "exit1.begin",
         "for_each kn, klist, next_read_of_unlinked { if kn == kn0 { break }; this }"});
  EXPECT_EQ(outline(1).substr(0, 57), "{ exit1{ for_each_klist{ if_2{ break_2 } begin } knote{ e");
}

TEST_F(Patches, WrongWalksAreRefusedWhereTheyStand) {
  const auto insert = [&](const std::string& argument) {
    return refusal({Kind::insert_before, "exit1.end", argument});
  };
  EXPECT_EQ(insert("for_each kn, klist { yield }"),
            "argument 0: for_each takes 3 operands, not 2; for_each CURSOR, LIST, RULE { "
            "STATEMENT; ... }");
  EXPECT_EQ(insert("for_each kn, klist, next_read_after_body"),
            "argument 0: for_each CURSOR, LIST, RULE { STATEMENT; ... }");
  EXPECT_EQ(insert("for_each kn, klist, next { yield }").substr(0, 39),
            "argument 19: next is no rule of a walk;");
  EXPECT_EQ(insert("for_each posted, klist, next_read_after_body { yield }"),
            "argument 8: posted cannot go through the list: it is no local variable for a knote");
  EXPECT_EQ(insert("for_each 1, klist, next_read_after_body { yield }"),
            "argument 8: 1 cannot go through the list: it is no local variable for a knote");
  EXPECT_EQ(refusal({Kind::insert_before, "fork1 > knote.exit",
                     "for_each kn, klist, next_read_after_body { yield }"}),
            "argument 8: kn is fork1.at of a caller, which the walk would change; give it a cursor "
            "of its own");
  EXPECT_EQ(insert("for_each kn, klist, next_read_after_body { yield } else { yield }"),
            "argument 50: nothing can stand behind the } of a walk");
}

// `if` alone lets a loop run once; with what it decides about it is another statement.
TEST_F(Patches, ALoopComesUnderACondition) {
  apply({Kind::insert_before, "exit1.begin", "while posted != 2 { yield }"});
  apply({Kind::replace, "exit1.while", "if posted == 0 { this }"});
  EXPECT_EQ(outline(1).substr(0, 43), "{ exit1{ if_2{ while{ yield } } begin knote");
  apply({Kind::replace, "exit1.while", "if posted == 1 { yield }"});
  EXPECT_EQ(outline(1).substr(0, 43), "{ exit1{ if_2{ if_3{ yield } } begin knote{");
}

TEST_F(Patches, WrongBlocksAreRefusedWhereTheyStand) {
  const auto insert = [&](const std::string& argument) {
    return refusal({Kind::insert_before, "exit1.end", argument});
  };
  EXPECT_EQ(insert("if posted == 0"), "argument 0: if CONDITION { STATEMENT; ... }");
  EXPECT_EQ(insert("if posted == 0 { yield"), "argument 15: this { is not closed");
  EXPECT_EQ(insert("yield }"), "argument 6: no { is open here");
  EXPECT_EQ(insert("if posted { yield }"), "argument 2: posted is no condition");
  EXPECT_EQ(insert("if posted == 0 { yield } else yield"),
            "argument 25: expected else { STATEMENT; ... }");
  EXPECT_EQ(insert("if posted == 0 { yield; yeild }").substr(0, 37),
            "argument 24: there is no primitive ye");
  EXPECT_EQ(
      insert("if posted == 0 { this }"),
      "argument 17: this is the statement that is replaced: replace LABEL with if CONDITION { "
      "this }");
  const auto replace = [&](const std::string& argument) {
    return refusal({Kind::replace, "exit1.begin", argument});
  };
  EXPECT_EQ(replace("if posted == 0 { this } else { this }"),
            "argument 0: the statement itself can stand in one place only");
  EXPECT_EQ(replace("if posted == 0 { this through begn }"),
            "argument 22: no statement begn stands behind begin in the same block");
}

TEST_F(Patches, ConditionIsForTestsAndLoops) {
  EXPECT_EQ(refusal({Kind::insert_before, "knote.if", "condition posted == 0"}).substr(0, 45),
            "argument 0: there is no primitive condition; ");
  EXPECT_EQ(refusal({Kind::replace, "knote.if", "condition posted"}),
            "argument 9: posted is no condition");
}

TEST_F(Patches, WrongOperandsAreRefusedWhereTheyStand) {
  EXPECT_EQ(refusal({Kind::insert_before, "exit1.end", "mutex_enter"}),
            "argument 0: mutex_enter takes 1 operand, not 0; LOCK: take a mutex");
  EXPECT_EQ(refusal({Kind::insert_before, "exit1.end", "yield posted, (posted)"}),
            "argument 0: yield takes 0 operands, not 2; do nothing");
  EXPECT_EQ(refusal({Kind::insert_before, "exit1.end", "mutex_enter kn.kn_lock"}),
            "argument 12: kn is not known here; did you mean kn0?");
  EXPECT_EQ(refusal({Kind::insert_before, "knote.exit", "set posted, kn.kn_lok"}),
            "argument 15: a knote has no field kn_lok; did you mean kn_lock?");
  EXPECT_EQ(refusal({Kind::insert_before, "exit1.end", "set posted, NOTE_EXIT"}),
            "argument 11: posted (0..3) cannot hold NOTE_EXIT (note)");
  EXPECT_EQ(refusal({Kind::insert_before, "exit1.end", "set posted + 1, 2"}),
            "argument 0: set: posted + 1 cannot be assigned");
  EXPECT_EQ(refusal({Kind::insert_before, "exit1.end", "mutex_enter victim"}).substr(0, 24),
            "argument 0: mutex_enter:");
}

TEST_F(Patches, AMistakeFoundLaterIsSaidToComeFromAPatch) {
  apply({Kind::insert_before, "exit1.end", "break"});
  EXPECT_EQ(error_of([&] { world.finish(); }),
            "exit1.break_2: there is no loop around it (a patch may have caused this)");
}

TEST_F(Patches, CodeThatNothingReachesAnyMoreIsANote) {
  apply({Kind::drop, "exit1.break", ""});
  EXPECT_EQ(error_of([&] { world.finish(); }), "");
  EXPECT_EQ(world.spec().notes(), (Lines{"child: exit1.end can never be reached any more"}));
}

TEST_F(Patches, AConditionIsNegated) {
  apply({Kind::negate, "exit1.if", ""});
  EXPECT_EQ(to_string(builder.body(1)[0]->blocks[0][2]->blocks[0][0]->condition), "!(posted == 0)");
  EXPECT_EQ(refusal({Kind::negate, "exit1.begin", ""}),
            "label 0: the step has no guard: it can always be taken");
  EXPECT_EQ(refusal({Kind::negate, "exit1.drain", ""}),
            "label 0: the loop has no condition: it runs until something leaves it");
  EXPECT_EQ(refusal({Kind::negate, "exit1.knote", ""}).substr(0, 33),
            "label 0: nothing here can be nega");
}

TEST_F(Patches, AGuardIsChanged) {
  apply_patches(builder,
                {{Kind::insert_before, "exit1.end", "mutex_enter p_lock"},
                 {Kind::replace, "exit1.enter", "guard posted == 0"}},
                primitives);
  EXPECT_EQ(to_string(builder.body(1)[0]->blocks[0][3]->step.guard), "posted == 0");
}

TEST_F(Patches, APartOfAStepIsDropped) {
  apply({Kind::insert_before, "exit1.end", "mutex_enter p_lock"});
  const auto step = [&] { return builder.body(1)[0]->blocks[0][3]->step; };
  apply({Kind::drop_part, "exit1.enter", "guard"});
  EXPECT_TRUE(step().guard.empty());
  EXPECT_EQ(refusal({Kind::drop_part, "exit1.enter", "posted"}).substr(0, 43),
            "argument 0: the step has no part posted; it");
  // What the effect says, the updates do: they go together.
  apply({Kind::drop_part, "exit1.enter", "acquire"});
  EXPECT_TRUE(step().effects.empty());
  EXPECT_TRUE(step().updates.empty());
  EXPECT_EQ(refusal({Kind::drop_part, "knote.if", "guard"}),
            "label 0: only a step has parts, and this is none");
}

TEST_F(Patches, ALoopRunsOnce) {
  apply({Kind::replace, "exit1.drain", "condition posted < 2"});
  apply({Kind::replace, "exit1.drain", "if"});
  EXPECT_EQ(outline(1),
            "{ exit1{ begin knote{ enter if{ set_posted } exit } drain{ if{ break }{ wait "
            "} break_2 } end } }");
}

TEST_F(Patches, ListsAreEdited) {
  apply_patches(builder,
                {{Kind::insert_before, "exit1.end", "remove klist, victim"},
                 {Kind::insert_before, "exit1.end", "push_back klist, victim"},
                 {Kind::insert_before, "exit1.end", "set klist, []"}},
                primitives);
  const Block& exit1 = builder.body(1)[0]->blocks[0];
  EXPECT_EQ(to_string(builder, exit1[3]->step.updates[0]), "remove kn1 from klist");
  EXPECT_EQ(to_string(builder, exit1[4]->step.updates[0]), "insert kn1 at tail of klist");
  EXPECT_EQ(to_string(builder, exit1[5]->step.updates[0]), "clear klist");
  EXPECT_EQ(refusal({Kind::insert_before, "exit1.end", "remove posted, victim"}),
            "argument 7: posted is no list");
}

TEST_F(Patches, OperandsMayBeSpelledAsTheyArePrinted) {
  apply({Kind::insert_before, "exit1.end", "check exit1.victim.kn_fflags == 0 && klist == []"});
  const Block& exit1 = builder.body(1)[0]->blocks[0];
  EXPECT_EQ(to_string(exit1[3]->check.condition), "kn1.kn_fflags == 0 && size(klist) == 0");
  apply({Kind::insert_before, "fork1.last", "check fork1.at == none"});
  EXPECT_NE(outline(0).find("last"), std::string::npos);
}

TEST_F(Patches, ALabelWithoutItsPathIsAnsweredWithAllThatItCanMean) {
  EXPECT_EQ(refusal({Kind::drop, "if", ""}),
            "label 0: no statement has the label 'if' with its path; allowed here: exit1.if and "
            "knote.if");
}

TEST_F(Patches, ALineNamesWhatStandsThere) {
  world.body(1, [&](Steps& s) {
    s.path({"", "", "exit1", 10}, {}, [&] {
      s.line(11).step("one", {});
      s.line(12).if_(posted == 0, [&] { s.line(12).step("inside", {}); });
      s.line(13).step("two", {});
      s.line(13).step("three", {});
      s.step("unknown", {});
    });
  });
  EXPECT_EQ(
      refusal({Kind::drop, "exit1@13", ""}),
      "label 0: exit1@13 is 2 statements: exit1.two (step) and exit1.three (step); name the one "
      "that is meant by its label");
  EXPECT_EQ(refusal({Kind::drop, "exit1@10", ""}),
            "label 0: no statement of exit1 is at line 10; there are lines 11, 12 and 13");
  EXPECT_EQ(refusal({Kind::drop, "exit1@x", ""}),
            "label 0: 'x' is no line; a statement is named by path@line");
  EXPECT_EQ(refusal({Kind::drop, "exit2@11", ""}), "label 0: no statement is in a path 'exit2'");
  apply({Kind::drop, "child > exit1@12", "nothing"}); // the test, with what is in it
  EXPECT_EQ(outline(1), "{ exit1{ one two three unknown } }");
}

TEST_F(Patches, WhatTheScenarioLeavesOutKeepsItsLabel) {
  world.body(1, [&](Steps& s) {
    s.path({"", "", "exit1", 0}, {}, [&] {
      s.where(false, [&] { s.step("same", {}); });
      s.step("same", {});
      s.either_needed({{true, [&] { s.step("first", {}); }}, {false, [&] { s.step("same", {}); }}});
      s.step("same", {});
    });
  });
  EXPECT_EQ(outline(1), "{ exit1{ same_2 first same_4 } }");
  EXPECT_EQ(
      refusal({Kind::drop, "exit1.same_3", ""}),
      "label 0: no statement has the label 'exit1.same_3': same_3 is written in exit1, but left "
      "out here, where the scenario, its environment or the call does without it, or a patch "
      "has taken it out");
}

TEST_F(Patches, AStepThatAssignsALocalIsMissedByName) {
  world.body(1, [&](Steps& s) {
    s.path({"", "", "exit1", 0}, {}, [&] {
      const Expr n = s.local("n", integer_type(0, 3));
      s.set("both", {{n, Expr(1)}, {posted, Expr(1)}});
      s.set(posted, n);
    });
  });
  SpecBuilder kept = builder;
  apply_patches(kept, {{Kind::drop, "exit1.both", "locals"}}, primitives);
  EXPECT_EQ(error_of([&] { std::move(kept).finish(); }), "");
  apply({Kind::drop, "exit1.both", ""});
  EXPECT_EQ(
      error_of([&] { world.finish(); }),
      "exit1.set_posted: local exit1.n may be read before it is assigned: exit1.both, which a "
      "patch has taken out, assigns it; keep \"locals\" of that step, or set exit1.n before (a "
      "patch may have caused this)");
}

TEST_F(Patches, ACheckHasItsLabelWhetherItsPropertyIsSelectedOrNot) {
  world.body(1, [&](Steps& s) {
    s.path({"", "", "exit1", 0}, {}, [&] {
      s.check("kassert", posted == 0, "KASSERT(posted == 0)");
      s.step("end", {});
    });
  });
  builder.select_properties({"no-deadlock"});
  apply({Kind::insert_after, "exit1.kassert", "set posted, 1"});
  const Spec& spec = world.finish();
  const Block& exit1 = spec.body(1)[0]->blocks[0];
  ASSERT_EQ(exit1.size(), 3U);
  EXPECT_EQ(exit1[0]->label, "kassert");
  EXPECT_FALSE(spec.keeps("kassert"));
  EXPECT_TRUE(spec.keeps(fault::use_after_free));
  const Point& start = spec.threads()[1].points[0];
  EXPECT_EQ(start.label, "exit1.set_posted");
  EXPECT_TRUE(spec.actions()[start.actions[0]].entry_checks.empty());
}

TEST_F(Patches, NoPatchesLeaveTheSpecificationAlone) {
  apply_patches(builder, {}, primitives);
  EXPECT_EQ(outline(1), exit_thread);
  EXPECT_EQ(error_of([&] { world.finish(); }), "");
}

TEST_F(Patches, ACopyIsNotTouched) {
  SpecBuilder copy = builder;
  apply_patches(copy, {{Kind::drop, "knote.enter", ""}}, primitives);
  EXPECT_EQ(outline(1), exit_thread);
}

// A channel, and a step of the parent that counts and wakes; two other threads may sleep there.
class Wakes : public ::testing::Test {
protected:
  World world{{"parent", "first", "second"}};
  SpecBuilder& builder = world.builder;
  PoolId channels = builder.pool("channel", {"done"}, Lifetime::permanent);
  TypeRef threads = flags_type("thread", {"parent", "first", "second"});
  VariableId waiters_field = builder.field(channels, "waiters", threads, 0);
  VariableId interlock = builder.field(channels, "interlock", integer_type(0, 1), 1);
  Expr done = builder.object(channels, 0);
  Expr waiters = builder.read(waiters_field, done);
  Expr posted = world.number("posted");
  Expr open = world.flag("open");

  void SetUp() override {
    builder.set_lock_pool(channels, {"sleep channel", {}, {}, waiters_field}, {"done"});
  }

  // What the step does besides waking.
  Step counting(const Expr& left) const {
    Step step;
    step.guard = open;
    step.entry_checks = {{"kassert", posted < 3, "early"}};
    step.checks = {{"kassert", posted < 2, "late"}};
    step.updates = {assign(posted, posted + 1), assign(waiters, left),
                    assign(builder.read(interlock, done), 0)};
    step.effects = {{EffectKind::wake, done, Mode::exclusive}};
    step.reports = {{"posted", posted}};
    step.comes = Comes::by_chance;
    step.idle_when = posted == 0;
    return step;
  }
  void wake(const Step& step) {
    world.body(0, [&](Steps& s) {
      s.path({"file.c", "1", "post", 1}, {}, [&] { s.line(7).unguarded().step("wake", step); });
    });
  }

  void replace(const std::string& by) {
    apply_patches(builder, {{Kind::replace, "post.wake", by}}, {});
  }
  Statement statement() const { return *builder.body(0).at(0)->blocks.at(0).at(0); }

  // Everything that a statement says and does, a line each.
  Lines all_of_it(const Statement& statement) const {
    Lines lines{statement.label, to_string(statement.anchor),
                statement.unguarded ? "unguarded" : "guarded"};
    const Step& step = statement.step;
    lines.push_back("guard " + to_string(step.guard));
    for (const auto* checks : {&step.entry_checks, &step.checks})
      for (const Check& check : *checks)
        lines.push_back(check.property + " " + to_string(check.condition) + " " + check.message);
    for (const Update& update : step.updates)
      lines.push_back(to_string(builder, update));
    for (const Effect& effect : step.effects)
      lines.push_back("wakes " + to_string(effect.lock));
    for (const Report& report : step.reports)
      lines.push_back(report.name + " " + to_string(report.value));
    lines.push_back(step.comes == Comes::by_chance ? "optional" : "certain");
    lines.push_back("idle " + to_string(step.idle_when));
    return lines;
  }

  // What has become of the state that begins with these sleepers; empty where no branch can move.
  struct After {
    Value posted, waiters, interlock;
    bool operator==(const After&) const = default;
  };
  std::vector<After> outcomes(Value sleeping, bool is_open) {
    const Spec& spec = world.finish();
    State state = spec.initial_state();
    const auto slot = [&](VariableId id) { return spec.variables()[id].first_slot; };
    state[slot(waiters_field)] = sleeping;
    state[slot(open.node().variable)] = is_open ? 1 : 0;
    std::vector<After> found;
    for (const Action& action : spec.actions())
      if (const Result next = take(spec, state, action); next.outcome == Outcome::taken)
        found.push_back({next.state[slot(posted.node().variable)], next.state[slot(waiters_field)],
                         next.state[slot(interlock)]});
    return found;
  }
};

constexpr Value first_sleeps = 2;
constexpr Value second_sleeps = 4;

TEST_F(Wakes, OneIsWokenAndTheRestOfTheStepStays) {
  wake(counting(literal(threads, 0)));
  const Statement before = statement();
  replace("wake_one");
  const Statement choice = statement();
  EXPECT_EQ(choice.label, "wake");
  EXPECT_EQ(to_string(choice.anchor), to_string(before.anchor));
  ASSERT_EQ(choice.blocks.size(), 3U); // first, second, nobody
  for (const Block& branch : choice.blocks) {
    Statement same = *branch.at(0);
    same.label = before.label;
    same.step.guard = before.step.guard;
    same.step.updates = before.step.updates;
    EXPECT_EQ(all_of_it(same), all_of_it(before));
  }
  // The interlock is the channel's, and so it is forgotten with the last that sleeps there.
  EXPECT_EQ(outcomes(first_sleeps | second_sleeps, true),
            (std::vector<After>{{1, second_sleeps, 1}, {1, first_sleeps, 1}}));
  EXPECT_EQ(outcomes(second_sleeps, true), (std::vector<After>{{1, 0, 0}}));
  EXPECT_EQ(outcomes(0, true), (std::vector<After>{{1, 0, 0}}));
  EXPECT_TRUE(outcomes(first_sleeps, false).empty());
}

TEST_F(Wakes, AllAreWokenAndTheRestOfTheStepStays) {
  wake(counting(literal(threads, 0)));
  const Lines before = all_of_it(statement());
  replace("wake_one");
  replace("wake_all");
  EXPECT_EQ(statement().kind, StatementKind::step);
  EXPECT_EQ(all_of_it(statement()), before);
}

TEST_F(Wakes, AWakeUpUnderAConditionStaysUnderIt) {
  const Expr wanted = posted == 0;
  wake(counting(choose(wanted, literal(threads, 0), waiters)));
  const Lines before = all_of_it(statement());
  replace("wake_one");
  EXPECT_EQ(outcomes(first_sleeps, true), (std::vector<After>{{1, 0, 0}}));
  replace("wake_all");
  EXPECT_EQ(all_of_it(statement()), before);
  builder.set_initial(posted.node().variable, 0, 1);
  replace("wake_one");
  EXPECT_EQ(outcomes(first_sleeps, true), (std::vector<After>{{2, first_sleeps, 0}}));
}

TEST_F(Wakes, WhatCannotBeTurnedIsRefused) {
  const auto refusal = [&](const std::string& by) { return error_of([&] { replace(by); }); };
  wake(counting(literal(threads, 0)));
  EXPECT_EQ(refusal("wake_all"), "it wakes all already");
  replace("wake_one");
  EXPECT_EQ(refusal("wake_one"), "it wakes one already");
  apply_patches(builder, {{Kind::insert_after, "post.wake.first", "set posted, 0"}}, {});
  EXPECT_EQ(refusal("wake_all"),
            "its branches are not those of a wake-up of one thread, and so nobody can say what it "
            "does when it wakes all");
  wake({});
  EXPECT_EQ(refusal("wake_one"),
            "this wakes nobody; wake_one and wake_all with a CHANNEL wake there");
}

} // namespace
} // namespace interlock::tests
