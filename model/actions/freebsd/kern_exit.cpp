// FreeBSD kern_exit.c: exit1() of a single-threaded process, and wait4(2).
#include "actions/freebsd/paths.hpp"
#include "actions/waiting.hpp"

namespace interlock::actions::freebsd {

namespace {

// fdfree(): the last reference to the table closes what is in it.
void fdfree(Path& s) {
  const Kernel& k = s.kernel();
  std::size_t copy = 0;
  for (const std::size_t i : k.plan().kqueues_of(s.process()))
    s.label(copy_label("fdfree", copy++))
        .path(Path::other("sys/kern/kern_descrip.c", "fdfree"), {}, [&] {
          const Expr result = s.local("error", errno_type());
          s.update("contract_close", s.promises().close_begins(i));
          sys_close(s, i, result);
        });
}

// Children go to init, which this model leaves out: p_pptr is none.  {proctree_lock}
void reparent_children(Path& s, const Proc& p) {
  const Kernel& k = s.kernel();
  s.where(k.plan().procs > 1, [&] {
    const Proc q(k, s.local_proc("q"));
    s.for_each(q.ref(), k.p_children, p.ref(), Cursor::restart_from_head, [&] {
      s.mtx_lock(q.p_mtx());
      proc_reparent(s, q, k.spec().nothing(k.proc_pool));
      s.mtx_unlock(q.p_mtx());
    });
  });
}

// The child is a zombie: frees it.  {proctree_lock, p_mtx of p} -> {}
void proc_reap(Path& s, const Proc& q, const Proc& p) {
  s.path(s.kern_exit("proc_reap"), {{"q", q.ref()}, {"p", p.ref()}}, [&] {
    const Kernel& k = s.kernel();
    s.mtx_assert_owned(p.p_mtx(), "PROC_LOCK_ASSERT(p, MA_OWNED)");
    s.kassert(p.p_stat() == k.p_stat("PRS_ZOMBIE"), "p->p_state == PRS_ZOMBIE");
    s.mtx_lock(q.p_mtx()); // sigqueue_take()
    s.mtx_unlock(q.p_mtx());
    s.mtx_unlock(p.p_mtx());
    s.sx_xlock(k.allproc_lock());
    s.set("remove_zombproc",
          {{k.spec().read(k.pid_proc, p.p_pid()), k.spec().nothing(k.proc_pool)}});
    s.sx_xunlock(k.allproc_lock());
    s.update("remove_p_children", {Steps::remove(k.p_children, q.ref(), p.ref())});
    s.sx_xunlock(k.proctree_lock());
    s.mtx_lock(p.p_mtx()); // who had it is gone
    s.mtx_unlock(p.p_mtx());
    s.release(p.ref(), "uma_zfree_proc_zone");
  });
}

// Gives `reaped` where a zombie was found.
void look_at_children(Path& s, const Proc& q, const Expr& reaped) {
  const Kernel& k = s.kernel();
  const Proc p(k, s.local_proc("p"));
  s.for_each(p.ref(), k.p_children, q.ref(), Cursor::next_read_after_body, [&] {
    s.mtx_lock(p.p_mtx());
    s.if_(p.p_stat() == k.p_stat("PRS_ZOMBIE"), [&] {
      proc_reap(s, q, p);
      s.set("reaped", {{reaped, error("0")}});
      s.return_();
    });
    s.mtx_unlock(p.p_mtx());
  });
}

} // namespace

void proc_reparent(Path& s, const Proc& child, const Expr& parent) {
  s.path(s.kern_exit("proc_reparent"), {{"child", child.ref()}}, [&] {
    const Kernel& k = s.kernel();
    s.mtx_assert_owned(child.p_mtx(), "PROC_LOCK_ASSERT(child, MA_OWNED)");
    const Proc old(k, child.p_pptr());
    s.if_(
        old.is_none(), [&] {},
        [&] {
          s.mtx_lock(old.p_mtx()); // sigqueue_take()
          s.mtx_unlock(old.p_mtx());
          s.update("remove_p_sibling", {Steps::remove(k.p_children, old.ref(), child.ref())});
        });
    if (!parent.is_literal())
      s.update("insert_p_sibling", {Steps::push_front(k.p_children, parent, child.ref())});
    s.set("set_p_pptr", {{child.p_pptr(), parent}});
  });
}

void exit1(Path& s) {
  const Kernel& k = s.kernel();
  s.path(s.kern_exit("exit1"), {{"p", s.curproc().ref()}}, [&] {
    const Proc p = s.curproc();
    s.mtx_lock(p.p_mtx());
    s.set("set_P_WEXIT", {{p.p_wexit(), Expr(true)}});
    s.mtx_unlock(p.p_mtx());
    s.where(s.context().vforks, [&] {
      s.label("lock_for_P_PPWAIT").mtx_lock(p.p_mtx());
      s.set("clear_P_PPWAIT", {{p.p_ppwait(), Expr(false)}});
      s.label("unlock_for_P_PPWAIT").mtx_unlock(p.p_mtx());
    });
    fdfree(s);
    s.sx_xlock(k.allproc_lock());
    s.set("insert_zombproc", {{p.on_zombproc(), Expr(true)}});
    s.sx_xunlock(k.allproc_lock());
    s.sx_xlock(k.proctree_lock());
    reparent_children(s, p);
    s.mtx_lock(p.p_mtx());
    knote_of_exit(s, p);
    knlist_clear(s, p);
    const Proc parent(k, p.p_pptr());
    s.if_(
        parent.is_none(), // init
        [&] {
          s.sx_xunlock(k.proctree_lock());
          s.set("set_PRS_ZOMBIE", {{p.p_stat(), k.p_stat("PRS_ZOMBIE")}});
        },
        [&] {
          s.mtx_lock(parent.p_mtx());
          s.sx_xunlock(k.proctree_lock());
          s.wakeup(parent.wait_channel());
          if (s.context().vforks && s.revision().p_pwait)
            s.wakeup_if(Expr(true), p.p_pwait(), "cv_broadcast_p_pwait", {});
          s.set("set_PRS_ZOMBIE", {{p.p_stat(), k.p_stat("PRS_ZOMBIE")}});
          s.mtx_unlock(parent.p_mtx());
        });
    s.set("knlist_destroy", {{p.kl_lock(), Expr(false)}});
    s.mtx_unlock(p.p_mtx()); // thread_exit()
  });
}

void kern_wait(Path& s, const Expr& result) {
  const Kernel& k = s.kernel();
  s.path(s.kern_exit("kern_wait"), {{"q", s.curproc().ref()}}, [&] {
    const Proc q = s.curproc();
    s.loop("loop", [&] {
      s.sx_xlock(k.proctree_lock());
      s.if_(k.spec().list_size(k.p_children, q.ref()) == 0, [&] {
        s.sx_xunlock(k.proctree_lock());
        s.set("return_ECHILD", {{result, error("ECHILD")}});
        s.return_();
      });
      s.set("none_reaped", {{result, error("ECHILD")}});
      s.path(s.kern_exit("proc_to_reap"), {{"q", q.ref()}},
             [&] { look_at_children(s, q, result); });
      s.if_(result == error("0"), [&] { s.return_(); });
      s.mtx_lock(q.p_mtx());
      s.sx_xunlock(k.proctree_lock());
      // wait4(2) waits for ever while no child exits.
      Wait wait{.idle_when = no_child_exits(s.promises(), s, q.ref()),
                .label = "msleep",
                .by_chance = true,
                .interruptible = s.environment().signals};
      wait.interrupted = [&] {
        s.label("interrupted_unlock").mtx_unlock(q.p_mtx());
        s.set("return_EINTR", {{result, error("EINTR")}});
        s.return_();
      };
      s.msleep(q.wait_channel(), q.p_mtx(), wait);
      s.mtx_unlock(q.p_mtx());
    });
  });
}

} // namespace interlock::actions::freebsd
