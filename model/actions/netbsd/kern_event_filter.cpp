// NetBSD kern_event.c: the filter operations of EVFILT_PROC.
#include "actions/netbsd/paths.hpp"

namespace interlock::actions::netbsd {

using lang::assign;

namespace {

// proc_find(): the process with this pid, if it is alive.  {proc_lock}
void proc_find(Path& s, const Expr& pid, const Expr& p) {
  const Kernel& k = s.kernel();
  const Proc found(k, k.spec().read(k.pid_proc, pid));
  const Expr nobody = k.spec().nothing(k.proc_pool);
  s.set("proc_find", {{p, lang::choose(found.is_none(), nobody,
                                       lang::choose(found.p_stat() == k.p_stat("SACTIVE"),
                                                    found.ref(), nobody))}});
}

// proc_find_raw() and the test that the process is still being made (1.128, EV_FLAG1).
void proc_find_idle(Path& s, const Expr& pid, const Expr& p) {
  const Kernel& k = s.kernel();
  const Proc found(k, k.spec().read(k.pid_proc, pid));
  const Expr nobody = k.spec().nothing(k.proc_pool);
  s.set("proc_find_raw",
        {{p, lang::choose(found.is_none(), nobody,
                          lang::choose(found.p_stat() == k.p_stat("SIDL"), found.ref(), nobody))}});
}

} // namespace

void kauth(Path& s, const Expr& pid, const Body& denied) {
  authorize(s, s.authorization(), "kauth", s.process(), pid, denied);
}

namespace {

void filt_procattach(Path& s, const Knote& kn, const Kevent& kev, const Expr& result) {
  s.path(s.kern_event("filt_procattach", s.mpsafe() ? 756 : 577), {{"kn", kn.ref()}}, [&] {
    const Kernel& k = s.kernel();
    const Expr p_ref = s.local("p", k.spec().pools()[k.proc_pool].reference);
    const Proc p(k, p_ref);
    s.line(s.mpsafe() ? 760 : 584).mutex_enter(k.proc_lock());
    s.line(s.mpsafe() ? 761 : 591);
    if (kev.forked_child)
      proc_find_idle(s, kn.kn_id(), p_ref);
    else
      proc_find(s, kn.kn_id(), p_ref);
    s.if_(p.is_none(), [&] {
      s.mutex_exit(k.proc_lock());
      s.set("return_ESRCH", {{result, error("ESRCH")}});
      s.return_();
    });
    s.line(s.mpsafe() ? 771 : 607).mutex_enter(p.p_lock());
    s.line(s.mpsafe() ? 772 : 608).mutex_exit(k.proc_lock());
    kauth(s, kn.kn_id(), [&] {
      if (kev.forked_child)
        refuse_tracking(s, "tracking_fails", kn.kn_kq().ref(), *kev.forked_child);
      s.label("EACCES_exit_p_lock").mutex_exit(p.p_lock());
      s.set("return_EACCES", {{result, error("EACCES")}});
      s.return_();
    });
    // The knote is on the hash already, but nobody can touch it without the fd_lock that is held.
    std::vector<std::pair<Expr, Expr>> attach{{kn.kn_obj().ref(), p.ref()},
                                              {kn.kn_flags(), kn.kn_flags() | k.flag("EV_CLEAR")}};
    if (s.mpsafe())
      attach.emplace_back(kn.kn_sfflags(), lang::bit_clear(kn.kn_sfflags(), k.note("NOTE_CHILD")));
    if (kev.forked_child) { // NOTE_CHILD on the very knote that will carry NOTE_EXIT
      attach.emplace_back(kn.kn_data(), kev.data);
      attach.emplace_back(kn.kn_fflags(), k.note("NOTE_CHILD"));
    }
    s.unguarded().set("attach", attach);
    s.line(s.mpsafe() ? 788 : 626)
        .update("insert_p_klist", {Steps::push_front(k.p_klist, p.ref(), kn.ref())});
    s.line(s.mpsafe() ? 789 : 627).mutex_exit(p.p_lock());
    s.set("return_0", {{result, error("0")}});
  });
}

} // namespace

void filt_procdetach(Path& s, const Knote& kn) {
  s.path(s.kern_event("filt_procdetach", s.mpsafe() ? 804 : 642), {{"kn", kn.ref()}}, [&] {
    const Kernel& k = s.kernel();
    const Kqueue kq = kn.kn_kq();
    const Proc p = kn.kn_obj();
    if (!s.mpsafe()) {
      s.line(647).unguarded().if_(kn.has("KN_DETACHED"), [&] { s.return_(); });
      s.line(652).mutex_enter(p.p_lock());
      s.line(653).update("remove_p_klist", {Steps::remove(k.p_klist, p.ref(), kn.ref())});
      s.mutex_exit(p.p_lock());
      return;
    }
    const Expr entered = s.local("entered", lang::boolean_type());
    s.loop("again", [&] {
      s.line(817).mutex_spin_enter(kq.kq_lock());
      s.if_(!kn.has("KN_DETACHED"), [&] {
        s.line(820).mutex_tryenter(p.p_lock(), entered);
        s.label("test_entered").if_(!entered, [&] {
          s.line(821).mutex_spin_exit(kq.kq_lock());
          s.continue_("again"); // preempt_point()
        });
        s.line(825).update("set_KN_DETACHED",
                           {assign(kn.kn_status(), kn.kn_status() | k.status_bit("KN_DETACHED")),
                            Steps::remove(k.p_klist, p.ref(), kn.ref())});
        s.line(827).mutex_exit(p.p_lock());
      });
      s.line(829).mutex_spin_exit(kq.kq_lock());
      s.break_("again");
    });
  });
}

namespace {

// filt_proc() with no hint: is there something to report?
void filt_proc(Path& s, const Knote& kn, const Expr& hint, const Expr& result) {
  s.path(s.kern_event("filt_proc", s.mpsafe() ? 839 : 660), {{"kn", kn.ref()}, {"hint", hint}},
         [&] {
           if (s.mpsafe()) // before, filt_proc() is also what fork and exit call
             s.line(850)
                 .label("assert_hint")
                 .kassert((hint & s.kernel().note("NOTE_EXIT|NOTE_FORK")) == 0,
                          "(hint & (NOTE_EXEC|NOTE_EXIT|NOTE_FORK)) == 0");
           s.mutex_spin_enter(kn.kn_kq().kq_lock());
           s.set("read_kn_fflags", {{result, kn.kn_fflags() != 0}});
           s.mutex_spin_exit(kn.kn_kq().kq_lock());
         });
}

} // namespace

void under_kernel_lock(Path& s, const Body& operation) {
  if (!s.mpsafe())
    s.kernel_lock();
  operation();
  if (!s.mpsafe())
    s.kernel_unlock();
}

void filter_attach(Path& s, const Knote& kn, const Kevent& kev, const Expr& result) {
  s.path(s.kern_event("filter_attach"), {{"kn", kn.ref()}}, [&] {
    assert_kn_fop(s, kn);
    under_kernel_lock(s, [&] { filt_procattach(s, kn, kev, result); });
  });
}

void filter_detach(Path& s, const Knote& kn) {
  s.path(s.kern_event("filter_detach"), {{"kn", kn.ref()}}, [&] {
    assert_kn_fop(s, kn);
    under_kernel_lock(s, [&] { filt_procdetach(s, kn); });
  });
}

void filter_event(Path& s, const Knote& kn, const Expr& hint, const Expr& result) {
  s.path(s.kern_event("filter_event"), {{"kn", kn.ref()}, {"hint", hint}}, [&] {
    assert_kn_fop(s, kn);
    under_kernel_lock(s, [&] { filt_proc(s, kn, hint, result); });
  });
}

Expr filter_hint(Path& s) { return s.local("hint", s.kernel().types().note); }

} // namespace interlock::actions::netbsd
