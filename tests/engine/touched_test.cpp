// Which conjuncts of an invariant an action can make false.
#include "engine/touched.hpp"
#include "support/tiny_spec.hpp"

#include <gtest/gtest.h>

namespace interlock::checker {
namespace {

using tests::TinySpec;
using Positions = std::vector<std::uint32_t>;

// One thread that sets one flag after the other; a condition of each, and one of the first lock.
class Touched : public testing::Test {
protected:
  Touched() {
    tiny.add_locks({"p_lock", "kq_lock"});
    const lang::Expr first = tiny.flag("first");
    const lang::Expr second = tiny.flag("second");
    const lang::Expr unlocked = tiny.builder.read(tiny.owner, tiny.builder.object(tiny.locks, 0)) ==
                                tiny.builder.nothing(lang::thread_pool);
    tiny.property("flags", lang::PropertyKind::invariant, !first && (!second && unlocked));
    tiny.body(0, [&](lang::Steps& s) {
      s.set("set_first", {{first, lang::Expr(true)}});
      s.set("set_both", {{first, lang::Expr(true)}, {second, lang::Expr(true)}});
      s.step("enter_p_lock", tiny.enter(s, 0));
      s.step("enter_kq_lock", tiny.enter(s, 1));
    });
    const lang::Spec& spec = tiny.finish();
    conjuncts = conjuncts_of(spec, {0});
    by_action = touched_by_actions(spec, conjuncts);
  }
  TinySpec tiny{{"a"}};
  std::vector<Conjunct> conjuncts;
  std::vector<Positions> by_action;
};

TEST_F(Touched, AConditionIsTakenApartAtEachAnd) { EXPECT_EQ(conjuncts.size(), 3U); }

TEST_F(Touched, AnActionTouchesWhatReadsWhatItWrites) {
  EXPECT_EQ(by_action, (std::vector<Positions>{{0}, {0, 1}, {2}, {}}));
}

} // namespace
} // namespace interlock::checker
