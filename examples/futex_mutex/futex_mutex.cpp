// The second mutex of Drepper's "Futexes Are Tricky": 0 is free, 1 taken, 2 taken with threads that
// may be asleep. The bug: who was woken takes it with 1. It cannot know that it was the last one
// asleep; its unlock() then wakes nobody. Two threads never show that.
#include "program/program.hpp"

#include <memory>

using namespace interlock;
using lang::Expr;

namespace {

class FutexMutex {
public:
  // `retaken` is what who was woken puts into the word.
  FutexMutex(lang::SpecBuilder& spec, int retaken)
      : retaken_(retaken), word_(spec.global("word", words(), 0)),
        asleep_(spec.field(lang::thread_pool, "asleep", lang::boolean_type(), 0)),
        inside_(spec.global("inside", lang::boolean_type(), 0)) {
    spec.property({"mutual-exclusion", lang::PropertyKind::check, {}, {}});
  }

  // lock(); the critical section; unlock()
  void section(lang::Steps& s) const {
    const Expr inside = s.spec().read(inside_);
    s.path({"futex_mutex.cpp", "", "section"}, {}, [&] {
      lock(s);
      s.check("mutual-exclusion", !inside, "two threads are in the critical section");
      s.set("enter", {{inside, true}});
      s.set("leave", {{inside, false}});
      unlock(s);
    });
  }

private:
  static lang::TypeRef words() { return lang::integer_type(0, 2); }

  Expr word(lang::Steps& s) const { return s.spec().read(word_); }

  Expr asleep(lang::Steps& s, lang::ThreadId thread) const {
    return s.spec().read(asleep_, s.spec().self(thread));
  }

  // c = cmpxchg(word, from, to), which gives what the word was.
  void cmpxchg(lang::Steps& s, const std::string& label, const Expr& c, int from, int to) const {
    const Expr value = lang::choose(word(s) == from,
                                    lang::literal(words(), static_cast<lang::Value>(to)), word(s));
    s.set(label, {{c, word(s)}, {word(s), value}});
  }

  void lock(lang::Steps& s) const {
    s.path({"futex_mutex.cpp", "", "lock"}, {}, [&] {
      const Expr c = s.local("c", words());
      cmpxchg(s, "take", c, 0, 1);
      s.if_(c != 0, [&] {
        s.loop("again", [&] {
          s.if_(c != 2, [&] { cmpxchg(s, "mark", c, 1, 2); });
          s.if_(c != 0, [&] { futex_wait(s); });
          cmpxchg(s, "retake", c, 0, retaken_);
          s.if_(c == 0, [&] { s.break_(); });
        });
      });
    });
  }

  void unlock(lang::Steps& s) const {
    s.path({"futex_mutex.cpp", "", "unlock"}, {}, [&] {
      const Expr before = s.local("before", words());
      s.set("decrement", {{before, word(s)}, {word(s), word(s) - 1}});
      s.if_(before != 1, [&] {
        s.set("release", {{word(s), 0}});
        futex_wake(s);
      });
    });
  }

  // The kernel compares and goes to sleep in one step.
  void futex_wait(lang::Steps& s) const {
    s.path({"futex_mutex.cpp", "", "futex_wait"}, {}, [&] {
      const Expr sleeps = asleep(s, s.thread());
      s.set("compare", {{sleeps, word(s) == 2}});
      s.await("sleep", !sleeps);
    });
  }

  // Wakes any one of those that sleep.
  void futex_wake(lang::Steps& s) const {
    s.path({"futex_mutex.cpp", "", "futex_wake"}, {}, [&] {
      std::vector<lang::Body> choices;
      std::vector<Expr> awake;
      for (lang::ThreadId thread = 0; thread < s.spec().thread_count(); ++thread) {
        const Expr sleeps = asleep(s, thread);
        awake.push_back(!sleeps);
        choices.emplace_back([&s, sleeps] {
          lang::Step step;
          step.guard = sleeps;
          step.updates.push_back(lang::assign(sleeps, false));
          s.step("wake", step);
        });
      }
      choices.emplace_back([&s, &awake] { s.await("nobody_sleeps", lang::all_of(awake)); });
      s.either(choices);
    });
  }

  int retaken_;
  lang::VariableId word_;
  lang::VariableId asleep_; // of a thread: it sleeps on the word
  lang::VariableId inside_; // somebody is in the critical section
};

} // namespace

int main(int argc, char** argv) {
  return program::run(
      argc, argv,
      {.name = "futex_mutex",
       .text = "the second mutex of Drepper's Futexes Are Tricky",
       .revisions = {{"retakes-with-1", "who was woken takes the mutex as if nobody else slept"},
                     {"retakes-with-2", "as in the paper: somebody may still sleep"}},
       .calls = {{"section", "lock(), the critical section, unlock()"}},
       .properties = {{"mutual-exclusion", "no two threads are in the critical section"}},
       .build = [](lang::SpecBuilder& spec, const program::Request& request) -> program::Call {
         const auto mutex =
             std::make_shared<const FutexMutex>(spec, request.revision == "retakes-with-2" ? 2 : 1);
         return [mutex](lang::Steps& s, const std::string&) { mutex->section(s); };
       }});
}
