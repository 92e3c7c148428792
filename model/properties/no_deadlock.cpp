// No deadlock: in every state some thread can move, or each has ended or waits as it may.
#include "properties/property.hpp"

namespace interlock::properties {

void no_deadlock(const Subject& subject, const std::string& name) {
  subject.kernel.spec().property({name, lang::PropertyKind::no_deadlock, {}, "threads are stuck"});
}

} // namespace interlock::properties
