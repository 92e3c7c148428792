// DragonFly kern_fork.c: fork1(), start_forked_proc(), and fork(2) and vfork(2) around them.
#include "actions/dragonfly/paths.hpp"
#include "actions/process_group.hpp"
#include "actions/waiting.hpp"

namespace interlock::actions::dragonfly {

namespace {

// `restarted` says that a signal has to be handled first (ERESTART).
void fork1(Path& s, std::size_t child, Fork kind, const Proc& p2, const Expr& restarted) {
  const Kernel& k = s.kernel();
  const Proc p1 = s.curproc();
  s.path(s.kern_fork("fork1", 300), {{"p1", p1.ref()}, {"p2", p2.ref()}}, [&] {
    s.at(318).lwkt_gettoken(p1.p_token());
    s.at(381).lockmgr_shared(k.pg_lock());
    if (s.has_signals()) {
      s.at(382).label("CURSIG_NOBLOCK").if_(p1.p_siglist() != 0, [&] {
        s.at(383).set("ERESTART",
                      {{restarted, Expr(true)}, {p2.ref(), k.spec().nothing(k.proc_pool)}});
        s.at(719).label("ERESTART_reltoken").lwkt_reltoken(p1.p_token());
        s.at(721).label("ERESTART_release").lockmgr_release(k.pg_lock());
        s.return_();
      });
      // What reaches the parent from here on may pass the child by.
      s.set("no_signal", {{restarted, Expr(false)},
                          {k.spec().read(k.group()->missed, k.pid(child).ref()), Expr(false)}});
    }
    s.at(438).kmalloc(p2.ref(), k.proc_pool, "kmalloc_p2"); // zeroed, and so SIDL
    if (s.revision().child_token)
      s.at(468).lwkt_gettoken(p2.p_token());
    s.at(483);
    proc_add_allproc(s, child, p2);
    s.at(517).may_block("kmalloc_p_sigacts");
    if (kind == Fork::vfork) {
      s.at(587);
      set_p_flags(s, p2, "P_PPWAIT");
    }
    s.at(605).lwkt_gettoken(k.pg_token());
    if (s.has_signals())
      insert_p_pglist(s, p1.ref(), p2.ref(), s.known_line(606), {can_be_signalled(k, child)});
    s.at(607).lwkt_reltoken(k.pg_token());
    s.at(627).set("set_p_pptr", {{p2.p_pptr(), p1.ref()}});
    s.at(630).lwkt_gettoken(p1.p_token());
    s.at(631).update("insert_p_children", {Steps::push_front(k.p_children, p1.ref(), p2.ref())});
    s.at(632).lwkt_reltoken(p1.p_token());
    s.at(658);
    phold(s, p1);
    s.at(660).may_block("vm_fork");
    s.at(735).may_block("lwp_fork");
    s.at(821).set("insert_lwp",
                  {{p2.p_nthreads(), p2.p_nthreads() + 1}, {p2.p_lwp_tree(), Expr(true)}});
    if (s.revision().waitgen) {
      s.at(827);
      set_p_flags(s, p2, "P_MAYBETHREADED");
    }
    if (s.revision().kqueue) {
      s.at(709);
      knote(s, p1, {child});
    }
    if (s.revision().child_token)
      s.at(718).lwkt_reltoken(p2.p_token());
    s.at(719).lwkt_reltoken(p1.p_token());
    s.at(721).lockmgr_release(k.pg_lock());
  });
}

// The parent of a vfork(2) waits until its child has cleared P_PPWAIT.  The child wakes its parent,
// and the parent sleeps on itself.
void ppwait(Path& s, std::size_t child, const Proc& p1, const Proc& p2) {
  const Sleep sleep{.wmesg = "ppwait", .idle_when = child_runs(s.lives(), child)};
  const Expr ppwait = s.kernel().p_flags("P_PPWAIT");
  const Expr pflags = s.local("pflags", p2.p_flags().type_ref());
  s.loop("ppwait", [&] {
    s.at(924).unguarded().set("load_p_flags", {{pflags, p2.p_flags()}});
    s.if_((pflags & ppwait) == 0, [&] { s.break_("ppwait"); });
    if (s.revision().ppwait != PpwaitInterlock::compare_set) {
      s.tsleep(p1.p_channel(), sleep);
      return;
    }
    const Expr same = s.local("same", lang::boolean_type());
    s.at(926).tsleep_interlock(p1.p_channel(), "ppwait");
    s.at(927).unguarded().compare_set("atomic_cmpset_int", p2.p_flags() == pflags, same,
                                      p1.p_channel(), {});
    s.if_(same, [&] { s.at(928).tsleep_interlocked(p1.p_channel(), sleep); });
  });
}

void start_forked_proc(Path& s, std::size_t child, const Proc& p2) {
  const Kernel& k = s.kernel();
  const Proc p1 = s.curproc();
  s.path(s.kern_fork("start_forked_proc", 885), {{"p1", p1.ref()}, {"p2", p2.ref()}}, [&] {
    s.at(899).check(property::kassert, p2.p_stat() == k.p_stat("SIDL"),
                    "KASSERT(p2->p_stat == SIDL): cannot start forked process, bad status");
    s.at(903).set("set_SACTIVE", {{p2.p_stat(), k.p_stat("SACTIVE")}});
    const Expr lp2 = k.spec().object(lang::thread_pool, s.context().threads_of[child].at(0));
    s.at(905).set("setrunqueue", {{k.spec().read(k.l_proc, lp2), p2.ref()},
                                  {k.spec().read(k.l_started, lp2), Expr(true)}});
    s.at(911);
    prele(s, p1);
    const bool token = s.revision().ppwait == PpwaitInterlock::token;
    if (token)
      s.lwkt_gettoken(p2.p_token());
    ppwait(s, child, p1, p2);
    if (token)
      s.lwkt_reltoken(p2.p_token());
  });
}

} // namespace

void sys_fork(Path& s, std::size_t child, Fork kind) {
  const bool vfork = kind == Fork::vfork;
  const Kernel& k = s.kernel();
  s.path(s.kern_fork(vfork ? "sys_vfork" : "sys_fork", vfork ? 156 : 135), {}, [&] {
    const Proc p2(k, s.local("p2", s.procs()));
    Expr restarted;
    if (s.has_signals()) {
      restarted = s.local("restarted", lang::boolean_type());
      s.loop("restart", [&] {
        s.at(vfork ? 162 : 141);
        fork1(s, child, kind, p2, restarted);
        s.if_(!restarted, [&] { s.break_("restart"); });
        // userret(): the signal's handler runs, and the call is made again.
        s.unguarded().set("postsig", {{s.curproc().p_siglist(),
                                       lang::literal(s.curproc().p_siglist().type_ref(), 0)}});
      });
    } else {
      s.at(vfork ? 162 : 141);
      fork1(s, child, kind, p2, restarted);
    }
    if (s.revision().child_held) {
      s.at(vfork ? 164 : 143);
      phold(s, p2);
    }
    s.at(vfork ? 165 : 144);
    start_forked_proc(s, child, p2);
    const Expr pid = s.local("pid", p2.p_pid().type_ref());
    s.at(vfork ? 166 : 145).set("read_p_pid", {{pid, p2.p_pid()}});
    if (s.revision().child_held) {
      s.at(vfork ? 168 : 147);
      prele(s, p2);
    }
  });
}

} // namespace interlock::actions::dragonfly
