// What the actions want of a call.
#include "systems/scenario_call.hpp"

namespace interlock::systems {

actions::ChangeCall change_of(const states::Kernel& kernel, const ScenarioCall& call) {
  actions::ChangeCall change;
  change.request = {call.kqueue,  call.process, kernel.note(call.notes), kernel.udata(call.udata),
                    call.oneshot, call.dispatch};
  change.add = call.add;
  change.remove = call.remove;
  change.enable = call.enable;
  change.disable = call.disable;
  return change;
}

actions::WaitCall wait_of(const ScenarioCall& call) {
  actions::WaitCall wait;
  wait.kqueue = call.kqueue;
  wait.most = call.most;
  wait.timeout = call.timeout;
  wait.loops = call.loops;
  return wait;
}

} // namespace interlock::systems
