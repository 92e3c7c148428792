// What decides a branch the same way whenever the model's paths come by: a parameter that every
// modelled caller passes alike, a field of the one filter that there is.
#pragma once

#include "kernel_text/table_entries.hpp"
#include "kernel_text/tree.hpp"

#include <map>
#include <set>

namespace interlock::kernel_text {

struct Constant {
  std::vector<std::string> functions; // in their text, also where it is read for a call of them
  std::string expression;             // as spelled(): "islocked"
  // A number; or flags, which are words of a bit or more each that no other has: "A | B".
  std::string value;
  std::string mask = {}; // only of these flags of the expression; empty: all of it
  std::string reason;
  // Of a parameter: which one it is, from 1.  Each modelled call has to pass the value.
  std::size_t parameter = 0;
  // Macros that call the function, and what they pass: a value, or their own argument, "#2".
  std::map<std::string, std::string> macros = {};
  std::vector<std::string> revisions = {}; // that have it; empty: every one
};

using Constants = std::vector<Constant>;

// Of killpg1() of NetBSD and FreeBSD: scenarios signal their own group.
Constants constants_of_killpg1();

// Of "freebsd", "dragonfly" or "netbsd".
const Constants& constants_of(const std::string& system);

// What a condition decides in a function, whatever else it asks; nullopt where the constants do not
// tell.  `used` gets those that were needed.
std::optional<bool> decided(const Expression& condition, const std::string& function,
                            const Constants& constants, std::set<const Constant*>& used);

// Whether an argument of a call in `caller` has the constant's value there, under its mask.
bool has_value(const Expression& argument, const std::string& caller, const Constant& constant,
               const Constants& constants);

// Whether two texts are the same value: "1", "A | B".
bool is_same_value(const std::string& one, const std::string& other);

// "islocked is 1".
std::string to_string(const Constant& constant);

Constants dragonfly_constants();
Constants freebsd_constants();
Constants netbsd_constants();

} // namespace interlock::kernel_text
