// A change of one statement of C where the model's step is several.
#include "kernel_text/change.hpp"
#include "kernel_text/read.hpp"
#include "nodes.hpp"

#include <gtest/gtest.h>

namespace interlock::kernel_text {
namespace {

using Kind = lang::Patch::Kind;
using lang::Patch;

// One step of the model: off the queue, in flux, counted.
constexpr const char* scan = "void scan(struct kqueue *kq, struct knote *kn) {\n"
                             "  KQ_LOCK(kq);\n"
                             "  TAILQ_REMOVE(&kq->kq_head, kn, kn_tqe);\n"
                             "  kn->kn_status &= ~KN_QUEUED;\n"
                             "  kn->kn_status |= KN_INFLUX;\n"
                             "  kq->kq_count--;\n"
                             "  KQ_UNLOCK(kq);\n"
                             "}\n";

Node part(Act act, std::set<std::string> names, const std::string& place) {
  Node made = step_of("scan", "take", act, std::move(names));
  made.text = place;
  made.place = place;
  return made;
}

std::map<std::string, ModelFunction> model() {
  ModelFunction function;
  function.variants = {{step_of("scan", "mtx_lock_kq_lock", Act::takes, {"kq_lock"}),
                        part(Act::edits, {"kq_head"}, "kq.kq_head"),
                        part(Act::sets, {"kn_status", "KN_QUEUED", "KN_INFLUX"}, "kn.kn_status"),
                        part(Act::sets, {"kq_count"}, "kq.kq_count"),
                        step_of("scan", "mtx_unlock_kq_lock", Act::gives, {"kq_lock"})}};
  function.names = {{"kq", lang::Kind::reference}, {"kn", lang::Kind::reference}};
  return {{"scan", function}};
}

Changes changes(const std::string& after) {
  const auto all = model();
  Modelled modelled{
      .system = "freebsd",
      .names = {"kn_status", "KN_QUEUED", "KN_INFLUX", "KN_SCAN", "kq_count", "kq_head"},
      .functions = {"scan"}};
  modelled.fields = {{"kn_status", lang::Kind::flags}, {"kq_count", lang::Kind::integer}};
  return changes_of(read_text("old.c", scan, {}), read_text("new.c", after, {}), modelled,
                    {all, all});
}

std::string without(std::string text, const std::string& what, const std::string& by = "") {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

// All patches of the change, which is translated.
std::vector<Patch> patches(const std::string& after) {
  std::vector<Patch> all;
  for (const Change& change : changes(after).changes) {
    EXPECT_EQ(change.why, "") << change.text;
    all.insert(all.end(), change.patches.begin(), change.patches.end());
  }
  return all;
}

const Patch no_count{Kind::drop_part, "scan.take", "kq.kq_count"};
const Patch no_status{Kind::drop_part, "scan.take", "kn.kn_status"};

TEST(StepParts, WhatIsGoneIsTakenOutOfTheStep) {
  EXPECT_EQ(patches(without(scan, "  kq->kq_count--;\n")), (std::vector<Patch>{no_count}));
}

// The model has both flags in one assignment: the one that stays gets a step of its own.
TEST(StepParts, WhatElseChangesTheSamePlaceStays) {
  EXPECT_EQ(patches(without(scan, "  kn->kn_status |= KN_INFLUX;\n")),
            (std::vector<Patch>{
                no_status,
                {Kind::insert_after, "scan.take", "set kn.kn_status, kn.kn_status & ~KN_QUEUED"}}));
}

TEST(StepParts, WhatIsChangedIsAStepBesideIt) {
  EXPECT_EQ(patches(without(scan, "|= KN_INFLUX", "|= KN_INFLUX | KN_SCAN")),
            (std::vector<Patch>{no_status,
                                {Kind::insert_after, "scan.take",
                                 "set kn.kn_status, kn.kn_status & ~KN_QUEUED; "
                                 "set kn.kn_status, kn.kn_status | (KN_INFLUX | KN_SCAN)"}}));
}

TEST(StepParts, WhatMovesIsAStepWhereItGoes) {
  const std::string count = "  kq->kq_count--;\n";
  EXPECT_EQ(patches(without(without(scan, count), "  KQ_LOCK(kq);\n", count + "  KQ_LOCK(kq);\n")),
            (std::vector<Patch>{no_count,
                                {Kind::insert_before, "scan.mtx_lock_kq_lock",
                                 "set kq.kq_count, kq.kq_count - 1"}}));
}

TEST(StepParts, TwoChangesOfOnePlaceTakeItOutOnce) {
  const std::string neither =
      without(without(scan, "  kn->kn_status |= KN_INFLUX;\n"), "  kn->kn_status &= ~KN_QUEUED;\n");
  EXPECT_EQ(patches(neither), (std::vector<Patch>{no_status}));
}

// TAILQ_REMOVE of another element: of a list the model has more than the statement says.
TEST(StepParts, AnEditThatChangesIsNotTranslated) {
  const Changes found = changes(without(scan, "kn, kn_tqe", "other, kn_tqe"));
  ASSERT_EQ(found.changes.size(), 1U);
  EXPECT_FALSE(found.changes[0].translated());
}

} // namespace
} // namespace interlock::kernel_text
