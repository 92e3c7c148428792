// A function of the kernel's C beside its path: what each has of the other.
#pragma once

#include "kernel_text/ledger.hpp"
#include "kernel_text/model_skeleton.hpp"
#include "kernel_text/source_skeleton.hpp"

namespace interlock::kernel_text {

enum class Finding : std::uint8_t {
  matched,
  left_out,           // by the ledger
  not_run,            // by a constant
  unexplained_source, // C does it, the model does not
  unexplained_model,  // the model does it, C does not
  inverted,           // both do it, in another order or under other conditions
  lock_kind,          // exclusive in one, shared in the other
  condition,          // both have the if or loop, and decide otherwise
};

const char* word_of(Finding finding); // "matched", "left out", ...

struct ComparedRow {
  Finding finding = Finding::matched;
  int line = 0;          // of C; 0 where only the model has it
  std::string text;      // as C spells it, else the model
  std::string key = {};  // of C: see source_keys
  std::size_t depth = 0; // in C
  bool operation = true; // else a condition, loop or jump, which needs no partner
  // An operation that runs and is neither matched nor left out, or a condition that decides
  // otherwise.
  bool open() const;
  std::vector<std::string> labels; // of the model
  std::string reason;              // left_out, not_run
};

struct Comparison {
  std::vector<ComparedRow> rows;
  // Of operations, and of conditions that decide otherwise.
  std::size_t count(Finding finding) const;
  // Every operation is matched or left out or does not run, and no condition decides otherwise.
  bool explained() const;
};

// The matched row of each label that has a line: the first statement of a step.
std::map<std::string, const ComparedRow*> rows_by_label(const Comparison& comparison);

// `used` gets the entries of the ledger that something was left out by, and the constants that
// decided.
Comparison compare(const Function& function, const ModelFunction& model, const Modelled& modelled,
                   LedgerUse& used);

} // namespace interlock::kernel_text
