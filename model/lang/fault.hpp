// Faults of evaluation, as the name of the property that they violate.
#pragma once

namespace interlock::lang::fault {

inline constexpr const char* null_dereference = "null-dereference";
inline constexpr const char* use_after_free = "use-after-free";
// The walk of a list stands on an element that has been removed.  (A C list would follow the stale
// link; the specification goes no further.)
inline constexpr const char* not_on_list = "not-on-list";
inline constexpr const char* bounds = "bounds"; // a value left its range, a list or a pool is full

inline constexpr const char* all[] = {null_dereference, use_after_free, not_on_list, bounds};

} // namespace interlock::lang::fault
