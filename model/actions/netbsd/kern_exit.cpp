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

// `wakeinit`: whether init, if there is one, has somebody to reap.  {proc_lock}
void reparent_children(Path& s, const Proc& p, const Expr& wakeinit) {
  const Kernel& k = s.kernel();
  s.where(k.plan().init.has_value(), [&] {
    s.set("read_p_children", {{wakeinit, k.spec().list_size(k.p_children, p.ref()) != 0}});
  });
  s.where(k.plan().procs > 1, [&] {
    const Proc child(k, s.local("child", k.spec().pools()[k.proc_pool].reference));
    s.for_each(child.ref(), k.p_children, p.ref(), Cursor::restart_from_head,
               [&] { proc_reparent(s, child, p); });
  });
}

// The parent ignores SIGCHLD (PK_CLDSIGIGN), and so init reaps.  {proc_lock}
void leave_to_init(Path& s, const Proc& p, const Expr& wakeinit) {
  const Kernel& k = s.kernel();
  const Proc init = k.initproc();
  const Proc old_parent(k, s.local("old_parent", k.spec().pools()[k.proc_pool].reference));
  s.set("read_p_pptr", {{old_parent.ref(), p.p_pptr()}});
  s.label("test_old_parent").if_(!old_parent.is_none() && old_parent.ref() != init.ref(), [&] {
    proc_reparent(s, p, old_parent);
    s.set("set_wakeinit", {{wakeinit, Expr(true)}});
    s.label("test_no_child_left").if_(k.spec().list_size(k.p_children, old_parent.ref()) == 0, [&] {
      s.label("no_child_left").cv_broadcast(old_parent.p_waitcv());
    });
  });
}

// fd_free(): the last reference to the table closes what is in it.
void fd_free(Path& s) {
  const Kernel& k = s.kernel();
  std::size_t copy = 0;
  for (const std::size_t i : k.plan().kqueues_of(s.process()))
    s.label(copy_label("fd_free", copy++))
        .path(s.kern_descrip("fd_free"), {{"ff", k.descriptor(i).ref()}}, [&] {
          const Expr result = s.local("error", errno_type());
          const states::netbsd::Descriptor ff = k.descriptor(i);
          fd_close(s, i, result);
          s.label("assert_ff_refcnt")
              .unguarded()
              .kassert(ff.ff_refcnt() == 0, "ff->ff_refcnt == 0");
          s.label("assert_ff_file").unguarded().kassert(!ff.ff_open(), "ff->ff_file == NULL");
        });
}

// The lwp's own lock, around what it does to l_stat: only that of a process that was forked has
// one.
void under_lwp_lock(Path& s, const char* take, const char* give) {
  s.where(s.kernel().plan().processes[s.process()].parent.has_value(), [&] {
    s.label(take).mutex_spin_enter(s.curlwp().l_mutex());
    s.label(give).mutex_spin_exit(s.curlwp().l_mutex());
  });
}

// match_process() of P_PID, for the first child: the process of that pid takes its place.  Leaves
// the walk where that is no child.  {} -> {p_lock of the child}
void match_pid(Path& s, const Proc& parent, const Proc& child, const ReapCall& reap) {
  const Kernel& k = s.kernel();
  const states::Pid wanted = k.pid(reap.process.value());
  s.label("test_p_pid").if_(child.p_pid() != wanted.ref(), [&] {
    s.set("proc_find_raw", {{child.ref(), wanted.proc()}});
    s.label("test_p_pptr")
        .if_(child.is_none() || child.p_stat() == k.p_stat("SIDL") ||
                 child.p_pptr() != parent.ref(),
             [&] {
               s.set("no_match", {{child.ref(), k.spec().nothing(k.proc_pool)}});
               s.label("break_no_match").break_();
             });
  });
  s.label("lock_wanted").mutex_enter(child.p_lock());
}

// The child is a zombie: frees it.  {proc_lock} -> {}
void proc_free(Path& s, const Proc& parent, const Proc& child) {
  const Kernel& k = s.kernel();
  s.path(s.kern_exit("proc_free"), {{"p", child.ref()}}, [&] {
    s.kassert(s.owns(k.proc_lock()), "mutex_owned(&proc_lock)");
    // No thread is left that could change these, so the kernel reads them without p_lock.
    s.label("assert_p_nlwps").unguarded().kassert(child.p_nlwps() == 1, "p->p_nlwps == 1");
    s.label("assert_p_nzlwps").unguarded().kassert(child.p_nzlwps() == 1, "p->p_nzlwps == 1");
    s.label("assert_p_nrlwps").unguarded().kassert(child.p_nrlwps() == 0, "p->p_nrlwps == 0");
    s.label("assert_SZOMB").kassert(child.p_stat() == k.p_stat("SZOMB"), "p->p_stat == SZOMB");
    lang::Step free_pid;
    free_pid.updates = {
        assign(child.p_stat(), k.p_stat("SIDL")),
        Steps::remove(k.p_children, parent.ref(), child.ref()),
        assign(k.spec().read(k.pid_proc, child.p_pid()), k.spec().nothing(k.proc_pool))};
    free_pid.shows = show_reaping(s, child.p_pid());
    s.step("proc_free_pid", std::move(free_pid));
    if (k.group() != nullptr)
      s.update("proc_leavepgrp", {Steps::remove(k.group()->pg_members, k.pgrp(), child.ref())});
    s.mutex_exit(k.proc_lock());
    s.release(child.ref(), "pool_cache_put");
  });
}

