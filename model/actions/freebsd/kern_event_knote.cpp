// FreeBSD kern_event.c: activating, queueing and freeing a knote, and the lock of its list.
#include "actions/freebsd/paths.hpp"

namespace interlock::actions::freebsd {

using lang::assign;

void kq_flux_wakeup(Path& s, const Kqueue& kq) {
  s.wakeup_if(kq.kq_fluxwait(), kq.channel(), "KQ_FLUX_WAKEUP",
              {assign(kq.kq_fluxwait(), Expr(false))});
}

void wait_for_flux(Path& s, const Kqueue& kq, Interlock then) {
  s.set("set_KQ_FLUXWAIT", {{kq.kq_fluxwait(), Expr(true)}});
  s.msleep(kq.channel(), kq.kq_lock(), {.label = "msleep"}, then);
}

void knote_enqueue(Path& s, const Knote& kn) {
  s.path(s.kern_event("knote_enqueue"), {{"kn", kn.ref()}}, [&] {
    const Kernel& k = s.kernel();
    const Kqueue kq = kn.kn_kq();
    s.mtx_assert_owned(kq.kq_lock(), "KQ_OWNED(kn->kn_kq)");
    s.kassert(!kn.has("KN_QUEUED"), "(kn->kn_status & KN_QUEUED) == 0");
    // KN_ACTIVE is set here: the macro does it before, with the same lock held.
    s.update("enqueue",
             {Steps::push_back(k.kq_head, kq.ref(), kn.ref()),
              s.set_status(kn, "KN_ACTIVE|KN_QUEUED"), assign(kq.kq_count(), kq.kq_count() + 1)});
    s.mtx_assert_owned(kq.kq_lock(), "kqueue_wakeup: KQ_OWNED(kq)");
    s.if_(kq.kq_sleep(), [&] {
      s.wakeup_if(Expr(true), kq.channel(), "kqueue_wakeup", {assign(kq.kq_sleep(), Expr(false))});
    });
  });
}

void knote_activate(Path& s, const Knote& kn) {
  s.path(s.kern_event("KNOTE_ACTIVATE"), {{"kn", kn.ref()}}, [&] {
    const Kqueue kq = kn.kn_kq();
    s.mtx_assert_owned(kq.kq_lock(), "mtx_assert(&(kn)->kn_kq->kq_lock, MA_OWNED)");
    s.if_(
        kn.has("KN_QUEUED") || kn.has("KN_DISABLED"),
        [&] { s.update("set_KN_ACTIVE", {s.set_status(kn, "KN_ACTIVE")}); },
        [&] { knote_enqueue(s, kn); });
  });
}

void knote_drop(Path& s, const Knote& kn) {
  s.path(s.kern_event("knote_drop"), {{"kn", kn.ref()}}, [&] {
    const Kernel& k = s.kernel();
    const Kqueue kq = kn.kn_kq();
    s.mtx_assert_notowned(kq.kq_lock(), "KQ_NOTOWNED(kq)");
    s.unguarded().check(property::kassert, kn.has("KN_INFLUX"),
                        "KASSERT((kn->kn_status & KN_INFLUX) == KN_INFLUX)");
    s.mtx_lock(kq.kq_lock());
    s.update("remove_kq_knhash", {Steps::remove(k.knhash, kq.bucket(kn.kn_id()), kn.ref())});
    s.if_(kn.has("KN_QUEUED"), [&] {
      s.mtx_assert_owned(kq.kq_lock(), "knote_dequeue: KQ_OWNED(kn->kn_kq)");
      s.kassert(kn.has("KN_QUEUED"), "knote_dequeue: kn->kn_status & KN_QUEUED");
      s.update("knote_dequeue",
               {Steps::remove(k.kq_head, kq.ref(), kn.ref()), s.clear_status(kn, "KN_QUEUED"),
                assign(kq.kq_count(), kq.kq_count() - 1)});
    });
    kq_flux_wakeup(s, kq);
    s.mtx_unlock(kq.kq_lock());
    s.release(kn.ref(), "knote_free");
  });
}

void detach_and_drop(Path& s, const Knote& kn) {
  s.unguarded().label("test_KN_DETACHED").if_(!kn.has("KN_DETACHED"), [&] {
    filt_procdetach(s, kn);
  });
  knote_drop(s, kn);
}

void kn_list_lock(Path& s, const Knote& kn) {
  s.path(
      s.kern_event("KN_LIST_LOCK"), {{"kn", kn.ref()}},
      [&] {
        const Proc knl(s.kernel(), s.local_proc("knl"));
        s.set("read_kn_knlist", {{knl.ref(), kn.kn_knlist().ref()}});
        s.if_(!knl.is_none(), [&] {
          if (s.revision().destroy_clears) {
            Step call;
            call.checks = {{lang::fault::null_dereference, knl.kl_lock(),
                            "kn_knlist->kl_lock is NULL: knlist_destroy() was there"}};
            s.step("call_kl_lock", std::move(call));
          }
          s.mtx_lock(knl.p_mtx());
        });
      },
      "KN_LIST_LOCK");
}

void kn_list_unlock(Path& s, const Knote& kn) {
  s.path(
      s.kern_event("KN_LIST_UNLOCK"), {{"kn", kn.ref()}},
      [&] {
        s.label("test_kn_knlist").if_(!kn.kn_knlist().is_none(), [&] {
          s.mtx_unlock(kn.kn_knlist().p_mtx());
        });
      },
      "KN_LIST_UNLOCK");
}

} // namespace interlock::actions::freebsd
