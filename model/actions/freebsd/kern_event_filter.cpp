// FreeBSD kern_event.c: the filter operations of EVFILT_PROC, and a knote on and off its list.
#include "actions/freebsd/paths.hpp"

namespace interlock::actions::freebsd {

using lang::assign;

namespace {

// knlist_add(&p->p_klist, kn, 1).  {p_mtx}
void knlist_add(Path& s, const Proc& p, const Knote& kn) {
  s.path(s.kern_event("knlist_add"), {{"p", p.ref()}, {"kn", kn.ref()}}, [&] {
    const Kernel& k = s.kernel();
    const Kqueue kq = kn.kn_kq();
    s.mtx_assert_owned(p.p_mtx(), "KNL_ASSERT_LOCK(knl, 1)");
    s.mtx_assert_notowned(kq.kq_lock(), "KQ_NOTOWNED(kn->kn_kq)");
    s.unguarded().check(property::kassert, kn.has("KN_INFLUX") && kn.has("KN_DETACHED"),
                        "KASSERT(knote is KN_INFLUX and KN_DETACHED)");
    s.update("insert_p_klist", {Steps::push_front(k.p_klist, p.ref(), kn.ref())});
    s.mtx_lock(kq.kq_lock());
    s.update("clear_KN_DETACHED",
             {assign(kn.kn_knlist().ref(), p.ref()), s.clear_status(kn, "KN_DETACHED")});
    s.mtx_unlock(kq.kq_lock());
  });
}

// The process of the knote, alive or a zombie; `immediate` says that it exits.  -> {p_mtx}
void find_process(Path& s, const Knote& kn, const Proc& p, const Expr& immediate) {
  s.set("not_immediate", {{immediate, Expr(false)}});
  pfind(s, kn.kn_id(), p.ref());
  s.if_(
      p.is_none(),
      [&] {
        s.label("test_NOTE_EXIT").if_(kn.wants("NOTE_EXIT"), [&] {
          zpfind(s, kn.kn_id(), p.ref());
          s.set("immediate_zombie", {{immediate, Expr(true)}});
        });
      },
      [&] { s.if_(p.p_wexit(), [&] {
              s.set("immediate_P_WEXIT", {{immediate, Expr(true)}});
            }); });
}

// p_cansee(curthread, p): runs `denied` where it refuses.
void p_cansee(Path& s, const Expr& pid, const Body& denied) {
  authorize(s, s.authorization(), "p_cansee", s.process(), pid, denied);
}

// What the knote is about.  It is in flux, and on no list.  {p_mtx}
void attach(Path& s, const Knote& kn, const Kevent& kev, const Proc& p, const Expr& immediate) {
  const Kernel& k = s.kernel();
  std::vector<std::pair<Expr, Expr>> changes{{kn.kn_obj().ref(), p.ref()},
                                             {kn.kn_flags(), kn.kn_flags() | k.flag("EV_CLEAR")}};
  const bool child_note = s.revision().child_note;
  if (kev.tracking == Tracking::ev_flag2 || (kev.tracking == Tracking::ev_flag1 && !child_note)) {
    changes.emplace_back(kn.kn_data(), k.pid(*k.plan().processes[kev.child].parent).as_data());
    changes.emplace_back(kn.kn_fflags(), k.note("NOTE_CHILD"));
  }
  if (kev.tracking == Tracking::ev_flag2) {
    changes.emplace_back(kn.kn_sfflags(), lang::bit_clear(kn.kn_sfflags(), k.note("NOTE_EXIT")));
    changes.emplace_back(immediate, Expr(true));
  }
  s.set("attach", changes);
}

} // namespace

void filt_procattach(Path& s, const Knote& kn, const Kevent& kev, const Expr& result) {
  s.path(s.kern_event("filt_procattach"), {{"kn", kn.ref()}}, [&] {
    const Proc p(s.kernel(), s.local_proc("p"));
    const Expr immediate = s.local("immediate", lang::boolean_type());
    const auto fail = [&](const char* name) {
      s.set(std::string("return_") + name, {{result, error(name)}});
      s.return_();
    };
    find_process(s, kn, p, immediate);
    s.if_(p.is_none(), [&] { fail("ESRCH"); });
    p_cansee(s, kn.kn_id(), [&] {
      if (kev.tracking != Tracking::none)
        refuse_tracking(s, "tracking_fails", kn.kn_kq().ref(), kev.child);
      s.label("EACCES_unlock_p_mtx").mtx_unlock(p.p_mtx());
      fail("EACCES");
    });
    attach(s, kn, kev, p, immediate);
    s.if_(!immediate, [&] { knlist_add(s, p, kn); });
    s.if_(immediate, [&] {
      filt_proc_exit(s, kn, KqLocked::no);
      s.mtx_lock(kn.kn_kq().kq_lock());
      knote_activate(s, kn);
      s.mtx_unlock(kn.kn_kq().kq_lock());
    });
    s.mtx_unlock(p.p_mtx());
    s.set("return_0", {{result, error("0")}});
  });
}

void filt_procdetach(Path& s, const Knote& kn) {
  s.path(s.kern_event("filt_procdetach"), {{"kn", kn.ref()}}, [&] {
    const Proc p(s.kernel(), s.local_proc("p"));
    s.set("read_p_proc", {{p.ref(), kn.kn_obj().ref()}});
    s.path(
        s.kern_event("knlist_remove_kq"), {{"p", p.ref()}, {"kn", kn.ref()}},
        [&] {
          const Kernel& k = s.kernel();
          const Kqueue kq = kn.kn_kq();
          s.mtx_assert_notowned(p.p_mtx(), "KNL_ASSERT_LOCK(knl, 0)");
          s.mtx_assert_notowned(kq.kq_lock(), "mtx_assert(&kn->kn_kq->kq_lock, MA_NOTOWNED)");
          s.unguarded().check(
              property::kassert, kn.has("KN_INFLUX") && !kn.has("KN_DETACHED"),
              "KASSERT(knlist_remove called with the knote KN_INFLUX and not removed)");
          s.mtx_lock(p.p_mtx());
          s.update("remove_p_klist", {Steps::remove(k.p_klist, p.ref(), kn.ref()),
                                      assign(kn.kn_knlist().ref(), k.spec().nothing(k.proc_pool))});
          s.mtx_unlock(p.p_mtx());
          s.mtx_lock(kq.kq_lock());
          s.update("set_KN_DETACHED", {s.set_status(kn, "KN_DETACHED")});
          s.mtx_unlock(kq.kq_lock());
        },
        "knlist_remove");
    s.set("clear_p_proc", {{kn.kn_obj().ref(), s.spec().nothing(s.kernel().proc_pool)}});
  });
}

void knlist_remove_inevent(Path& s, const Proc& p, const Knote& kn, KqLocked locked) {
  const bool kq_locked = locked == KqLocked::yes;
  s.path(
      s.kern_event("knlist_remove_kq"), {{"p", p.ref()}, {"kn", kn.ref()}},
      [&] {
        const Kernel& k = s.kernel();
        const Lock kq_lock = kn.kn_kq().kq_lock();
        s.mtx_assert_owned(p.p_mtx(), "KNL_ASSERT_LOCK(knl, 1)");
        s.where(kq_locked,
                [&] { s.mtx_assert_owned(kq_lock, "mtx_assert(&kn->kn_kq->kq_lock, MA_OWNED)"); });
        s.update("remove_p_klist", {Steps::remove(k.p_klist, p.ref(), kn.ref()),
                                    assign(kn.kn_knlist().ref(), k.spec().nothing(k.proc_pool))});
        if (!kq_locked)
          s.mtx_lock(kq_lock);
        s.update("set_KN_DETACHED", {s.set_status(kn, "KN_DETACHED")});
        if (!kq_locked)
          s.mtx_unlock(kq_lock);
      },
      "knlist_remove_inevent");
}

void filt_proc_exit(Path& s, const Knote& kn, KqLocked locked) {
  s.path(s.kern_event("filt_proc"), {{"kn", kn.ref()}}, [&] {
    const Kernel& k = s.kernel();
    const Proc p(k, s.local_proc("p"));
    s.set("read_p_proc", {{p.ref(), kn.kn_obj().ref()}});
    s.update("record_NOTE_EXIT", {s.add_note(kn, kn.kn_sfflags() & k.note("NOTE_EXIT"))});
    if (locked == KqLocked::yes) // a knote that is being attached is on no list yet
      s.if_(!kn.has("KN_DETACHED"), [&] { knlist_remove_inevent(s, p, kn, locked); });
    const Expr status = k.spec().read(k.pid_status, p.p_pid()); // p_xstat
    const Expr exits = (kn.kn_fflags() & k.note("NOTE_EXIT")) != 0;
    const Expr flags = kn.kn_flags() | k.flag("EV_EOF|EV_ONESHOT");
    std::vector<std::pair<Expr, Expr>> changes{{kn.kn_obj().ref(), k.spec().nothing(k.proc_pool)}};
    if (s.revision().ev_drop) {
      changes.emplace_back(kn.kn_data(), lang::choose(exits, status, kn.kn_data()));
      changes.emplace_back(kn.kn_flags(),
                           lang::choose(kn.kn_fflags() == 0, flags | k.flag("EV_DROP"), flags));
    } else {
      changes.emplace_back(kn.kn_data(), status);
      changes.emplace_back(kn.kn_flags(), flags);
    }
    s.set("finish", changes);
  });
}

} // namespace interlock::actions::freebsd
