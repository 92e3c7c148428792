// kevent(2)'s contract, which the observer of the specification judges (contract/machine.hpp): what
// the steps show is explained, and when all is quiet, nothing is owed to who waits.
#include "properties/property.hpp"

namespace interlock::properties {

void kevent_contract(const Subject& subject, const std::string& name) {
  lang::SpecBuilder& spec = subject.kernel.spec();
  spec.property({name, lang::PropertyKind::check, {}, ""});
  spec.property({name, lang::PropertyKind::settled, {}, "something promised is never delivered"});
}

} // namespace interlock::properties
