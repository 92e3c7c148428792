// FreeBSD's primitives for patches; see freebsd_primitives.hpp.
#include "systems/freebsd_primitives.hpp"

#include "actions/errno.hpp"
#include "systems/primitives.hpp"

namespace interlock::systems {

namespace {

using actions::freebsd::Interlock;
using actions::freebsd::Path;
using lang::Expr;
using states::LockKind;
using states::freebsd::Knote;
using states::freebsd::Kqueue;
using states::freebsd::Proc;

const LockKinds mutexes{LockKind::mtx};
const LockKinds sx_locks{LockKind::sx};
const LockKinds channels{LockKind::sleep_channel};

// Calls of paths.  Those that need the child of a fork, a process or a kqueue by its number, or a
// struct kevent, all fixed when a thread's body is built, are not among them.
void add_paths_of_knotes(PrimitiveTable<Path>& table, const states::freebsd::Kernel& kernel) {
  namespace paths = actions::freebsd;
  table.objects<Knote>(kernel.knote_pool);
  table.objects<Kqueue>(kernel.kqueue_pool);
  table.objects<Proc>(kernel.proc_pool);
  table.path("knote_activate", "KNOTE: KNOTE_ACTIVATE(kn, 1), with its kq_lock held",
             paths::knote_activate);
  table.path("knote_enqueue", "KNOTE: onto kq_head, with its kq_lock held; it is not KN_QUEUED",
             paths::knote_enqueue);
  table.path("knote_drop", "KNOTE: free it; it is in flux and off its list", paths::knote_drop);
  table.path("detach_and_drop", "KNOTE: off its list, and free it; it is in flux",
             paths::detach_and_drop);
  table.path("kn_list_lock", "KNOTE: KN_LIST_LOCK(kn)", paths::kn_list_lock);
  table.path("kn_list_unlock", "KNOTE: KN_LIST_UNLOCK(kn)", paths::kn_list_unlock);
  table.path("kq_flux_wakeup", "KQUEUE: KQ_FLUX_WAKEUP(kq), with its kq_lock held",
             paths::kq_flux_wakeup);
  table.path(
      "wait_for_flux", "KQUEUE: sleep until some knote leaves flux, with its kq_lock held",
      +[](Path& s, const Kqueue& kq) { paths::wait_for_flux(s, kq, Interlock::taken_again); });
  table.path("filt_procdetach", "KNOTE: off its process' list; it is in flux",
             paths::filt_procdetach);
  table.path(
      "knlist_remove_inevent", "PROC, KNOTE: off its list, with p_mtx and kq_lock held",
      +[](Path& s, const Proc& p, const Knote& kn) {
        paths::knlist_remove_inevent(s, p, kn, paths::KqLocked::yes);
      });
  table.path(
      "filt_proc_exit", "KNOTE: filt_proc(kn, NOTE_EXIT), with p_mtx and kq_lock held",
      +[](Path& s, const Knote& kn) { paths::filt_proc_exit(s, kn, paths::KqLocked::yes); });
  table.path("knote_of_exit", "PROC: KNOTE_LOCKED(&p->p_klist, NOTE_EXIT), with p_mtx held",
             paths::knote_of_exit);
  table.path("knlist_clear", "PROC: all knotes off its list, with p_mtx held", paths::knlist_clear);
}

void add_paths_of_processes(PrimitiveTable<Path>& table, const states::freebsd::Kernel& kernel) {
  namespace paths = actions::freebsd;
  const lang::TypeRef proc = kernel.spec().pools()[kernel.proc_pool].reference;
  const ExpressionOperand pid =
      value_operand("pid", kernel.spec().pools()[kernel.pid_pool].reference);
  const ExpressionOperand found = place_operand("place of a proc", proc);
  const ExpressionOperand error = place_operand("place of an errno", actions::errno_type());
  const ExpressionOperand parent = value_operand("proc, or none", proc);

  table.path("pfind", "PID, PLACE: find a process, and take its p_mtx", paths::pfind, {pid, found});
  table.path("zpfind", "PID, PLACE: find a zombie, and take its p_mtx", paths::zpfind,
             {pid, found});
  table.path("exit1", "exit of the caller", paths::exit1);
  table.path("sys_sigsuspend", "ERRNO: sigsuspend(2) of the caller", paths::sys_sigsuspend,
             {error});
  if (kernel.plan().procs > 1) {
    table.path("proc_reparent", "PROC, PARENT: with proctree_lock and its p_mtx held",
               +[](Path& s, const Proc& child, const Expr& new_parent) {
                 paths::proc_reparent(s, child, {s.kernel(), new_parent});
               },
               {parent});
    table.path("kern_wait", "ERRNO: wait4(2) of the caller",
               +[](Path& s, const Expr& result) {
                 paths::kern_wait(s, {}, {result, Expr(false)});
               },
               {error});
  }
  if (kernel.group() != nullptr) {
    table.path("killpg1", "ERRNO: kill(2) of the group with SIGINT", paths::killpg1, {error});
    table.path("leavepgrp", "PROC: leave the process group, with proctree_lock held",
               paths::leavepgrp);
  }
}

} // namespace

lang::Primitives freebsd_primitives(states::freebsd::Kernel& kernel,
                                    const actions::freebsd::Context& context) {
  using actions::freebsd::Primitives;
  PrimitiveTable<Path> table(
      [&kernel, &context](lang::ThreadId thread) { return Path(kernel, thread, context); });
  table.on_lock("mtx_lock", "LOCK: take a mutex", mutexes, &Primitives::mtx_lock);
  table.on_lock("mtx_unlock", "LOCK: release a mutex", mutexes, &Primitives::mtx_unlock);
  table.on_lock("sx_xlock", "LOCK: take an sx lock exclusively", sx_locks, &Primitives::sx_xlock);
  table.on_lock("sx_slock", "LOCK: take an sx lock shared", sx_locks, &Primitives::sx_slock);
  table.on_lock("sx_xunlock", "LOCK: release an sx lock held exclusively", sx_locks,
                &Primitives::sx_xunlock);
  table.on_lock("sx_sunlock", "LOCK: release an sx lock held shared", sx_locks,
                &Primitives::sx_sunlock);
  table.on_lock("wakeup", "CHANNEL: wake all that sleep there", channels, &Primitives::wakeup);
  table.add("msleep", 2, "CHANNEL, LOCK: sleep, with the mutex as interlock",
            [](Path& path, const std::vector<Expr>& values) {
              path.msleep(lock_of(path.kernel(), values[0], channels),
                          lock_of(path.kernel(), values[1], mutexes), {.label = "msleep"});
            });
  table.add("msleep_pdrop", 2, "CHANNEL, LOCK: the same with PDROP",
            [](Path& path, const std::vector<Expr>& values) {
              path.msleep(lock_of(path.kernel(), values[0], channels),
                          lock_of(path.kernel(), values[1], mutexes), {.label = "msleep"},
                          Interlock::dropped);
            });
  add_paths_of_knotes(table, kernel);
  add_paths_of_processes(table, kernel);
  return table.take();
}

} // namespace interlock::systems
