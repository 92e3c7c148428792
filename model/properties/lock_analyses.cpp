// The analyses of locks: named here, carried out by the engine over the whole state graph.
#include "properties/property.hpp"

namespace interlock::properties {

void add_lock_order(const Subject& subject) {
  subject.kernel.spec().property({"lock-order", lang::PropertyKind::analysis, {}, ""});
}

void add_lock_discipline(const Subject& subject) {
  subject.kernel.spec().property({"lock-discipline", lang::PropertyKind::analysis, {}, ""});
}

} // namespace interlock::properties
