// No missed wake-up: a kernel's timeout is no more than a second look.
#include "properties/property.hpp"

namespace interlock::properties {

void missed_wakeup(const Subject& subject, const std::string& name) {
  subject.kernel.spec().property(
      {name, lang::PropertyKind::no_oversleep, {}, "only a timeout ends a sleep"});
}

} // namespace interlock::properties
