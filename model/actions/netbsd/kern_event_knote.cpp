// NetBSD kern_event.c: activating, queueing and detaching a knote.
#include "actions/netbsd/paths.hpp"

namespace interlock::actions::netbsd {

using lang::assign;

namespace {

lang::Update add_status(Path& s, const Knote& kn, const char* bits) {
  return assign(kn.kn_status(), kn.kn_status() | s.kernel().status_bit(bits));
}

// Puts the knote at the tail of the queue and wakes whoever waits.
void enqueue(Path& s, const Knote& kn) {
  const Kqueue kq = kn.kn_kq();
  const lang::Value most = s.spec().variables()[s.kernel().kq_count].type->high;
  s.kassert(kq.kq_count() < most, "KQ_COUNT(kq) < KQ_MAXCOUNT");
  Step queue;
  if (s.mpsafe())
    queue.checks.push_back({property::knote_protocol, !kn.has("KN_WILLDETACH"),
                            "I4: a knote that will be detached is queued"});
  queue.updates = {add_status(s, kn, "KN_QUEUED"),
                   Steps::push_back(s.kernel().kq_head, kq.ref(), kn.ref()),
                   assign(kq.kq_count(), kq.kq_count() + 1)};
  s.step("queue", std::move(queue));
  s.cv_broadcast(kq.kq_cv());
}

} // namespace

void knote_activate_locked(Path& s, const Knote& kn) {
  s.path(s.kern_event("knote_activate_locked"), {{"kn", kn.ref()}}, [&] {
    s.kassert(!kn.is_marker(), "(kn->kn_status & KN_MARKER) == 0");
    if (s.mpsafe())
      s.label("test_KN_WILLDETACH").if_(kn.has("KN_WILLDETACH"), [&] { s.return_(); });
    s.update("set_KN_ACTIVE", {add_status(s, kn, "KN_ACTIVE")});
    s.if_((kn.kn_status() & s.kernel().status_bit("KN_QUEUED|KN_DISABLED")) == 0,
          [&] { enqueue(s, kn); });
  });
}

void knote_activate(Path& s, const Knote& kn) {
  s.path(s.kern_event("knote_activate"), {{"kn", kn.ref()}}, [&] {
    s.mutex_spin_enter(kn.kn_kq().kq_lock());
    knote_activate_locked(s, kn);
    s.mutex_spin_exit(kn.kn_kq().kq_lock());
  });
}

void knote_enqueue(Path& s, const Knote& kn) {
  s.path(s.kern_event("knote_enqueue"), {{"kn", kn.ref()}}, [&] {
    s.unguarded().kassert(!kn.is_marker(), "(kn->kn_status & KN_MARKER) == 0");
    s.mutex_spin_enter(kn.kn_kq().kq_lock());
    s.block("locked", [&] {
      if (s.mpsafe())
        s.label("test_KN_WILLDETACH").if_(kn.has("KN_WILLDETACH"), [&] { s.break_("locked"); });
      s.update("clear_KN_DISABLED",
               {assign(kn.kn_status(),
                       lang::bit_clear(kn.kn_status(), s.kernel().status_bit("KN_DISABLED")))});
      s.if_(kn.has("KN_ACTIVE") && !kn.has("KN_QUEUED"), [&] { enqueue(s, kn); });
    });
    s.mutex_spin_exit(kn.kn_kq().kq_lock());
  });
}

void knote_willdetach(Path& s, const Knote& kn, const std::string& label) {
  const Expr in_flux = s.spec().read(s.kernel().kn_claimed_in_flux, kn.ref());
  s.update(label, {add_status(s, kn, "KN_WILLDETACH"),
                   assign(kn.kn_udata(), s.kernel().udata_of(s.thread())),
                   assign(in_flux, kn.kn_influx() != 0)});
}

void assert_kq_lock(Path& s, const Knote& kn) {
  s.label("assert_kq_lock")
      .kassert(s.owns(kn.kn_kq().kq_lock()), "mutex_owned(&kn->kn_kq->kq_lock)");
}

void assert_kn_fop(Path& s, const Knote& kn) {
  s.label("assert_kn_fop").kassert(kn.kn_fop() != s.kernel().fop("NULL"), "kn->kn_fop != NULL");
}

Expr kn_in_flux(Path& s, const Knote& kn) {
  assert_kq_lock(s, kn);
  return kn.kn_influx() != 0;
}

void kn_enter_flux(Path& s, const Knote& kn) {
  const lang::Value most = s.spec().variables()[s.kernel().kn_influx].type->high;
  s.kassert(kn.kn_influx() < most, "kn->kn_influx < UINT_MAX");
  Step step;
  step.checks.push_back({property::knote_protocol, !kn.has("KN_WILLDETACH"),
                         "I4: a knote that will be detached is put in flux"});
  step.updates.push_back(assign(kn.kn_influx(), kn.kn_influx() + 1));
  s.line(901).step("enter_flux", std::move(step));
}

void kn_leave_flux(Path& s, const Knote& kn) {
  assert_kq_lock(s, kn);
  s.label("assert_in_flux").kassert(kn.kn_influx() > 0, "kn->kn_influx > 0");
  s.line(1047).set("leave_flux", {{kn.kn_influx(), kn.kn_influx() - 1}});
}

void kn_wait_flux(Path& s, const Knote& kn, CanLoop can_loop) {
  s.path(s.kern_event("kn_wait_flux", 311), {{"kn", kn.ref()}}, [&] {
    const Kqueue kq = kn.kn_kq();
    const auto wait = [&] { s.cv_wait(kq.kq_cv(), kq.kq_lock()); };
    assert_kq_lock(s, kn);
    if (can_loop == CanLoop::yes)
      s.while_(kn.kn_influx() != 0, wait);
    else
      s.if_(kn.kn_influx() != 0, wait);
  });
}

void knote_detach(Path& s, const Knote& kn, const Filedesc& fdp, DoFop dofop) {
  s.path(s.kern_event("knote_detach"), {{"kn", kn.ref()}, {"fdp", fdp.ref()}}, [&] {
    const Kernel& k = s.kernel();
    const Kqueue kq = kn.kn_kq();
    // Read without kq_lock: in 1.129 the claim is the caller's own.
    s.label("assert_no_marker")
        .unguarded()
        .kassert(!kn.is_marker(), "(kn->kn_status & KN_MARKER) == 0");
    if (s.mpsafe())
      s.label("assert_KN_WILLDETACH")
          .unguarded()
          .kassert(kn.has("KN_WILLDETACH"), "(kn->kn_status & KN_WILLDETACH) != 0");
    assert_kn_fop(s, kn);
    s.kassert(s.owns(fdp.fd_lock()), "mutex_owned(&fdp->fd_lock)");
    if (dofop == DoFop::yes)
      filter_detach(s, kn);
    s.update("remove_from_fd_knhash", {Steps::remove(k.knhash, fdp.bucket(kn.kn_id()), kn.ref())});
    s.loop("again", [&] {
      s.mutex_spin_enter(kq.kq_lock());
      if (s.mpsafe())
        s.kassert(!kn_in_flux(s, kn), "kn_in_flux(kn) == false");
      s.if_(
          kn.has("KN_QUEUED"),
          [&] {
            s.kassert(kq.kq_count() != 0, "KQ_COUNT(kq) != 0");
            s.update("dequeue", {assign(kn.kn_status(),
                                        lang::bit_clear(kn.kn_status(), k.status_bit("KN_QUEUED"))),
                                 Steps::remove(k.kq_head, kq.ref(), kn.ref()),
                                 assign(kq.kq_count(), kq.kq_count() - 1)});
          },
          [&] {
            s.if_(kn.has("KN_BUSY"), [&] {
              s.mutex_spin_exit(kq.kq_lock());
              s.continue_("again");
            });
          });
      s.mutex_spin_exit(kq.kq_lock());
      s.break_("again");
    });
    s.mutex_exit(fdp.fd_lock());
    std::vector<lang::Check> unreferenced;
    if (s.mpsafe())
      unreferenced.push_back({property::knote_protocol, kn.kn_influx() == 0,
                              "I1: a knote is freed while it is in flux"});
    for (std::uint32_t i = 0; i < k.spec().pools()[k.proc_pool].objects.size(); ++i) {
      const Expr p = k.spec().object(k.proc_pool, i);
      unreferenced.push_back(
          {property::knote_protocol,
           !k.spec().is_allocated(p) || !k.spec().list_has(k.p_klist, p, kn.ref()),
           "I1: a knote is freed while it is on a p_klist"});
    }
    s.release(kn.ref(), "kmem_free_kn", std::move(unreferenced));
  });
}

} // namespace interlock::actions::netbsd
