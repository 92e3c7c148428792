// NetBSD kern_fork.c 1.209: fork1() of fork(2) and vfork(2), the latter also as in 1.231.
#include "actions/netbsd/paths.hpp"
#include "actions/process_group.hpp"
#include "actions/waiting.hpp"

namespace interlock::actions::netbsd {

namespace {

// proc_alloc(): a struct proc in state SIDL, which proc_find() does not see; proc_alloc_pid().
void proc_alloc(Path& s, std::size_t child, const Proc& p2) {
  const Kernel& k = s.kernel();
  s.path(s.kern_proc("proc_alloc"), {{"p2", p2.ref()}}, [&] {
    s.allocate(p2.ref(), k.proc_pool, "pool_cache_get");
    s.set("set_SIDL", {{p2.p_stat(), k.p_stat("SIDL")}});
    s.label("assert_SIDL").kassert(p2.p_stat() == k.p_stat("SIDL"), "p->p_stat == SIDL");
    s.mutex_enter(k.proc_lock());
    s.set("enter_pid_table", {{k.pid(child).proc(), p2.ref()}, {p2.p_pid(), k.pid(child).ref()}});
    s.mutex_exit(k.proc_lock());
  });
}

// From here on the child runs, when it is enqueued, and signals reach it.  {p_lock of the child}
void set_active(Path& s, const Proc& p2, std::size_t child) {
  const Kernel& k = s.kernel();
  std::vector<lang::Update> updates{lang::assign(p2.p_nrlwps(), Expr(1)),
                                    lang::assign(p2.p_stat(), k.p_stat("SACTIVE"))};
  if (k.group() != nullptr)
    updates.push_back(can_be_signalled(k, child));
  s.line(555).update("set_SACTIVE", std::move(updates));
}

// FORK_PPWAIT: p2 is on no list yet.
void begin_vfork(Path& s, const Proc& p2) {
  std::vector<std::pair<Expr, Expr>> assignments{{p2.ppwait(), Expr(true)}};
  if (s.context().revision.vfork_in_lwp) {
    assignments.emplace_back(p2.p_vforklwp(), s.self());
    assignments.emplace_back(s.curlwp().l_vforkwaiting(), Expr(true));
  }
  s.line(384).unguarded().set("set_PL_PPWAIT", assignments);
}

// Sleeps until the child exits or calls exec.  {proc_lock}
void wait_for_child(Path& s, std::size_t child, const Proc& p1, const Proc& p2) {
  const Kernel& k = s.kernel();
  const bool in_lwp = s.context().revision.vfork_in_lwp;
  const Lwp l1 = s.curlwp();
  s.path(
      s.vfork_wait(), {{"p1", p1.ref()}, {"p2", p2.ref()}, {"l1", l1.ref()}},
      [&] {
        const Expr waiting = in_lwp ? l1.l_vforkwaiting() : p2.ppwait();
        const Wait wait{.idle_when = child_runs(s.lives(), child)};
        s.line(in_lwp ? 0 : 592).label("while_waiting").while_(waiting, [&] {
          s.line(in_lwp ? 0 : 593)
              .cv_wait(in_lwp ? l1.l_waitcv() : p1.p_waitcv(), k.proc_lock(), wait);
        });
      },
      "fork1_vfork");
}

} // namespace

void end_vfork(Path& s, const Proc& p, const Anchor& where) {
  const Kernel& k = s.kernel();
  s.path(
      where, {{"p", p.ref()}},
      [&] {
        if (!s.context().revision.vfork_in_lwp) {
          s.set("clear_PL_PPWAIT", {{p.ppwait(), Expr(false)}});
          const Proc parent(k, p.p_pptr());
          s.if_(!parent.is_none(), [&] { s.label("wake_vfork").cv_broadcast(parent.p_waitcv()); });
          return;
        }
        const Lwp lp(k, s.local("lp", k.spec().pools()[lang::thread_pool].reference));
        s.set("clear_PL_PPWAIT", {{lp.ref(), p.p_vforklwp()},
                                  {p.p_vforklwp(), k.spec().nothing(lang::thread_pool)},
                                  {p.ppwait(), Expr(false)}});
        s.set("clear_l_vforkwaiting", {{lp.l_vforkwaiting(), Expr(false)}});
        s.label("wake_vfork").cv_broadcast(lp.l_waitcv());
      },
      where.function + "_vfork");
}

void fork1(Path& s, std::size_t child, Fork kind) {
  const Kernel& k = s.kernel();
  s.path(s.kern_fork("fork1", 204), {{"p1", s.curproc().ref()}}, [&] {
    const Proc p1 = s.curproc();
    const Proc p2(k, s.local("p2", k.spec().pools()[k.proc_pool].reference));
    s.line(283);
    proc_alloc(s, child, p2);
    const Lwp l2 = k.lwp(s.context().threads_of[child].at(0));
    // p2 is on no list yet.
    if (kind == Fork::vfork)
      begin_vfork(s, p2);
    s.line(391).unguarded().set("set_p_pptr", {{p2.p_pptr(), p1.ref()}});
    s.line(416).mutex_enter(p1.p_lock()); // copies PS_STOPFORK and its like
    s.line(420).mutex_exit(p1.p_lock());
    s.line(439).unguarded().set("lwp_create", {{p2.p_nlwps(), p2.p_nlwps() + 1},
                                               {p2.p_nrlwps(), p2.p_nrlwps() + 1},
                                               {l2.l_fd().ref(), k.filedesc(child).ref()}});
    s.line(469).mutex_enter(k.proc_lock());
    s.line(474).update("insert_p_children", {Steps::push_front(k.p_children, p1.ref(), p2.ref())});
    if (k.group() != nullptr) {
      s.line(497).label("test_p1_last");
      // While it is SIDL, kpsignal2() drops what it gets.
      insert_p_pglist(s, p1.ref(), p2.ref(), 497);
    }
    s.line(520).unguarded().if_(k.spec().list_size(k.p_klist, p1.ref()) != 0, [&] {
      s.line(521).mutex_exit(k.proc_lock());
      s.line(522);
      if (s.mpsafe())
        knote_proc_fork(s, p1, p2, child);
      else
        knote_fork(s, p1, child);
      s.line(523).mutex_enter(k.proc_lock());
    });
    s.line(530).mutex_enter(p2.p_lock());
    s.line(543).label("lwp_lock").mutex_spin_enter(l2.l_mutex());
    s.line(544).label("assert_p_nrlwps").kassert(p2.p_nrlwps() == 1, "p2->p_nrlwps == 1");
    set_active(s, p2, child);
    // sched_enqueue(): from here on the child runs.
    s.line(558).set("sched_enqueue", {{k.spec().read(k.l_proc, l2.ref()), p2.ref()},
                                      {k.spec().read(k.l_started, l2.ref()), Expr(true)}});
    s.line(559).label("lwp_unlock").mutex_spin_exit(l2.l_mutex());
    s.line(571).mutex_exit(p2.p_lock());
    if (kind == Fork::vfork)
      wait_for_child(s, child, p1, p2);
    s.line(610).mutex_exit(k.proc_lock());
  });
}

} // namespace interlock::actions::netbsd