// A zombie, or none with errno as the result.  {proc_lock}
void find_stopped_child(Path& s, const Proc& parent, const Proc& child, const ReapCall& reap,
                        const ReapResult& answer) {
  const Kernel& k = s.kernel();
  const Expr& result = answer.error;
  const bool one = reap.process.has_value();
  // With one process: whether it is a child; with WNOHANG: whether a child is about to be a
  // zombie, for which it waits.
  const Expr found = one ? s.local("found", lang::boolean_type()) : Expr();
  const Expr dead = reap.nohang ? s.local("dead", lang::boolean_type()) : Expr();
  s.loop("find_stopped_child", [&] {
    if (one)
      s.set("none_found", {{found, Expr(false)}});
    if (reap.nohang)
      s.set("none_dead", {{dead, Expr(false)}});
    // A child becomes a zombie only with proc_lock held, which is held here.
    s.for_each(child.ref(), k.p_children, parent.ref(), Cursor::next_read_after_body, [&] {
      if (one)
        match_pid(s, parent, child, reap);
      s.where(!one, [&] { s.mutex_enter(child.p_lock()); }); // match_process() of P_ALL
      s.mutex_exit(child.p_lock());
      if (one)
        s.set("set_found", {{found, Expr(true)}});
      s.label("test_SZOMB").if_(child.p_stat() == k.p_stat("SZOMB"), [&] {
        s.break_("find_stopped_child");
      });
      if (reap.nohang)
        s.set("look_for_SDEAD", {{dead, dead || child.p_stat() == k.p_stat("SDEAD")}});
      if (one) {
        s.set("no_child", {{child.ref(), k.spec().nothing(k.proc_pool)}});
        s.label("break_of_one").break_();
      }
    });
    s.where(one || s.process() != k.plan().init, [&] { // which always has children of its own
      s.if_(one ? !found : k.spec().list_size(k.p_children, parent.ref()) == 0, [&] {
        s.set("set_ECHILD", {{result, error("ECHILD")}});
        s.break_("find_stopped_child");
      });
    });
    if (reap.nohang)
      s.label("test_dead").if_(!dead, [&] {
        s.set("return_WNOHANG", {{result, error("0")}, {answer.nobody, Expr(true)}});
        s.label("break_WNOHANG").break_("find_stopped_child");
      });
    // wait4(2) waits for ever while no child exits.
    Wait wait{.idle_when = no_child_exits(s.lives(), s, parent.ref(), reap, loses_children(s)),
              .label = "cv_wait_sig",
              .by_chance = true,
              .interruptible = s.environment().signals};
    wait.interrupted = [&] {
      s.set("set_EINTR", {{result, error("EINTR")}});
      s.break_("find_stopped_child");
    };
    s.cv_wait(parent.p_waitcv(), k.proc_lock(), wait);
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
    const Expr wakeinit = s.local("wakeinit", lang::boolean_type());
    reparent_children(s, p, wakeinit);
    s.set("set_SDEAD", {{p.p_stat(), k.p_stat("SDEAD")}});
    s.where(s.environment().sigchld_ignored && s.process() != k.plan().init,
            [&] { leave_to_init(s, p, wakeinit); });
    s.mutex_enter(p.p_lock());
    if (s.mpsafe())
      s.if_(has_knotes, [&] { knote_proc_exit(s, p); });
    under_lwp_lock(s, "lwp_lock", "lwp_unlock"); // l_stat is LSZOMB
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
    s.where(k.plan().init.has_value(), [&] {
      s.label("test_wakeinit").if_(wakeinit, [&] {
        s.label("wakeinit").cv_broadcast(k.initproc().p_waitcv());
      });
    });
    under_lwp_lock(s, "lwp_lock_2", "mi_switch"); // which gives it back
  });
}

// What the options add has labels of its own, so that all else has those that it has without them.
void do_sys_wait(Path& s, const ReapCall& reap, const ReapResult& answer) {
  const Kernel& k = s.kernel();
  const Expr& result = answer.error;
  s.path(s.kern_exit("do_sys_wait"), {{"p", s.curproc().ref()}, {"returned", result}}, [&] {
    const Proc parent = s.curproc();
    const Proc child(k, s.local("child", k.spec().pools()[k.proc_pool].reference));
    const bool one = reap.process.has_value();
    s.mutex_enter(k.proc_lock());
    s.label("assert_proc_lock").kassert(s.owns(k.proc_lock()), "mutex_owned(&proc_lock)");
    find_stopped_child(s, parent, child, reap, answer);
    s.where(one || reap.nohang || s.process() != k.plan().init || s.environment().signals, [&] {
      s.label("test_child").if_(child.is_none(), [&] {
        s.mutex_exit(k.proc_lock());
        s.return_();
      });
    });
    proc_free(s, parent, child);
    s.set("return_0", {{result, error("0")}});
  });
}

} // namespace interlock::actions::netbsd
