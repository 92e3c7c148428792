// NetBSD kern_event.c 1.129: how fork and exit post to the knotes of a process.
#include "actions/netbsd/paths.hpp"

namespace interlock::actions::netbsd {

using lang::assign;

namespace {

// Fills the two new knotes.  They are private; `okn` is read with no lock at all.
void copy_knote(Path& s, const Proc& p2, std::size_t child, const Knote& okn, const Knote& kntrack,
                const Knote& knchild) {
  const Kernel& k = s.kernel();
  const Expr pid = k.pid(child).ref();
  const Expr parent_pid = k.pid(*k.plan().processes[child].parent).as_data();
  s.line(957).unguarded().set("init_kntrack", {{kntrack.kn_obj().ref(), p2.ref()},
                                               {kntrack.kn_id(), pid},
                                               {kntrack.kn_fop(), okn.kn_fop()},
                                               {kntrack.kn_kq().ref(), okn.kn_kq().ref()}});
  s.line(962).unguarded().set("copy_kn_sfflags", {{kntrack.kn_sfflags(), okn.kn_sfflags()}});
  s.line(967).unguarded().set("copy_kn_flags",
                              {{kntrack.kn_flags(), okn.kn_flags() | k.flag("EV_CLEAR")},
                               {kntrack.kn_fflags(), Expr(0)},
                               {kntrack.kn_data(), k.no_data()}});
  s.line(971).unguarded().set("copy_udata", {{kntrack.kn_udata(), okn.kn_udata()}});
  s.line(977).unguarded().set("init_knchild",
                              {{knchild.kn_obj().ref(), kntrack.kn_obj().ref()},
                               {knchild.kn_id(), kntrack.kn_id()},
                               {knchild.kn_fop(), kntrack.kn_fop()},
                               {knchild.kn_kq().ref(), kntrack.kn_kq().ref()},
                               {knchild.kn_udata(), kntrack.kn_udata()},
                               {knchild.kn_status(), k.status_bit("KN_DETACHED")},
                               {knchild.kn_sfflags(), Expr(0)},
                               {knchild.kn_flags(), kntrack.kn_flags() | k.flag("EV_ONESHOT")},
                               {knchild.kn_fflags(), k.note("NOTE_CHILD")},
                               {knchild.kn_data(), parent_pid}});
}

// What the parts of knote_proc_fork_track() share.
struct Tracking {
  Path& s;
  const Proc& p2;
  std::size_t child;
  Kqueue kq;
  Filedesc fdp;
  Knote kntrack;
  Knote knchild;
  Expr result;

  // Gives up for lack of memory or permission: NOTE_TRACKERR will be due.
  void fail(int line, const char* label, const char* reason) const {
    s.line(line);
    refuse_tracking(s, label, kq.ref(), child, {assign(result, error(reason))});
  }

