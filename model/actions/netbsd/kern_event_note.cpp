// NetBSD kern_event.c 1.128: knote(), which fork and exit call, and what filt_proc() does for them.
#include "actions/netbsd/paths.hpp"

namespace interlock::actions::netbsd {

namespace {

// filt_proc() with NOTE_FORK: registers the child from inside the parent's event.
void filt_proc_fork(Path& s, const Knote& kn, std::size_t child, const Expr& result) {
  s.path(
      s.kern_event("filt_proc", 660), {{"kn", kn.ref()}},
      [&] {
        const Kernel& k = s.kernel();
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
          Kevent kev;
          kev.add = kev.enable = true;
          kev.ident = k.pid(child).ref();
          kev.flags = flags;
          kev.fflags = sfflags;
          kev.data = parent_pid;
          kev.udata = udata;
          kev.forked_child = child;
          s.line(720);
          kqueue_register(s, kq, kev, failed);
          s.line(721).mutex_spin_enter(kq.kq_lock());
          s.if_(failed != error("0"), [&] {
            s.line(723).set("add_NOTE_TRACKERR",
                            {{kn.kn_fflags(), kn.kn_fflags() | k.note("NOTE_TRACKERR")}});
          });
        });
        s.line(725).set("add_fflag", {{kn.kn_fflags(), kn.kn_fflags() | fflag}});
        s.set("read_kn_fflags", {{result, kn.kn_fflags() != 0}});
        s.line(728).mutex_spin_exit(kq.kq_lock());
      },
      "filt_proc_fork");
}

// filt_proc() with NOTE_EXIT.
void filt_proc_exit(Path& s, const Knote& kn, const Expr& result) {
  s.path(
      s.kern_event("filt_proc", 660), {{"kn", kn.ref()}},
      [&] {
        const Kernel& k = s.kernel();
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
      },
      "filt_proc_exit");
}

// knote(): walks the list with no list lock; the next knote is read before the filter runs.
void knote(Path& s, const Proc& p, const std::function<void(const Knote&, const Expr&)>& filter) {
  const Kernel& k = s.kernel();
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
