// FreeBSD: finding a process by its pid and leaving the group (kern_proc.c), and ptrace(2).
#include "actions/freebsd/paths.hpp"

namespace interlock::actions::freebsd {

namespace {

enum class List { allproc, zombproc };

// The process with this pid that is on the list.  {allproc_lock}
Expr on_list(Path& s, const Expr& pid, List list) {
  const Kernel& k = s.kernel();
  const Proc found(k, k.spec().read(k.pid_proc, pid));
  const Expr nobody = k.spec().nothing(k.proc_pool);
  return lang::choose(
      found.is_none(), nobody,
      lang::choose(list == List::zombproc ? found.on_zombproc() : !found.on_zombproc(), found.ref(),
                   nobody));
}

} // namespace

void pfind(Path& s, const Expr& pid, const Expr& p) {
  s.path(s.kern_proc("pfind"), {{"pid", pid}}, [&] {
    const Kernel& k = s.kernel();
    const Proc found(k, p);
    const Expr is_new = found.p_stat() == k.p_stat("PRS_NEW");
    const auto forget = [&] { s.set("forget", {{p, k.spec().nothing(k.proc_pool)}}); };
    s.sx_slock(k.allproc_lock());
    if (s.revision().pfind_locked)
      s.sx_assert_slocked(k.allproc_lock(), "pfind_locked: sx_assert(&allproc_lock, SX_LOCKED)");
    s.set("lookup", {{p, on_list(s, pid, List::allproc)}});
    s.if_(!found.is_none(), [&] {
      if (s.revision().p_state_locked) {
        s.mtx_lock(found.p_mtx());
        s.if_(is_new, [&] {
          s.mtx_unlock(found.p_mtx());
          forget();
        });
      } else {
        // Without its lock; guarded-access says so.
        s.label("test_PRS_NEW").if_(is_new, forget, [&] { s.mtx_lock(found.p_mtx()); });
      }
    });
    s.sx_sunlock(k.allproc_lock());
  });
}

void zpfind(Path& s, const Expr& pid, const Expr& p) {
  s.path(s.kern_proc("zpfind"), {{"pid", pid}}, [&] {
    const Kernel& k = s.kernel();
    const Proc found(k, p);
    s.sx_slock(k.allproc_lock());
    if (s.revision().pfind_locked)
      s.sx_assert_slocked(k.allproc_lock(), "zpfind_locked: sx_assert(&allproc_lock, SX_LOCKED)");
    s.set("lookup", {{p, on_list(s, pid, List::zombproc)}});
    s.if_(!found.is_none(), [&] { s.mtx_lock(found.p_mtx()); });
    s.sx_sunlock(k.allproc_lock());
  });
}

void leavepgrp(Path& s, const Proc& p) {
  s.path(s.kern_proc("leavepgrp"), {{"p", p.ref()}}, [&] {
    const Kernel& k = s.kernel();
    s.sx_assert_xlocked(k.proctree_lock(), "sx_assert(&proctree_lock, SX_XLOCKED)");
    s.mtx_lock(k.pg_mtx());
    s.mtx_lock(p.p_mtx());
    s.update("remove_p_pglist", {Steps::remove(k.group()->pg_members, k.pgrp(), p.ref())});
    s.mtx_unlock(p.p_mtx());
    s.mtx_unlock(k.pg_mtx());
  });
}

void ptrace_attach(Path& s, std::size_t process, const Expr& result) {
  s.path(Path::other("sys/kern/sys_process.c", "kern_ptrace"), {}, [&] {
    const Kernel& k = s.kernel();
    const Proc p(k, s.local_proc("p"));
    const auto fail = [&](const char* error_name) {
      s.sx_xunlock(k.proctree_lock());
      s.set(std::string("return_") + error_name, {{result, error(error_name)}});
      s.return_();
    };
    s.sx_xlock(k.proctree_lock());
    pfind(s, k.pid(process).ref(), p.ref());
    s.if_(p.is_none(), [&] { fail("ESRCH"); });
    s.if_(p.p_wexit(), [&] {
      s.mtx_unlock(p.p_mtx());
      fail("ESRCH");
    });
    s.if_(p.ref() == s.curproc().ref(), [&] {
      s.mtx_unlock(p.p_mtx());
      fail("EINVAL");
    });
    s.if_(p.p_pptr() != s.curproc().ref(), [&] { proc_reparent(s, p, s.curproc()); });
    s.sx_xunlock(k.proctree_lock());
    s.mtx_unlock(p.p_mtx());
    s.set("return_0", {{result, error("0")}});
  });
}

} // namespace interlock::actions::freebsd
