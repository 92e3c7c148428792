// FreeBSD kern_event.c: telling the knotes of a process about its forks and its exit.
#include "actions/freebsd/paths.hpp"

namespace interlock::actions::freebsd {

namespace {

// Whether an event passes the knote by.  {kq_lock}
Expr is_skipped(const Path& s, const Knote& kn) {
  return s.revision().kn_scan ? kn.has("KN_INFLUX") && !kn.has("KN_SCAN") : kn.has("KN_INFLUX");
}

// filt_proc(kn, NOTE_FORK), apart from tracking, and what knote() does with its answer.
// {p_mtx, kq_lock}
void record_fork(Path& s, const Knote& kn) {
  s.update("record_NOTE_FORK", {s.add_note(kn, kn.kn_sfflags() & s.kernel().note("NOTE_FORK"))});
  s.label("test_kn_fflags").if_(kn.kn_fflags() != 0, [&] { knote_activate(s, kn); });
}

void record_error(Path& s, const Knote& kn, const Expr& failed) {
  s.if_(failed != error("0"), [&] {
    s.update("record_NOTE_TRACKERR", {s.add_note(kn, s.kernel().note("NOTE_TRACKERR"))});
  });
}

// The NOTE_TRACK case of knote_fork().  {p_mtx, kq_lock} -> {p_mtx}
void track(Path& s, const Proc& p1, const Knote& kn, std::size_t child) {
  const Kernel& k = s.kernel();
  // The knote may be gone before the last use of its kqueue.
  const Kqueue kq(k, s.local("kq", s.reference(k.kqueue_pool)));
  const Expr failed = s.local("error", errno_type());
  s.set("read_kn_kq", {{kq.ref(), kn.kn_kq().ref()}});
  s.update("set_KN_INFLUX", {s.set_status(kn, "KN_INFLUX")});
  s.mtx_unlock(kq.kq_lock());
  s.mtx_unlock(p1.p_mtx());
  if (s.revision().child_note) {
    register_child(s, kq, kn, child, Tracking::ev_flag2, failed);
    record_error(s, kn, failed);
  }
  register_child(s, kq, kn, child, Tracking::ev_flag1, failed);
  if (s.revision().error_first)
    record_error(s, kn, failed);
  // f_event(kn, NOTE_FORK) with neither lock held.
  s.update("record_NOTE_FORK", {s.add_note(kn, kn.kn_sfflags() & k.note("NOTE_FORK"))});
  s.label("test_kn_fflags").if_(kn.kn_fflags() != 0, [&] {
    s.mtx_lock(kq.kq_lock());
    knote_activate(s, kn);
    s.mtx_unlock(kq.kq_lock());
  });
  if (!s.revision().error_first)
    record_error(s, kn, failed);
  s.mtx_lock(kq.kq_lock());
  s.update("clear_KN_INFLUX", {s.clear_status(kn, "KN_INFLUX")});
  kq_flux_wakeup(s, kq);
  s.mtx_unlock(kq.kq_lock());
  s.mtx_lock(p1.p_mtx());
}

} // namespace

void register_child(Path& s, const Kqueue& kq, const Knote& kn, std::size_t child,
                    Tracking tracking, const Expr& failed) {
  const Kernel& k = s.kernel();
  Kevent kev;
  kev.add = kev.enable = true;
  kev.waitok = false;
  kev.tracking = tracking;
  kev.child = child;
  kev.ident = k.pid(child).ref();
  kev.flags = s.local("kev.flags", k.types().flags);
  kev.fflags = s.local("kev.fflags", k.types().note);
  kev.udata = s.local("kev.udata", k.types().udata);
  const Expr flags =
      tracking == Tracking::ev_flag2 ? kn.kn_flags() | k.flag("EV_ONESHOT") : kn.kn_flags();
  s.set("copy_kn_flags", {{kev.flags, flags}});
  s.set("copy_kn_sfflags", {{kev.fflags, kn.kn_sfflags()}});
  s.set("copy_udata", {{kev.udata, kn.kn_udata()}});
  kqueue_register(s, kq, kev, failed);
}

void knote_fork(Path& s, const Proc& p1, std::size_t child) {
  s.path(s.kern_event("knote_fork"), {{"p1", p1.ref()}}, [&] {
    const Kernel& k = s.kernel();
    const Knote kn(k, s.local_knote("kn"));
    s.mtx_lock(p1.p_mtx());
    s.for_each(kn.ref(), k.p_klist, p1.ref(), Cursor::next_read_after_body, [&] {
      const Lock kq_lock = kn.kn_kq().kq_lock();
      s.unguarded().label("test_KN_INFLUX").if_(kn.has("KN_INFLUX"), [&] { s.continue_(); });
      s.mtx_lock(kq_lock);
      s.if_(is_skipped(s, kn), [&] {
        s.mtx_unlock(kq_lock);
        s.continue_();
      });
      s.label("test_NOTE_TRACK").if_(!kn.wants("NOTE_TRACK"), [&] {
        record_fork(s, kn);
        s.mtx_unlock(kq_lock);
        s.continue_();
      });
      track(s, p1, kn, child);
    });
    s.mtx_unlock(p1.p_mtx());
  });
}

void knote_of_fork(Path& s, const Proc& p1, std::size_t child) {
  s.path(s.kern_event("knote"), {{"p1", p1.ref()}}, [&] {
    const Kernel& k = s.kernel();
    const Knote kn(k, s.local_knote("kn"));
    s.mtx_assert_owned(p1.p_mtx(), "KNL_ASSERT_LOCK(list, 1)");
    s.for_each(kn.ref(), k.p_klist, p1.ref(), Cursor::next_read_after_body, [&] {
      const Lock kq_lock = kn.kn_kq().kq_lock();
      s.unguarded().label("test_KN_INFLUX").if_(kn.has("KN_INFLUX"), [&] { s.continue_(); });
      s.mtx_lock(kq_lock);
      s.if_(is_skipped(s, kn), [&] {
        s.mtx_unlock(kq_lock);
        s.continue_();
      });
      s.path(s.kern_event("filt_proc"), {{"kn", kn.ref()}}, [&] {
        s.update("record_NOTE_FORK", {s.add_note(kn, kn.kn_sfflags() & k.note("NOTE_FORK"))});
        s.label("test_NOTE_TRACK").if_(kn.wants("NOTE_TRACK"), [&] {
          const Expr failed = s.local("error", errno_type());
          register_child(s, kn.kn_kq(), kn, child, Tracking::ev_flag1, failed);
          record_error(s, kn, failed);
        });
      });
      s.label("test_kn_fflags").if_(kn.kn_fflags() != 0, [&] { knote_activate(s, kn); });
      s.mtx_unlock(kq_lock);
    });
  });
}

void knote_of_exit(Path& s, const Proc& p) {
  s.path(s.kern_event("knote"), {{"p", p.ref()}}, [&] {
    const Kernel& k = s.kernel();
    const Knote kn(k, s.local_knote("kn"));
    s.mtx_assert_owned(p.p_mtx(), "KNL_ASSERT_LOCK(list, 1)");
    const auto post = [&] {
      const Lock kq_lock = kn.kn_kq().kq_lock();
      s.mtx_lock(kq_lock);
      s.if_(
          is_skipped(s, kn), [&] { s.mtx_unlock(kq_lock); },
          [&] {
            filt_proc_exit(s, kn, KqLocked::yes);
            knote_activate(s, kn);
            s.mtx_unlock(kq_lock);
          });
    };
    // filt_proc() takes the knote off the list.  Its kn_selnext stays as it was, for as long as
    // the knote is there.
    const Cursor rule =
        s.revision().safe_walk ? Cursor::next_read_before_body : Cursor::next_read_of_unlinked;
    s.for_each(kn.ref(), k.p_klist, p.ref(), rule, [&] {
      if (s.revision().kn_scan)
        post();
      else
        s.unguarded().label("test_KN_INFLUX").if_(!kn.has("KN_INFLUX"), post);
    });
  });
}

void knlist_clear(Path& s, const Proc& p) {
  s.path(
      s.kern_event("knlist_cleardel"), {{"p", p.ref()}},
      [&] {
        const Kernel& k = s.kernel();
        const Knote kn(k, s.local_knote("kn"));
        const Kqueue kq(k, s.local("kq", s.reference(k.kqueue_pool)));
        s.mtx_assert_owned(p.p_mtx(), "KNL_ASSERT_LOCKED(knl)");
        s.loop("again", [&] {
          s.if_(!s.owns(p.p_mtx()), [&] { s.mtx_lock(p.p_mtx()); }); // not the first time
          s.for_each(kn.ref(), k.p_klist, p.ref(), Cursor::next_read_before_body, [&] {
            const Lock kq_lock = kn.kn_kq().kq_lock();
            s.mtx_lock(kq_lock);
            s.if_(kn.has("KN_INFLUX"), [&] {
              s.mtx_unlock(kq_lock);
              s.continue_();
            });
            knlist_remove_inevent(s, p, kn, KqLocked::yes);
            s.set("set_EV_ONESHOT", {{kn.kn_flags(), kn.kn_flags() | k.flag("EV_EOF|EV_ONESHOT")}});
            s.mtx_unlock(kq_lock);
          });
          s.if_(k.spec().list_size(k.p_klist, p.ref()) == 0, [&] { s.break_("again"); });
          const Expr first = k.spec().list_front(k.p_klist, p.ref());
          s.set("first_in_flux", {{kn.ref(), first}, {kq.ref(), Knote(k, first).kn_kq().ref()}});
          s.mtx_lock(kq.kq_lock());
          s.kassert(kn.has("KN_INFLUX"), "kn->kn_status & KN_INFLUX");
          s.mtx_unlock(p.p_mtx());
          wait_for_flux(s, kq, Interlock::dropped);
        });
        s.mtx_assert_owned(p.p_mtx(), "KNL_ASSERT_LOCKED(knl), at the end");
      },
      "knlist_clear");
}

} // namespace interlock::actions::freebsd
