// A specification as text for readers.
#pragma once

#include "lang/spec.hpp"

namespace interlock::lang {

// `label: when GUARD do UPDATES then NEXT`
std::string to_string(const Spec& spec, const Action& action);

std::string to_string(const Declarations& spec, const Update& update);

// `1.129 sys/kern/kern_event.c knote_proc_fork:1023`, with what is known of it.
std::string to_string(const Anchor& anchor);

} // namespace interlock::lang
