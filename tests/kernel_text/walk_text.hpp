// A function of C in the kernels' manner, its path, and what a change of it is in patches.
#pragma once

#include "kernel_text/change.hpp"
#include "kernel_text/read.hpp"
#include "nodes.hpp"

#include <gtest/gtest.h>

namespace interlock::kernel_text {

inline constexpr const char* walk = "void walk(struct knlist *l) {\n"
                                    "  struct knote *kn;\n"
                                    "  PROC_LOCK(p);\n"
                                    "  SLIST_FOREACH(kn, l, kn_selnext) {\n"
                                    "    KQ_LOCK(kq);\n"
                                    "    if (kn->kn_status & KN_INFLUX)\n"
                                    "      kn->kn_status |= KN_ACTIVE;\n"
                                    "    note(kn);\n"
                                    "    KQ_UNLOCK(kq);\n"
                                    "  }\n"
                                    "  PROC_UNLOCK(p);\n"
                                    "}\n";

// A text is the operand that a patch would have.
inline Node step(Act act, std::set<std::string> names, const std::string& label,
                 const std::string& text, Skeleton inside = {}) {
  Node made = step_of("walk", label, act, std::move(names), std::move(inside));
  made.text = text;
  return made;
}

// The model of walk().
inline std::map<std::string, ModelFunction> model() {
  const Skeleton in_loop{
      step(Act::takes, {"kq_lock"}, "mtx_lock_kq_lock", "kn.kn_kq.kq_lock"),
      step(Act::branch, {"kn_status", "KN_INFLUX"}, "if", "if kn.kn_status & KN_INFLUX",
           {step(Act::sets, {"kn_status", "KN_ACTIVE"}, "set_KN_ACTIVE", "kn_status")}),
      step(Act::gives, {"kq_lock"}, "mtx_unlock_kq_lock", "kn.kn_kq.kq_lock")};
  ModelFunction function;
  function.variants = {{step(Act::takes, {"p_mtx"}, "mtx_lock_p_mtx", "p.p_mtx"),
                        step(Act::walks, {"p_klist"}, "for_each_p_klist", "", in_loop),
                        step(Act::gives, {"p_mtx"}, "mtx_unlock_p_mtx", "p.p_mtx")}};
  function.paths = {"walk"};
  function.names = {{"p1", lang::Kind::reference}, {"kn", lang::Kind::reference}};
  return {{"walk", function}};
}

inline std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

inline Modelled modelled() {
  using lang::Kind;
  Modelled made{.system = "freebsd",
                .names = {"kn_status", "KN_INFLUX", "KN_ACTIVE", "kn_kq", "kq_count", "P_WEXIT"},
                .functions = {"walk", "knote_enqueue"}};
  made.fields = {{"kn_status", Kind::flags},
                 {"kn_kq", Kind::reference},
                 {"kq_count", Kind::integer},
                 {"P_WEXIT", Kind::boolean}};
  made.insertable = {"knote_enqueue", "sx_slock"};
  return made;
}

inline Changes changes(const std::string& before, const std::string& after,
                       const std::map<std::string, ModelFunction>& all = model()) {
  return changes_of(read_text("old.c", before, {}), read_text("new.c", after, {}), modelled(),
                    {all, all});
}

inline void expect_patch(const Change& change, lang::Patch::Kind kind, const std::string& label,
                         const std::string& argument) {
  EXPECT_EQ(change.why, "");
  ASSERT_EQ(change.patches.size(), 1U);
  EXPECT_EQ(change.patches[0].kind, kind);
  EXPECT_EQ(change.patches[0].label, label);
  EXPECT_EQ(change.patches[0].argument, argument);
}

} // namespace interlock::kernel_text
