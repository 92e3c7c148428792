// NetBSD kern_exit.c: exit1() of a single-threaded process, and wait4(2).
#include "actions/netbsd/paths.hpp"
#include "actions/waiting.hpp"

namespace interlock::actions::netbsd {

using lang::assign;

namespace {

// Gives a process to init.  A scenario without a process called init leaves it to nobody: p_pptr is
// none.  {proc_lock}
void proc_reparent(Path& s, const Proc& child, const Proc& old_parent) {
  const Kernel& k = s.kernel();
  std::vector<lang::Update> updates{assign(child.p_pptr(), k.initproc().ref()),
                                    Steps::remove(k.p_children, old_parent.ref(), child.ref())};
  s.label("assert_proc_lock").kassert(s.owns(k.proc_lock()), "mutex_owned(&proc_lock)");
  s.update("proc_reparent", std::move(updates));
  s.where(k.plan().init.has_value(), [&] {
    s.update("insert_p_children",
             {Steps::push_front(k.p_children, k.initproc().ref(), child.ref())});
  });
}

// {proc_lock}
void reparent_children(Path& s, const Proc& p) {
  const Kernel& k = s.kernel();
  s.where(k.plan().procs > 1, [&] {
    const Proc child(k, s.local("child", k.spec().pools()[k.proc_pool].reference));
    const auto each = [&] {
      s.for_each(child.ref(), k.p_children, p.ref(), Cursor::restart_from_head,
                 [&] { proc_reparent(s, child, p); });
    };
    if (!k.plan().init) {
      each();
      return;
    }
    s.label("test_p_children").if_(k.spec().list_size(k.p_children, p.ref()) != 0, [&] {
      each();
      s.label("wakeinit").cv_broadcast(k.initproc().p_waitcv());
    });
  });
}

// The parent ignores SIGCHLD (PK_CLDSIGIGN), and so init reaps.  {proc_lock}
void leave_to_init(Path& s, const Proc& p) {
  const Kernel& k = s.kernel();
  const Proc init = k.initproc();
  const Proc old_parent(k, s.local("old_parent", k.spec().pools()[k.proc_pool].reference));
  s.set("read_p_pptr", {{old_parent.ref(), p.p_pptr()}});
  s.label("test_old_parent").if_(!old_parent.is_none() && old_parent.ref() != init.ref(), [&] {
    proc_reparent(s, p, old_parent);
    s.label("test_no_child_left").if_(k.spec().list_size(k.p_children, old_parent.ref()) == 0, [&] {
      s.label("no_child_left").cv_broadcast(old_parent.p_waitcv());
    });
    s.label("wake_reaper").cv_broadcast(init.p_waitcv());
  });
}

// fd_free(): the last reference to the table closes what is in it.
void fd_free(Path& s) {
  const Kernel& k = s.kernel();
  std::size_t copy = 0;
  for (const std::size_t i : k.plan().kqueues_of(s.process()))
    s.label(copy_label("fd_free", copy++)).path(s.kern_descrip("fd_free"), {}, [&] {
      const Expr result = s.local("error", errno_type());
      s.update("contract_close", s.promises().close_begins(i));
      fd_close(s, i, result);
    });
}

} // namespace

void exit1(Path& s) {
  const Kernel& k = s.kernel();
  s.path(s.kern_exit("exit1"), {{"p", s.curproc().ref()}}, [&] {
    const Proc p = s.curproc();
    const Expr has_knotes = k.spec().list_size(k.p_klist, p.ref()) != 0;
    s.kassert(s.owns(p.p_lock()), "mutex_owned(p->p_lock)");
    s.set("set_SDYING", {{p.p_stat(), k.p_stat("SDYING")}});
    s.mutex_exit(p.p_lock());
    s.rw_enter_writer(p.p_reflock());
    fd_free(s);
    s.mutex_enter(k.proc_lock());
    if (k.features().vfork)
      s.label("test_PL_PPWAIT").if_(p.ppwait(), [&] { end_vfork(s, p, s.exit_vfork()); });
    if (!s.mpsafe())
      s.unguarded().if_(has_knotes, [&] { knote_exit(s, p); });
    reparent_children(s, p);
    s.set("set_SDEAD", {{p.p_stat(), k.p_stat("SDEAD")}});
    s.where(s.environment().sigchld_ignored && s.process() != k.plan().init,
            [&] { leave_to_init(s, p); });
    s.mutex_enter(p.p_lock());
    if (s.mpsafe())
      s.if_(has_knotes, [&] { knote_proc_exit(s, p); });
    s.label("assert_p_nrlwps").kassert(p.p_nrlwps() == 1, "p->p_nrlwps == 1");
    s.label("assert_p_nlwps").kassert(p.p_nlwps() == 1, "p->p_nlwps == 1");
    // Whoever reads any of these holds proc_lock.
    s.set("set_SZOMB", {{p.p_stat(), k.p_stat("SZOMB")},
                        {p.p_nrlwps(), p.p_nrlwps() - 1},
                        {p.p_nzlwps(), p.p_nzlwps() + 1}});
    s.mutex_exit(p.p_lock());
    const auto tell_parent = [&] {
      const Proc parent(k, p.p_pptr());
      s.if_(!parent.is_none(), [&] { s.cv_broadcast(parent.p_waitcv()); });
    };
    if (!s.mpsafe())
      tell_parent();
    s.rw_exit(p.p_reflock());
    if (s.mpsafe())
      tell_parent();
    s.mutex_exit(k.proc_lock());
  });
}

void do_sys_wait(Path& s, const Expr& result) {
  const Kernel& k = s.kernel();
  s.path(s.kern_exit("do_sys_wait"), {{"p", s.curproc().ref()}}, [&] {
    const Proc parent = s.curproc();
    const Proc child(k, s.local("child", k.spec().pools()[k.proc_pool].reference));
    const auto zombie = [&] {
      return s.find_first(k.p_children, parent.ref(), [&](const Expr& element) {
        return Proc(k, element).p_stat() == k.p_stat("SZOMB");
      });
    };
    s.mutex_enter(k.proc_lock());
    s.label("assert_proc_lock").kassert(s.owns(k.proc_lock()), "mutex_owned(&proc_lock)");
    s.loop("find_stopped_child", [&] {
      s.where(s.process() != k.plan().init, [&] { // which always has children of its own
        s.if_(k.spec().list_size(k.p_children, parent.ref()) == 0, [&] {
          s.mutex_exit(k.proc_lock());
          s.set("return_ECHILD", {{result, error("ECHILD")}});
          s.return_();
        });
      });
      // A child becomes a zombie only with proc_lock held, so one look at all of them is atomic.
      s.set("find_zombie", {{child.ref(), zombie()}});
      s.if_(!child.is_none(), [&] { s.break_("find_stopped_child"); });
      // wait4(2) waits for ever while no child exits.
      Wait wait{.idle_when = no_child_exits(s.promises(), s, parent.ref()),
                .label = "cv_wait_sig",
                .by_chance = true,
                .interruptible = s.environment().signals};
      wait.interrupted = [&] {
        s.mutex_exit(k.proc_lock());
        s.set("return_EINTR", {{result, error("EINTR")}});
        s.return_();
      };
      s.cv_wait(parent.p_waitcv(), k.proc_lock(), wait);
    });
    s.path(s.kern_exit("proc_free"), {{"p", child.ref()}}, [&] {
      s.kassert(s.owns(k.proc_lock()), "mutex_owned(&proc_lock)");
      // No thread is left that could change these, so the kernel reads them without p_lock.
      s.label("assert_p_nlwps").unguarded().kassert(child.p_nlwps() == 1, "p->p_nlwps == 1");
      s.label("assert_p_nzlwps").unguarded().kassert(child.p_nzlwps() == 1, "p->p_nzlwps == 1");
      s.label("assert_p_nrlwps").unguarded().kassert(child.p_nrlwps() == 0, "p->p_nrlwps == 0");
      s.label("assert_SZOMB").kassert(child.p_stat() == k.p_stat("SZOMB"), "p->p_stat == SZOMB");
      s.update("proc_free_pid",
               {Steps::remove(k.p_children, parent.ref(), child.ref()),
                assign(k.spec().read(k.pid_proc, child.p_pid()), k.spec().nothing(k.proc_pool))});
      s.mutex_exit(k.proc_lock());
      s.release(child.ref(), "pool_cache_put");
    });
    s.set("return_0", {{result, error("0")}});
  });
}

} // namespace interlock::actions::netbsd
