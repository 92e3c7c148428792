// The keys of a config, object by object: what the reader allows and the schema describes.
#pragma once

#include <string>
#include <vector>

namespace interlock::checker::config_keys {

inline const std::vector<std::string> top{
    "$schema",     "format",     "comment",   "system", "revision", "scenario",
    "environment", "properties", "excused",   "bounds", "reuse",    "limits",
    "patches",     "invariants", "sometimes", "expect", "about"};
inline const std::vector<std::string> scenario{"processes", "kqueues", "setup", "threads"};
inline const std::vector<std::string> limits{"states", "memory_mib", "seconds"};
inline const std::vector<std::string> patch{"drop", "keep",   "part", "negate", "replace",
                                            "with", "insert", "move", "before", "after"};
inline const std::vector<std::string> invariant{"name", "forall", "holds"};
inline const std::vector<std::string> example{"name", "exists", "holds", "takes"};
inline const std::vector<std::string> expect{"holds",        "violates", "incomplete",   "vacuous",
                                             "trace_length", "states",   "transitions",  "depth",
                                             "cut",          "also",     "never_returns"};
inline const std::vector<std::string> also{"violates", "trace_length"};
inline const std::vector<std::string> about{"title", "fixed_by", "siblings"};

} // namespace interlock::checker::config_keys
