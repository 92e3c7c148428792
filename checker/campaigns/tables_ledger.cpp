// The ledgers as tables.
#include "campaigns/table_makers.hpp"
#include "kernel_text/ledger.hpp"
#include "kernel_text/primitives.hpp"

namespace interlock::checker::tables {

namespace {

using kernel_text::LedgerEntry;

std::string code(const std::string& text) { return "`" + text + "`"; }

std::string codes(const std::vector<std::string>& names) {
  std::vector<std::string> all;
  for (const std::string& name : names)
    all.push_back(code(name));
  return text::joined(all);
}

// What is left out of the functions: "takes of `ppeers_lock`, in `if (leader)`".
std::string what(const LedgerEntry& entry) {
  if (!entry.label.empty())
    return (entry.names.empty() ? "the model's step "
                                : codes(entry.names) + " of the model's step ") +
           code(entry.label) + ", which has no such text";
  std::string text = entry.act ? word_of(*entry.act) : "";
  const auto add = [&](const std::string& more) { text += (text.empty() ? "" : " ") + more; };
  if (!entry.names.empty())
    add(codes(entry.names));
  if (!entry.text.empty())
    add(code(entry.text));
  if (!entry.condition.empty())
    add((entry.branch == kernel_text::LedgerBranch::otherwise ? "in the else of " : "in ") +
        code(entry.condition));
  if (!entry.behind.empty())
    add("behind " + code(entry.behind));
  return text.empty() ? "all" : text;
}

} // namespace

std::string ledger(const Request& request) {
  Markdown table({"system", "functions", "left out", "because", "could hide", "and does not, since",
                  "order of locks and sleeps", "revisions"},
                 request.names_systems() ? "" : "system");
  for (const systems::SystemDescription* system : request.systems)
    for (const LedgerEntry& entry : kernel_text::ledger_of(system->name))
      table.row({title_of(*system), entry.functions.empty() ? "any" : text::joined(entry.functions),
                 what(entry), entry.reason, entry.could_hide, entry.but, entry.order,
                 entry.revisions.empty() ? "all" : text::joined(entry.revisions)});
  return table.text();
}

std::string constants(const Request& request) {
  Markdown table({"system", "functions", "what is constant", "its value", "because", "revisions"},
                 request.names_systems() ? "" : "system");
  for (const systems::SystemDescription* system : request.systems)
    for (const kernel_text::Constant& each : kernel_text::constants_of(system->name))
      table.row({title_of(*system), text::joined(each.functions),
                 code(each.expression + (each.mask.empty() ? "" : " & (" + each.mask + ")")),
                 code(each.value), each.reason,
                 each.revisions.empty() ? "all" : text::joined(each.revisions)});
  return table.text();
}

std::string passed_over(const Request& request) {
  Markdown table({"system", "passed over", "because"}, request.names_systems() ? "" : "system");
  for (const systems::SystemDescription* system : request.systems)
    for (const kernel_text::PassedOver& each : kernel_text::passed_over_by(system->name))
      table.row({title_of(*system), codes(each.names), each.reason});
  return table.text();
}

} // namespace interlock::checker::tables
