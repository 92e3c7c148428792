// DragonFly kern_event.c: knotes, and the soft lock that each of them has (KN_PROCESSING).
#include "actions/dragonfly/paths.hpp"

namespace interlock::actions::dragonfly {

using lang::assign;
using lang::bit_clear;

namespace {

lang::Update with(Path& s, const Knote& kn, const char* bits) {
  return assign(kn.kn_status(), kn.kn_status() | s.kernel().status_bit(bits));
}
lang::Update without(Path& s, const Knote& kn, const char* bits) {
  return assign(kn.kn_status(), bit_clear(kn.kn_status(), s.kernel().status_bit(bits)));
}

void kqueue_wakeup(Path& s, const Kqueue& kq) {
  s.path(s.kern_event("kqueue_wakeup"), {{"kq", kq.ref()}}, [&] {
    s.label("test_KQ_SLEEP").if_(kq.kq_sleep(), [&] {
      s.set("clear_KQ_SLEEP", {{kq.kq_sleep(), Expr(false)}});
      if (s.revision().kq_wakeup_one)
        s.wakeup_one(kq.kq_channel());
      else
        s.wakeup(kq.kq_channel());
    });
  });
}

} // namespace

void knote_enqueue(Path& s, const Knote& kn) {
  s.path(s.kern_event("knote_enqueue"), {{"kn", kn.ref()}}, [&] {
    const Kqueue kq = kn.kn_kq();
    s.kassert(!kn.has("KN_QUEUED"), "(kn->kn_status & KN_QUEUED) == 0");
    s.update("enqueue", {Steps::push_back(s.kernel().kq_head, kq.ref(), kn.ref()),
                         with(s, kn, "KN_QUEUED"), assign(kq.kq_count(), kq.kq_count() + 1)});
    kqueue_wakeup(s, kq);
  });
}

void knote_activate(Path& s, const Knote& kn) {
  s.path(
      s.kern_event("KNOTE_ACTIVATE"), {{"kn", kn.ref()}},
      [&] {
        s.update("set_KN_ACTIVE", {with(s, kn, "KN_ACTIVE")});
        s.if_(!kn.has("KN_QUEUED") && !kn.has("KN_DISABLED"), [&] { knote_enqueue(s, kn); });
      },
      "knote_activate");
}

void wait_for_knote(Path& s, const Knote& kn, const char* wmesg) {
  const Expr address = s.local("address", s.channels());
  s.update("set_KN_WAITING",
           {with(s, kn, "KN_WAITING|KN_REPROCESS"), assign(address, kn.kn_channel().reference)});
  const Expr here = s.spec().is_allocated(kn.ref());
  s.tsleep_timeout({LockKind::sleep_channel, address}, wmesg, !here || !kn.has("KN_PROCESSING"));
}

void knote_acquire(Path& s, const Knote& kn, const Expr& result) {
  s.path(s.kern_event("knote_acquire"), {{"kn", kn.ref()}, {"returned", result}}, [&] {
    s.label("test_KN_PROCESSING").if_(kn.has("KN_PROCESSING"), [&] {
      wait_for_knote(s, kn, "kqepts");
      s.set("not_acquired", {{result, Expr(false)}});
      s.return_();
    });
    std::vector<lang::Update> updates{with(s, kn, "KN_PROCESSING"), assign(result, Expr(true))};
    s.update("set_KN_PROCESSING", std::move(updates));
  });
}

void knote_release(Path& s, const Knote& kn, const Expr& result) {
  s.path(s.kern_event("knote_release"), {{"kn", kn.ref()}, {"returned", result}}, [&] {
    const Expr active = s.local("active", lang::boolean_type());
    s.loop("reprocess", [&] {
      s.if_(!kn.has("KN_REPROCESS"), [&] { s.break_("reprocess"); });
      s.update("clear_KN_REPROCESS", {without(s, kn, "KN_REPROCESS")});
      s.label("test_KN_WAITING").if_(kn.has("KN_WAITING"), [&] {
        s.update("clear_KN_WAITING", {without(s, kn, "KN_WAITING")});
        s.wakeup(kn.kn_channel());
      });
      s.label("test_KN_DELETING").if_(kn.has("KN_DELETING"), [&] {
        knote_detach_and_drop(s, kn);
        s.set("dropped", {{result, Expr(true)}});
        s.return_();
      });
      filter_event(s, kn, active);
      s.if_(active, [&] { knote_activate(s, kn); });
    });
    s.update("clear_KN_PROCESSING",
             {without(s, kn, "KN_PROCESSING"), assign(result, kn.has("KN_DETACHED"))});
  });
}

void knote_drop(Path& s, const Knote& kn) {
  s.path(s.kern_event("knote_drop"), {{"kn", kn.ref()}}, [&] {
    const Kernel& k = s.kernel();
    const Kqueue kq = kn.kn_kq();
    s.update("remove_kq_knlist", {Steps::remove(k.knhash, kq.kq_knlist(), kn.ref())});
    s.if_(kn.has("KN_QUEUED"), [&] {
      s.kassert(kn.has("KN_QUEUED"), "kn->kn_status & KN_QUEUED");
      s.update("knote_dequeue",
               {Steps::remove(k.kq_head, kq.ref(), kn.ref()), without(s, kn, "KN_QUEUED"),
                assign(kq.kq_count(), kq.kq_count() - 1)});
    });
    s.release(kn.ref(), "knote_free");
  });
}

void knote_detach_and_drop(Path& s, const Knote& kn) {
  s.path(s.kern_event("knote_detach_and_drop"), {{"kn", kn.ref()}}, [&] {
    s.update("set_KN_DELETING", {with(s, kn, "KN_DELETING|KN_REPROCESS")});
    filter_detach(s, kn);
    knote_drop(s, kn);
  });
}

void knote_insert(Path& s, const Proc& p, const Knote& kn) {
  s.path(s.kern_event("knote_insert"), {{"p", p.ref()}, {"kn", kn.ref()}}, [&] {
    s.lwkt_gettoken(p.klist_token());
    s.check(property::kassert, kn.has("KN_PROCESSING"), "KKASSERT(kn->kn_status & KN_PROCESSING)");
    s.update("insert_p_klist", {Steps::push_front(s.kernel().p_klist, p.ref(), kn.ref())});
    s.lwkt_reltoken(p.klist_token());
  });
}

void knote_remove(Path& s, const Proc& p, const Knote& kn) {
  s.path(s.kern_event("knote_remove"), {{"p", p.ref()}, {"kn", kn.ref()}}, [&] {
    s.lwkt_gettoken(p.klist_token());
    s.check(property::kassert, kn.has("KN_PROCESSING"), "KKASSERT(kn->kn_status & KN_PROCESSING)");
    s.update("remove_p_klist", {Steps::remove(s.kernel().p_klist, p.ref(), kn.ref())});
    s.lwkt_reltoken(p.klist_token());
  });
}

} // namespace interlock::actions::dragonfly
