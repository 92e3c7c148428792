// FreeBSD kern_exit.c: exit1() of a single-threaded process, and wait4(2).
#include "actions/freebsd/paths.hpp"
#include "actions/waiting.hpp"

namespace interlock::actions::freebsd {

namespace {

// The last reference to the table closes what is in it.
void fdescfree(Path& s) {
  const Kernel& k = s.kernel();
  const auto kqueues = k.plan().kqueues_of(s.process());
  if (kqueues.empty())
    return;
  const bool locked = !s.revision().fdescfree;
  s.path(Path::other("sys/kern/kern_descrip.c", locked ? "fdfree" : "fdescfree"), {}, [&] {
    const Lock fd_sx = k.fd_sx(s.process());
    s.sx_xlock(fd_sx); // fd_refcnt
    s.sx_xunlock(fd_sx);
    std::size_t copy = 0;
    for (const std::size_t i : kqueues) {
      const states::freebsd::Descriptor fd = k.descriptor(i);
      const std::size_t which = copy++;
      s.unguarded().label(copy_label("test_fd_ofiles", which)).if_(fd.is_open(), [&] {
        if (locked)
          s.label(copy_label("lock_to_clear", which)).sx_xlock(fd_sx);
        // No other thread has the table.
        s.unguarded().set(copy_label("clear_fd_ofiles", which), {{fd.is_open(), Expr(false)}});
        if (locked)
          s.label(copy_label("unlock_cleared", which)).sx_xunlock(fd_sx);
        s.label(copy_label("fdrop", which));
        fdrop(s, i);
      });
    }
    if (locked) {
      s.label("lock_for_fd_cdir").sx_xlock(fd_sx);
      s.label("unlock_for_fd_cdir").sx_xunlock(fd_sx);
    }
  });
}

// Children go to init, which is the p_reaper of all: procctl(2) is left out.  Without a process
// called init they go to nobody: p_pptr is none.  {proctree_lock}
void reparent_children(Path& s, const Proc& p) {
  const Kernel& k = s.kernel();
  const Proc init = k.initproc();
  const bool has_init = k.plan().init.has_value();
  s.where(has_init, [&] {
    s.label("test_p_children").if_(k.spec().list_size(k.p_children, p.ref()) != 0, [&] {
      s.label("wakeup_init").wakeup(init.wait_channel());
    });
  });
  s.where(k.plan().procs > 1, [&] {
    const Proc q(k, s.local_proc("q"));
    s.for_each(q.ref(), k.p_children, p.ref(), Cursor::restart_from_head, [&] {
      s.mtx_lock(q.p_mtx());
      proc_reparent(s, q, init);
      s.where(has_init && s.revision().signals_reaper, [&] {
        s.label("test_PRS_ZOMBIE").if_(q.p_stat() == k.p_stat("PRS_ZOMBIE"), [&] {
          s.label("lock_to_signal_init").mtx_lock(init.p_mtx());
          s.label("unlock_signalled_init").mtx_unlock(init.p_mtx());
        });
      });
      s.mtx_unlock(q.p_mtx());
    });
  });
}

// The child is a zombie: frees it.  {proctree_lock, p_mtx of p} -> {}
void proc_reap(Path& s, const Proc& q, const Proc& p) {
  s.path(s.kern_exit("proc_reap"), {{"q", q.ref()}, {"p", p.ref()}}, [&] {
    const Kernel& k = s.kernel();
    s.sx_assert_xlocked(k.proctree_lock(), "sx_assert(&proctree_lock, SA_XLOCKED)");
    s.mtx_assert_owned(p.p_mtx(), "PROC_LOCK_ASSERT(p, MA_OWNED)");
    s.kassert(p.p_stat() == k.p_stat("PRS_ZOMBIE"), "p->p_state == PRS_ZOMBIE");
    s.mtx_lock(q.p_mtx()); // sigqueue_take()
    s.mtx_unlock(q.p_mtx());
    s.mtx_unlock(p.p_mtx());
    s.sx_xlock(k.allproc_lock());
    lang::Step off;
    off.updates = {
        lang::assign(k.spec().read(k.pid_proc, p.p_pid()), k.spec().nothing(k.proc_pool))};
    off.shows = show_reaping(s, p.p_pid());
    s.step("remove_zombproc", std::move(off));
    s.sx_xunlock(k.allproc_lock());
    s.update("remove_p_children", {Steps::remove(k.p_children, q.ref(), p.ref())});
    s.label("lock_for_orphan").mtx_lock(p.p_mtx()); // clear_orphan()
    s.label("unlock_for_orphan").mtx_unlock(p.p_mtx());
    if (k.group() != nullptr)
      leavepgrp(s, p);
    s.sx_xunlock(k.proctree_lock());
    s.mtx_lock(p.p_mtx()); // who had it is gone
    s.mtx_unlock(p.p_mtx());
    s.label("lock_for_ruadd").mtx_lock(q.p_mtx());
    s.label("unlock_for_ruadd").mtx_unlock(q.p_mtx());
    s.release(p.ref(), "uma_zfree_proc_zone");
    if (!s.revision().nprocs_atomic) {
      s.label("sx_xlock_for_nprocs").sx_xlock(k.allproc_lock());
      s.label("sx_xunlock_for_nprocs").sx_xunlock(k.allproc_lock());
    }
  });
}

Expr is_wanted(const Kernel& k, const Proc& p, const ReapCall& reap) {
  return p.p_pid() == k.pid(reap.process.value()).ref();
}

// `reaped` is 0 where the child was a zombie, which is gone then, and so is the lock.
// {proctree_lock}
void proc_to_reap(Path& s, const Proc& q, const Proc& p, const ReapCall& reap, const Expr& reaped) {
  s.path(s.kern_exit("proc_to_reap"), {{"q", q.ref()}, {"p", p.ref()}}, [&] {
    const Kernel& k = s.kernel();
    s.sx_assert_xlocked(k.proctree_lock(), "sx_assert(&proctree_lock, SA_XLOCKED)");
    s.mtx_lock(p.p_mtx());
    if (reap.process) // P_PID
      s.label("test_p_pid").if_(!is_wanted(k, p, reap), [&] {
        s.label("unlock_other").mtx_unlock(p.p_mtx());
        s.label("return_other").return_();
      });
    s.if_(p.p_stat() == k.p_stat("PRS_ZOMBIE"), [&] {
      proc_reap(s, q, p);
      s.set("reaped", {{reaped, error("0")}});
      s.return_();
    });
    s.mtx_unlock(p.p_mtx());
  });
}

// Returns from wait4(2) with a zombie that it has found.  `found` is there where it waits for one
// process: whether that is a child.  {proctree_lock}
void look_at_children(Path& s, const Proc& q, const ReapCall& reap, const Expr& reaped,
                      const Expr& found) {
  const Kernel& k = s.kernel();
  const Proc p(k, s.local_proc("p"));
  s.for_each(p.ref(), k.p_children, q.ref(), Cursor::next_read_after_body, [&] {
    proc_to_reap(s, q, p, reap, reaped);
    if (reap.process)
      s.label("test_ret").if_(reaped != error("0") && !is_wanted(k, p, reap), [&] {
        s.label("continue_other").continue_();
      });
    s.if_(reaped == error("0"), [&] { s.return_(); });
    if (reap.process)
      s.set("count_nfound", {{found, Expr(true)}});
    s.label("lock_for_stopped").mtx_lock(p.p_mtx()); // stopped or continued?
    s.label("unlock_for_stopped").mtx_unlock(p.p_mtx());
  });
}

// {proctree_lock} -> {}
void sleep_for_child(Path& s, const Proc& q, const ReapCall& reap, const Expr& result) {
  s.mtx_lock(q.p_mtx());
  s.sx_xunlock(s.kernel().proctree_lock());
  // wait4(2) waits for ever while no child exits.
  Wait wait{.idle_when = no_child_exits(s.lives(), s, q.ref(), reap, loses_children(s)),
            .label = "msleep",
            .by_chance = true,
            .interruptible = s.environment().signals};
  wait.interrupted = [&] { s.set("interrupted", {{result, error("EINTR")}}); };
  s.msleep(q.wait_channel(), q.p_mtx(), wait);
  s.mtx_unlock(q.p_mtx());
  s.where(wait.interruptible, [&] { s.if_(result == error("EINTR"), [&] { s.return_(); }); });
}

} // namespace

void proc_reparent(Path& s, const Proc& child, const Proc& parent) {
  s.path(s.kern_exit("proc_reparent"), {{"child", child.ref()}}, [&] {
    const Kernel& k = s.kernel();
    s.sx_assert_xlocked(k.proctree_lock(), "sx_assert(&proctree_lock, SX_XLOCKED)");
    s.mtx_assert_owned(child.p_mtx(), "PROC_LOCK_ASSERT(child, MA_OWNED)");
    const Proc old(k, child.p_pptr());
    s.if_(
        old.is_none(), [&] {},
        [&] {
          s.mtx_lock(old.p_mtx()); // sigqueue_take()
          s.mtx_unlock(old.p_mtx());
          s.update("remove_p_sibling", {Steps::remove(k.p_children, old.ref(), child.ref())});
        });
    s.where(!parent.ref().is_literal(lang::none), [&] {
      s.update("insert_p_sibling", {Steps::push_front(k.p_children, parent.ref(), child.ref())});
    });
    s.set("set_p_pptr", {{child.p_pptr(), parent.ref()}});
  });
}

namespace {

// The parent ignores SIGCHLD (PS_CLDSIGIGN), and so its reaper, which is init, gets the child.
// {proctree_lock, p_mtx of p and of its parent} -> with that of init in place of the parent's
void leave_to_init(Path& s, const Proc& p) {
  const Kernel& k = s.kernel();
  const Proc init = k.initproc();
  const Proc pp(k, s.local_proc("pp"));
  const Expr ignores = p.p_pptr() != k.spec().nothing(k.proc_pool) && p.p_pptr() != init.ref();
  s.label("test_PS_CLDSIGIGN").if_(ignores, [&] {
    s.set("read_pp", {{pp.ref(), p.p_pptr()}});
    s.label("unlock_pp").mtx_unlock(pp.p_mtx());
    proc_reparent(s, p, init);
    s.label("lock_new_parent").mtx_lock(init.p_mtx());
    s.label("wakeup_pp").wakeup(pp.wait_channel());
  });
}

} // namespace

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
    fdescfree(s);
    s.label("lock_for_session").sx_xlock(k.proctree_lock()); // fixjobc()
    s.label("unlock_for_session").sx_xunlock(k.proctree_lock());
    if (!s.revision().nprocs_atomic) {
      s.label("lock_for_p_limit").mtx_lock(p.p_mtx());
      s.label("unlock_for_p_limit").mtx_unlock(p.p_mtx());
    }
    s.sx_xlock(k.allproc_lock());
    s.set("insert_zombproc", {{p.on_zombproc(), Expr(true)}});
    s.sx_xunlock(k.allproc_lock());
    s.sx_xlock(k.proctree_lock());
    reparent_children(s, p);
    s.mtx_lock(p.p_mtx());
    knote_of_exit(s, p);
    knlist_clear(s, p);
    const Proc parent(k, p.p_pptr());
    // One that the scenario does not have is nobody.
    const auto with_parent = [&](const Body& body) { s.if_(!parent.is_none(), body); };
    with_parent([&] { s.mtx_lock(parent.p_mtx()); });
    s.where(s.environment().sigchld_ignored && s.process() != k.plan().init,
            [&] { leave_to_init(s, p); });
    s.sx_xunlock(k.proctree_lock());
    with_parent([&] { s.wakeup(parent.wait_channel()); });
    if (s.context().vforks && s.revision().p_pwait)
      s.wakeup_if(Expr(true), p.p_pwait(), "cv_broadcast_p_pwait", {});
    s.set("set_PRS_ZOMBIE", {{p.p_stat(), k.p_stat("PRS_ZOMBIE")}});
    with_parent([&] { s.mtx_unlock(parent.p_mtx()); });
    if (s.revision().destroy_clears)
      s.set("knlist_destroy", {{p.kl_lock(), Expr(false)}});
    s.mtx_unlock(p.p_mtx()); // thread_exit()
  });
}

