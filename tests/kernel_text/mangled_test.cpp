// C that somebody, or something, has mangled: every reader says what it can and goes on.
#include "kernel_text/change.hpp"
#include "kernel_text/comparison.hpp"
#include "kernel_text/digest.hpp"
#include "kernel_text/read.hpp"
#include "kernel_text/source_error.hpp"
#include "nodes.hpp"

#include <gtest/gtest.h>
#include <random>

namespace interlock::kernel_text {
namespace {

constexpr const char* text = "static void helper(struct proc *q) {\n"
                             "  PROC_LOCK(q);\n"
                             "}\n"
                             "void walk(struct knlist *l) {\n"
                             "  struct knote *kn, *next;\n"
                             "  PROC_LOCK(p);\n"
                             "again:\n"
                             "  SLIST_FOREACH_SAFE(kn, l, kn_selnext, next) {\n"
                             "    if ((kn->kn_status & (KN_INFLUX | KN_SCAN)) == KN_INFLUX) {\n"
                             "      kn->kn_status |= KN_ACTIVE;\n"
                             "      goto again;\n"
                             "    } else if (kn->kn_fflags != 0 && !done)\n"
                             "      wakeup(kq);\n"
                             "#ifdef DIAGNOSTIC\n"
                             "    KASSERT(kn->kn_kq != NULL, (\"no kqueue\"));\n"
                             "#endif\n"
                             "    while (--count > 0)\n"
                             "      KQ_UNLOCK(kq);\n"
                             "    switch (kn->kn_filter) {\n"
                             "    case EVFILT_PROC:\n"
                             "      helper(p);\n"
                             "      break;\n"
                             "    default:\n"
                             "      return;\n"
                             "    }\n"
                             "  }\n"
                             "  PROC_UNLOCK(p);\n"
                             "}\n";

Skeleton path() {
  const auto step = [](Act act, std::set<std::string> names, const std::string& label,
                       Skeleton inside = {}) {
    return step_of("walk", label, act, std::move(names), std::move(inside));
  };
  return {step(Act::takes, {"p_mtx"}, "mtx_lock_p_mtx"),
          step(Act::walks, {"p_klist"}, "for_each_p_klist",
               {step(Act::branch, {"kn_status", "KN_INFLUX"}, "if",
                     {step(Act::sets, {"kn_status", "KN_ACTIVE"}, "set_KN_ACTIVE")}),
                step(Act::wakes, {"kq"}, "wakeup_kq"),
                step(Act::gives, {"kq_lock"}, "mtx_unlock_kq_lock")}),
          step(Act::gives, {"p_mtx"}, "mtx_unlock_p_mtx")};
}

// Takes out, doubles or exchanges pieces of it.
std::string mangled(std::mt19937& random) {
  std::string mangled = text;
  const auto at = [&] { return random() % (mangled.size() - 40); };
  for (unsigned times = random() % 4 + 1; times > 0; --times) {
    const std::size_t place = at();
    const std::size_t length = random() % 40;
    switch (random() % 4) {
    case 0:
      mangled.erase(place, length);
      break;
    case 1:
      mangled.insert(at(), mangled.substr(place, length));
      break;
    case 2:
      mangled[place] = "(){};,&*!\"'#\\\n\0x"[random() % 15];
      break;
    default:
      std::swap_ranges(mangled.begin() + static_cast<std::ptrdiff_t>(place),
                       mangled.begin() + static_cast<std::ptrdiff_t>(place + length % 20),
                       mangled.begin() + static_cast<std::ptrdiff_t>(at()));
    }
    if (mangled.size() < 200)
      mangled += text;
  }
  return mangled;
}

// What is not read is said; nothing is thrown but that the brackets of the file do not match.
TEST(MangledC, IsComparedTranslatedAndDigestedOrRefused) {
  std::mt19937 random(7);
  ModelFunction function;
  function.variants = {path()};
  function.names = {{"p", lang::Kind::reference}, {"kn", lang::Kind::reference}};
  const std::map<std::string, ModelFunction> all{{"walk", function}};
  Modelled modelled{.system = "freebsd",
                    .names = {"kn_status", "KN_INFLUX", "KN_ACTIVE", "kn_kq", "kn_fflags"},
                    .functions = {"walk"}};
  modelled.fields = {{"kn_status", lang::Kind::flags}, {"kn_fflags", lang::Kind::flags}};
  const File whole = read_text("old.c", text, {});
  std::size_t read = 0;
  std::size_t translated = 0;
  for (int i = 0; i < 3000; ++i) {
    try {
      const File file = read_text("new.c", mangled(random), {});
      ++read;
      for (const Function& each : file.functions) {
        digest_of(file, each);
        LedgerUse use;
        if (each.name == "walk")
          compare(each, function, modelled, use);
      }
      for (const Change& change : changes_of(whole, file, modelled, {all, all}).changes)
        translated += change.patches.size();
      changes_of(file, whole, modelled, {all, all});
    } catch (const SourceError& error) {
      EXPECT_NE(std::string(error.what()).find("new.c:"), std::string::npos) << error.what();
    }
  }
  EXPECT_GT(read, 300U);
  EXPECT_GT(translated, 20U); // the others are not compared in vain
}

} // namespace
} // namespace interlock::kernel_text