  // Frees what nobody else has got: all, but where both have been attached.
  void discard() const {
    s.line(1038).label("test_knchild").if_(!knchild.is_none(), [&] {
      s.line(1039).release(knchild.ref(), "kmem_free_knchild");
    });
    s.line(1041).label("test_kntrack").if_(!kntrack.is_none(), [&] {
      s.line(1042).release(kntrack.ref(), "kmem_free_kntrack");
    });
  }
};

// Both allocations are tried; leaves the block `out` when one fails.
void allocate_knotes(const Tracking& t) {
  Path& s = t.s;
  const lang::PoolId pool = s.kernel().knote_pool;
  const bool fails = s.environment().allocation_fails;
  const auto allocate = [&](int line, const Knote& kn, const std::string& name) {
    s.either_needed({{true, [&] { s.line(line).allocate(kn.ref(), pool, "kmem_zalloc_" + name); }},
                     {fails, [&] {
                        s.line(line).set(name + "_is_NULL", {{kn.ref(), s.spec().nothing(pool)}});
                      }}});
  };
  allocate(950, t.knchild, "knchild");
  allocate(951, t.kntrack, "kntrack");
  s.where(fails, [&] {
    s.line(952).label("test_allocated").if_(t.knchild.is_none() || t.kntrack.is_none(), [&] {
      t.fail(953, "kmem_zalloc_fails", "ENOMEM");
      s.break_("out");
    });
  });
}

// Puts the new knotes on the kqueue and kntrack on the child; leaves the block `out` early when the
// kqueue is being closed or the child may not be watched.
void attach_knotes(const Tracking& t) {
  Path& s = t.s;
  const Kernel& k = s.kernel();
  const Expr bucket = t.fdp.bucket(k.pid(t.child).ref());
  s.line(984).mutex_enter(t.fdp.fd_lock());
  s.line(996).label("test_KQ_CLOSING").if_(t.kq.kq_closing(), [&] {
    s.mutex_exit(t.fdp.fd_lock());
    s.break_("out");
  });
  s.line(1008).mutex_enter(t.p2.p_lock());
  kauth(s, k.pid(t.child).ref(), [&] {
    s.label("EACCES_exit_p_lock").mutex_exit(t.p2.p_lock());
    s.label("EACCES_exit_fd_lock").mutex_exit(t.fdp.fd_lock());
    t.fail(1013, "set_EACCES", "EACCES");
    s.break_("out");
  });
  s.line(1017).update("insert_p_klist",
                      {Steps::push_front(k.p_klist, t.p2.ref(), t.kntrack.ref())});
  s.line(1018).mutex_exit(t.p2.p_lock());
  s.line(1020)
      .label("assert_fd_knhashmask")
      .kassert(t.fdp.fd_knhashmask() != 0, "fdp->fd_knhashmask != 0");
  s.line(1021).label("assert_fd_knhash").kassert(t.fdp.fd_knhash(), "fdp->fd_knhash != NULL");
  s.line(1024).update("insert_kntrack", {Steps::push_front(k.knhash, bucket, t.kntrack.ref())});
  s.line(1025).update("insert_knchild", {Steps::push_front(k.knhash, bucket, t.knchild.ref())});
  s.line(1030);
  knote_activate(s, t.knchild);
  const Expr nothing = s.spec().nothing(k.knote_pool);
  s.line(1032).set("attached", {{t.kntrack.ref(), nothing}, {t.knchild.ref(), nothing}});
  s.line(1035).mutex_exit(t.fdp.fd_lock());
}

// {p1->p_lock, kq_lock}, both dropped and taken again.
void knote_proc_fork_track(Path& s, const Proc& p1, const Proc& p2, std::size_t child,
                           const Knote& okn, const Expr& result) {
  const Kernel& k = s.kernel();
  const lang::TypeRef knote = k.spec().pools()[k.knote_pool].reference;
  s.path(s.kern_event("knote_proc_fork_track", 887),
         {{"p1", p1.ref()}, {"p2", p2.ref()}, {"okn", okn.ref()}}, [&] {
           const Kqueue kq = okn.kn_kq();
           const Knote kntrack(k, s.local("kntrack", knote));
           const Knote knchild(k, s.local("knchild", knote));
           const Tracking t{s, p2, child, kq, kq.kq_fdp(), kntrack, knchild, result};
           s.line(892).kassert(s.owns(p1.p_lock()), "mutex_owned(p1->p_lock)");
           s.line(893).kassert(s.owns(kq.kq_lock()), "mutex_owned(&kq->kq_lock)");
           s.set("no_error", {{result, error("0")}});
           assert_kq_lock(s, okn); // kn_enter_flux() looks for the claim, too
           s.label("test_KN_WILLDETACH").if_(okn.has("KN_WILLDETACH"), [&] { s.return_(); });
           kn_enter_flux(s, okn);
           s.line(905).mutex_spin_exit(kq.kq_lock());
           s.line(906).mutex_exit(p1.p_lock());
           s.block("out", [&] {
             allocate_knotes(t);
             copy_knote(s, p2, child, okn, kntrack, knchild);
             attach_knotes(t);
           });
           t.discard();
           s.line(1044).mutex_enter(p1.p_lock());
           s.line(1045).mutex_spin_enter(kq.kq_lock());
           kn_leave_flux(s, okn);
           s.if_(okn.kn_influx() == 0, [&] { s.line(1048).cv_broadcast(kq.kq_cv()); });
         });
}

// No other filter's knotes are modelled: EVFILT_SIGNAL's, which the walk passes over, are left out.
void assert_proc_filtops(Path& s, const Knote& kn) {
  s.label("assert_proc_filtops")
      .kassert(kn.kn_fop() == s.kernel().fop("proc_filtops"), "fop == &proc_filtops");
}

} // namespace

void knote_proc_fork(Path& s, const Proc& p1, const Proc& p2, std::size_t child) {
  const Kernel& k = s.kernel();
  s.path(s.kern_event("knote_proc_fork", 1054), {{"p1", p1.ref()}, {"p2", p2.ref()}}, [&] {
    const Knote kn(k, s.local("kn", k.spec().pools()[k.knote_pool].reference));
    const Expr failed = s.local("error", errno_type());
    s.line(1061).mutex_enter(p1.p_lock());
    s.line(1074).for_each(kn.ref(), k.p_klist, p1.ref(), Cursor::next_read_after_body, [&] {
      const Kqueue kq = kn.kn_kq();
      assert_proc_filtops(s, kn);
      s.line(1082).mutex_spin_enter(kq.kq_lock());
      s.line(1083).set("add_NOTE_FORK", {{kn.kn_fflags(), kn.kn_fflags() | (kn.kn_sfflags() &
                                                                            k.note("NOTE_FORK"))}});
      s.line(1084).if_(kn.wants("NOTE_TRACK"), [&] {
        s.line(1089);
        knote_proc_fork_track(s, p1, p2, child, kn, failed);
        s.if_(failed != error("0"), [&] {
          s.line(1090).set("add_NOTE_TRACKERR",
                           {{kn.kn_fflags(), kn.kn_fflags() | k.note("NOTE_TRACKERR")}});
        });
        s.line(1092).kassert(s.owns(p1.p_lock()), "mutex_owned(p1->p_lock)");
        s.line(1093).kassert(s.owns(kq.kq_lock()), "mutex_owned(&kq->kq_lock)");
      });
      s.line(1095).if_(kn.kn_fflags() != 0, [&] { knote_activate_locked(s, kn); });
      s.line(1099).mutex_spin_exit(kq.kq_lock());
    });
    s.line(1102).mutex_exit(p1.p_lock());
  });
}

void knote_proc_exit(Path& s, const Proc& p) {
  const Kernel& k = s.kernel();
  s.path(s.kern_event("knote_proc_exit", 1105), {{"p", p.ref()}}, [&] {
    const Knote kn(k, s.local("kn", k.spec().pools()[k.knote_pool].reference));
    s.line(1111).kassert(s.owns(p.p_lock()), "mutex_owned(p->p_lock)");
    s.line(1113).for_each(kn.ref(), k.p_klist, p.ref(), Cursor::restart_from_head, [&] {
      const Kqueue kq = kn.kn_kq();
      s.line(1117).kassert(kn.kn_obj().ref() == p.ref(), "kn->kn_obj == p");
      s.line(1119).mutex_spin_enter(kq.kq_lock());
      s.line(1120).set("set_kn_data",
                       {{kn.kn_data(), k.pid(s.process()).status()},
                        {kn.kn_flags(), kn.kn_flags() | k.flag("EV_EOF|EV_ONESHOT")}});
      s.line(1126).set("add_NOTE_EXIT", {{kn.kn_fflags(), kn.kn_fflags() | (kn.kn_sfflags() &
                                                                            k.note("NOTE_EXIT"))}});
      assert_proc_filtops(s, kn);
      s.line(1138).if_(!kn.has("KN_DETACHED"), [&] {
        s.update("set_KN_DETACHED",
                 {assign(kn.kn_status(), kn.kn_status() | k.status_bit("KN_DETACHED")),
                  Steps::remove(k.p_klist, p.ref(), kn.ref())});
      });
      s.line(1148);
      knote_activate_locked(s, kn);
      s.line(1149).mutex_spin_exit(kq.kq_lock());
    });
  });
}

} // namespace interlock::actions::netbsd
