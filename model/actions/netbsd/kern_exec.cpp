// NetBSD kern_exec.c: what execve(2) of a single-threaded process does about a parent in vfork(2).
#include "actions/netbsd/paths.hpp"

namespace interlock::actions::netbsd {

namespace {

void execve_loadvm(Path& s) {
  const Proc p = s.curproc();
  s.path(s.kern_exec("execve_loadvm"), {{"p", p.ref()}}, [&] { s.rw_enter_writer(p.p_reflock()); });
}

void execve_runproc(Path& s) {
  const Kernel& k = s.kernel();
  s.path(s.kern_exec("execve_runproc"), {{"p", s.curproc().ref()}}, [&] {
    const Proc p = s.curproc();
    s.label("assert_p_nlwps").unguarded().kassert(p.p_nlwps() == 1, "p->p_nlwps == 1");
    s.mutex_enter(p.p_lock()); // sets PK_EXEC
    s.mutex_exit(p.p_lock());
    // Tested without proc_lock: only exec and exit clear it, and this is the process' only lwp.
    if (k.features().vfork)
      s.label("test_PL_PPWAIT").unguarded().if_(p.ppwait(), [&] {
        s.mutex_enter(k.proc_lock());
        end_vfork(s, p, s.kern_exec("execve_runproc"));
        s.mutex_exit(k.proc_lock());
      });
    s.rw_exit(p.p_reflock());
    s.mutex_enter(k.proc_lock()); // asks whether a debugger wants to know
    s.mutex_exit(k.proc_lock());
  });
}

} // namespace

void execve1(Path& s) {
  s.path(s.kern_exec("execve1"), {}, [&] {
    execve_loadvm(s);
    execve_runproc(s);
  });
}

} // namespace interlock::actions::netbsd
