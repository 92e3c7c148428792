// Which calls a reader of C has to know: macros and a kernel's own locks, not every function.
#include "kernel_text/read.hpp"
#include "kernel_text/unknown_calls.hpp"

#include <gtest/gtest.h>

namespace interlock::kernel_text {
namespace {

// `LINE NAME` of each.
std::vector<std::string> unknown(const std::string& body) {
  const File file = read_text("a.c", "void f(void) {\n" + body + "}\n", {});
  Modelled modelled;
  modelled.system = "freebsd";
  modelled.functions = {"KNOTE"};
  modelled.insertable = {"phold"};
  std::vector<std::string> found;
  for (const UnknownCall& call : unknown_calls(file.functions.at(0), modelled))
    found.push_back(std::to_string(call.line) + " " + call.name);
  return found;
}

using Calls = std::vector<std::string>;

TEST(UnknownCalls, AreMacrosAndLocksOfWhichNoTableSaysAnything) {
  EXPECT_EQ(unknown("FOO_LOCK(p);\nx = BAR(mtx_lock_flags(&m, 0));\nif (BAR(1)) return;\n"),
            (Calls{"2 FOO_LOCK", "3 BAR", "3 mtx_lock_flags"}));
}

TEST(UnknownCalls, AreNoPrimitivesNothingModelledAndNothingPassedOver) {
  EXPECT_EQ(unknown("PROC_LOCK(p);\nmtx_unlock(&m);\nKNOTE(p);\nPHOLD(p);\nCTR2(1, 2);\n"
                    "SLIST_FOREACH(kn, l, kn_selnext) note(kn);\n"),
            Calls{});
}

} // namespace
} // namespace interlock::kernel_text
