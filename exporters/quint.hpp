// A specification as a module of Quint (quint.sh), whose tools read, type, run and check it, and
// write TLA+.
//
// Every variable is one of the module, a field a map from the objects of its pool; a set of flags
// is a set of strings, a reference the name of its object or "none".  Each action is one of the
// same name, all of which are the module's `step`.
#pragma once

#include "lang/spec.hpp"

namespace interlock::exporters {

// The module, whose name has to be one of Quint's.  `about`: lines of its first comment. Properties
// at rest, which say what is still owed, become definitions.  Throws lang::SpecError for a
// specification that has more than a small machine has: lists, objects that are freed, checks, or
// steps that come late.
std::string quint(const lang::Spec& spec, const std::string& name,
                  const std::vector<std::string>& about);

} // namespace interlock::exporters
