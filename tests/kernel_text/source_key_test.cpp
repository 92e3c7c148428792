// The keys of a function's statements: they count in the order of the text, each name by itself.
#include "kernel_text/read.hpp"
#include "kernel_text/source_key.hpp"
#include "kernel_text/source_skeleton.hpp"

#include <gtest/gtest.h>

namespace interlock::kernel_text {
namespace {

// `LINE KEY`, once of each.
std::vector<std::string> keys(const std::string& body) {
  const File file = read_text("a.c", "void f(void) {\n" + body + "}\n", {});
  Modelled modelled;
  modelled.system = "freebsd";
  modelled.names = {"kn_status", "KN_ACTIVE", "KN_QUEUED", "kq_count"};
  const Skeleton skeleton = source_skeleton(file.functions.at(0), modelled);
  const auto known = source_keys("f", skeleton);
  std::vector<std::string> found;
  for (const Node* node : in_order(skeleton))
    if (const auto key = known.find(node); key != known.end()) {
      const std::string each = std::to_string(node->line) + " " + key->second;
      if (found.empty() || found.back() != each)
        found.push_back(each);
    }
  return found;
}

using Keys = std::vector<std::string>;

TEST(SourceKeys, CountTheCallsAndAssignmentsOfEachName) {
  EXPECT_EQ(keys("KQ_LOCK(kq);\n"
                 "kn->kn_status |= KN_ACTIVE;\n"
                 "if (kn->kn_status & KN_QUEUED)\n"
                 "  kq->kq_count++;\n"
                 "KQ_UNLOCK(kq);\n"
                 "KQ_LOCK(kq);\n"
                 "kn->kn_status &= ~KN_QUEUED;\n"),
            (Keys{"2 f:KQ_LOCK#1", "3 f:kn_status#1", "4 f:if#1", "5 f:kq_count#1",
                  "6 f:KQ_UNLOCK#1", "7 f:KQ_LOCK#2", "8 f:kn_status#2"}));
}

TEST(SourceKeys, CountJumpsAndReturnsToo) {
  EXPECT_EQ(keys("while (kn->kn_status & KN_QUEUED) {\n"
                 "  if (kn->kn_status & KN_ACTIVE)\n"
                 "    break;\n"
                 "  if (kq->kq_count)\n"
                 "    return (0);\n"
                 "  continue;\n"
                 "}\n"
                 "return (1);\n"),
            (Keys{"2 f:while#1", "3 f:if#1", "4 f:break#1", "5 f:if#2", "6 f:return#1",
                  "7 f:continue#1", "9 f:return#2"}));
}

TEST(SourceKeys, CountCasesAndLoopsWithoutACondition) {
  EXPECT_EQ(keys("for (;;) {\n"
                 "  switch (kn->kn_status) {\n"
                 "  case KN_ACTIVE:\n"
                 "    KQ_LOCK(kq);\n"
                 "    break;\n"
                 "  default:\n"
                 "    return;\n"
                 "  }\n"
                 "}\n"),
            (Keys{"2 f:loop#1", "3 f:switch#1", "4 f:case#1", "5 f:KQ_LOCK#1", "6 f:break#1",
                  "7 f:case#2", "8 f:return#1"}));
}

TEST(SourceKeys, OfAStatementThatDoesSeveralThingsAreOne) {
  EXPECT_EQ(keys("KQ_UNLOCK_FLUX(kq);\nKQ_UNLOCK_FLUX(kq);\n"),
            (Keys{"2 f:KQ_UNLOCK_FLUX#1", "3 f:KQ_UNLOCK_FLUX#2"}));
}

} // namespace
} // namespace interlock::kernel_text
