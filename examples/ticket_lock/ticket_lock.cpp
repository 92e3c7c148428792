// A ticket lock, as Linux had for spinlocks: who comes takes the next ticket, and waits until that
// one is served. The bug: taking a ticket is a load and a store, as `incw` without `lock` is.
#include "program/program.hpp"

#include <memory>

using namespace interlock;
using lang::Expr;

namespace {

constexpr int most_tickets = 15; // a config with more calls than this says that it has no room

class TicketLock {
public:
  TicketLock(lang::SpecBuilder& spec, bool atomic)
      : atomic_(atomic), next_(spec.global("next", tickets(), 0)),
        serving_(spec.global("serving", tickets(), 0)),
        inside_(spec.global("inside", lang::boolean_type(), 0)) {
    spec.property({"mutual-exclusion", lang::PropertyKind::check, {}, {}});
  }

  // lock(); the critical section; unlock()
  void section(lang::Steps& s) const {
    const Expr inside = s.spec().read(inside_);
    s.path({"ticket_lock.cpp", "", "section"}, {}, [&] {
      lock(s);
      s.check("mutual-exclusion", !inside, "two threads are in the critical section");
      s.set("enter", {{inside, true}});
      s.set("leave", {{inside, false}});
      unlock(s);
    });
  }

private:
  static lang::TypeRef tickets() { return lang::integer_type(0, most_tickets); }

  void lock(lang::Steps& s) const {
    const Expr next = s.spec().read(next_);
    s.path({"ticket_lock.cpp", "", "lock"}, {}, [&] {
      const Expr mine = s.local("mine", tickets());
      if (atomic_) {
        s.set("fetch_add", {{mine, next}, {next, next + 1}});
      } else {
        s.set("load", {{mine, next}});
        s.set("store", {{next, mine + 1}});
      }
      s.await("spin", s.spec().read(serving_) == mine);
    });
  }

  void unlock(lang::Steps& s) const {
    const Expr serving = s.spec().read(serving_);
    s.path({"ticket_lock.cpp", "", "unlock"}, {}, [&] {
      s.set("serve_next", {{serving, serving + 1}});
    });
  }

  bool atomic_;
  lang::VariableId next_;    // the ticket that comes next
  lang::VariableId serving_; // whose turn it is
  lang::VariableId inside_;  // somebody is in the critical section
};

} // namespace

int main(int argc, char** argv) {
  return program::run(
      argc, argv,
      {.name = "ticket_lock",
       .text = "a ticket lock",
       .revisions = {{"load-store", "a ticket is taken by a load and a store"},
                     {"fetch-add", "a ticket is taken by one atomic fetch_add"}},
       .calls = {{"section", "lock(), the critical section, unlock()"}},
       .properties = {{"mutual-exclusion", "no two threads are in the critical section"}},
       .build = [](lang::SpecBuilder& spec, const program::Request& request) -> program::Call {
         const auto lock =
             std::make_shared<const TicketLock>(spec, request.revision == "fetch-add");
         return [lock](lang::Steps& s, const std::string&) { lock->section(s); };
       }});
}
