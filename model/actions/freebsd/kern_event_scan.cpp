// FreeBSD kern_event.c: kqueue_scan(), how kevent(2) collects events.
#include "actions/freebsd/paths.hpp"

namespace interlock::actions::freebsd {

using lang::assign;

namespace {

// One call of kqueue_scan(): what its parts share.
struct Scan {
  Path& s;
  const WaitCall& wait;
  const WaitResult& result;
  Kqueue kq;
  Knote marker;
  Knote kn;
  Expr influx;
  Expr event;

  lang::Update count_less() const { return assign(kq.kq_count(), kq.kq_count() - 1); }
};

// Nothing is queued: sleep, or give up.  {kq_lock}
void wait_for_events(const Scan& scan) {
  Path& s = scan.s;
  s.where(scan.wait.timeout == Timeout::poll, [&] { s.label("poll_break").break_("retry"); });
  s.where(scan.wait.timeout != Timeout::poll, [&] {
    // kevent(2) without a timeout waits for ever if no event comes.
    Wait wait{.idle_when = scan.kq.kq_count() == 0, .label = "msleep"};
    wait.interrupted = [&] { s.label("interrupted_break").break_("retry"); }; // EWOULDBLOCK, EINTR
    wait.by_chance = scan.wait.timeout != Timeout::finite;
    wait.interruptible = scan.wait.timeout == Timeout::finite || s.environment().signals;
    s.set("set_KQ_SLEEP", {{scan.kq.kq_sleep(), Expr(true)}});
    s.msleep(scan.kq.channel(), scan.kq.kq_lock(), wait);
    s.continue_("retry");
  });
}

// The knote is copied out: from here on the event is the caller's.
void collect(const Scan& scan) {
  Path& s = scan.s;
  const Knote& kn = scan.kn;
  const WaitResult& result = scan.result;
  Step copy;
  copy.updates.push_back(assign(result.collected, result.collected + 1));
  show_event(copy, s, s.lives(), kn);
  s.step("copy_kn_kevent", std::move(copy));
}

enum class Going { EV_ONESHOT, EV_DROP };

// EV_ONESHOT, or EV_DROP that nobody asked for: the knote goes.  {kq_lock}, dropped meanwhile
void take_for_good(const Scan& scan, Going why) {
  Path& s = scan.s;
  const Knote& kn = scan.kn;
  const bool copied = why == Going::EV_ONESHOT;
  s.update(
      copied ? "take_EV_ONESHOT" : "take_EV_DROP",
      {assign(kn.kn_status(), lang::bit_clear(kn.kn_status(), s.kernel().status_bit("KN_QUEUED")) |
                                  s.kernel().status_bit("KN_INFLUX")),
       scan.count_less()});
  s.mtx_unlock(scan.kq.kq_lock());
  if (copied)
    collect(scan);
  detach_and_drop(s, kn);
  s.mtx_lock(scan.kq.kq_lock());
}

// Any other knote is asked, and stays.  {kq_lock}, dropped meanwhile
void take_and_keep(const Scan& scan) {
  Path& s = scan.s;
  const Kernel& k = s.kernel();
  const Knote& kn = scan.kn;
  s.update("set_KN_INFLUX",
           {s.set_status(kn, s.revision().kn_scan ? "KN_INFLUX|KN_SCAN" : "KN_INFLUX")});
  s.mtx_unlock(scan.kq.kq_lock());
  kn_list_lock(s, kn);
  s.set("f_event", {{scan.event, kn.kn_fflags() != 0}});
  s.if_(!scan.event, [&] {
    s.mtx_lock(scan.kq.kq_lock());
    s.update("not_active",
             {s.clear_status(kn, "KN_QUEUED|KN_ACTIVE|KN_INFLUX|KN_SCAN"), scan.count_less()});
    kn_list_unlock(s, kn);
    s.set("set_influx", {{scan.influx, Expr(true)}});
    s.continue_("next");
  });
  collect(scan);
  s.mtx_lock(scan.kq.kq_lock());
  // filt_procattach() has set EV_CLEAR.
  s.where(k.plan().dispatches, [&] {
    s.label("test_EV_DISPATCH").if_(kn.flag("EV_DISPATCH"), [&] {
      s.update("set_KN_DISABLED", {s.set_status(kn, "KN_DISABLED")});
    });
  });
  s.update("reset",
           {assign(kn.kn_data(), k.no_data()), assign(kn.kn_fflags(), k.note("0")),
            s.clear_status(kn, "KN_QUEUED|KN_ACTIVE|KN_INFLUX|KN_SCAN"), scan.count_less()});
  kn_list_unlock(s, kn);
  s.set("set_influx", {{scan.influx, Expr(true)}});
}

// The first knote cannot be taken now.  {kq_lock}
void step_back(const Scan& scan) {
  Path& s = scan.s;
  s.if_(scan.influx, [&] {
    s.set("clear_influx", {{scan.influx, Expr(false)}});
    kq_flux_wakeup(s, scan.kq);
  });
  wait_for_flux(s, scan.kq, Interlock::taken_again);
}

// Takes one knote and deals with it.  {kq_lock}; leaves the loops by their labels.
void take_one(const Scan& scan) {
  Path& s = scan.s;
  const Kernel& k = s.kernel();
  const Knote& kn = scan.kn;
  s.mtx_assert_owned(scan.kq.kq_lock(), "KQ_OWNED(kq)");
  s.set("first", {{kn.ref(), k.spec().list_front(k.kq_head, scan.kq.ref())}});
  s.if_((kn.is_marker() && kn.ref() != scan.marker.ref()) || kn.has("KN_INFLUX"), [&] {
    step_back(scan);
    s.continue_("next");
  });
  s.update("remove_kq_head", {Steps::remove(k.kq_head, scan.kq.ref(), kn.ref())});
  s.if_(kn.has("KN_DISABLED"), [&] {
    s.update("skip_disabled", {s.clear_status(kn, "KN_QUEUED"), scan.count_less()});
    s.continue_("next");
  });
  s.if_(kn.ref() == scan.marker.ref(), [&] {
    kq_flux_wakeup(s, scan.kq);
    s.if_(scan.result.collected == 0, [&] { s.continue_("retry"); });
    s.break_("retry");
  });
  s.kassert(!kn.has("KN_INFLUX"), "(kn->kn_status & KN_INFLUX) == 0");
  if (s.revision().ev_drop)
    s.label("test_EV_DROP").if_(kn.flag("EV_DROP"), [&] {
      take_for_good(scan, Going::EV_DROP);
      s.continue_("next");
    });
  s.label("test_EV_ONESHOT")
      .if_(
          kn.flag("EV_ONESHOT"), [&] { take_for_good(scan, Going::EV_ONESHOT); },
          [&] { take_and_keep(scan); });
  s.if_(scan.result.collected == scan.wait.most, [&] { s.break_("next"); });
}

} // namespace

void kqueue_scan(Path& s, const WaitCall& wait, const WaitResult& result) {
  const Kernel& k = s.kernel();
  const Kqueue kq = k.kqueue(wait.kqueue);
  s.path(s.kern_event("kqueue_scan"), {{"kq", kq.ref()}}, [&] {
    const Scan scan{s,
                    wait,
                    result,
                    kq,
                    k.marker(s.thread()),
                    Knote(k, s.local_knote("kn")),
                    s.local("influx", lang::boolean_type()),
                    s.local("event", lang::boolean_type())};
    s.set("init_marker", {{scan.marker.kn_kq().ref(), kq.ref()}});
    s.mtx_lock(kq.kq_lock());
    s.loop("retry", [&] {
      s.if_(kq.kq_count() == 0, [&] { wait_for_events(scan); });
      s.update("insert_marker", {Steps::push_back(k.kq_head, kq.ref(), scan.marker.ref()),
                                 assign(scan.influx, Expr(false))});
      s.loop("next", [&] { take_one(scan); });
      s.update("remove_marker", {Steps::remove(k.kq_head, kq.ref(), scan.marker.ref())});
      s.break_("retry");
    });
    s.mtx_assert_owned(kq.kq_lock(), "KQ_OWNED(kq), at done");
    kq_flux_wakeup(s, kq);
    s.mtx_unlock(kq.kq_lock());
    s.mtx_assert_notowned(kq.kq_lock(), "KQ_NOTOWNED(kq), at done_nl");
  });
}

} // namespace interlock::actions::freebsd
