// Cycles of lock classes.
#pragma once

#include "locks/graph.hpp"

namespace interlock::checker {

// For every edge between two classes that is on a cycle: a shortest cycle through it.  Each begins
// with its least class; sorted by length, then by classes, without duplicates.  Edges from a class
// to itself are left out.
std::vector<ClassCycle> class_cycles(const std::vector<ClassEdge>& edges, std::size_t classes);

} // namespace interlock::checker
