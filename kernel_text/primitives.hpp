// What a kernel's primitives do: which call takes a lock, sleeps, or edits a list.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace interlock::kernel_text {

enum class Does : std::uint8_t {
  takes,  // a lock
  tries,  // to take one
  gives,  // a lock back
  sleeps, // and gives its interlock up meanwhile
  wakes,  // who sleeps
  edits,  // a list
  looks,  // at a list: first, next, empty
  walks,  // a list: a loop
  asserts,
  allocates,
  frees,
};

const char* word_of(Does does); // "takes", ...

struct Primitive {
  std::string name; // as it is called; of a function pointer the member's name
  Does does = Does::takes;
  std::string gives_with = {}; // an argument that makes it give the lock back: LK_RELEASE
};

// The table of a system, "freebsd", "dragonfly" or "netbsd".  The macros of queue(3) and tree(3)
// are in every one.  Throws std::invalid_argument for any other name.
const std::vector<Primitive>& primitives_of(const std::string& system);

// The entry of that name, or nullptr.
const Primitive* find_primitive(const std::string& system, const std::string& name);

std::vector<std::string> systems_with_primitives();

} // namespace interlock::kernel_text
