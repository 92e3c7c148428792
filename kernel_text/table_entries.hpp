// What the entries of the ledger and of the constants have in common: functions and revisions.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

namespace interlock::kernel_text {

// Whether the entry names the function.
template <class Entry> bool names_function(const Entry& entry, const std::string& function) {
  return std::find(entry.functions.begin(), entry.functions.end(), function) !=
         entry.functions.end();
}

// Those that are of a revision: that name it, or none.
template <class Entry>
std::vector<Entry> of_revision(const std::vector<Entry>& table, const std::string& revision) {
  std::vector<Entry> own;
  std::copy_if(table.begin(), table.end(), std::back_inserter(own), [&](const Entry& entry) {
    return entry.revisions.empty() || std::find(entry.revisions.begin(), entry.revisions.end(),
                                                revision) != entry.revisions.end();
  });
  return own;
}

} // namespace interlock::kernel_text
