// No deadlock: in every state some thread can move, or each has ended or waits as it may.
#include "properties/property.hpp"

namespace interlock::properties {

void add_no_deadlock(const Subject& subject) {
  subject.kernel.spec().property(
      {"no-deadlock", lang::PropertyKind::no_deadlock, {}, "threads are stuck"});
}

} // namespace interlock::properties
