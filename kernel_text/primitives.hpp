// What a kernel's primitives do: which call takes a lock, sleeps, or edits a list.
#pragma once

#include "kernel_text/skeleton.hpp"
#include "kernel_text/tree.hpp"

namespace interlock::kernel_text {

// What is taken, edited and so on.
enum class Subject : std::uint8_t {
  first_argument, // what the first argument names
  link,           // the list that is linked through the field among the arguments: queue(3)
  named,          // `name`
};

// Of those that sleep on a channel.
enum class Woken : std::uint8_t { not_said, one, all };

struct Operation {
  Act act = Act::takes;
  Subject subject = Subject::first_argument;
  std::string name = {};
  bool shared = false;
  std::string also = {}; // another name that the model has for it
  Woken woken = Woken::not_said;
};

// A call that sleeps until a wake-up: which of its arguments, from 1, are what; 0: it has none.
struct SleepForm {
  std::string name;
  std::size_t interlock = 0;           // the lock that is given up meanwhile
  std::size_t flags = 0;               // words of a bit
  std::size_t time = 0;                // 0 has no end
  std::string drops = {};              // the flag with which the lock stays given up
  std::string dropping = {};           // what the model calls it then
  std::vector<std::string> other = {}; // flags with which it is another sleep
};

struct Primitive {
  std::string name;                  // as it is called; of a function pointer the member's name
  std::vector<Operation> operations; // in their order
  std::string with = {}; // a word of an argument without which this entry is not meant: LK_RELEASE
};

// The table of a system, "freebsd", "dragonfly" or "netbsd".  The macros of queue(3) and tree(3)
// are in every one.  Throws std::invalid_argument for any other name.
const std::vector<Primitive>& primitives_of(const std::string& system);

// The entry that a call means, or nullptr.
const Primitive* find_primitive(const std::string& system, const Expression& call);

// The name by which something is called: of list->kl_lock(...) the member's; empty for others.
std::string callee_of(const Expression& call);

// phold of PHOLD: a macro often has the name of the function that it calls.
std::string in_small_letters(std::string name);

// What an expression names: of &p->p_mtx p_mtx, as the model calls it.
std::string subject_of(const std::string& system, const Expression& expression);

// The fields that an assignment to a member changes: those of a structure, else itself.
std::vector<std::string> fields_of(const std::string& system, const std::string& member);

// The names of what an operation of this call is about.
std::set<std::string> subjects_of(const std::string& system, const Operation& operation,
                                  const Expression& call);

// Whether the model has the function where it is called.
bool is_inlined(const std::string& system, const std::string& function);

// Whether what a goto to the label leads to stands for the goto.
bool is_tail(const std::string& system, const std::string& label);

// Which argument of an atomic function is the value that it changes its first argument by.
std::optional<std::size_t> value_of_atomic(const std::string& system, const std::string& function);

// The form of a call that sleeps, or nullptr.
const SleepForm* sleep_form(const std::string& system, const std::string& function);

// Whom a call wakes.
Woken woken_by(const std::string& system, const Expression& call);

// Whether the name is like those of the kernel's locks, sleeps and wake-ups.
bool is_of_lock_family(const std::string& system, const std::string& function);

// Macros and relatives of locks that do nothing which a model has, and why.
struct PassedOver {
  std::string reason;
  std::vector<std::string> names;
};
const std::vector<PassedOver>& passed_over_by(const std::string& system);

std::vector<std::string> systems_with_primitives();

} // namespace interlock::kernel_text
