// NetBSD kern_event.c: the EVFILT_PROC filter, and how fork and exit post to it.
#include "actions/netbsd.hpp"

namespace interlock::actions::netbsd {

using lang::assign;

namespace {

// proc_find(): the process with this pid, if it is alive.  {proc_lock}
void proc_find(Path& s, const Expr& pid, const Expr& p) {
  const states::Kernel& k = s.kernel();
  const Proc found(k, k.spec().read(k.pid_proc, pid));
  const Expr nobody = k.spec().nothing(k.proc_pool);
  s.set("proc_find", {{p, lang::choose(found.is_none(), nobody,
                                       lang::choose(found.p_stat() == k.p_stat("SACTIVE"),
                                                    found.ref(), nobody))}});
}

// proc_find_raw() and the test that the process is still being made (1.128, EV_FLAG1).
void proc_find_idle(Path& s, const Expr& pid, const Expr& p) {
  const states::Kernel& k = s.kernel();
  const Proc found(k, k.spec().read(k.pid_proc, pid));
  const Expr nobody = k.spec().nothing(k.proc_pool);
  s.set("proc_find_raw",
        {{p, lang::choose(found.is_none(), nobody,
                          lang::choose(found.p_stat() == k.p_stat("SIDL"), found.ref(), nobody))}});
}

// kauth_authorize_process(): runs `denied` where the environment lets it refuse.
void kauth(Path& s, const Body& denied) {
  if (!s.context().environment.authorization_denied)
    return;
  s.either({[&] { s.await("kauth_allows", Expr(true)); },
            [&] {
              s.await("kauth_denies", Expr(true));
              denied();
            }});
}

void filt_procattach(Path& s, const Knote& kn, const Change& change, const Expr& result) {
  s.path(s.kern_event("filt_procattach", s.mpsafe() ? 756 : 577), {{"kn", kn.ref()}}, [&] {
    const states::Kernel& k = s.kernel();
    const Expr p_ref = s.local("p", k.spec().pools()[k.proc_pool].reference);
    const Proc p(k, p_ref);
    s.line(s.mpsafe() ? 760 : 584).mutex_enter(k.proc_lock());
    s.line(s.mpsafe() ? 761 : 591);
    if (change.forked_child)
      proc_find_idle(s, kn.kn_id(), p_ref);
    else
      proc_find(s, kn.kn_id(), p_ref);
    s.if_(p.is_none(), [&] {
      s.mutex_exit(k.proc_lock());
      s.set("return_ESRCH", {{result, error("ESRCH")}});
      s.return_();
    });
    s.line(s.mpsafe() ? 771 : 607).mutex_enter(p.p_lock());
    s.line(s.mpsafe() ? 772 : 608).mutex_exit(k.proc_lock());
    kauth(s, [&] {
      if (change.forked_child)
        s.update("tracking_fails",
                 s.promises().tracking_fails(kn.kn_kq().ref(), *change.forked_child));
      s.mutex_exit(p.p_lock());
      s.set("return_EACCES", {{result, error("EACCES")}});
      s.return_();
    });
    // The knote is on the hash already, but nobody can touch it without the fd_lock that is held.
    std::vector<std::pair<Expr, Expr>> attach{{kn.kn_obj().ref(), p.ref()},
                                              {kn.kn_flags(), kn.kn_flags() | k.flag("EV_CLEAR")}};
    if (s.mpsafe())
      attach.emplace_back(kn.kn_sfflags(), lang::bit_clear(kn.kn_sfflags(), k.note("NOTE_CHILD")));
    if (change.forked_child) { // NOTE_CHILD on the very knote that will carry NOTE_EXIT
      attach.emplace_back(kn.kn_data(), change.data);
      attach.emplace_back(kn.kn_fflags(), k.note("NOTE_CHILD"));
    }
    s.unguarded().set("attach", attach);
    s.line(s.mpsafe() ? 788 : 626)
        .update("insert_p_klist", {Steps::push_front(k.p_klist, p.ref(), kn.ref())});
    s.line(s.mpsafe() ? 789 : 627).mutex_exit(p.p_lock());
    s.set("return_0", {{result, error("0")}});
  });
}

void filt_procdetach(Path& s, const Knote& kn) {
  s.path(s.kern_event("filt_procdetach", s.mpsafe() ? 804 : 642), {{"kn", kn.ref()}}, [&] {
    const states::Kernel& k = s.kernel();
    const Kqueue kq = kn.kn_kq();
    const Proc p = kn.kn_obj();
    if (!s.mpsafe()) {
      s.line(647).unguarded().if_(kn.has("KN_DETACHED"), [&] { s.return_(); });
      s.line(652).mutex_enter(p.p_lock());
      s.line(653).update("remove_p_klist", {Steps::remove(k.p_klist, p.ref(), kn.ref())});
      s.mutex_exit(p.p_lock());
      return;
    }
    const Expr entered = s.local("entered", lang::boolean_type());
    s.loop("again", [&] {
      s.line(817).mutex_spin_enter(kq.kq_lock());
      s.if_(!kn.has("KN_DETACHED"), [&] {
        s.line(820).mutex_tryenter(p.p_lock(), entered);
        s.label("test_entered").if_(!entered, [&] {
          s.line(821).mutex_spin_exit(kq.kq_lock());
          s.continue_("again"); // preempt_point()
        });
        s.line(825).update("set_KN_DETACHED",
                           {assign(kn.kn_status(), kn.kn_status() | k.status_bit("KN_DETACHED")),
                            Steps::remove(k.p_klist, p.ref(), kn.ref())});
        s.line(827).mutex_exit(p.p_lock());
      });
      s.line(829).mutex_spin_exit(kq.kq_lock());
      s.break_("again");
    });
  });
}

// filt_proc() with no hint: is there something to report?
void filt_proc(Path& s, const Knote& kn, const Expr& result) {
  s.path(s.kern_event("filt_proc", s.mpsafe() ? 839 : 660), {{"kn", kn.ref()}}, [&] {
    s.mutex_spin_enter(kn.kn_kq().kq_lock());
    s.set("read_kn_fflags", {{result, kn.kn_fflags() != 0}});
    s.mutex_spin_exit(kn.kn_kq().kq_lock());
  });
}

// Filter operations run under KERNEL_LOCK unless the filter is MP-safe.
void under_kernel_lock(Path& s, const Body& operation) {
  if (!s.mpsafe())
    s.kernel_lock();
  operation();
  if (!s.mpsafe())
    s.kernel_unlock();
}

} // namespace

void filter_attach(Path& s, const Knote& kn, const Change& change, const Expr& result) {
  s.path(s.kern_event("filter_attach"), {{"kn", kn.ref()}},
         [&] { under_kernel_lock(s, [&] { filt_procattach(s, kn, change, result); }); });
}

void filter_detach(Path& s, const Knote& kn) {
  s.path(s.kern_event("filter_detach"), {{"kn", kn.ref()}},
         [&] { under_kernel_lock(s, [&] { filt_procdetach(s, kn); }); });
}

void filter_event(Path& s, const Knote& kn, const Expr& result) {
  s.path(s.kern_event("filter_event"), {{"kn", kn.ref()}},
         [&] { under_kernel_lock(s, [&] { filt_proc(s, kn, result); }); });
}

// --- 1.129 ---

namespace {

// Fills the two new knotes.  They are private; `okn` is read with no lock at all.
void copy_knote(Path& s, const Proc& p2, std::size_t child, const Knote& okn, const Knote& kntrack,
                const Knote& knchild) {
  const states::Kernel& k = s.kernel();
  const Expr pid = k.pid(child).ref();
  const Expr parent_pid = k.pid(*k.plan().processes[child].parent).as_data();
  s.line(957).unguarded().set("init_kntrack", {{kntrack.kn_obj().ref(), p2.ref()},
                                               {kntrack.kn_id(), pid},
                                               {kntrack.kn_kq().ref(), okn.kn_kq().ref()}});
  s.line(962).unguarded().set("copy_kn_sfflags", {{kntrack.kn_sfflags(), okn.kn_sfflags()}});
  s.line(967).unguarded().set("copy_kn_flags",
                              {{kntrack.kn_flags(), okn.kn_flags() | k.flag("EV_CLEAR")}});
  s.line(971).unguarded().set("copy_udata", {{kntrack.kn_udata(), okn.kn_udata()}});
  s.line(977).unguarded().set("init_knchild",
                              {{knchild.kn_obj().ref(), kntrack.kn_obj().ref()},
                               {knchild.kn_id(), kntrack.kn_id()},
                               {knchild.kn_kq().ref(), kntrack.kn_kq().ref()},
                               {knchild.kn_udata(), kntrack.kn_udata()},
                               {knchild.kn_status(), k.status_bit("KN_DETACHED")},
                               {knchild.kn_flags(), kntrack.kn_flags() | k.flag("EV_ONESHOT")},
                               {knchild.kn_fflags(), k.note("NOTE_CHILD")},
                               {knchild.kn_data(), parent_pid}});
}

// knote_proc_fork_track(): {p1->p_lock, kq_lock}, both dropped and taken again.
void knote_proc_fork_track(Path& s, const Proc& p1, const Proc& p2, std::size_t child,
                           const Knote& okn, const Expr& result) {
  const states::Kernel& k = s.kernel();
  const lang::TypeRef knote = k.spec().pools()[k.knote_pool].reference;
  s.path(s.kern_event("knote_proc_fork_track", 887),
         {{"p1", p1.ref()}, {"p2", p2.ref()}, {"okn", okn.ref()}}, [&] {
           const Kqueue kq = okn.kn_kq();
           const Filedesc fdp = kq.kq_fdp();
           const Knote kntrack(k, s.local("kntrack", knote));
           const Knote knchild(k, s.local("knchild", knote));
           const auto discard = [&] {
             s.line(1038).release(kntrack.ref(), "kmem_free_kntrack");
             s.line(1040).release(knchild.ref(), "kmem_free_knchild");
           };
           s.line(892).kassert(s.owns(p1.p_lock()), "mutex_owned(p1->p_lock)");
           s.line(893).kassert(s.owns(kq.kq_lock()), "mutex_owned(&kq->kq_lock)");
           s.set("no_error", {{result, error("0")}});
           s.label("test_KN_WILLDETACH").if_(okn.has("KN_WILLDETACH"), [&] { s.return_(); });
           const lang::Value most = s.spec().variables()[k.kn_influx].type->high;
           s.kassert(okn.kn_influx() < most, "kn->kn_influx < UINT_MAX");
           Step enter_flux;
           enter_flux.checks.push_back({property::knote_protocol, !okn.has("KN_WILLDETACH"),
                                        "I4: a knote that will be detached is put in flux"});
           enter_flux.updates.push_back(assign(okn.kn_influx(), okn.kn_influx() + 1));
           s.line(901).step("enter_flux", std::move(enter_flux));
           s.line(905).mutex_spin_exit(kq.kq_lock());
           s.line(906).mutex_exit(p1.p_lock());
           s.block("out", [&] {
             if (s.context().environment.allocation_fails)
               s.either({[&] {
                           s.line(950).allocate(knchild.ref(), k.knote_pool, "kmem_zalloc_knchild");
                         },
                         [&] {
                           Updates fails = s.promises().tracking_fails(kq.ref(), child);
                           fails.push_back(assign(result, error("ENOMEM")));
                           s.line(952).update("kmem_zalloc_fails", std::move(fails));
                           s.break_("out");
                         }});
             else
               s.line(950).allocate(knchild.ref(), k.knote_pool, "kmem_zalloc_knchild");
             s.line(951).allocate(kntrack.ref(), k.knote_pool, "kmem_zalloc_kntrack");
             copy_knote(s, p2, child, okn, kntrack, knchild);
             s.line(984).mutex_enter(fdp.fd_lock());
             s.line(996).label("test_KQ_CLOSING").if_(kq.kq_closing(), [&] {
               s.mutex_exit(fdp.fd_lock());
               discard();
               s.break_("out");
             });
             s.line(1008).mutex_enter(p2.p_lock());
             kauth(s, [&] {
               s.mutex_exit(p2.p_lock());
               s.mutex_exit(fdp.fd_lock());
               Updates fails = s.promises().tracking_fails(kq.ref(), child);
               fails.push_back(assign(result, error("EACCES")));
               s.line(1013).update("set_EACCES", std::move(fails));
               discard();
               s.break_("out");
             });
             s.line(1017).update("insert_p_klist",
                                 {Steps::push_front(k.p_klist, p2.ref(), kntrack.ref())});
             s.line(1018).mutex_exit(p2.p_lock());
             s.line(1024).update(
                 "insert_kntrack",
                 {Steps::push_front(k.fd_knhash, fdp.bucket(k.pid(child).ref()), kntrack.ref())});
             s.line(1025).update(
                 "insert_knchild",
                 {Steps::push_front(k.fd_knhash, fdp.bucket(k.pid(child).ref()), knchild.ref())});
             s.line(1030);
             knote_activate(s, knchild);
             s.line(1035).mutex_exit(fdp.fd_lock());
           });
           s.line(1044).mutex_enter(p1.p_lock());
           s.line(1045).mutex_spin_enter(kq.kq_lock());
           s.kassert(s.owns(kq.kq_lock()), "mutex_owned(&kq->kq_lock)");
           s.label("assert_in_flux").kassert(okn.kn_influx() > 0, "kn->kn_influx > 0");
           s.line(1047).set("leave_flux", {{okn.kn_influx(), okn.kn_influx() - 1}});
           s.if_(okn.kn_influx() == 0, [&] { s.line(1048).cv_broadcast(kq.kq_cv()); });
         });
}

} // namespace

void knote_proc_fork(Path& s, const Proc& p1, const Proc& p2, std::size_t child) {
  const states::Kernel& k = s.kernel();
  s.path(s.kern_event("knote_proc_fork", 1054), {{"p1", p1.ref()}, {"p2", p2.ref()}}, [&] {
    const Knote kn(k, s.local("kn", k.spec().pools()[k.knote_pool].reference));
    const Expr failed = s.local("error", errno_type());
    s.line(1061).mutex_enter(p1.p_lock());
    s.line(1074).for_each(kn.ref(), k.p_klist, p1.ref(), Cursor::next_read_after_body, [&] {
      const Kqueue kq = kn.kn_kq();
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
  const states::Kernel& k = s.kernel();
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

// --- 1.128 ---

namespace {

// filt_proc() with NOTE_FORK: registers the child from inside the parent's event.
void filt_proc_fork(Path& s, const Knote& kn, std::size_t child, const Expr& result) {
  s.path(s.kern_event("filt_proc", 660), {{"kn", kn.ref()}}, [&] {
    const states::Kernel& k = s.kernel();
    const Kqueue kq = kn.kn_kq();
    const Expr parent_pid = k.pid(*k.plan().processes[child].parent).as_data();
    const Expr failed = s.local("error", errno_type());
    const Expr sfflags = s.local("kev.fflags", k.types().note);
    const Expr flags = s.local("kev.flags", k.types().flags);
    const Expr udata = s.local("kev.udata", k.types().udata);
    const Expr fflag = s.local("fflag", k.types().note);
    s.line(667).set("read_kn_sfflags", {{fflag, kn.kn_sfflags() & k.note("NOTE_FORK")}});
    s.line(704).mutex_spin_enter(kq.kq_lock());
    s.line(705).if_(kn.wants("NOTE_TRACK"), [&] {
      s.line(712).set("copy_kn_sfflags", {{sfflags, kn.kn_sfflags()}, {flags, kn.kn_flags()}});
      s.line(717).set("copy_udata", {{udata, kn.kn_udata()}});
      s.line(719).mutex_spin_exit(kq.kq_lock());
      Change change;
      change.add = change.enable = true;
      change.ident = k.pid(child).ref();
      change.flags = flags;
      change.fflags = sfflags;
      change.data = parent_pid;
      change.udata = udata;
      change.forked_child = child;
      s.line(720);
      kqueue_register(s, kq, change, failed);
      s.line(721).mutex_spin_enter(kq.kq_lock());
      s.if_(failed != error("0"), [&] {
        s.line(723).set("add_NOTE_TRACKERR",
                        {{kn.kn_fflags(), kn.kn_fflags() | k.note("NOTE_TRACKERR")}});
      });
    });
    s.line(725).set("add_fflag", {{kn.kn_fflags(), kn.kn_fflags() | fflag}});
    s.set("read_kn_fflags", {{result, kn.kn_fflags() != 0}});
    s.line(728).mutex_spin_exit(kq.kq_lock());
  });
}

// filt_proc() with NOTE_EXIT.
void filt_proc_exit(Path& s, const Knote& kn, const Expr& result) {
  s.path(s.kern_event("filt_proc", 660), {{"kn", kn.ref()}}, [&] {
    const states::Kernel& k = s.kernel();
    const Kqueue kq = kn.kn_kq();
    const Expr fflag = s.local("fflag", k.types().note);
    s.line(667).set("read_kn_sfflags", {{fflag, kn.kn_sfflags() & k.note("NOTE_EXIT")}});
    s.line(680).set("set_kn_data", {{kn.kn_data(), k.pid(s.process()).status()}});
    s.line(692);
    filt_procdetach(s, kn);
    s.line(694).mutex_spin_enter(kq.kq_lock());
    s.line(695).set("set_KN_DETACHED",
                    {{kn.kn_status(), kn.kn_status() | k.status_bit("KN_DETACHED")},
                     {kn.kn_flags(), kn.kn_flags() | k.flag("EV_EOF|EV_ONESHOT")},
                     {kn.kn_fflags(), kn.kn_fflags() | fflag}});
    s.line(700).mutex_spin_exit(kq.kq_lock());
    s.set("report", {{result, Expr(true)}});
  });
}

// knote(): walks the list with no list lock; the next knote is read before the filter runs.
void knote(Path& s, const Proc& p, const std::function<void(const Knote&, const Expr&)>& filter) {
  const states::Kernel& k = s.kernel();
  s.path(s.kern_event("knote"), {{"p", p.ref()}}, [&] {
    const Knote kn(k, s.local("kn", k.spec().pools()[k.knote_pool].reference));
    const Expr report = s.local("report", lang::boolean_type());
    s.for_each(kn.ref(), k.p_klist, p.ref(), Cursor::next_read_before_body, [&] {
      s.path(s.kern_event("filter_event"), {{"kn", kn.ref()}},
             [&] { under_kernel_lock(s, [&] { filter(kn, report); }); });
      s.if_(report, [&] { knote_activate(s, kn); });
    });
  });
}

} // namespace

void knote_fork(Path& s, const Proc& p, std::size_t child) {
  knote(s, p, [&](const Knote& kn, const Expr& report) { filt_proc_fork(s, kn, child, report); });
}

void knote_exit(Path& s, const Proc& p) {
  knote(s, p, [&](const Knote& kn, const Expr& report) { filt_proc_exit(s, kn, report); });
}

} // namespace interlock::actions::netbsd
