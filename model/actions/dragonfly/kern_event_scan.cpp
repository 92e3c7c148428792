// DragonFly kern_event.c: kern_kevent() and kqueue_scan(), how kevent(2) collects events.
#include "actions/dragonfly/paths.hpp"

namespace interlock::actions::dragonfly {

using lang::assign;
using lang::bit_clear;

namespace {

// One call: what its parts share.
struct Scan {
  Path& s;
  const WaitCall& wait;
  const WaitResult& result;
  Kqueue kq;
  Knote marker;       // everything behind it came after the call began to scan
  Knote local_marker; // how far the scan has come
  Knote kn;
};

lang::Update without(const Scan& scan, const char* bits) {
  return assign(scan.kn.kn_status(),
                bit_clear(scan.kn.kn_status(), scan.s.kernel().status_bit(bits)));
}

lang::Update behind(const Scan& scan, const Knote& marker) {
  return Steps::push_back(scan.s.kernel().kq_head, scan.kq.ref(), marker.ref());
}
lang::Update off(const Scan& scan, const Knote& marker) {
  return Steps::remove(scan.s.kernel().kq_head, scan.kq.ref(), marker.ref());
}

// What is next to the local marker is a marker: that of this call, or of another one.
void pass_marker(const Scan& scan) {
  Path& s = scan.s;
  const Kernel& k = s.kernel();
  const Expr next = k.spec().list_next(k.kq_head, scan.kq.ref(), scan.kn.ref());
  s.if_(scan.kn.ref() == scan.marker.ref(), [&] { s.break_("collect"); });
  s.set("read_next", {{scan.kn.ref(), next}});
  s.update("remove_local_marker", {off(scan, scan.local_marker)});
  s.update("insert_local_marker", {lang::Update{UpdateKind::insert_before, k.kq_head, scan.kq.ref(),
                                                scan.local_marker.ref(), scan.kn.ref()}});
}

// The event is the caller's from here on.
void copy_kevent(const Scan& scan) {
  Path& s = scan.s;
  const Knote& kn = scan.kn;
  Step copy;
  copy.updates.push_back(assign(scan.result.collected, scan.result.collected + 1));
  show_event(copy, s, s.lives(), kn);
  s.step("copy_kn_kevent", std::move(copy));
}

void post(const Scan& scan) {
  Path& s = scan.s;
  const Kernel& k = s.kernel();
  const Knote& kn = scan.kn;
  copy_kevent(scan);
  s.label("test_EV_ONESHOT")
      .if_(
          kn.flag("EV_ONESHOT"),
          [&] {
            s.set("set_KN_DELETING",
                  {{kn.kn_status(), bit_clear(kn.kn_status(), k.status_bit("KN_QUEUED")) |
                                        k.status_bit("KN_DELETING|KN_REPROCESS")}});
          },
          [&] {
            s.label("test_EV_CLEAR")
                .if_(
                    kn.flag("EV_CLEAR|EV_DISPATCH"),
                    [&] {
                      s.where(k.plan().dispatches, [&] {
                        s.label("test_EV_DISPATCH").if_(kn.flag("EV_DISPATCH"), [&] {
                          s.set("set_KN_DISABLED",
                                {{kn.kn_status(), kn.kn_status() | k.status_bit("KN_DISABLED")}});
                        });
                      });
                      s.update("reset",
                               {assign(kn.kn_data(), k.no_data()), assign(kn.kn_fflags(), Expr(0)),
                                without(scan, "KN_QUEUED|KN_ACTIVE")});
                    },
                    [&] {
                      s.update("requeue", {behind(scan, kn),
                                           assign(scan.kq.kq_count(), scan.kq.kq_count() + 1)});
                    });
          });
}

// KN_QUEUED stays while the knote is off the queue: nobody queues it meanwhile.
void take_one(const Scan& scan) {
  Path& s = scan.s;
  const Kernel& k = s.kernel();
  const Knote& kn = scan.kn;
  const Expr acquired = s.local("acquired", lang::boolean_type());
  const Expr active = s.local("active", lang::boolean_type());
  const Expr gone = s.local("gone", lang::boolean_type());
  s.set("next",
        {{kn.ref(), k.spec().list_next(k.kq_head, scan.kq.ref(), scan.local_marker.ref())}});
  s.label("test_marker").if_(kn.is_marker(), [&] {
    pass_marker(scan);
    s.continue_("collect");
  });
  knote_acquire(s, kn, acquired);
  s.if_(!acquired, [&] { s.continue_("collect"); });
  s.update("take", {off(scan, kn), assign(scan.kq.kq_count(), scan.kq.kq_count() - 1)});
  s.label("test_KN_DISABLED")
      .if_(
          kn.has("KN_DISABLED"), [&] { s.update("skip_disabled", {without(scan, "KN_QUEUED")}); },
          [&] {
            s.set("assume_active", {{active, Expr(true)}});
            s.if_(!kn.flag("EV_ONESHOT") && !kn.has("KN_DELETING"),
                  [&] { filter_event(s, kn, active); });
            s.if_(
                !active, [&] { s.update("not_active", {without(scan, "KN_QUEUED|KN_ACTIVE")}); },
                [&] { post(scan); });
          });
  knote_release(s, kn, gone);
}

void kqueue_scan(const Scan& scan, const Expr& before) {
  Path& s = scan.s;
  const Kernel& k = s.kernel();
  s.path(s.kern_event("kqueue_scan"), {{"kq", scan.kq.ref()}, {"kn", scan.kn.ref()}}, [&] {
    s.lwkt_gettoken(scan.kq.kq_token());
    s.update("insert_local_marker",
             {Steps::push_front(k.kq_head, scan.kq.ref(), scan.local_marker.ref()),
              assign(before, scan.result.collected)});
    s.loop("collect", [&] {
      s.if_(scan.result.collected == scan.wait.most, [&] { s.break_("collect"); });
      take_one(scan);
    });
    s.update("remove_local_marker", {off(scan, scan.local_marker)});
    s.lwkt_reltoken(scan.kq.kq_token());
  });
}

void move_marker(const Scan& scan) {
  Path& s = scan.s;
  s.update("remove_marker", {off(scan, scan.marker)});
  s.update("insert_marker", {behind(scan, scan.marker)});
}

// Nothing is queued and nothing collected yet: sleep, or give up.
void wait_for_events(const Scan& scan) {
  Path& s = scan.s;
  const auto give_up = [&] {
    s.lwkt_reltoken(scan.kq.kq_token());
    s.break_("events");
  };
  s.where(scan.wait.timeout == Timeout::poll, [&] { s.break_("events"); });
  s.where(scan.wait.timeout != Timeout::poll, [&] {
    s.lwkt_gettoken(scan.kq.kq_token());
    s.label("test_kq_count").if_(scan.kq.kq_count() == 0, [&] {
      s.set("set_KQ_SLEEP", {{scan.kq.kq_sleep(), Expr(true)}});
      // kevent(2) without a timeout waits for ever if no event comes.
      Sleep sleep{"kqread", scan.kq.kq_count() == 0, give_up}; // EWOULDBLOCK, EINTR
      sleep.by_chance = scan.wait.timeout != Timeout::finite;
      sleep.interruptible = scan.wait.timeout == Timeout::finite || s.environment().signals;
      s.tsleep(scan.kq.kq_channel(), sleep);
      move_marker(scan);
    });
    s.lwkt_reltoken(scan.kq.kq_token());
  });
}

} // namespace

void kern_kevent(Path& s, const WaitCall& wait, const WaitResult& result) {
  const Kernel& k = s.kernel();
  const Kqueue kq = k.kqueue(wait.kqueue);
  s.path(s.kern_event("kern_kevent"), {{"kq", kq.ref()}}, [&] {
    const Scan scan{s,
                    wait,
                    result,
                    kq,
                    k.marker(s.thread()),
                    k.local_marker(s.thread()),
                    Knote(k, s.local("kn", s.knotes()))};
    const Expr before = s.local("total", result.collected.type_ref());
    s.set("init_markers",
          {{scan.marker.kn_kq().ref(), kq.ref()}, {scan.local_marker.kn_kq().ref(), kq.ref()}});
    s.lwkt_gettoken(kq.kq_token());
    s.update("insert_marker", {behind(scan, scan.marker)});
    s.lwkt_reltoken(kq.kq_token());
    s.loop("events", [&] {
      s.if_(result.collected == wait.most, [&] { s.break_("events"); });
      s.unguarded().label("look_at_kq_count").if_(kq.kq_count() == 0 && result.collected == 0, [&] {
        wait_for_events(scan);
      });
      kqueue_scan(scan, before);
      // Fewer than asked for, and something: that is all there is.
      s.if_(result.collected != wait.most && result.collected != 0, [&] { s.break_("events"); });
      s.if_(result.collected == before, [&] {
        s.lwkt_gettoken(kq.kq_token());
        move_marker(scan);
        s.lwkt_reltoken(kq.kq_token());
      });
    });
    s.lwkt_gettoken(kq.kq_token());
    s.update("remove_marker", {off(scan, scan.marker)});
    s.lwkt_reltoken(kq.kq_token());
  });
}

} // namespace interlock::actions::dragonfly
