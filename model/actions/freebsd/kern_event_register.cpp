// FreeBSD kern_event.c: kqueue_register(), one change of kevent(2) or of fork.
#include "actions/freebsd/paths.hpp"

namespace interlock::actions::freebsd {

using lang::assign;

namespace {

// One call of kqueue_register(): what its parts share.
struct Registration {
  Path& s;
  Kqueue kq;
  Kevent kev;
  Knote kn;
  Knote tkn; // EV_ADD only: none when it is in use, or could not be had
  Expr result;

  void fail(const char* name) const {
    s.set(std::string("return_") + name, {{result, error(name)}});
  }
};

// knote_alloc(): only EV_ADD can use the knote that the kernel always allocates; otherwise nobody
// ever sees it.
void allocate(const Registration& r) {
  Path& s = r.s;
  const auto succeed = [&] { s.allocate(r.tkn.ref(), s.kernel().knote_pool, "knote_alloc"); };
  if (r.kev.waitok || !s.environment().allocation_fails) {
    succeed();
    return;
  }
  s.either({succeed, [&] {
              refuse_tracking(s, "knote_alloc_fails", r.kq.ref(), r.kev.child,
                              {assign(r.tkn.ref(), s.spec().nothing(s.kernel().knote_pool))});
            }});
}

// The knote of this kqueue for the ident, when it is not in flux.  -> {kq_lock}
void find_knote(const Registration& r) {
  Path& s = r.s;
  const Kernel& k = s.kernel();
  s.loop("findkn", [&] {
    s.where(r.kev.add, [&] {
      s.mtx_assert_notowned(r.kq.kq_lock(), "kqueue_expand: KQ_NOTOWNED(kq)");
      s.mtx_assert_notowned(r.kq.kq_lock(), "kqueue_expand: KQ_NOTOWNED(kq), at the end");
    });
    s.mtx_lock(r.kq.kq_lock());
    const bool finds = r.kev.tracking == Tracking::none || !s.revision().child_note;
    s.set("lookup", {{r.kn.ref(), finds ? k.spec().list_front(k.knhash, r.kq.bucket(r.kev.ident))
                                        : k.spec().nothing(k.knote_pool)}});
    s.where(finds, [&] {
      s.if_(r.kn.is_none(), [&] { s.break_("findkn"); });
      s.if_(!r.kn.has("KN_INFLUX"), [&] { s.break_("findkn"); });
      wait_for_flux(s, r.kq, Interlock::dropped);
    });
    s.where(!finds, [&] { s.break_("findkn"); });
  });
}

// Fills the knote and publishes it; leaves what follows to the caller.  {kq_lock} -> {}
void add(const Registration& r) {
  Path& s = r.s;
  const Kernel& k = s.kernel();
  s.if_(r.tkn.is_none(), [&] {
    s.mtx_unlock(r.kq.kq_lock());
    r.fail("ENOMEM");
    s.return_();
  });
  s.set("use_tkn", {{r.kn.ref(), r.tkn.ref()}, {r.tkn.ref(), k.spec().nothing(k.knote_pool)}});
  s.unguarded().set("init_kn", {{r.kn.kn_kq().ref(), r.kq.ref()},
                                {r.kn.kn_id(), r.kev.ident},
                                {r.kn.kn_sfflags(), r.kev.fflags},
                                {r.kn.kn_flags(), r.kev.flags},
                                {r.kn.kn_udata(), r.kev.udata},
                                {r.kn.kn_status(), k.status_bit("KN_INFLUX|KN_DETACHED")}});
  s.kassert(r.kn.has("KN_INFLUX"), "knote_attach: kn->kn_status & KN_INFLUX");
  s.mtx_assert_owned(r.kq.kq_lock(), "knote_attach: KQ_OWNED(kq)");
  s.update("knote_attach", {Steps::push_front(k.knhash, r.kq.bucket(r.kev.ident), r.kn.ref())});
  s.mtx_unlock(r.kq.kq_lock());
  filt_procattach(s, r.kn, r.kev, r.result);
  s.if_(r.result != error("0"), [&] {
    knote_drop(s, r.kn);
    s.return_();
  });
  kn_list_lock(s, r.kn);
}

// The registration exists: what the caller gave takes the place of the old.  {kq_lock} -> {}
void modify(const Registration& r) {
  Path& s = r.s;
  s.update("set_KN_INFLUX",
           {s.set_status(r.kn, s.revision().kn_scan ? "KN_INFLUX|KN_SCAN" : "KN_INFLUX")});
  s.mtx_unlock(r.kq.kq_lock());
  kn_list_lock(s, r.kn);
  s.set("modify_udata", {{r.kn.kn_udata(), r.kev.udata}});
  s.set("modify_kn_sfflags", {{r.kn.kn_sfflags(), r.kev.fflags}});
}

// done_ev_add: is there something to report already?  Then the knote leaves flux.
void settle(const Registration& r) {
  Path& s = r.s;
  const Knote& kn = r.kn;
  const Expr event = s.local("event", lang::boolean_type());
  s.set("f_event", {{event, kn.kn_fflags() != 0}});
  s.mtx_lock(r.kq.kq_lock());
  s.if_(event, [&] { knote_activate(s, kn); });
  s.update("clear_KN_INFLUX", {s.clear_status(kn, "KN_INFLUX|KN_SCAN")});
  kn_list_unlock(s, kn);
  if (r.kev.disable)
    s.update("set_KN_DISABLED", {s.set_status(kn, "KN_DISABLED")});
  s.where(r.kev.enable, [&] {
    s.if_(kn.has("KN_DISABLED"), [&] {
      s.update("clear_KN_DISABLED", {s.clear_status(kn, "KN_DISABLED")});
      s.if_(kn.has("KN_ACTIVE") && !kn.has("KN_QUEUED"), [&] { knote_enqueue(s, kn); });
    });
  });
  kq_flux_wakeup(s, r.kq);
  s.mtx_unlock(r.kq.kq_lock());
  s.set("return_0", {{r.result, error("0")}});
}

void change(const Registration& r) {
  Path& s = r.s;
  find_knote(r);
  s.if_(
      r.kn.is_none(),
      [&] {
        s.where(r.kev.add, [&] { add(r); });
        s.where(!r.kev.add, [&] {
          s.mtx_unlock(r.kq.kq_lock());
          r.fail("ENOENT");
          s.return_();
        });
      },
      [&] {
        s.where(r.kev.remove, [&] {
          s.update("set_KN_INFLUX", {s.set_status(r.kn, "KN_INFLUX")});
          s.mtx_unlock(r.kq.kq_lock());
          detach_and_drop(s, r.kn);
          s.set("deleted", {{r.result, error("0")}});
          s.return_();
        });
        s.where(!r.kev.remove, [&] { modify(r); });
      });
  s.where(!r.kev.remove, [&] { settle(r); });
}

} // namespace

void kqueue_register(Path& s, const Kqueue& kq, const Kevent& kev, const Expr& result) {
  const Kernel& k = s.kernel();
  s.path(s.kern_event("kqueue_register"), {{"kq", kq.ref()}}, [&] {
    const Registration r{
        s, kq, kev, Knote(k, s.local_knote("kn")), Knote(k, s.local_knote("tkn")), result};
    if (kev.add)
      allocate(r);
    s.path(
        s.kern_event("kqueue_register"),
        {{"kq", kq.ref()}, {"kn", r.kn.ref()}, {"tkn", r.tkn.ref()}}, [&] { change(r); },
        "kqueue_register_change");
    if (kev.add)
      s.if_(!r.tkn.is_none(), [&] { s.release(r.tkn.ref(), "knote_free_tkn"); });
  });
}

} // namespace interlock::actions::freebsd
