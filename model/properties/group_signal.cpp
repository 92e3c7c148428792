// A signal to the process group reaches every member, also one that is being made: when all is
// quiet, a child whose parent got it during the fork, and which was no member then, has it too.
#include "properties/property.hpp"

namespace interlock::properties {

void group_signal(const Subject& subject, const std::string& name) {
  const states::Kernel& k = subject.kernel;
  lang::SpecBuilder& spec = k.spec();
  const states::ProcessGroup* group = k.group();
  if (group == nullptr) {
    spec.property({name, lang::PropertyKind::check, {}, ""});
    return;
  }
  for (std::size_t i = 0; i < k.plan().processes.size(); ++i) {
    const lang::Expr pid = k.pid(i).ref();
    spec.property({name, lang::PropertyKind::at_rest,
                   !spec.read(group->missed, pid) || spec.read(group->signalled, pid),
                   k.plan().processes[i].name +
                       " has missed a signal to its group that came during its fork"});
  }
}

} // namespace interlock::properties
