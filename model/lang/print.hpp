// A specification as text for readers.
#pragma once

#include "lang/spec.hpp"

namespace interlock::lang {

// `label: when GUARD do UPDATES then NEXT`
std::string to_string(const Spec& spec, const Action& action);

std::string to_string(const Declarations& spec, const Update& update);

// `1.129 sys/kern/kern_event.c knote_proc_fork:1023`, with what is known of it.
std::string to_string(const Anchor& anchor);

// Every variable, then every action of every thread, a line each.
std::string print(const Spec& spec);

// A lock or another object with its class: `kq0.kq_lock`.
std::string object_name(const Spec& spec, PoolId pool, std::uint32_t object);

} // namespace interlock::lang
