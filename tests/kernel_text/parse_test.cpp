// Functions, statements and expressions of C as kernels write it.
#include "kernel_text/expressions.hpp"
#include "kernel_text/read.hpp"

#include <gtest/gtest.h>

#include <random>

namespace interlock::kernel_text {
namespace {

std::string respelled(const std::string& source) {
  const std::string name = "a.c";
  const Tokens tokens = tokens_of(name, source);
  Cursor cursor(name, tokens, 0, tokens.size());
  std::string text = spelled(read_expression(cursor));
  EXPECT_TRUE(cursor.at_end()) << source;
  return text;
}

std::vector<std::string> names_of(const std::string& source) {
  const File file = read_text("a.c", source, {});
  EXPECT_TRUE(file.errors.empty()) << file.errors.front();
  std::vector<std::string> names;
  for (const Function& function : file.functions)
    names.push_back(function.name);
  return names;
}

// The only statement of a function with that body.
CStatement statement_of(const std::string& body) {
  File file = read_text("a.c", "void f(void) {\n" + body + "\n}", {});
  EXPECT_TRUE(file.errors.empty()) << file.errors.front();
  EXPECT_EQ(file.functions.at(0).body.size(), 1U);
  return std::move(file.functions.at(0).body.at(0));
}

TEST(Expressions, KeepTheBracketsThatMatterAndNoOthers) {
  for (const char* same :
       {"a + b * c", "(a + b) * c", "a - (b - c)", "!(a & b)", "*p++", "(*p)->q", "a = b = c",
        "p->a.b[i + 1](x, &y)", "a ? b : c", "a, b", "sizeof(struct knote)", "(void)f(x)",
        "(kn->kn_status & (KN_INFLUX | KN_SCAN)) == KN_INFLUX", "f(a, (b, c))", "-a + ~b"})
    EXPECT_EQ(respelled(same), same);
  EXPECT_EQ(respelled("((a)) + ((b * c))"), "a + b * c");
}

TEST(Expressions, TellCastsFromCallsAndProducts) {
  EXPECT_EQ(respelled("(struct proc *)p->x").substr(0, 15), "(struct proc *)");
  EXPECT_EQ(respelled("(f)(x)"), "f(x)");
  EXPECT_EQ(respelled("(u_int)hint & MASK"), "(u_int)hint & MASK");
  EXPECT_EQ(respelled("(a) - b"), "a - b");
  EXPECT_EQ(respelled("~((NDSLOTTYPE)0 << n)"), "~((NDSLOTTYPE)0 << n)");
}

TEST(Expressions, LetMacrosHaveTypesOperatorsAndNothingAsArguments) {
  EXPECT_EQ(respelled("F(struct proc *, ==, , x)"), "F(struct proc *, ==, , x)");
}

TEST(Functions, AreFoundInEveryStyle) {
  EXPECT_EQ(names_of("int a(void) { return 0; }\n"
                     "static struct proc *\nb(struct lwp *l, int (*cb)(void *))\n{\n}\n"
                     "c(x, y)\n\tint x;\n\tchar *y;\n{\n}\n" // old style
                     "int d(void) __attribute__((noreturn));\n"
                     "void e(void) __dead2 {\n}\n"),
            (std::vector<std::string>{"a", "b", "c", "e"}));
}

TEST(Functions, AreNotWhatOnlyLooksLikeThem) {
  EXPECT_EQ(names_of("struct s { int (*f)(void); } x = { f, g(1) };\n"
                     "MALLOC_DEFINE(M_KQUEUE, \"kqueue\", \"memory\");\n"
                     "static struct filterops ops[] = { { 0, f } };\n"
                     "enum e { A, B };\nint f(void) { }"),
            (std::vector<std::string>{"f"}));
}

TEST(Functions, KnowTheirParametersAndLines) {
  const File file = read_text("a.c", "\nint\nf(struct proc *p, int (*g)(int), void *)\n{\n}\n", {});
  ASSERT_EQ(file.functions.size(), 1U);
  EXPECT_EQ(file.functions[0].line, 3);
  EXPECT_EQ(file.functions[0].last_line, 5);
  ASSERT_GE(file.functions[0].parameters.size(), 1U);
  EXPECT_EQ(file.functions[0].parameters[0], "p");
}

TEST(Functions, OneThatIsNoCLeavesTheOthersReadable) {
  const File file = read_text("a.c", "int f(void) { if x; }\nint g(void) { return 1; }", {});
  ASSERT_EQ(file.errors.size(), 1U);
  EXPECT_EQ(file.errors[0], "a.c:1: expected \"(\", found \"x\" (in f)");
  EXPECT_NE(file.find("g"), nullptr);
}

TEST(Statements, ALoopOfAMacroHasABody) {
  const CStatement loop = statement_of("LIST_FOREACH(p, &allproc, p_list) {\n a();\n b();\n}");
  EXPECT_EQ(loop.kind, CStatementKind::macro_loop);
  EXPECT_EQ(spelled(*loop.value), "LIST_FOREACH(p, &allproc, p_list)");
  EXPECT_EQ(loop.bodies.at(0).size(), 2U);
}

TEST(Statements, AnIfMayLoseItsElseToAConditional) {
  const CStatement branch =
      statement_of("if (a)\n x();\n#ifdef KTRACE\nelse if (b)\n y();\n#endif\n"
                   "else\n z();");
  EXPECT_EQ(branch.kind, CStatementKind::branch);
  EXPECT_EQ(spelled(*branch.bodies.at(1).at(0).value), "z()");
}

TEST(Statements, DeclarationsKeepWhatTheyAssign) {
  const CStatement declared = statement_of("struct kqueue *kq = kn->kn_kq, *other, **more = &kq;");
  EXPECT_EQ(declared.kind, CStatementKind::declaration);
  ASSERT_EQ(declared.values.size(), 2U);
  EXPECT_EQ(spelled(declared.values[0]), "kq = kn->kn_kq");
  EXPECT_EQ(spelled(declared.values[1]), "more = &kq");
  const CStatement constant = statement_of("lwp_t * const l = curlwp;");
  ASSERT_EQ(constant.values.size(), 1U);
  EXPECT_EQ(spelled(constant.values[0]), "l = curlwp");
}

TEST(Statements, EveryKindIsRead) {
  const File file = read_text("a.c", R"(
void f(int x) {
again:
  switch (x) { case 1: case A ... B: break; default: ; }
  do { x--; } while (x > 0);
  for (int i = 0, j = 1; i < 2; i++, j++) continue;
  for (;;) { goto again; }
  while ((x = g()) != 0) { }
  if (x) { } else if (y) z(); else { return; }
  __asm __volatile("nop" : : "r" (x));
  MACRO_WITHOUT_SEMICOLON(x)
  return ({ x; });
}
)",
                              {});
  EXPECT_TRUE(file.errors.empty()) << file.errors.front();
  ASSERT_EQ(file.functions.size(), 1U);
  EXPECT_EQ(file.functions[0].body.size(), 10U);
}

// Whatever is done to a text, the reader gives functions or errors.
TEST(Reader, DamagedTextNeverBreaksIt) {
  const std::string sound = R"(
#if defined(A) && B > 2
#define KQ_LOCK(kq) do { mtx_lock(&(kq)->kq_lock); } while (0)
#endif
static int
knote_thing(struct knlist *list, int pid) /* tell */
{
	struct kqueue *kq = NULL;
	SLIST_FOREACH(kn, &list->kl_list, kn_selnext) {
		if ((kn->kn_status & KN_INFLUX) == KN_INFLUX)
			continue;
		kq = kn->kn_kq; KQ_LOCK(kq);
		switch (x) { case 'a': return "text\n"[1]; }
	}
	return (kq ? sizeof(struct kqueue) : 0x10);
}
)";
  std::mt19937 random(1);
  const std::string alphabet = "{}()[];,*&#\"'\\\n /xi1=?:<>.-";
  unsigned errors = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string damaged = sound;
    for (unsigned edits = random() % 4 + 1; edits != 0; --edits) {
      const std::size_t at = random() % damaged.size();
      if (random() % 2 == 0)
        damaged.erase(at, random() % 20);
      else
        damaged.insert(at, 1, alphabet[random() % alphabet.size()]);
    }
    try {
      errors += read_text("a.c", damaged, {{"A", 1}, {"B", 3}}).errors.empty() ? 0U : 1U;
    } catch (const SourceError&) {
      ++errors;
    }
  }
  EXPECT_GT(errors, 100U);
}

TEST(Reader, DeepNestingIsAnErrorAndNoOverflow) {
  const std::string deep(100000, '(');
  const File file =
      read_text("a.c", "int f(void) { return " + deep + "1" + std::string(100000, ')') + "; }", {});
  ASSERT_EQ(file.errors.size(), 1U);
  EXPECT_NE(file.errors[0].find("nested too deeply"), std::string::npos);
}

} // namespace
} // namespace interlock::kernel_text
