// Steps of a made-up path.
#pragma once

#include "kernel_text/skeleton.hpp"

namespace interlock::kernel_text {

inline Node step_of(const std::string& path, const std::string& label, Act act,
                    std::set<std::string> names, Skeleton inside = {}) {
  Node made;
  made.act = act;
  made.names = std::move(names);
  made.text = label;
  made.label = path + "." + label;
  made.inside = std::move(inside);
  return made;
}

} // namespace interlock::kernel_text