// What the options add has labels of its own, so that all else has those that it has without them.
void kern_wait(Path& s, const ReapCall& reap, const ReapResult& answer) {
  const Kernel& k = s.kernel();
  const Expr& result = answer.error;
  const char* function = s.revision().kern_wait6 ? "kern_wait6" : "kern_wait";
  const auto body = [&] {
    const Proc q = s.curproc();
    const bool one = reap.process.has_value();
    const Expr found = one ? s.local("nfound", lang::boolean_type()) : Expr();
    s.loop("loop", [&] {
      s.sx_xlock(k.proctree_lock());
      std::vector<std::pair<Expr, Expr>> none{{result, error("ECHILD")}};
      if (one)
        none.emplace_back(found, Expr(false));
      s.set("none_reaped", none);
      look_at_children(s, q, reap, result, found);
      s.where(one || s.process() != k.plan().init, [&] { // which always has children of its own
        s.if_(one ? !found : k.spec().list_size(k.p_children, q.ref()) == 0, [&] {
          s.sx_xunlock(k.proctree_lock());
          s.return_(); // ECHILD
        });
      });
      if (reap.nohang) {
        s.label("unlock_WNOHANG").sx_xunlock(k.proctree_lock());
        s.set("retval_0", {{result, error("0")}, {answer.nobody, Expr(true)}});
        s.label("return_WNOHANG").return_();
      }
      s.where(!reap.nohang, [&] { sleep_for_child(s, q, reap, result); });
    });
  };
  s.path(s.kern_exit(function), {{"q", s.curproc().ref()}, {"returned", result}}, body,
         "kern_wait");
}

} // namespace interlock::actions::freebsd
