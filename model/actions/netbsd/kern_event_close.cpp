// NetBSD kern_event.c: closing a kqueue, and the descriptor protocol around it (kern_descrip.c).
#include "actions/netbsd/paths.hpp"

namespace interlock::actions::netbsd {

using lang::assign;

namespace {

// knote_detach_quiesce(): {fd_lock}; `blocked` says that fd_lock was dropped and all must be looked
// at again.
void knote_detach_quiesce(Path& s, const Knote& kn, const Expr& blocked) {
  s.path(s.kern_event("knote_detach_quiesce", 339), {{"kn", kn.ref()}}, [&] {
    const Kqueue kq = kn.kn_kq();
    const Filedesc fdp = kq.kq_fdp();
    const Expr curlwp = s.kernel().udata_of(s.thread());
    s.line(344).kassert(s.owns(fdp.fd_lock()), "mutex_owned(&fdp->fd_lock)");
    s.line(346).mutex_spin_enter(kq.kq_lock());
    s.set("blocked", {{blocked, Expr(true)}});
    s.line(369)
        .label("test_KN_WILLDETACH")
        .if_(kn.has("KN_WILLDETACH") && kn.kn_udata() != curlwp, [&] {
          s.line(376).mutex_exit(fdp.fd_lock());
          const Expr in_flux = kn_in_flux(s, kn);
          s.line(377).if_(in_flux, [&] {
            s.line(378);
            kn_wait_flux(s, kn, CanLoop::no);
            s.line(379).mutex_spin_exit(kq.kq_lock());
            s.return_();
          });
          s.line(382).mutex_spin_exit(kq.kq_lock()); // preempt_point()
          s.return_();
        });
    s.line(391).kassert(!kn.has("KN_WILLDETACH") || kn.kn_udata() == curlwp,
                        "(kn->kn_status & KN_WILLDETACH) == 0 || kn->kn_kevent.udata == curlwp");
    const Expr in_flux = kn_in_flux(s, kn);
    s.line(399).kassert(!kn.has("KN_WILLDETACH") || !in_flux,
                        "(kn->kn_status & KN_WILLDETACH) == 0 || kn_in_flux(kn) == false");
    s.line(401);
    knote_willdetach(s, kn, "set_KN_WILLDETACH");
    assert_kq_lock(s, kn);
    s.line(402).label("test_in_flux").if_(in_flux, [&] {
      s.line(403).mutex_exit(fdp.fd_lock());
      s.line(404).label("wait_flux");
      kn_wait_flux(s, kn, CanLoop::yes);
      assert_kq_lock(s, kn);
      s.line(411).kassert(!in_flux, "kn_in_flux(kn) == false");
      s.line(412).mutex_spin_exit(kq.kq_lock());
      s.return_();
    });
    s.line(415).mutex_spin_exit(kq.kq_lock());
    s.set("quiet", {{blocked, Expr(false)}});
  });
}

// kqueue_doclose(): detaches what a kqueue has in one bucket.  {fd_lock}
void kqueue_doclose(Path& s, const Kqueue& kq, const Filedesc& fdp, const Expr& bucket) {
  const Kernel& k = s.kernel();
  s.path(s.kern_event("kqueue_doclose"), {{"kq", kq.ref()}, {"fdp", fdp.ref()}, {"list", bucket}},
         [&] {
           const Knote kn(k, s.local("kn", k.spec().pools()[k.knote_pool].reference));
           const Expr blocked = s.local("blocked", lang::boolean_type());
           s.loop("again", [&] {
             s.kassert(s.owns(fdp.fd_lock()), "mutex_owned(&fdp->fd_lock)");
             s.set("first_of_kq",
                   {{kn.ref(), s.find_first(k.knhash, bucket, [&](const Expr& element) {
                       return Knote(k, element).kn_kq().ref() == kq.ref();
                     })}});
             s.if_(kn.is_none(), [&] { s.return_(); });
             if (s.mpsafe()) {
               knote_detach_quiesce(s, kn, blocked);
               s.if_(blocked, [&] {
                 s.mutex_enter(fdp.fd_lock());
                 s.continue_("again");
               });
             }
             knote_detach(s, kn, fdp, DoFop::yes);
             s.mutex_enter(fdp.fd_lock());
           });
         });
}

// Every bucket of the table once.  Which pid hashes to which bucket is chance, so both orders
// occur.
void close_all_buckets(Path& s, std::size_t kqueue, const Kqueue& kq, const Filedesc& fdp) {
  const Kernel& k = s.kernel();
  const Filedesc table = k.filedesc(k.plan().kqueues[kqueue].process);
  const std::size_t buckets = k.plan().processes.size();
  const auto close = [&](std::size_t copy, std::size_t pid) {
    s.label(copy_label("kqueue_doclose", copy));
    kqueue_doclose(s, kq, fdp, table.bucket(k.pid(pid).ref()));
  };
  const auto upwards = [&] {
    for (std::size_t i = 0; i < buckets; ++i)
      close(i, i);
  };
  const auto downwards = [&] {
    for (std::size_t i = 0; i < buckets; ++i)
      close(buckets + i, buckets - 1 - i);
  };
  if (buckets == 1)
    upwards();
  else
    s.either({upwards, downwards});
}

} // namespace

void kqueue_close(Path& s, std::size_t kqueue) {
  const Kernel& k = s.kernel();
  const Kqueue kq = k.kqueue(kqueue);
  s.path(s.kern_event("kqueue_close"), {{"kq", kq.ref()}, {"curlwp", s.self()}}, [&] {
    const Filedesc fdp = kq.kq_fdp();
    s.label("assert_kq_fdp")
        .kassert(fdp.ref() == s.curlwp().l_fd().ref(), "kq->kq_fdp == curlwp->l_fd");
    s.mutex_enter(fdp.fd_lock());
    if (s.mpsafe()) {
      s.mutex_spin_enter(kq.kq_lock());
      s.set("set_KQ_CLOSING", {{kq.kq_closing(), Expr(true)}});
      s.mutex_spin_exit(kq.kq_lock());
    }
    s.if_(fdp.fd_knhashmask() != 0, [&] { close_all_buckets(s, kqueue, kq, fdp); });
    s.mutex_exit(fdp.fd_lock());
    // Nobody else has the kqueue any more, so the kernel looks at it without its lock.
    s.label("assert_kq_head")
        .unguarded()
        .kassert(k.spec().list_size(k.kq_head, kq.ref()) == 0, "TAILQ_EMPTY(&kq->kq_head)");
    s.label("assert_KQ_COUNT").unguarded().kassert(kq.kq_count() == 0, "KQ_COUNT(kq) == 0");
    std::vector<lang::Check> empty;
    for (std::uint32_t i = 0; i < k.spec().pools()[k.knote_pool].objects.size(); ++i) {
      const Knote kn(k, k.spec().object(k.knote_pool, i));
      if (i < k.plan().knotes)
        empty.push_back({property::knote_protocol,
                         !k.spec().is_allocated(kn.ref()) || kn.kn_kq().ref() != kq.ref(),
                         "I7: a kqueue is freed while a knote belongs to it"});
    }
    s.release(kq.ref(), "kmem_free_kq", std::move(empty));
  });
}

void fd_getfile(Path& s, std::size_t kqueue, const Expr& result) {
  const states::netbsd::Descriptor ff = s.kernel().descriptor(kqueue);
  s.path(s.kern_descrip("fd_getfile"), {{"ff", ff.ref()}}, [&] {
    Step open;
    open.guard = ff.ff_open();
    open.updates = {assign(ff.ff_refcnt(), ff.ff_refcnt() + 1), assign(result, error("0"))};
    Step closed;
    closed.guard = !ff.ff_open();
    closed.updates = {assign(result, error("EBADF"))};
    s.either(
        {[&] { s.step("hold", std::move(open)); }, [&] { s.step("EBADF", std::move(closed)); }});
  });
}

namespace {

// fd_close() of a descriptor that somebody else closes: tells the closer that a user is gone.
void join_close(Path& s, const states::netbsd::Descriptor& ff, const Filedesc& fdp) {
  s.path(
      s.kern_descrip("fd_close"), {{"ff", ff.ref()}, {"fdp", fdp.ref()}},
      [&] {
        s.mutex_enter(fdp.fd_lock());
        s.label("assert_ff_refcnt").kassert(ff.ff_refcnt() > 0, "(ff->ff_refcnt & FR_MASK) > 0");
        s.set("drop_last", {{ff.ff_refcnt(), ff.ff_refcnt() - 1}});
        s.cv_broadcast(ff.ff_closing_cv());
        s.mutex_exit(fdp.fd_lock());
      },
      "fd_close_join");
}

} // namespace

void fd_putfile(Path& s, std::size_t kqueue) {
  const Kernel& k = s.kernel();
  const states::netbsd::Descriptor ff = k.descriptor(kqueue);
  s.path(s.kern_descrip("fd_putfile"), {{"ff", ff.ref()}}, [&] {
    Step drop;
    drop.guard = !ff.ff_closing();
    drop.updates = {assign(ff.ff_refcnt(), ff.ff_refcnt() - 1)};
    s.label("assert_ff_refcnt")
        .unguarded()
        .kassert(ff.ff_refcnt() > 0, "(ff->ff_refcnt & FR_MASK) > 0");
    s.either({[&] { s.step("drop", std::move(drop)); },
              [&] {
                s.await("FR_CLOSING", ff.ff_closing());
                join_close(s, ff, k.filedesc(k.plan().kqueues[kqueue].process));
              }});
  });
}

void fd_close(Path& s, std::size_t kqueue, const Expr& result) {
  const Kernel& k = s.kernel();
  const states::netbsd::Descriptor ff = k.descriptor(kqueue);
  const Kqueue kq = k.kqueue(kqueue);
  const Filedesc fdp = k.filedesc(k.plan().kqueues[kqueue].process);
  s.path(s.kern_descrip("fd_close"), {{"ff", ff.ref()}, {"kq", kq.ref()}}, [&] {
    s.mutex_enter(fdp.fd_lock());
    s.if_(!ff.ff_open(), [&] {
      s.mutex_exit(fdp.fd_lock());
      s.set("return_EBADF", {{result, error("EBADF")}});
      s.return_();
    });
    s.label("assert_not_closing").kassert(!ff.ff_closing(), "(ff->ff_refcnt & FR_CLOSING) == 0");
    s.set("clear_ff_file", {{ff.ff_open(), Expr(false)}});
    s.if_(ff.ff_refcnt() != 0, [&] {
      s.set("set_FR_CLOSING", {{ff.ff_closing(), Expr(true)}});
      s.mutex_exit(fdp.fd_lock());
      s.path(s.kern_event("kqueue_restart"), {{"kq", kq.ref()}}, [&] {
        s.mutex_spin_enter(kq.kq_lock());
        s.set("set_KQ_RESTART", {{kq.kq_restart(), Expr(true)}});
        s.cv_broadcast(kq.kq_cv());
        s.mutex_spin_exit(kq.kq_lock());
      });
      s.mutex_enter(fdp.fd_lock());
      s.while_(ff.ff_refcnt() != 0, [&] { s.cv_wait(ff.ff_closing_cv(), fdp.fd_lock()); });
    });
    s.mutex_exit(fdp.fd_lock());
    kqueue_close(s, kqueue);
    s.set("return_0", {{result, error("0")}});
  });
}

} // namespace interlock::actions::netbsd
