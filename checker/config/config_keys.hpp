// The keys of a config, object by object: what the reader allows and the schema describes.
#pragma once

#include <string>
#include <vector>

namespace interlock::checker::config_keys {

inline const std::vector<std::string> top{
    "$schema", "comment", "system",  "revision",   "scenario", "environment", "properties",
    "bounds",  "limits",  "patches", "invariants", "expect",   "about"};
inline const std::vector<std::string> scenario{"processes", "kqueues", "setup", "threads"};
inline const std::vector<std::string> limits{"states", "memory_mib", "seconds"};
inline const std::vector<std::string> patch{"drop", "keep",   "part", "negate", "replace",
                                            "with", "insert", "move", "before", "after"};
inline const std::vector<std::string> invariant{"name", "forall", "holds"};
inline const std::vector<std::string> expect{"holds",  "violates",    "incomplete", "trace_length",
                                             "states", "transitions", "depth",      "cut"};

inline const std::vector<std::string> about{"title", "fixed_by", "siblings"};

} // namespace interlock::checker::config_keys
