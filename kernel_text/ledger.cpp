// What entries of a ledger are for, and whether they are needed.
#include "kernel_text/ledger.hpp"
#include "text/lists.hpp"

#include <algorithm>
#include <stdexcept>

namespace interlock::kernel_text {

const Ledger& ledger_of(const std::string& system) {
  static const std::map<std::string, Ledger> all{{"dragonfly", dragonfly_ledger()},
                                                 {"freebsd", freebsd_ledger()},
                                                 {"netbsd", netbsd_ledger()}};
  const auto found = all.find(system);
  if (found == all.end())
    throw std::invalid_argument("there is no ledger of " + system);
  return found->second;
}

LedgerEntry inserts_behind_last(const std::string& function) {
  return {.functions = {function},
          .label = function + ".insert_p_pglist",
          .reason = "LIST_INSERT_AFTER() behind the last of the group; in C both are one statement",
          .could_hide = "not-on-list",
          .but = "the list is the same"};
}

bool is_of_whole_functions(const LedgerEntry& entry) {
  return !entry.functions.empty() && entry.names.empty() && entry.text.empty() &&
         entry.condition.empty() && entry.behind.empty() && entry.label.empty() && !entry.act;
}

void LedgerUse::add(const LedgerEntry& entry, const std::string& function, const Node& node,
                    const std::string& name) {
  add(entry, function);
  Use& use = used_[&entry];
  if (!name.empty())
    use.names.insert(name);
  const bool of_order = node.act == Act::takes || node.act == Act::tries ||
                        node.act == Act::joins || node.act == Act::sleeps;
  if (of_order && use.lock.empty())
    use.lock = node.text + " of " + function + "()";
}

void LedgerUse::add(const LedgerEntry& entry, const std::string& function) {
  used_[&entry].functions.insert(function);
}

void LedgerUse::add(const Constant& constant, const std::string& function) {
  constants_[&constant].insert(function);
}

std::vector<std::string> LedgerUse::objections(const Constants& constants,
                                               const std::set<std::string>& functions) const {
  std::vector<std::string> messages;
  for (const Constant& constant : constants) {
    const auto used = constants_.find(&constant);
    std::vector<std::string> idle;
    for (const std::string& function : constant.functions)
      if (functions.contains(function) &&
          (used == constants_.end() || !used->second.contains(function)))
        idle.push_back(function + "()");
    if (!idle.empty())
      messages.push_back("the constant \"" + to_string(constant) +
                         "\" decides nothing in this text: " + text::joined(idle));
  }
  return messages;
}

std::vector<std::string> LedgerUse::objections(const Ledger& ledger,
                                               const std::set<std::string>& functions) const {
  std::vector<std::string> messages;
  for (const LedgerEntry& entry : ledger) {
    const auto is_read = [&](const std::string& function) { return functions.contains(function); };
    if (!entry.functions.empty() &&
        std::none_of(entry.functions.begin(), entry.functions.end(), is_read))
      continue;
    const auto found = used_.find(&entry);
    const Use use = found == used_.end() ? Use{} : found->second;
    std::vector<std::string> idle;
    for (const std::string& function : entry.functions)
      if (is_read(function) && !use.functions.contains(function))
        idle.push_back(function + "()");
    for (const std::string& name : entry.names)
      if (!use.names.contains(name))
        idle.push_back(name);
    const std::string of_entry = "the ledger's entry \"" + entry.reason + "\" ";
    if (found == used_.end() || !idle.empty())
      messages.push_back(of_entry + "leaves nothing out of this text" +
                         (idle.empty() ? "" : ": " + text::joined(idle)));
    if (!use.lock.empty() && entry.order.empty())
      messages.push_back(of_entry + "leaves out " + use.lock +
                         " and does not say why its order cannot matter");
  }
  return messages;
}

} // namespace interlock::kernel_text
