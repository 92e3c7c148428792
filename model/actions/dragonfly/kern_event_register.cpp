// DragonFly kern_event.c: kqueue_register(), one change of kevent(2), and the end of a kqueue.
#include "actions/dragonfly/paths.hpp"

namespace interlock::actions::dragonfly {

namespace {

// The knote with this ident, acquired, or none.  {kq_token}
void lookup(Path& s, const Kqueue& kq, const Kevent& kev, const Knote& kn) {
  const Kernel& k = s.kernel();
  const Expr acquired = s.local("acquired", lang::boolean_type());
  s.loop("again2", [&] {
    s.set("lookup", {{kn.ref(), s.find_first(k.knhash, kq.kq_knlist(), [&](const Expr& element) {
                        return Knote(k, element).kn_id() == kev.ident;
                      })}});
    s.if_(kn.is_none(), [&] { s.break_("again2"); });
    knote_acquire(s, kn, acquired);
    s.if_(acquired, [&] { s.break_("again2"); });
  });
}

// EV_ADD of what is not there.  {kq_token} `result` is its error.
void add(Path& s, const Kqueue& kq, const Kevent& kev, const Knote& kn, const Expr& result) {
  const Kernel& k = s.kernel();
  s.kmalloc(kn.ref(), k.knote_pool, "knote_alloc");
  s.unguarded().set("init_kn", {{kn.kn_kq().ref(), kq.ref()},
                                {kn.kn_id(), kev.ident},
                                {kn.kn_sfflags(), kev.fflags},
                                {kn.kn_flags(), kev.flags},
                                {kn.kn_udata(), kev.udata},
                                {kn.kn_status(), k.status_bit("KN_PROCESSING")}});
  s.label("knote_attach")
      .update("knote_attach", {Steps::push_front(k.knhash, kq.kq_knlist(), kn.ref())});
  filter_attach(s, kn, kev, result);
  s.if_(result != error("0"), [&] {
    s.set("set_KN_DELETING",
          {{kn.kn_status(), kn.kn_status() | k.status_bit("KN_DELETING|KN_REPROCESS")}});
    knote_drop(s, kn);
  });
}

// EV_ADD of what is there, EV_ENABLE, EV_DISABLE.
void modify(Path& s, const Kevent& kev, const Knote& kn) {
  s.check(property::kassert, kn.has("KN_PROCESSING"), "KKASSERT(kn->kn_status & KN_PROCESSING)");
  s.set("modify", {{kn.kn_sfflags(), kev.fflags}, {kn.kn_udata(), kev.udata}});
}

// The filter's event now, unless knote_release() has to look again anyway.
void event(Path& s, const Knote& kn) {
  const Expr active = s.local("active", lang::boolean_type());
  s.label("test_KN_REPROCESS").if_(!kn.has("KN_REPROCESS"), [&] {
    filter_event(s, kn, active);
    s.if_(active, [&] { knote_activate(s, kn); });
  });
}

void enable_and_release(Path& s, const Kevent& kev, const Knote& kn) {
  const Kernel& k = s.kernel();
  const Expr gone = s.local("gone", lang::boolean_type());
  s.where(kev.disable, [&] {
    s.set("set_KN_DISABLED", {{kn.kn_status(), kn.kn_status() | k.status_bit("KN_DISABLED")}});
  });
  s.where(kev.enable, [&] {
    s.label("test_KN_DISABLED").if_(kn.has("KN_DISABLED"), [&] {
      s.set("clear_KN_DISABLED",
            {{kn.kn_status(), lang::bit_clear(kn.kn_status(), k.status_bit("KN_DISABLED"))}});
      s.if_(kn.has("KN_ACTIVE") && !kn.has("KN_QUEUED"), [&] { knote_enqueue(s, kn); });
    });
  });
  knote_release(s, kn, gone);
}

} // namespace

void kqueue_register(Path& s, const Kqueue& kq, const Kevent& kev, const Expr& result) {
  const Kernel& k = s.kernel();
  s.path(s.kern_event("kqueue_register"), {{"kq", kq.ref()}}, [&] {
    const Knote kn(k, s.local("kn", s.knotes()));
    const Lock kq_token{LockKind::token, s.local("kq_token", s.tokens())};
    const auto done = [&] {
      s.lwkt_reltoken(kq_token);
      s.return_();
    };
    s.set("lwkt_token_pool_lookup", {{kq_token.reference, kq.kq_token().reference}});
    s.lwkt_gettoken(kq_token);
    lookup(s, kq, kev, kn);
    s.set("return_0", {{result, error("0")}});
    s.where(!kev.add, [&] {
      s.if_(kn.is_none(), [&] {
        s.set("return_ENOENT", {{result, error("ENOENT")}});
        done();
      });
    });
    s.where(kev.add, [&] {
      s.if_(
          kn.is_none(),
          [&] {
            add(s, kq, kev, kn, result);
            s.if_(result != error("0"), done);
          },
          [&] { modify(s, kev, kn); });
      event(s, kn);
    });
    s.where(kev.remove, [&] {
      knote_detach_and_drop(s, kn);
      done();
    });
    s.where(!kev.add && !kev.remove, [&] {
      modify(s, kev, kn);
      event(s, kn);
    });
    s.where(!kev.remove, [&] {
      enable_and_release(s, kev, kn);
      s.lwkt_reltoken(kq_token);
    });
  });
}

namespace {

void kqueue_terminate(Path& s, const Kqueue& kq) {
  const Kernel& k = s.kernel();
  s.path(s.kern_event("kqueue_terminate"), {{"kq", kq.ref()}}, [&] {
    const Knote kn(k, s.local("kn", s.knotes()));
    const Expr acquired = s.local("acquired", lang::boolean_type());
    s.lwkt_gettoken(kq.kq_token());
    s.loop("knlist", [&] {
      s.set("first", {{kn.ref(), k.spec().list_front(k.knhash, kq.kq_knlist())}});
      s.if_(kn.is_none(), [&] { s.break_("knlist"); });
      knote_acquire(s, kn, acquired);
      s.if_(acquired, [&] { knote_detach_and_drop(s, kn); });
    });
    s.lwkt_reltoken(kq.kq_token());
  });
}

} // namespace

void kqueue_close(Path& s, std::size_t kqueue) {
  const Kqueue kq = s.kernel().kqueue(kqueue);
  s.path(s.kern_event("kqueue_close"), {{"kq", kq.ref()}}, [&] {
    kqueue_terminate(s, kq);
    s.release(kq.ref(), "kfree_kq");
  });
}

void holdfp(Path& s, std::size_t kqueue, const Expr& result) {
  const states::dragonfly::Descriptor fd = s.kernel().descriptor(kqueue);
  s.path(s.kern_descrip("holdfp"), {}, [&] {
    s.kassert(!fd.is_open() || fd.f_count() > 0, "fp->f_count > 0"); // fhold()
    s.set("holdfp", {{result, lang::choose(fd.is_open(), error("0"), error("EBADF"))},
                     {fd.f_count(), lang::choose(fd.is_open(), fd.f_count() + 1, fd.f_count())}});
  });
}

void fdrop(Path& s, std::size_t kqueue) {
  const states::dragonfly::Descriptor fd = s.kernel().descriptor(kqueue);
  s.path(s.kern_descrip("fdrop"), {}, [&] {
    const Expr last = s.local("last", lang::boolean_type());
    s.kassert(fd.f_count() > 0, "count > 0");
    s.set("fdrop", {{last, fd.f_count() == 1}, {fd.f_count(), fd.f_count() - 1}});
    s.if_(last, [&] { kqueue_close(s, kqueue); });
  });
}

void close_file(Path& s, std::size_t kqueue, const Expr& result) {
  const states::dragonfly::Descriptor fd = s.kernel().descriptor(kqueue);
  s.set("close", {{result, lang::choose(fd.is_open(), error("0"), error("EBADF"))},
                  {fd.is_open(), Expr(false)}});
  s.if_(result == error("0"), [&] { fdrop(s, kqueue); });
}

void sys_close(Path& s, std::size_t kqueue, const Expr& result) {
  s.path(s.kern_descrip("sys_close"), {}, [&] { close_file(s, kqueue, result); });
}

} // namespace interlock::actions::dragonfly
