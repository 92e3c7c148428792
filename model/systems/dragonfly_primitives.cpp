// DragonFly's primitives for patches; see dragonfly_primitives.hpp.
#include "systems/dragonfly_primitives.hpp"

#include "systems/primitives.hpp"

namespace interlock::systems {

namespace {

using actions::dragonfly::Path;
using lang::Expr;
using states::LockKind;

const LockKinds tokens{LockKind::token};
const LockKinds lockmgrs{LockKind::lockmgr};
const LockKinds channels{LockKind::sleep_channel};

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
              path.tsleep(lock_of(path.kernel(), values[0], channels), {"patch", {}, {}, false});
            });
  // Calls of paths.
  const auto on_knote = [&](const char* name, const char* text,
                            void (*call)(Path&, const states::dragonfly::Knote&)) {
    table.add(name, 1, text, [call](Path& path, const std::vector<Expr>& values) {
      call(path, states::dragonfly::Knote(path.kernel(), values[0]));
    });
  };
  on_knote("knote_activate", "KNOTE: KNOTE_ACTIVATE(), with its kq_token held",
           actions::dragonfly::knote_activate);
  on_knote("knote_enqueue", "KNOTE: queue it, with its kq_token held",
           actions::dragonfly::knote_enqueue);
  on_knote("knote_drop", "KNOTE: off its kqueue and freed", actions::dragonfly::knote_drop);
  table.add("phold", 1, "PROC: PHOLD()", [](Path& path, const std::vector<Expr>& values) {
    actions::dragonfly::phold(path, {path.kernel(), values[0]});
  });
  table.add("prele", 1, "PROC: PRELE()", [](Path& path, const std::vector<Expr>& values) {
    actions::dragonfly::prele(path, {path.kernel(), values[0]});
  });
  return table.take();
}

} // namespace interlock::systems
