// DragonFly kern_event.c: the filter operations of EVFILT_PROC, which run under the mplock, and
// knote(), by which fork and exit tell a process' knotes.
#include "actions/dragonfly/paths.hpp"

namespace interlock::actions::dragonfly {

using lang::assign;

namespace {

// The filter is not marked FILTEROP_MPSAFE.
void under_mplock(Path& s, const Body& operation) {
  s.lwkt_gettoken(s.kernel().mp_token());
  operation();
  s.lwkt_reltoken(s.kernel().mp_token());
}

// PRISON_CHECK(curthread->td_ucred, p->p_ucred): runs `denied` where it refuses.
void prison_check(Path& s, const Expr& pid, const Body& denied) {
  authorize(s, s.authorization(), "PRISON_CHECK", s.process(), pid, denied);
}

void filt_proc_exit(Path& s, const Knote& kn, const Expr& result) {
  const Kernel& k = s.kernel();
  const Proc p = kn.kn_ptr();
  s.update("add_NOTE_EXIT",
           {assign(kn.kn_fflags(), kn.kn_fflags() | (kn.kn_sfflags() & k.note("NOTE_EXIT")))});
  s.label("test_KN_DETACHED").if_(!kn.has("KN_DETACHED"), [&] {
    const Proc held(k, s.local("p", s.procs()));
    s.set("read_p_proc", {{held.ref(), p.ref()}});
    phold(s, held);
    knote_remove(s, held, kn);
    s.set("set_KN_DETACHED", {{kn.kn_status(), kn.kn_status() | k.status_bit("KN_DETACHED")},
                              {kn.kn_data(), k.spec().read(k.pid_status, held.p_pid())}, // p_xstat
                              {p.ref(), k.spec().nothing(k.proc_pool)}});
    prele(s, held);
  });
  s.set("set_EV_EOF",
        {{kn.kn_flags(), kn.kn_flags() | k.flag("EV_EOF|EV_ONESHOT")}, {result, Expr(true)}});
}

// The child's registration is made from inside its parent's event, whose knote is KN_PROCESSING.
void filt_proc_fork(Path& s, const Knote& kn, std::size_t child, const Expr& result) {
  const Kernel& k = s.kernel();
  s.update("add_NOTE_FORK",
           {assign(kn.kn_fflags(), kn.kn_fflags() | (kn.kn_sfflags() & k.note("NOTE_FORK")))});
  s.if_(kn.wants("NOTE_TRACK"), [&] {
    const Expr failed = s.local("error", errno_type());
    const Expr sfflags = s.local("kev.fflags", k.types().note);
    const Expr flags = s.local("kev.flags", k.types().flags);
    const Expr udata = s.local("kev.udata", k.types().udata);
    s.set("copy_kev", {{sfflags, kn.kn_sfflags()}, {flags, kn.kn_flags()}, {udata, kn.kn_udata()}});
    Kevent kev;
    kev.add = kev.enable = true;
    kev.ident = k.pid(child).ref();
    kev.flags = flags;
    kev.fflags = sfflags;
    kev.udata = udata;
    kev.forked_child = child;
    kqueue_register(s, kn.kn_kq(), kev, failed);
    s.if_(failed != error("0"), [&] {
      s.set("add_NOTE_TRACKERR", {{kn.kn_fflags(), kn.kn_fflags() | k.note("NOTE_TRACKERR")}});
    });
  });
  s.set("read_kn_fflags", {{result, kn.kn_fflags() != 0}});
}

void filt_procattach(Path& s, const Knote& kn, const Kevent& kev, const Expr& result) {
  s.path(s.kern_event("filt_procattach"), {{"kn", kn.ref()}}, [&] {
    const Kernel& k = s.kernel();
    const Proc p(k, s.local("p", s.procs()));
    const Expr immediate = s.local("immediate", lang::boolean_type());
    s.set("not_immediate", {{immediate, Expr(false)}});
    pfind(s, kn.kn_id(), p.ref());
    s.if_(p.is_none() && kn.wants("NOTE_EXIT"), [&] {
      zpfind(s, kn.kn_id(), p.ref());
      s.set("immediate", {{immediate, Expr(true)}});
    });
    s.if_(p.is_none(), [&] {
      s.set("return_ESRCH", {{result, error("ESRCH")}});
      s.return_();
    });
    prison_check(s, kn.kn_id(), [&] {
      if (kev.forked_child)
        refuse_tracking(s, "tracking_fails", kn.kn_kq().ref(), *kev.forked_child);
      s.label("EACCES_prele");
      prele(s, p);
      s.set("return_EACCES", {{result, error("EACCES")}});
      s.return_();
    });
    s.lwkt_gettoken(p.p_token());
    std::vector<std::pair<Expr, Expr>> attach{{kn.kn_ptr().ref(), p.ref()},
                                              {kn.kn_flags(), kn.kn_flags() | k.flag("EV_CLEAR")}};
    if (kev.forked_child) { // NOTE_CHILD on the very knote that will carry NOTE_EXIT
      attach.emplace_back(kn.kn_data(),
                          k.pid(*k.plan().processes[*kev.forked_child].parent).as_data());
      attach.emplace_back(kn.kn_fflags(), k.note("NOTE_CHILD"));
    }
    s.set("attach", attach);
    knote_insert(s, p, kn);
    s.if_(immediate, [&] {
      const Expr active = s.local("active", lang::boolean_type());
      s.path(s.kern_event("filt_proc"), {{"kn", kn.ref()}}, [&] { filt_proc_exit(s, kn, active); });
      s.if_(active, [&] { knote_activate(s, kn); });
    });
    s.lwkt_reltoken(p.p_token());
    prele(s, p);
    s.set("return_0", {{result, error("0")}});
  });
}

void filt_procdetach(Path& s, const Knote& kn) {
  s.path(s.kern_event("filt_procdetach"), {{"kn", kn.ref()}}, [&] {
    s.label("test_KN_DETACHED").if_(kn.has("KN_DETACHED"), [&] { s.return_(); });
    const Proc p(s.kernel(), s.local("p", s.procs()));
    s.set("read_p_proc", {{p.ref(), kn.kn_ptr().ref()}});
    knote_remove(s, p, kn);
  });
}

} // namespace

void filter_attach(Path& s, const Knote& kn, const Kevent& kev, const Expr& result) {
  s.path(s.kern_event("filter_attach"), {{"kn", kn.ref()}},
         [&] { under_mplock(s, [&] { filt_procattach(s, kn, kev, result); }); });
}

void filter_detach(Path& s, const Knote& kn) {
  s.path(
      s.kern_event("knote_detach_and_drop"), {{"kn", kn.ref()}},
      [&] { under_mplock(s, [&] { filt_procdetach(s, kn); }); }, "filter_detach");
}

void filter_event(Path& s, const Knote& kn, const Expr& result) {
  s.path(s.kern_event("filter_event"), {{"kn", kn.ref()}}, [&] {
    under_mplock(s, [&] {
      s.path(s.kern_event("filt_proc"), {{"kn", kn.ref()}}, [&] {
        s.set("read_kn_fflags", {{result, kn.kn_fflags() != 0}});
      });
    });
  });
}

void filter_event(Path& s, const Knote& kn, const Hint& hint, const Expr& result) {
  s.path(s.kern_event("filter_event"), {{"kn", kn.ref()}}, [&] {
    under_mplock(s, [&] {
      s.path(s.kern_event("filt_proc"), {{"kn", kn.ref()}}, [&] {
        if (hint.forked_child)
          filt_proc_fork(s, kn, *hint.forked_child, result);
        else
          filt_proc_exit(s, kn, result);
      });
    });
  });
}

void knote(Path& s, const Proc& p, const Hint& hint) {
  const Kernel& k = s.kernel();
  const auto one = [&](const Knote& kn) {
    const Kqueue kq(k, s.local("kq", k.spec().pools()[k.kqueue_pool].reference));
    const Lock kq_token{LockKind::token, s.local("kq_token", s.tokens())};
    const Expr report = s.local("report", lang::boolean_type());
    const Expr gone = s.local("gone", lang::boolean_type());
    const auto restart = [&] {
      s.lwkt_reltoken(kq_token);
      s.continue_("restart");
    };
    s.set("read_kn_kq",
          {{kq.ref(), kn.kn_kq().ref()}, {kq_token.reference, kn.kn_kq().kq_token().reference}});
    s.lwkt_gettoken(kq_token);
    // The token may have been waited for: is the knote still the same?
    s.label("verify").if_(
        !k.spec().list_has(k.p_klist, p.ref(), kn.ref()) || kn.kn_kq().ref() != kq.ref(), restart);
    s.label("test_KN_PROCESSING").if_(kn.has("KN_PROCESSING"), [&] {
      wait_for_knote(s, kn, "knotec");
      restart();
    });
    s.set("set_KN_PROCESSING", {{kn.kn_status(), kn.kn_status() | k.status_bit("KN_PROCESSING")}});
    s.label("test_KN_DELETING").if_(!kn.has("KN_DELETING"), [&] {
      filter_event(s, kn, hint, report);
      s.if_(report, [&] { knote_activate(s, kn); });
    });
    knote_release(s, kn, gone);
    s.label("test_gone").if_(gone, restart);
    s.lwkt_reltoken(kq_token);
  };
  s.path(s.kern_event("knote"), {{"p", p.ref()}}, [&] {
    const Knote kn(k, s.local("kn", s.knotes()));
    s.unguarded().if_(k.spec().list_size(k.p_klist, p.ref()) == 0, [&] { s.return_(); });
    s.lwkt_gettoken(p.klist_token());
    s.loop("restart", [&] {
      s.for_each(kn.ref(), k.p_klist, p.ref(), Cursor::next_read_after_body, [&] { one(kn); });
      s.break_("restart");
    });
    s.lwkt_reltoken(p.klist_token());
  });
}

} // namespace interlock::actions::dragonfly
