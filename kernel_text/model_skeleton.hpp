// The skeletons of the model's paths, by the kernel's function that each stands for.
#pragma once

#include "kernel_text/skeleton.hpp"
#include "lang/spec.hpp"

#include <map>

namespace interlock::kernel_text {

struct ModelFunction {
  std::string file;                        // "sys/kern/kern_event.c"
  std::string revision;                    // "1.129"
  std::set<std::string> paths;             // by which it is called
  std::map<std::string, lang::Kind> names; // of its arguments and locals
  // What the paths of this function do, as their callers have them: a path may leave out for one
  // caller what it does for another.  No two are alike.
  std::vector<Skeleton> variants;
  // What users see of it is shown, or kept in ghosts, on its way: another result is another
  // promise.
  bool promises = false;
};

// A path that is called from one of the same function is part of it.  Ghosts, the words of locks
// and the paths of system calls, which stand in no file, are left out.
std::map<std::string, ModelFunction> model_functions(const lang::Spec& spec);

// Every field, flag and lock of the kernel that the specification has, without ghosts.
std::set<std::string> modelled_names(const lang::Spec& spec);

// The fields among them and what they hold; without those that hold several things.
std::map<std::string, lang::Kind> modelled_fields(const lang::Spec& spec);

// The fields among them that keep what they are given first.
std::set<std::string> fields_set_once(const lang::Spec& spec);

// The fields and flags in an expression of the specification, without what they are reached
// through: "(kn.kn_sfflags & NOTE_FORK) != 0" names kn_sfflags and NOTE_FORK, and "kq.kq_lock.owner
// == p1" names kq_lock.
std::set<std::string> names_in(const std::string& expression);

} // namespace interlock::kernel_text
