// NetBSD's primitives for patches; see netbsd_primitives.hpp.
#include "systems/netbsd_primitives.hpp"

#include "actions/errno.hpp"
#include "systems/primitives.hpp"

namespace interlock::systems {

namespace {

using actions::netbsd::Path;
using lang::Expr;
using states::LockKind;
using states::netbsd::Filedesc;
using states::netbsd::Knote;
using states::netbsd::Kqueue;
using states::netbsd::Proc;

const LockKinds mutexes{LockKind::adaptive_mutex, LockKind::spin_mutex};
const LockKinds rwlocks{LockKind::rwlock};
const LockKinds conditions{LockKind::condition_variable};

// Calls of paths.  Those that need the child of a fork, a kqueue by its number or a struct kevent,
// all fixed when a thread's body is built, are not among them.
void add_paths(PrimitiveTable<Path>& table, const states::netbsd::Kernel& kernel) {
  namespace paths = actions::netbsd;
  table.objects<Knote>(kernel.knote_pool);
  table.objects<Kqueue>(kernel.kqueue_pool);
  table.objects<Proc>(kernel.proc_pool);
  table.objects<Filedesc>(kernel.filedesc_pool);
  const ExpressionOperand hint = place_operand("place of notes", kernel.types().note);
  const ExpressionOperand answer = place_operand("place of true or false", lang::boolean_type());
  const ExpressionOperand error = place_operand("place of an errno", actions::errno_type());

  table.path("assert_kn_fop", "KNOTE: KASSERT(kn->kn_fop != NULL)", paths::assert_kn_fop);
  table.path("knote_activate_locked", "KNOTE: activate it, with its kq_lock held",
             paths::knote_activate_locked);
  table.path("knote_activate", "KNOTE: take its kq_lock and activate it", paths::knote_activate);
  table.path("knote_enqueue", "KNOTE: take its kq_lock and enable it", paths::knote_enqueue);
  table.path(
      "knote_detach", "KNOTE, FILEDESC: detach and free it, with fd_lock held: drops it",
      +[](Path& s, const Knote& kn, const Filedesc& fdp) {
        paths::knote_detach(s, kn, fdp, paths::DoFop::yes);
      });
  table.path("filter_detach", "KNOTE: f_detach, with fd_lock held", paths::filter_detach);
  table.path("filter_event", "KNOTE, HINT, RESULT: f_event; HINT is a local that was set to 0",
             paths::filter_event, {hint, answer});
  table.path("filt_procdetach", "KNOTE: off its process' list, with fd_lock held",
             paths::filt_procdetach);
  if (kernel.features().in_flux) { // 1.129
    table.path("assert_kq_lock", "KNOTE: KASSERT(mutex_owned(kq_lock))", paths::assert_kq_lock);
    table.path("kn_enter_flux", "KNOTE: put it in flux, with its kq_lock held",
               paths::kn_enter_flux);
    table.path("kn_leave_flux", "KNOTE: out of flux, with its kq_lock held", paths::kn_leave_flux);
    table.path(
        "kn_wait_flux", "KNOTE: sleep until it is not in flux, with its kq_lock held",
        +[](Path& s, const Knote& kn) { paths::kn_wait_flux(s, kn, paths::CanLoop::yes); });
    table.path(
        "knote_willdetach", "KNOTE: set KN_WILLDETACH, with its kq_lock held",
        +[](Path& s, const Knote& kn) { paths::knote_willdetach(s, kn, "willdetach"); });
    table.path("knote_proc_exit", "PROC: tell its knotes of its exit, with p_lock held",
               paths::knote_proc_exit);
  } else {
    table.path("knote_exit", "PROC: tell its knotes of its exit", paths::knote_exit);
  }
  if (kernel.features().vfork)
    table.path(
        "end_vfork", "PROC: let its parent in vfork(2) go on, as exit1() does",
        +[](Path& s, const Proc& p) { paths::end_vfork(s, p, s.exit_vfork()); });
  table.path("execve1", "execve(2) of the caller, as far as vfork(2) is concerned", paths::execve1);
  if (kernel.group() != nullptr)
    table.path("killpg1", "ERRNO: kill(2) of the group with SIGINT", paths::killpg1, {error});
  table.path("exit1", "exit of the caller, with its p_lock held", paths::exit1);
  if (kernel.plan().procs > 1)
    table.path("do_sys_wait", "ERRNO: wait4(2) of the caller",
               +[](Path& s, const Expr& result) {
                 paths::do_sys_wait(s, {}, {result, Expr(false)});
               },
               {error});
}

} // namespace

lang::Primitives netbsd_primitives(states::netbsd::Kernel& kernel,
                                   const actions::netbsd::Context& context) {
  using actions::netbsd::Primitives;
  PrimitiveTable<Path> table(
      [&kernel, &context](lang::ThreadId thread) { return Path(kernel, thread, context); });
  table.on_lock("mutex_enter", "LOCK: take an adaptive mutex", mutexes, &Primitives::mutex_enter);
  table.on_lock("mutex_exit", "LOCK: release an adaptive mutex", mutexes, &Primitives::mutex_exit);
  table.on_lock("mutex_spin_enter", "LOCK: take a spin mutex", mutexes,
                &Primitives::mutex_spin_enter);
  table.on_lock("mutex_spin_exit", "LOCK: release a spin mutex", mutexes,
                &Primitives::mutex_spin_exit);
  table.on_lock("rw_enter_reader", "LOCK: take an rwlock to read", rwlocks,
                &Primitives::rw_enter_reader);
  table.on_lock("rw_enter_writer", "LOCK: take an rwlock to write", rwlocks,
                &Primitives::rw_enter_writer);
  table.on_lock("rw_exit", "LOCK: release an rwlock", rwlocks, &Primitives::rw_exit);
  table.on_lock("cv_broadcast", "CONDITION: wake all that sleep on it", conditions,
                &Primitives::cv_broadcast);
  table.add("mutex_tryenter", 2, "LOCK, RESULT: one attempt to take a mutex",
            [](Path& path, const std::vector<Expr>& values) {
              path.mutex_tryenter(lock_of(path.kernel(), values[0], mutexes), values[1]);
            });
  table.add("cv_wait", 2, "CONDITION, LOCK: sleep, with the lock as interlock",
            [](Path& path, const std::vector<Expr>& values) {
              path.cv_wait(lock_of(path.kernel(), values[0], conditions),
                           lock_of(path.kernel(), values[1], mutexes));
            });
  add_paths(table, kernel);
  return table.take();
}

} // namespace interlock::systems
