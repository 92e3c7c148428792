// What a kernel does and its model leaves out, each with its reason; and what the model does in a
// function whose text does not have it.
#pragma once

#include "kernel_text/constants.hpp"
#include "kernel_text/skeleton.hpp"

#include <map>
#include <optional>

namespace interlock::kernel_text {

enum class LedgerBranch : std::uint8_t { then, otherwise };

// Leaves out an operation for which all that is said here is so.
struct LedgerEntry {
  std::vector<std::string> functions = {};  // of these; empty: of any
  std::vector<std::string> names = {};      // about one of these: a lock, channel, list or field
  std::string text = {};                    // C's statement has this
  std::string condition = {};               // inside an if, loop or switch whose text has this
  LedgerBranch branch = LedgerBranch::then; // of an if, or the else of it
  std::string behind = {};                  // with just these labels before it, as in a Node
  std::optional<Act> act = {};              // only such operations
  // Instead of all that: of the model, a step that has no text in this function; with names, these
  // flags of it have none.
  std::string label = {};

  std::string reason;     // what it is, and why the model has none of it
  std::string could_hide; // a property that could depend on it
  std::string but;        // why that one does not, as far as scenarios can say
  std::string order = {}; // of locks and sleeps: why their order cannot matter

  std::vector<std::string> revisions = {}; // that have it, "kqueue-10.4"; empty: every one
};

using Ledger = std::vector<LedgerEntry>;

// What entries were needed for.
class LedgerUse {
public:
  // The entry has left out what a function does; `name` is the one of its names that this is about.
  void add(const LedgerEntry& entry, const std::string& function, const Node& node,
           const std::string& name = "");
  // All of a function, or a step without text.
  void add(const LedgerEntry& entry, const std::string& function);
  // The constant has decided a branch of the function.
  void add(const Constant& constant, const std::string& function);

  // A message for each entry of the ledger that was not needed, or a part of it: a function that is
  // among `functions`, the ones that were read, or a name; and for each that has left out a lock or
  // a sleep and does not say why its order cannot matter.
  std::vector<std::string> objections(const Ledger& ledger,
                                      const std::set<std::string>& functions) const;
  // The same for each constant that has decided nothing.
  std::vector<std::string> objections(const Constants& constants,
                                      const std::set<std::string>& functions) const;

private:
  struct Use {
    std::set<std::string> functions, names;
    std::string lock; // the first, and its function
  };
  std::map<const LedgerEntry*, Use> used_;
  std::map<const Constant*, std::set<std::string>> constants_; // in these functions
};

// Of "freebsd", "dragonfly" or "netbsd".
const Ledger& ledger_of(const std::string& system);

// Whether it leaves out all that the functions do that it names.
bool is_of_whole_functions(const LedgerEntry& entry);

// For a fork that puts the child on its group's list: one of the two steps that stand for
// LIST_INSERT_AFTER().
LedgerEntry inserts_behind_last(const std::string& function);

Ledger dragonfly_ledger();
Ledger freebsd_ledger();
Ledger netbsd_ledger();

} // namespace interlock::kernel_text
