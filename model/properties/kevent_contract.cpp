// kevent(2)'s contract: the checks at delivery are in the steps (actions/promises.hpp); here, that
// nothing promised is missing when all is quiet and somebody waits for it.
#include "properties/property.hpp"

namespace interlock::properties {

void kevent_contract(const Subject& subject, const std::string& name) {
  const states::Watches& watches = subject.watches;
  const states::KernelPlan& plan = subject.kernel.plan();
  lang::SpecBuilder& spec = subject.kernel.spec();
  spec.property({name, lang::PropertyKind::check, {}, ""});
  for (const auto& [kqueue, process] : watches.all()) {
    const lang::Expr watch = watches.watch(kqueue, process);
    const lang::Expr nobody = watches.readers(kqueue) == 0;
    const std::string where = " of " + plan.processes[process].name + " was promised on " +
                              plan.kqueues[kqueue].name + " and never delivered";
    const auto require = [&](const lang::Expr& due, const lang::Expr& excused, const char* note) {
      spec.property({name, lang::PropertyKind::at_rest,
                     nobody || excused || due != watches.due("must"), note + where});
    };
    require(watches.exit_due(watch), watches.disabled(watch), "NOTE_EXIT");
    if (!plan.processes[process].parent || !watches.has(kqueue, *plan.processes[process].parent))
      continue;
    const lang::Expr parent = watches.watch(kqueue, *plan.processes[process].parent);
    require(watches.child_due(watch), watches.disabled(watch), "NOTE_CHILD");
    require(watches.fork_due(watch), watches.disabled(parent), "NOTE_FORK for the birth");
    require(watches.error_due(watch), watches.disabled(parent), "NOTE_TRACKERR for the birth");
  }
}

} // namespace interlock::properties
