// FreeBSD kern_fork.c: fork1() and do_fork() of fork(2) and vfork(2).
#include "actions/freebsd/paths.hpp"
#include "actions/process_group.hpp"
#include "actions/waiting.hpp"

namespace interlock::actions::freebsd {

namespace {

// A struct proc.  -> {proctree_lock, allproc_lock}
void prepare(Path& s, const Proc& p1, const Proc& p2) {
  const Kernel& k = s.kernel();
  s.allocate(p2.ref(), k.proc_pool, "uma_zalloc_proc_zone");
  s.set("knlist_init", {{p2.kl_lock(), Expr(true)}});
  s.sx_slock(k.proctree_lock());
  s.sx_xlock(k.allproc_lock());
  s.mtx_lock(p1.p_mtx()); // lim_cur(p1, RLIMIT_NPROC)
  s.mtx_unlock(p1.p_mtx());
}

// It gets a pid, in state PRS_NEW: pfind() does not give it away.  {proctree_lock, allproc_lock} ->
// {}
void publish(Path& s, const Proc& p1, const Proc& p2, std::size_t child) {
  const Kernel& k = s.kernel();
  s.sx_assert_slocked(k.proctree_lock(), "sx_assert(&proctree_lock, SX_SLOCKED)");
  s.sx_assert_xlocked(k.allproc_lock(), "sx_assert(&allproc_lock, SX_XLOCKED)");
  s.sx_sunlock(k.proctree_lock());
  s.unguarded().set("set_PRS_NEW", // nobody else can reach p2 yet
                    {{p2.p_stat(), k.p_stat("PRS_NEW")}, {p2.p_pid(), k.pid(child).ref()}});
  s.set("insert_allproc", {{k.pid(child).proc(), p2.ref()}});
  s.mtx_lock(p2.p_mtx());
  s.mtx_lock(p1.p_mtx());
  s.sx_xunlock(k.allproc_lock());
  s.mtx_unlock(p1.p_mtx());
  s.mtx_unlock(p2.p_mtx());
  s.label("lock_p2_to_copy").mtx_lock(p2.p_mtx());
  s.label("lock_p1_to_copy").mtx_lock(p1.p_mtx());
  s.label("unlock_p1_copied").mtx_unlock(p1.p_mtx());
  s.label("unlock_p2_copied").mtx_unlock(p2.p_mtx());
}

void become_child(Path& s, const Proc& p1, const Proc& p2, Fork kind) {
  const Kernel& k = s.kernel();
  const bool group = k.group() != nullptr;
  s.sx_xlock(k.proctree_lock());
  if (group)
    s.mtx_lock(k.pg_mtx());
  s.mtx_lock(p2.p_mtx());
  s.mtx_lock(p1.p_mtx());
  if (kind == Fork::vfork)
    s.set("set_P_PPWAIT", {{p2.p_ppwait(), Expr(true)}});
  if (group) {
    s.label("test_p1_last");
    insert_p_pglist(s, p1.ref(), p2.ref(), 0);
    s.mtx_unlock(k.pg_mtx());
  }
  s.mtx_unlock(p1.p_mtx());
  s.update("insert_p_children", {lang::assign(p2.p_pptr(), p1.ref()),
                                 Steps::push_front(k.p_children, p1.ref(), p2.ref())});
  s.sx_xunlock(k.proctree_lock());
  s.mtx_unlock(p2.p_mtx());
}

// From here on signals to the group reach it.
void set_normal(Path& s, const Proc& p2, std::size_t child) {
  const Kernel& k = s.kernel();
  std::vector<lang::Update> updates{lang::assign(p2.p_stat(), k.p_stat("PRS_NORMAL"))};
  if (k.group() != nullptr)
    updates.push_back(can_be_signalled(k, child));
  s.update("set_PRS_NORMAL", std::move(updates));
}

// From here on the child runs.
void run(Path& s, const Proc& p2, std::size_t child) {
  const Kernel& k = s.kernel();
  const Expr l2 = k.spec().object(lang::thread_pool, s.context().threads_of[child].at(0));
  s.set("sched_add",
        {{k.spec().read(k.l_proc, l2), p2.ref()}, {k.spec().read(k.l_started, l2), Expr(true)}});
}

void complete(Path& s, const Proc& p1, const Proc& p2, std::size_t child) {
  if (s.revision().p_state_locked) {
    s.mtx_lock(p2.p_mtx());
    s.mtx_lock(p1.p_mtx());
    set_normal(s, p2, child);
    s.mtx_unlock(p2.p_mtx());
    run(s, p2, child);
    s.mtx_unlock(p1.p_mtx()); // _PRELE(p1)
    return;
  }
  set_normal(s, p2, child);               // under a spin lock only
  s.where(s.environment().fasttrap, [&] { // dtrace_fasttrap_fork()
    s.label("fasttrap_lock_p1").mtx_lock(p1.p_mtx());
    s.label("fasttrap_lock_p2").mtx_lock(p2.p_mtx());
    s.label("fasttrap_unlock_p2").mtx_unlock(p2.p_mtx());
    s.label("fasttrap_unlock_p1").mtx_unlock(p1.p_mtx());
  });
  run(s, p2, child);
  s.mtx_lock(p1.p_mtx()); // _PRELE(p1)
  if (!s.revision().knote_fork)
    knote_of_fork(s, p1, child);
  s.mtx_unlock(p1.p_mtx());
}

// The parent waits until the child exits.  (It waits for a debugger here too.)  p2 is not held.
void wait_for_child(Path& s, std::size_t child, const Proc& p1, const Proc& p2, Fork kind) {
  s.mtx_lock(p2.p_mtx());
  if (kind == Fork::vfork)
    s.while_(p2.p_ppwait(), [&] {
      const bool own = s.revision().p_pwait;
      s.msleep(own ? p2.p_pwait() : p1.wait_channel(), p2.p_mtx(),
               {.idle_when = child_runs(s.lives(), child), .label = own ? "cv_wait" : "msleep"});
    });
  s.mtx_unlock(p2.p_mtx());
}

} // namespace

void fork1(Path& s, std::size_t child, Fork kind) {
  s.path(s.kern_fork("fork1"), {{"p1", s.curproc().ref()}}, [&] {
    const Proc p1 = s.curproc();
    const Proc p2(s.kernel(), s.local_proc("p2"));
    prepare(s, p1, p2);
    s.path(
        s.kern_fork(s.revision().do_fork ? "do_fork" : "fork1"),
        {{"p1", p1.ref()}, {"p2", p2.ref()}},
        [&] {
          publish(s, p1, p2, child);
          become_child(s, p1, p2, kind);
          complete(s, p1, p2, child);
          if (s.revision().knote_fork)
            knote_fork(s, p1, child);
          wait_for_child(s, child, p1, p2, kind);
        },
        "do_fork");
  });
}

} // namespace interlock::actions::freebsd
