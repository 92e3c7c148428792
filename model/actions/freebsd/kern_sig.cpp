// FreeBSD kern_sig.c: kill(2) of a process and of the process group, and sigsuspend(2).
#include "actions/freebsd/paths.hpp"
#include "actions/process_group.hpp"

namespace interlock::actions::freebsd {

namespace {

// A signal that the process catches becomes pending, and ends its sigsuspend(2).  {p_mtx}
void pksignal(Path& s, const Proc& p, std::vector<lang::Update> ghosts) {
  ghosts.push_back(lang::assign(p.p_siglist(), Expr(true)));
  s.update("set_p_siglist", std::move(ghosts));
  s.wakeup(p.pause_channel());
}

} // namespace

void sys_kill(Path& s, std::size_t process, const Expr& result) {
  s.path(Path::other("sys/kern/kern_sig.c", "sys_kill"), {}, [&] {
    const Kernel& k = s.kernel();
    const Proc p(k, s.local_proc("p"));
    pfind(s, k.pid(process).ref(), p.ref());
    s.if_(p.is_none(), [&] { zpfind(s, k.pid(process).ref(), p.ref()); });
    s.if_(p.is_none(), [&] {
      s.set("return_ESRCH", {{result, error("ESRCH")}});
      s.return_();
    });
    pksignal(s, p, {});
    s.mtx_unlock(p.p_mtx());
    s.set("return_0", {{result, error("0")}});
  });
}

void killpg1(Path& s, const Expr& result) {
  s.path(Path::other("sys/kern/kern_sig.c", "killpg1"), {}, [&] {
    const Kernel& k = s.kernel();
    const Proc p(k, s.local_proc("p"));
    s.sx_slock(k.proctree_lock());
    s.mtx_lock(k.pg_mtx());
    s.sx_sunlock(k.proctree_lock());
    s.for_each(p.ref(), k.group()->pg_members, k.pgrp(), Cursor::next_read_after_body, [&] {
      s.mtx_lock(p.p_mtx());
      const auto signal = [&] { pksignal(s, p, signal_reaches(k, s.lives(), p.p_pid())); };
      if (s.revision().p_state_locked) {
        const Expr passed_by = is_init(k, p.ref()) || p.p_stat() == k.p_stat("PRS_NEW");
        s.label("test_PRS_NEW").if_(passed_by, [&] {
          s.label("unlock_new").mtx_unlock(p.p_mtx());
          s.label("continue_new").continue_();
        });
        signal();
      } else { // psignal() drops what a process that is not PRS_NORMAL gets
        s.label("test_PRS_NORMAL")
            .if_(!is_init(k, p.ref()) && p.p_stat() == k.p_stat("PRS_NORMAL"), signal);
      }
      s.mtx_unlock(p.p_mtx());
    });
    s.mtx_unlock(k.pg_mtx());
    s.set("return_0", {{result, error("0")}});
  });
}

void sys_sigsuspend(Path& s, const Expr& result) {
  s.path(Path::other("sys/kern/kern_sig.c", "kern_sigsuspend"), {{"p", s.curproc().ref()}}, [&] {
    const Proc p = s.curproc();
    s.mtx_lock(p.p_mtx());
    s.while_(!p.p_siglist(), [&] {
      s.msleep(p.pause_channel(), p.p_mtx(), {.idle_when = !p.p_siglist(), .label = "msleep"});
    });
    s.set("postsig", {{p.p_siglist(), Expr(false)}});
    s.mtx_unlock(p.p_mtx());
    s.set("return_EINTR", {{result, error("EINTR")}});
  });
}

} // namespace interlock::actions::freebsd
