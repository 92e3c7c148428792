// NetBSD kern_event.c: kqueue_register(), one change of kevent(2).
#include "actions/netbsd/paths.hpp"

namespace interlock::actions::netbsd {

namespace {

// Fills the new knote and publishes it on the hash.  {fd_lock}
void insert(Path& s, const Kqueue& kq, const Filedesc& fdp, const Kevent& kev, const Knote& kn) {
  const Kernel& k = s.kernel();
  s.unguarded().set("init_kn", {{kn.kn_kq().ref(), kq.ref()},
                                {kn.kn_id(), kev.ident},
                                {kn.kn_fop(), k.fop("proc_filtops")},
                                {kn.kn_sfflags(), kev.fflags},
                                {kn.kn_flags(), kev.flags},
                                {kn.kn_fflags(), Expr(0)},
                                {kn.kn_data(), k.no_data()},
                                {kn.kn_udata(), kev.udata}});
  assert_kn_fop(s, kn);
  s.if_(fdp.fd_knhashmask() == 0, [&] { // may sleep, with fd_lock held
    s.set("hashinit", {{fdp.fd_knhash(), Expr(true)}, {fdp.fd_knhashmask(), Expr(1)}});
  });
  s.update("insert_fd_knhash", {Steps::push_front(k.knhash, fdp.bucket(kev.ident), kn.ref())});
}

// EV_DELETE of a knote that exists.  {fd_lock} -> {}, or still {fd_lock} when somebody else
// detaches it: then `detached` is false.
void remove(Path& s, const Kqueue& kq, const Filedesc& fdp, const Knote& kn, const Expr& detached) {
  s.path(
      s.kern_event("kqueue_register"), {{"kn", kn.ref()}, {"fdp", fdp.ref()}},
      [&] {
        if (s.mpsafe()) {
          s.mutex_spin_enter(kq.kq_lock());
          s.label("test_KN_WILLDETACH").if_(kn.has("KN_WILLDETACH"), [&] {
            s.mutex_spin_exit(kq.kq_lock());
            s.set("already_detaching", {{detached, Expr(false)}});
            s.return_();
          });
          knote_willdetach(s, kn, "set_KN_WILLDETACH");
          const Expr in_flux = kn_in_flux(s, kn);
          s.label("test_in_flux")
              .if_(
                  in_flux,
                  [&] {
                    s.mutex_exit(fdp.fd_lock());
                    s.label("wait_flux");
                    kn_wait_flux(s, kn, CanLoop::yes);
                    s.kassert(!kn_in_flux(s, kn), "kn_in_flux(kn) == false");
                    s.mutex_spin_exit(kq.kq_lock());
                    s.mutex_enter(fdp.fd_lock());
                  },
                  [&] { s.mutex_spin_exit(kq.kq_lock()); });
        }
        knote_detach(s, kn, fdp, DoFop::yes);
        s.set("detached", {{detached, Expr(true)}});
      },
      "kqueue_register_delete");
}

// The registration exists: EV_ADD again, EV_ENABLE, EV_DISABLE change what the caller gave.
// {fd_lock}
void modify(Path& s, const Kevent& kev, const Knote& kn) {
  s.set("modify_udata", {{kn.kn_udata(), kev.udata}});
  assert_kn_fop(s, kn);
  s.set("modify_kn_sfflags", {{kn.kn_sfflags(), kev.fflags}});
}

// After EV_ADD, new or again: is there something to report already?  {fd_lock}
void report(Path& s, const Kqueue& kq, const Kevent& kev, const Knote& kn, const Expr& hint) {
  const Kernel& k = s.kernel();
  const Expr active = s.local("rv", lang::boolean_type());
  filter_event(s, kn, hint, active);
  s.if_(active, [&] { knote_activate(s, kn); });
  s.where(kev.disable, [&] {
    s.mutex_spin_enter(kq.kq_lock());
    s.set("set_KN_DISABLED", {{kn.kn_status(), kn.kn_status() | k.status_bit("KN_DISABLED")}});
    s.mutex_spin_exit(kq.kq_lock());
  });
  if (kev.enable)
    knote_enqueue(s, kn);
}

// What happens between taking and releasing fd_lock; `used` says that the new knote is in use.
// Leaves the block `doneunlock` with fd_lock held, the block `done` without.
void locked(Path& s, const Kqueue& kq, const Filedesc& fdp, const Kevent& kev, const Knote& kn,
            const Knote& newkn, const Expr& used, const Expr& result) {
  const Kernel& k = s.kernel();
  const Expr hint = filter_hint(s);
  const Expr found = s.find_first(k.knhash, fdp.bucket(kev.ident), [&](const Expr& element) {
    const Knote candidate(k, element);
    return candidate.kn_id() == kev.ident && candidate.kn_kq().ref() == kq.ref();
  });
  s.set("lookup",
        {{kn.ref(), lang::choose(fdp.fd_knhashmask() != 0, found, k.spec().nothing(k.knote_pool))},
         {hint, Expr(0)}});
  s.kassert(s.owns(fdp.fd_lock()), "mutex_owned(&fdp->fd_lock)");
  if (s.mpsafe())
    s.kassert(!kq.kq_closing(), "(kq->kq_count & KQ_CLOSING) == 0");
  s.if_(
      kn.is_none(),
      [&] {
        s.where(!kev.add, [&] {
          s.set("return_ENOENT", {{result, error("ENOENT")}});
          s.break_("doneunlock");
        });
        s.where(kev.add, [&] {
          s.set("use_newkn", {{kn.ref(), newkn.ref()}, {used, Expr(true)}});
          insert(s, kq, fdp, kev, kn);
          filter_attach(s, kn, kev, result);
          s.if_(result != error("0"), [&] {
            if (s.mpsafe()) {
              s.mutex_spin_enter(kq.kq_lock());
              knote_willdetach(s, kn, "set_KN_WILLDETACH");
              s.kassert(!kn_in_flux(s, kn), "kn_in_flux(kn) == false");
              s.mutex_spin_exit(kq.kq_lock());
            }
            knote_detach(s, kn, fdp, DoFop::no);
            s.break_("done");
          });
        });
      },
      [&] {
        s.set("return_0", {{result, error("0")}});
        s.where(kev.remove, [&] {
          const Expr detached = s.local("detached", lang::boolean_type());
          remove(s, kq, fdp, kn, detached);
          s.if_(detached, [&] { s.break_("done"); });
          s.break_("doneunlock");
        });
        s.where(!kev.remove, [&] { modify(s, kev, kn); });
      });
  s.where(!kev.remove, [&] { report(s, kq, kev, kn, hint); });
}

} // namespace

void kqueue_register(Path& s, const Kqueue& kq, const Kevent& kev, const Expr& result) {
  const Kernel& k = s.kernel();
  const lang::TypeRef knote = k.spec().pools()[k.knote_pool].reference;
  s.path(s.kern_event("kqueue_register"), {{"kq", kq.ref()}}, [&] {
    const Filedesc fdp = kq.kq_fdp();
    const Knote kn(k, s.local("kn", knote));
    const Knote newkn(k, s.local("newkn", knote));
    const Expr used = s.local("newkn_used", lang::boolean_type());
    // Only EV_ADD can use the knote that the kernel always allocates; otherwise nobody ever sees
    // it.
    if (kev.add) {
      s.allocate(newkn.ref(), k.knote_pool, "kmem_zalloc_newkn");
      s.set("newkn_unused", {{used, Expr(false)}});
    }
    s.rw_enter_reader(k.kqueue_filter_lock());
    s.mutex_enter(fdp.fd_lock());
    s.path(
        s.kern_event("kqueue_register"),
        {{"fdp", fdp.ref()}, {"kn", kn.ref()}, {"newkn", newkn.ref()}},
        [&] {
          s.block("done", [&] {
            s.block("doneunlock", [&] { locked(s, kq, fdp, kev, kn, newkn, used, result); });
            s.mutex_exit(fdp.fd_lock());
          });
        },
        "kqueue_register_locked");
    s.rw_exit(k.kqueue_filter_lock());
    if (kev.add)
      s.if_(!used, [&] { s.release(newkn.ref(), "kmem_free_newkn"); });
  });
}

} // namespace interlock::actions::netbsd
