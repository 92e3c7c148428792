// DragonFly kern_proc.c: holds of processes, how a process is found, and the lists it is on.
#include "actions/dragonfly/paths.hpp"

namespace interlock::actions::dragonfly {

using lang::assign;
using lang::choose;

namespace {

Lock channel(const Expr& reference) { return {LockKind::sleep_channel, reference}; }

// The last hold of p may be the one that goes: whoever waits for it is woken by the address alone.
// `drop` is what else goes with it.
void drop_hold(Path& s, const Proc& p, const char* label, std::vector<std::pair<Expr, Expr>> drop) {
  s.kassert(p.p_lock() > 0, "(o & PLOCK_MASK) > 0");
  drop.insert(drop.begin(), {p.p_lock(), p.p_lock() - 1});
  if (!s.revision().holds_wake) {
    s.set(label, drop);
    return;
  }
  const Expr waiting = s.local("waiting", lang::boolean_type());
  const Expr p_lock = s.local("p_lock", s.channels());
  drop.emplace_back(waiting, p.plock_waiting());
  drop.emplace_back(p_lock, p.p_lock_channel().reference);
  drop.emplace_back(p.plock_waiting(), Expr(false));
  s.set(label, drop);
  s.if_(waiting, [&] { s.wakeup(channel(p_lock)); });
}

} // namespace

void phold(Path& s, const Proc& p) {
  s.label("PHOLD").set("PHOLD", {{p.p_lock(), p.p_lock() + 1}});
}

void prele(Path& s, const Proc& p) {
  s.path(s.kern_proc("prele"), {{"p", p.ref()}}, [&] { drop_hold(s, p, "PRELE", {}); });
}

void prelezomb(Path& s, const Proc& p) {
  s.path(s.kern_proc("prelezomb"), {{"p", p.ref()}}, [&] {
    s.check(property::kassert, p.plock_zomb(), "KKASSERT(p->p_lock & PLOCK_ZOMB)");
    drop_hold(s, p, "PRELEZOMB", {{p.plock_zomb(), Expr(false)}});
  });
}

void pstall(Path& s, const Proc& p, const char* wmesg) {
  if (!s.revision().holds_wake) { // no function yet: a loop with a timeout where it is called
    s.while_(p.p_lock() != 0, [&] { s.poll(wmesg, p.p_lock() == 0); });
    return;
  }
  s.path(
      s.kern_proc("pstall"), {{"p", p.ref()}},
      [&] {
        s.loop("again", [&] {
          s.if_(p.p_lock() == 0, [&] { s.return_(); });
          const Expr set = s.local("set", lang::boolean_type());
          s.tsleep_interlock(p.p_lock_channel(), wmesg);
          s.compare_set("set_PLOCK_WAITING", p.p_lock() > 0, set, p.p_lock_channel(),
                        {{p.plock_waiting(), Expr(true)}});
          s.if_(set, [&] { s.tsleep_interlocked(p.p_lock_channel(), {.wmesg = wmesg}); });
        });
      },
      "pstall");
}

void pholdzomb(Path& s, const Proc& p, const Expr& result) {
  s.path(s.kern_proc("pholdzomb"), {{"p", p.ref()}, {"returned", result}}, [&] {
    const Expr set = s.local("set", lang::boolean_type());
    const Expr held = s.local("held", lang::boolean_type());
    const Expr p_lock = s.local("p_lock", s.channels()); // the address, which outlives p
    s.loop("again", [&] {
      s.set("set_PLOCK_ZOMB", {{set, !p.plock_zomb()},
                               {held, !p.plock_zomb() || p.p_lock() > 0},
                               {p_lock, p.p_lock_channel().reference},
                               {p.p_lock(), choose(p.plock_zomb(), p.p_lock(), p.p_lock() + 1)},
                               {p.plock_zomb(), Expr(true)}});
      s.if_(set, [&] {
        s.set("held", {{result, Expr(true)}});
        s.return_();
      });
      s.kassert(held, "(o & PLOCK_MASK) > 0"); // of what was read above
      s.tsleep_interlock(channel(p_lock), "phldz");
      s.compare_set("set_PLOCK_WAITING", p.plock_zomb(), set, channel(p_lock),
                    {{p.plock_waiting(), Expr(true)}});
      s.if_(set, [&] {
        s.tsleep_interlocked(channel(p_lock), {.wmesg = "phldz"});
        s.set("not_held", {{result, Expr(false)}}); // p may be gone
        s.return_();
      });
    });
  });
}

namespace {

enum class List { allproc, zombproc };

// What is found while the token, or the spinlock of the pid's chain, is held.
void find(Path& s, const char* function, const Expr& pid, const Expr& p, List list) {
  s.path(s.kern_proc(function), {{"p", p}}, [&] {
    const Kernel& k = s.kernel();
    const Revision& revision = s.revision();
    const Proc found(k, k.spec().read(k.pid_proc, pid));
    const Expr nobody = k.spec().nothing(k.proc_pool);
    const Expr is_zombie = found.p_stat() == k.p_stat("SZOMB");
    const Expr is_meant = list == List::zombproc ? is_zombie : !is_zombie;
    const bool by_spinlock = revision.pid_spinlock && list == List::allproc;
    if (by_spinlock || revision.kqueue) {
      const Proc curproc = s.curproc();
      s.if_(curproc.p_pid() == pid, [&] {
        s.set("find_curproc", {{p, curproc.ref()}});
        phold(s, curproc);
        s.return_();
      });
    }
    if (by_spinlock) { // all that is done under it at once
      s.unguarded().if_(
          !found.is_none() && is_meant,
          [&] {
            s.unguarded().set("find_and_PHOLD",
                              {{p, found.ref()}, {found.p_lock(), found.p_lock() + 1}});
            s.return_();
          },
          [&] {
            s.set("find_none", {{p, nobody}});
          });
      return;
    }
    if (revision.waitgen)
      s.lwkt_gettoken_shared(k.proc_token());
    else
      s.lwkt_gettoken(k.proc_token());
    s.set("find", {{p, choose(found.is_none(), nobody, choose(is_meant, found.ref(), nobody))}});
    const Proc result(k, p);
    s.if_(!result.is_none(), [&] {
      phold(s, result);
      s.lwkt_reltoken(k.proc_token());
      s.return_();
    });
    s.lwkt_reltoken(k.proc_token());
  });
}

} // namespace

void pfind(Path& s, const Expr& pid, const Expr& p) { find(s, "pfind", pid, p, List::allproc); }
void zpfind(Path& s, const Expr& pid, const Expr& p) { find(s, "zpfind", pid, p, List::zombproc); }

void proc_add_allproc(Path& s, std::size_t child, const Proc& p2) {
  s.path(s.kern_proc("proc_add_allproc"), {{"p2", p2.ref()}}, [&] {
    const Kernel& k = s.kernel();
    s.lwkt_gettoken(k.proc_token());
    s.set("insert_allproc", {{k.pid(child).proc(), p2.ref()}, {p2.p_pid(), k.pid(child).ref()}});
    s.lwkt_reltoken(k.proc_token());
  });
}

void proc_move_allproc_zombie(Path& s, const Proc& p) {
  s.path(s.kern_proc("proc_move_allproc_zombie"), {{"p", p.ref()}}, [&] {
    const Kernel& k = s.kernel();
    if (s.revision().waitgen)
      pstall(s, p, "reap1");
    s.lwkt_gettoken(k.proc_token());
    pstall(s, p, "reap1a");
    s.set("set_SZOMB", {{p.p_stat(), k.p_stat("SZOMB")}});
    s.lwkt_reltoken(k.proc_token());
  });
}

void proc_remove_zombie(Path& s, const Proc& parent, const Proc& p) {
  s.path(s.kern_proc("proc_remove_zombie"), {{"parent", parent.ref()}, {"p", p.ref()}}, [&] {
    const Kernel& k = s.kernel();
    if (s.revision().waitgen)
      pstall(s, p, "reap2");
    s.lwkt_gettoken(k.proc_token());
    pstall(s, p, "reap2a");
    lang::Step off;
    off.updates = {assign(k.spec().read(k.pid_proc, p.p_pid()), k.spec().nothing(k.proc_pool)),
                   Steps::remove(k.p_children, p.p_pptr(), p.ref())}; // LIST_REMOVE knows no head
    if (s.revision().serial_reaping)
      off.updates.push_back(assign(p.p_pptr(), k.spec().nothing(k.proc_pool)));
    off.shows = show_reaping(s, p.p_pid());
    s.step("remove_p_sibling", std::move(off));
    s.lwkt_reltoken(k.proc_token());
  });
}

void leavepgrp(Path& s, const Proc& p) {
  s.path(s.kern_proc("leavepgrp"), {{"p", p.ref()}}, [&] {
    const Kernel& k = s.kernel();
    s.lwkt_gettoken(p.p_token());
    s.lwkt_gettoken(k.pg_token());
    if (s.has_signals())
      s.update("remove_p_pglist", {Steps::remove(k.group()->pg_members, k.pgrp(), p.ref())});
    s.lwkt_reltoken(k.pg_token());
    s.lwkt_reltoken(p.p_token());
  });
}

void set_p_flags(Path& s, const Proc& p, const char* flag) {
  const Expr flags = s.local("p_flags", p.p_flags().type_ref());
  s.set(std::string("load_p_flags_") + flag, {{flags, p.p_flags()}});
  s.set(std::string("set_") + flag, {{p.p_flags(), flags | s.kernel().p_flags(flag)}});
}

void clear_p_flags(Path& s, const Proc& p, const char* flag) {
  const Expr flags = s.local("p_flags", p.p_flags().type_ref());
  s.set(std::string("load_p_flags_") + flag, {{flags, p.p_flags()}});
  s.set(std::string("clear_") + flag,
        {{p.p_flags(), lang::bit_clear(flags, s.kernel().p_flags(flag))}});
}

} // namespace interlock::actions::dragonfly
