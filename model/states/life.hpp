// Ghost state of processes' lives: what a caller sees of fork, exec and exit, whatever the kernel's
// own fields say.  It decides whether a sleep may last for ever, and whether vfork(2) may return.
#pragma once

#include "states/kernel.hpp"

namespace interlock::states {

class Lives {
public:
  // What is kept besides, since not every scenario asks for it.
  struct Kept {
    bool told = false;
    bool exec = false;
  };
  Lives(const Kernel& kernel, Kept kept);

  // Of a process, by its pid: before, during or after the fork that makes it; its exit has begun.
  Expr forking(const Expr& pid) const { return kernel_.spec().read(forking_, pid); }
  Expr exiting(const Expr& pid) const { return kernel_.spec().read(exiting_, pid); }
  // It has called exec; never where that is not kept.
  Expr execs(const Expr& pid) const {
    return execs_ ? kernel_.spec().read(*execs_, pid) : Expr(false);
  }
  // An event with NOTE_EXIT of the process has been copied for somebody.
  bool tells() const { return told_.has_value(); }
  Expr told(const Expr& pid) const { return kernel_.spec().read(told_.value(), pid); }
  Expr phase(const char* name) const; // of forking: "before", "during", "after"

  const Kernel& kernel() const { return kernel_; }

private:
  const Kernel& kernel_;
  TypeRef phase_;
  VariableId forking_ = 0, exiting_ = 0;
  std::optional<VariableId> execs_, told_;
};

} // namespace interlock::states
