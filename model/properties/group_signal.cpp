// A signal to the process group reaches every member, also one that is being made: when all is
// quiet, a child whose parent got it during the fork, and which was no member then, has it too.
#include "properties/property.hpp"

#include "states/dragonfly.hpp"

namespace interlock::properties {

void group_signal(const Subject& subject, const std::string& name) {
  const auto& k = static_cast<const states::dragonfly::Kernel&>(subject.kernel);
  lang::SpecBuilder& spec = subject.kernel.spec();
  if (!k.features().signals) {
    spec.property({name, lang::PropertyKind::check, {}, ""});
    return;
  }
  for (std::size_t i = 0; i < k.plan().processes.size(); ++i) {
    const lang::Expr pid = k.pid(i).ref();
    spec.property({name, lang::PropertyKind::at_rest,
                   !spec.read(k.missed_signal, pid) || spec.read(k.group_signalled, pid),
                   k.plan().processes[i].name +
                       " has missed a signal to its group that came during its fork"});
  }
}

} // namespace interlock::properties
