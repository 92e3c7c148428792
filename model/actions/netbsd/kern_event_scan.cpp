// NetBSD kern_event.c: kqueue_scan(), how kevent(2) collects events.
#include "actions/netbsd/paths.hpp"

namespace interlock::actions::netbsd {

using lang::assign;

namespace {

// One call of kqueue_scan(): what its parts share.
struct Scan {
  Path& s;
  int most;
  Timeout timeout;
  Kqueue kq;
  Filedesc fdp;
  Knote marker;
  Knote kn;
  Expr collected;
  Expr influx;
  Expr active;
  Expr hint; // of filter_event()

  lang::Update clear(const char* bits) const {
    return assign(kn.kn_status(), lang::bit_clear(kn.kn_status(), s.kernel().status_bit(bits)));
  }
  lang::Update count_less() const { return assign(kq.kq_count(), kq.kq_count() - 1); }
};

// Nothing is queued: sleep, or give up.  {kq_lock}
void wait_for_events(const Scan& scan) {
  Path& s = scan.s;
  s.where(scan.timeout != Timeout::poll, [&] {
    s.block("waited", [&] {
      // kevent(2) without a timeout waits for ever if no event comes.
      Wait wait{.idle_when = scan.kq.kq_count() == 0, .label = "cv_timedwait_sig"};
      wait.interrupted = [&] { s.break_("waited"); }; // EWOULDBLOCK, EINTR
      wait.by_chance = scan.timeout != Timeout::finite;
      wait.interruptible = scan.timeout == Timeout::finite || s.environment().signals;
      s.cv_wait(scan.kq.kq_cv(), scan.kq.kq_lock(), wait);
      s.if_(scan.kq.kq_count() == 0 && scan.kq.kq_restart(), [&] { s.break_("waited"); });
      s.continue_("retry");
    });
  });
  s.mutex_spin_exit(scan.kq.kq_lock());
  s.return_();
}

// The first knote cannot be taken now: let its owner go on.  {fd_lock, kq_lock} -> {}
void step_back(const Scan& scan) {
  Path& s = scan.s;
  const auto sleep = [&] {
    s.cv_wait(scan.kq.kq_cv(), scan.kq.kq_lock(), {.label = "KQ_FLUX_WAIT"});
    s.mutex_spin_exit(scan.kq.kq_lock());
  };
  s.if_(scan.influx, [&] {
    s.set("clear_influx", {{scan.influx, Expr(false)}});
    s.label("KQ_FLUX_WAKEUP").cv_broadcast(scan.kq.kq_cv());
  });
  s.mutex_exit(scan.fdp.fd_lock());
  if (!s.mpsafe()) {
    sleep();
    return;
  }
  // The kernel has asked before it tested; kq_lock is held since.
  s.if_(scan.kn.is_marker() || scan.kn.kn_influx() != 0, sleep, [&] {
    s.kassert(scan.kn.has("KN_WILLDETACH"), "kn->kn_status & KN_WILLDETACH");
    s.mutex_spin_exit(scan.kq.kq_lock()); // preempt_point()
  });
}

// The knote is copied out: from here on the event is the caller's.  {fd_lock, kq_lock}
void collect(const Scan& scan) {
  Path& s = scan.s;
  const Knote& kn = scan.kn;
  assert_kn_fop(s, kn);
  if (s.mpsafe())
    s.kassert(!kn.has("KN_WILLDETACH"), "(kn->kn_status & KN_WILLDETACH) == 0");
  Step copy;
  copy.updates.push_back(assign(scan.collected, scan.collected + 1));
  copy.updates.push_back(assign(scan.influx, Expr(true)));
  show_event(copy, s, s.lives(), kn);
  s.step("copy_kn_kevent", std::move(copy));
}

// What becomes of a collected knote.  {fd_lock, kq_lock}, both may be dropped and taken again.
void settle(const Scan& scan) {
  Path& s = scan.s;
  const Kernel& k = s.kernel();
  const Knote& kn = scan.kn;
  s.if_(
      kn.flag("EV_ONESHOT"),
      [&] {
        if (s.mpsafe())
          knote_willdetach(s, kn, "set_KN_WILLDETACH");
        s.update("clear_KN_BUSY", {scan.clear("KN_BUSY"), scan.count_less()});
        if (s.mpsafe()) {
          s.kassert(!kn_in_flux(s, kn), "kn_in_flux(kn) == false");
          s.kassert(kn.has("KN_WILLDETACH") && kn.kn_udata() == k.udata_of(s.thread()),
                    "(kn->kn_status & KN_WILLDETACH) != 0 && kn->kn_kevent.udata == curlwp");
        }
        s.mutex_spin_exit(scan.kq.kq_lock());
        knote_detach(s, kn, scan.fdp, DoFop::yes);
        s.mutex_enter(scan.fdp.fd_lock());
        s.mutex_spin_enter(scan.kq.kq_lock());
      },
      [&] {
        s.if_(
            kn.flag("EV_CLEAR"),
            [&] {
              s.update("reset", {assign(kn.kn_data(), k.no_data()), assign(kn.kn_fflags(), Expr(0)),
                                 scan.clear("KN_ACTIVE|KN_BUSY"), scan.count_less()});
            },
            [&] {
              s.update("requeue", {assign(kn.kn_status(),
                                          lang::bit_clear(kn.kn_status(), k.status_bit("KN_BUSY")) |
                                              k.status_bit("KN_QUEUED")),
                                   Steps::push_back(k.kq_head, scan.kq.ref(), kn.ref())});
            });
      });
}

// Takes one knote and deals with it.  {fd_lock, kq_lock}; leaves the loops by their labels.
void take_one(const Scan& scan) {
  Path& s = scan.s;
  const Kernel& k = s.kernel();
  const Knote& kn = scan.kn;
  s.set("first", {{kn.ref(), k.spec().list_front(k.kq_head, scan.kq.ref())}});
  Expr foreign = kn.is_marker() && kn.ref() != scan.marker.ref();
  if (s.mpsafe())
    foreign = foreign || kn.has("KN_WILLDETACH") || kn_in_flux(s, kn);
  s.label("test_foreign").if_(foreign, [&] {
    step_back(scan);
    s.continue_("relock");
  });
  s.update("remove_first", {Steps::remove(k.kq_head, scan.kq.ref(), kn.ref())});
  s.if_(kn.ref() == scan.marker.ref(), [&] {
    s.label("KQ_FLUX_WAKEUP").cv_broadcast(scan.kq.kq_cv());
    s.if_(scan.collected == 0, [&] {
      s.mutex_exit(scan.fdp.fd_lock());
      s.continue_("retry");
    });
    s.break_("relock");
  });
  s.kassert(!kn.has("KN_BUSY"), "(kn->kn_status & KN_BUSY) == 0");
  s.update("take",
           {assign(kn.kn_status(), lang::bit_clear(kn.kn_status(), k.status_bit("KN_QUEUED")) |
                                       k.status_bit("KN_BUSY")),
            assign(scan.hint, Expr(0))});
  s.if_(kn.has("KN_DISABLED"), [&] {
    s.update("skip_disabled", {scan.clear("KN_BUSY"), scan.count_less()});
    s.continue_("next");
  });
  s.if_(!kn.flag("EV_ONESHOT"), [&] {
    s.mutex_spin_exit(scan.kq.kq_lock());
    s.kassert(s.owns(scan.fdp.fd_lock()), "mutex_owned(&fdp->fd_lock)");
    filter_event(s, kn, scan.hint, scan.active);
    s.mutex_spin_enter(scan.kq.kq_lock());
    s.if_(kn.has("KN_QUEUED"), [&] {
      s.update("queued_again",
               {scan.clear("KN_BUSY"), scan.count_less(), assign(scan.influx, Expr(true))});
      s.continue_("next");
    });
    s.if_(!scan.active, [&] {
      s.update("not_active", {scan.clear("KN_ACTIVE|KN_BUSY"), scan.count_less(),
                              assign(scan.influx, Expr(true))});
      s.continue_("next");
    });
  });
  collect(scan);
  settle(scan);
  s.if_(scan.collected == scan.most, [&] {
    s.update("remove_marker", {Steps::remove(k.kq_head, scan.kq.ref(), scan.marker.ref())});
    s.break_("relock");
  });
}

} // namespace

void kqueue_scan(Path& s, std::size_t kqueue, int most, Timeout timeout, const Expr& collected) {
  const Kernel& k = s.kernel();
  const Kqueue kq = k.kqueue(kqueue);
  s.path(s.kern_event("kqueue_scan"), {{"kq", kq.ref()}}, [&] {
    const Scan scan{s,
                    most,
                    timeout,
                    kq,
                    kq.kq_fdp(),
                    k.marker(s.thread()),
                    Knote(k, s.local("kn", k.spec().pools()[k.knote_pool].reference)),
                    collected,
                    s.local("influx", lang::boolean_type()),
                    s.local("rv", lang::boolean_type()),
                    filter_hint(s)};
    s.unguarded().set("init_marker", {{scan.marker.kn_kq().ref(), kq.ref()},
                                      {scan.marker.kn_status(), k.status_bit("KN_MARKER")}});
    s.mutex_spin_enter(kq.kq_lock());
    s.loop("retry", [&] {
      s.if_(kq.kq_count() == 0, [&] { wait_for_events(scan); });
      s.update("insert_marker", {Steps::push_back(k.kq_head, kq.ref(), scan.marker.ref())});
      s.set("no_influx", {{scan.influx, Expr(false)}});
      s.mutex_spin_exit(kq.kq_lock());
      s.loop("relock", [&] {
        s.mutex_enter(scan.fdp.fd_lock());
        s.mutex_spin_enter(kq.kq_lock());
        s.loop("next", [&] { take_one(scan); });
      });
      s.break_("retry");
    });
    s.label("KQ_FLUX_WAKEUP").cv_broadcast(kq.kq_cv());
    s.mutex_spin_exit(kq.kq_lock());
    s.mutex_exit(scan.fdp.fd_lock());
  });
}

} // namespace interlock::actions::netbsd
