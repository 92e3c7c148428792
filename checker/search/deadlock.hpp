// A deadlock in words.
#pragma once

#include "lang/evaluate.hpp"

namespace interlock::checker {

// Why the blocked threads of a state in which nothing can move wait for ever: the cycle of the
// wait-for graph (`a waits for kq_lock held by b; b waits for p_lock held by a`), or the chain that
// ends at a thread that sleeps or cannot go on by itself.
std::string explain_deadlock(const lang::Spec& spec, const lang::State& state);

} // namespace interlock::checker
