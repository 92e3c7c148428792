// What conditions decide by constants, which branches do not run then, and what speaks against it.
#include "kernel_text/comparison.hpp"
#include "kernel_text/constant_calls.hpp"
#include "kernel_text/primitives.hpp"
#include "kernel_text/read.hpp"

#include <gtest/gtest.h>

namespace interlock::kernel_text {
namespace {

const Constants constants{
    {.functions = {"f"},
     .expression = "islocked",
     .value = "1",
     .reason = "g() passes it",
     .parameter = 2,
     .macros = {{"F_UNLOCKED", "0"}, {"F_AS_SAID", "#1"}}},
    {.functions = {"f"}, .expression = "how->flags", .value = "A | B", .reason = "nobody sets C"},
    {.functions = {"f", "h"},
     .expression = "more",
     .value = "P",
     .mask = "P | Q",
     .reason = "fork(2) passes them",
     .parameter = 1}};

File file_of(const std::string& text) { return read_text("a.c", text, {}); }

Modelled modelled_by(const File& file) {
  Modelled modelled{
      .system = "freebsd", .names = {}, .functions = {"f", "F_UNLOCKED", "F_AS_SAID"}};
  modelled.constants = &constants;
  modelled.file = &file;
  return modelled;
}

// What `if (CONDITION)` decides in f().
std::optional<bool> decided_of(const std::string& condition) {
  const File file = file_of("void f(void) {\nif (" + condition + ") g();\n}\n");
  std::set<const Constant*> used;
  return decided(file.functions.at(0).body.at(0).value.value(), "f", constants, used);
}

TEST(Constants, DecideConditionsOfNumbers) {
  EXPECT_EQ(decided_of("islocked"), true);
  EXPECT_EQ(decided_of("!islocked"), false);
  EXPECT_EQ(decided_of("islocked == 0"), false);
  EXPECT_EQ(decided_of("islocked != 0 && islocked == 1"), true);
}

TEST(Constants, DecideConditionsOfFlags) {
  EXPECT_EQ(decided_of("how->flags & A"), true);
  EXPECT_EQ(decided_of("(how->flags & (C | D)) == 0"), true);
  EXPECT_EQ(decided_of("how->flags == (A | B)"), true);
  EXPECT_EQ(decided_of("how->flags == A"), false);
}

TEST(Constants, DecideByTheFlagsThatAreConstantAmongOthers) {
  EXPECT_EQ(decided_of("more & P"), true);
  EXPECT_EQ(decided_of("(more & Q) == 0"), true);
  EXPECT_EQ(decided_of("more & (P | Q)"), true);
  EXPECT_EQ(decided_of("more & (P | R)"), std::nullopt);
  EXPECT_EQ(decided_of("more"), std::nullopt);
}

TEST(Constants, DecideOnlyWhatDoesNotDependOnAnythingElse) {
  EXPECT_EQ(decided_of("islocked && other"), std::nullopt);
  EXPECT_EQ(decided_of("!islocked && other"), false);
  EXPECT_EQ(decided_of("other || islocked"), true);
  EXPECT_EQ(decided_of("how->flags == 3"), std::nullopt); // which bits they are is not known
  EXPECT_EQ(decided_of("islocked & A"), std::nullopt);
  EXPECT_EQ(decided_of("other->flags & A"), std::nullopt);
  EXPECT_EQ(decided_of("0"), std::nullopt); // by no constant
}

// `LINE finding` of each operation of f().
std::vector<std::string> findings(const std::string& body, LedgerUse& used) {
  const File file = file_of("void f(int more, int islocked) {\n" + body + "}\n");
  const Comparison comparison =
      compare(file.functions.at(0), ModelFunction{}, modelled_by(file), used);
  std::vector<std::string> found;
  for (const ComparedRow& row : comparison.rows)
    if (row.operation)
      found.push_back(std::to_string(row.line) + " " + word_of(row.finding));
  return found;
}

using Texts = std::vector<std::string>;

TEST(Constants, OnlyTheBranchThatRunsHasToBeInTheModel) {
  LedgerUse used;
  EXPECT_EQ(findings("if (!islocked) {\nPROC_LOCK(p);\n} else {\nKQ_LOCK(kq);\n}\n", used),
            (Texts{"3 does not run", "5 not in the model"}));
  EXPECT_EQ(used.objections(constants, {"f"}),
            (Texts{"the constant \"how->flags is A | B\" decides nothing in this text: f()",
                   "the constant \"more & (P | Q) is P\" decides nothing in this text: f()"}));
  EXPECT_EQ(used.objections(constants, {"g"}), Texts{}); // f() was not read
}

// As knlist_cleardel() of FreeBSD has it.
TEST(Constants, WhatAGotoFromElsewhereLeadsToRunsAllTheSame) {
  LedgerUse used;
  EXPECT_EQ(findings("if (!islocked) {\nPROC_LOCK(p);\nagain:\nKQ_LOCK(kq);\n}\n"
                     "if (a)\ngoto again;\n",
                     used),
            (Texts{"3 does not run", "5 not in the model"}));
  EXPECT_EQ(findings("if (!islocked) {\nagain:\nKQ_LOCK(kq);\nif (a)\ngoto again;\n}\n", used),
            Texts{"4 does not run"});
}

// Of the first function of a file.
Texts objections(const std::string& text) {
  const File file = file_of(text);
  return objections_to_constants(file.functions.at(0), modelled_by(file));
}

TEST(Constants, EveryCallHasToPassTheValue) {
  EXPECT_EQ(objections("void g(void) {\nf(P | R, 1);\nF_AS_SAID(1);\nh(P);\n}\n"), Texts{});
  EXPECT_EQ(
      objections("void g(void) {\nf(P, 0);\n}\n"),
      Texts{"the constant \"islocked is 1\" of f() is not what g() passes in line 2: f(P, 0)"});
  EXPECT_EQ(objections("void g(void) {\nf(Q, 1);\n}\n").size(), 1U);
  EXPECT_EQ(objections("void g(int held) {\nf(P, held);\n}\n").size(), 1U);
  EXPECT_EQ(objections("void g(void) {\nF_UNLOCKED(a);\n}\n").size(), 1U);
  EXPECT_EQ(objections("void g(void) {\nF_AS_SAID(0);\n}\n").size(), 1U);
}

TEST(Constants, AParameterThatIsAnotherOrChangesIsNone) {
  EXPECT_EQ(objections("void f(int more, int islocked) {\nreturn;\n}\n"), Texts{});
  EXPECT_EQ(
      objections("void f(int islocked, int more) {\nreturn;\n}\n"),
      (Texts{"the constant \"islocked is 1\" of f(), whose parameter 2 is another one",
             "the constant \"more & (P | Q) is P\" of f(), whose parameter 1 is another one"}));
  for (const char* change : {"islocked = 0", "islocked--", "g(&islocked)"})
    EXPECT_EQ(objections("void f(int more, int islocked) {\n" + std::string(change) + ";\n}\n"),
              Texts{"the constant \"islocked is 1\" of f(), which changes it"});
}

TEST(Constants, OfTheSystemsSayWhatTheyHaveTo) {
  for (const std::string& system : systems_with_primitives())
    for (const Constant& constant : constants_of(system)) {
      EXPECT_FALSE(constant.functions.empty()) << to_string(constant);
      EXPECT_FALSE(constant.reason.empty()) << to_string(constant);
      EXPECT_TRUE(is_same_value(constant.value, constant.value)) << to_string(constant);
    }
}

} // namespace
} // namespace interlock::kernel_text
