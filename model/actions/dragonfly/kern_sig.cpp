// DragonFly kern_sig.c: kill(2) of a process and of the process group.
#include "actions/dragonfly/paths.hpp"
#include "actions/process_group.hpp"

namespace interlock::actions::dragonfly {

namespace {

using Updates = std::vector<lang::Update>;

enum class SigProp { none, stop }; // SIGPROP_STOP

// lwpsignal() of a signal that the process catches: it becomes pending.  A stop signal takes
// P_CONTINUED away first.
void lwpsignal(Path& s, const Proc& p, const char* signal, SigProp prop, const Updates& ghosts) {
  s.path(s.kern_sig("lwpsignal"), {{"p", p.ref()}}, [&] {
    phold(s, p);
    s.lwkt_gettoken(p.p_token());
    s.if_(!p.has_flag("P_WEXIT"), [&] {
      if (prop == SigProp::stop)
        clear_p_flags(s, p, "P_CONTINUED");
      Updates updates{lang::assign(p.p_siglist(), p.p_siglist() | s.kernel().signal(signal))};
      updates.insert(updates.end(), ghosts.begin(), ghosts.end());
      s.update("SIGADDSET", std::move(updates));
    });
    s.lwkt_reltoken(p.p_token());
    prele(s, p);
  });
}

} // namespace

void kern_kill(Path& s, std::size_t process, const Expr& result) {
  const Kernel& k = s.kernel();
  // Until 2012 the table's token is held all the while, and zombies are not found.
  const bool holds_table = !s.revision().serial_reaping;
  s.path(s.kern_sig("kern_kill"), {}, [&] {
    const Proc p(k, s.local("p", s.procs()));
    const auto leave = [&](const char* name) {
      if (holds_table)
        s.lwkt_reltoken(k.proc_token());
      s.set(std::string("return_") + name, {{result, error(name)}});
    };
    const auto drop = [&] {
      s.lwkt_reltoken(p.p_token());
      prele(s, p);
      leave("0");
    };
    if (holds_table)
      s.lwkt_gettoken(k.proc_token());
    pfind(s, k.pid(process).ref(), p.ref());
    s.if_(p.is_none(), [&] {
      if (holds_table) {
        leave("ESRCH");
        s.return_();
        return;
      }
      zpfind(s, k.pid(process).ref(), p.ref());
      s.if_(
          p.is_none(), [&] { leave("ESRCH"); },
          [&] {
            prele(s, p);
            leave("0");
          });
      s.return_();
    });
    s.lwkt_gettoken(p.p_token());
    s.if_(p.has_flag("P_WEXIT"), [&] {
      drop();
      s.return_();
    });
    lwpsignal(s, p, "SIGTSTP", SigProp::stop, {});
    drop();
  });
}

// The walk is under pg_lock, which keeps forks out, and not under pg_token, which guards the list.
void dokillpg(Path& s, const Expr& result) {
  const Kernel& k = s.kernel();
  s.path(s.kern_sig("dokillpg"), {}, [&] {
    const Proc p(k, s.local("p", s.procs()));
    s.lockmgr_exclusive(k.pg_lock());
    s.unguarded().for_each(
        p.ref(), k.group()->pg_members, k.pgrp(), Cursor::next_read_after_body, [&] {
          const Expr passed_by = is_init(k, p.ref()) || p.p_stat() == k.p_stat("SZOMB");
          s.label("test_SZOMB").if_(!passed_by, [&] {
            lwpsignal(s, p, "SIGINT", SigProp::none, signal_reaches(k, s.lives(), p.p_pid()));
          });
        });
    s.lockmgr_release(k.pg_lock());
    s.set("return_0", {{result, error("0")}});
  });
}

} // namespace interlock::actions::dragonfly
