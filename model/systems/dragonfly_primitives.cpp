// DragonFly's primitives for patches; see dragonfly_primitives.hpp.
#include "systems/dragonfly_primitives.hpp"

#include "actions/errno.hpp"
#include "systems/primitives.hpp"

namespace interlock::systems {

namespace {

using actions::dragonfly::Path;
using lang::Expr;
using states::LockKind;
using states::dragonfly::Knote;
using states::dragonfly::Proc;

const LockKinds tokens{LockKind::token};
const LockKinds lockmgrs{LockKind::lockmgr};
const LockKinds channels{LockKind::sleep_channel};

// kern_wait() as wait4(2) for any child makes it.
void wait_for_any(Path& s, const lang::Expr& result) {
  actions::dragonfly::kern_wait(s, {}, {result, lang::Expr(false)});
}

// Calls of paths.  Those that need the child of a fork, a process, a kqueue or a flag by its name,
// or a struct kevent, all fixed when a thread's body is built, are not among them.
void add_paths(PrimitiveTable<Path>& table, const states::dragonfly::Kernel& kernel) {
  namespace paths = actions::dragonfly;
  table.objects<Knote>(kernel.knote_pool);
  table.objects<Proc>(kernel.proc_pool);
  const ExpressionOperand pid =
      value_operand("pid", kernel.spec().pools()[kernel.pid_pool].reference);
  const ExpressionOperand found =
      place_operand("place of a proc", kernel.spec().pools()[kernel.proc_pool].reference);
  const ExpressionOperand answer = place_operand("place of true or false", lang::boolean_type());
  const ExpressionOperand error = place_operand("place of an errno", actions::errno_type());

  table.path("phold", "PROC: PHOLD()", paths::phold);
  table.path("prele", "PROC: PRELE()", paths::prele);
  table.path(
      "pstall", "PROC: sleep until nobody holds it",
      +[](Path& s, const Proc& p) { paths::pstall(s, p, "patch"); });
  table.path("pholdzomb", "PROC, RESULT: be the one who reaps it, or false", paths::pholdzomb,
             {answer});
  table.path("prelezomb", "PROC: the end of pholdzomb", paths::prelezomb);
  table.path("pfind", "PID, PLACE: find a process, and hold it", paths::pfind, {pid, found});
  table.path("zpfind", "PID, PLACE: find a zombie, and hold it", paths::zpfind, {pid, found});
  table.path("proc_move_allproc_zombie", "PROC: it is a zombie now, with its p_token held",
             paths::proc_move_allproc_zombie);
  table.path("leavepgrp", "PROC: leave the process group", paths::leavepgrp);
  table.path("ksignal_parent", "PROC: SIGCHLD, which it ignores", paths::ksignal_parent);
  table.path("exit1", "exit of the caller", paths::exit1);
  if (kernel.plan().procs > 1) {
    table.path("proc_remove_zombie", "PARENT, PROC: off all lists, with both their p_tokens held",
               paths::proc_remove_zombie);
    table.path("kern_wait", "ERRNO: wait4(2) of the caller", wait_for_any, {error});
  }
  if (kernel.features().signals)
    table.path("dokillpg", "ERRNO: kill(2) of the group with SIGINT", paths::dokillpg, {error});
  if (!kernel.features().kqueue)
    return;
  table.path("knote_activate", "KNOTE: KNOTE_ACTIVATE(), with its kq_token held",
             paths::knote_activate);
  table.path("knote_enqueue", "KNOTE: queue it, with its kq_token held", paths::knote_enqueue);
  table.path(
      "wait_for_knote", "KNOTE: sleep until it is released, with its kq_token held",
      +[](Path& s, const Knote& kn) { paths::wait_for_knote(s, kn, "patch"); });
  table.path("knote_acquire",
             "KNOTE, RESULT: whether the caller has it now, with its kq_token held",
             paths::knote_acquire, {answer});
  table.path("knote_release", "KNOTE, RESULT: whether it is gone now, with its kq_token held",
             paths::knote_release, {answer});
  table.path("knote_drop", "KNOTE: off its kqueue and freed", paths::knote_drop);
  table.path("knote_detach_and_drop", "KNOTE: off its process' list and its kqueue, and freed",
             paths::knote_detach_and_drop);
  table.path("knote_insert", "PROC, KNOTE: onto the process' list", paths::knote_insert);
  table.path("knote_remove", "PROC, KNOTE: off the process' list", paths::knote_remove);
  table.path("filter_detach", "KNOTE: f_detach, with its kq_token held", paths::filter_detach);
  table.path(
      "filter_event", "KNOTE, RESULT: f_event with no hint, with its kq_token held",
      +[](Path& s, const Knote& kn, const Expr& result) { paths::filter_event(s, kn, result); },
      {answer});
  table.path(
      "knote", "PROC: KNOTE(&p->p_klist, NOTE_EXIT)",
      +[](Path& s, const Proc& p) { paths::knote(s, p, {}); });
}

} // namespace

lang::Primitives dragonfly_primitives(states::dragonfly::Kernel& kernel,
                                      const actions::dragonfly::Context& context) {
  using actions::dragonfly::Primitives;
  PrimitiveTable<Path> table(
      [&kernel, &context](lang::ThreadId thread) { return Path(kernel, thread, context); });
  table.on_lock("lwkt_gettoken", "TOKEN: take a token", tokens, &Primitives::lwkt_gettoken);
  table.on_lock("lwkt_gettoken_shared", "TOKEN: take a token shared", tokens,
                &Primitives::lwkt_gettoken_shared);
  table.on_lock("lwkt_reltoken", "TOKEN: release the token that was taken last", tokens,
                &Primitives::lwkt_reltoken);
  table.on_lock("lockmgr_exclusive", "LOCK: take a lockmgr lock (LK_EXCLUSIVE)", lockmgrs,
                &Primitives::lockmgr_exclusive);
  table.on_lock("lockmgr_shared", "LOCK: take a lockmgr lock (LK_SHARED)", lockmgrs,
                &Primitives::lockmgr_shared);
  table.on_lock("lockmgr_release", "LOCK: release a lockmgr lock", lockmgrs,
                &Primitives::lockmgr_release);
  table.on_lock("wakeup", "CHANNEL: wake all that sleep on it", channels, &Primitives::wakeup);
  table.on_lock("wakeup_one", "CHANNEL: wake one of those that sleep on it", channels,
                &Primitives::wakeup_one);
  table.add("lwkt_trytoken", 2, "TOKEN, RESULT: one attempt to take a token",
            [](Path& path, const std::vector<Expr>& values) {
              path.lwkt_trytoken(lock_of(path.kernel(), values[0], tokens), values[1]);
            });
  table.add("tsleep", 1, "CHANNEL: sleep until somebody wakes it",
            [](Path& path, const std::vector<Expr>& values) {
              path.tsleep(lock_of(path.kernel(), values[0], channels), {.wmesg = "patch"});
            });
  add_paths(table, kernel);
  return table.take();
}

} // namespace interlock::systems
