// Printing of specifications; see print.hpp.
#include "lang/print.hpp"

namespace interlock::lang {

std::string to_string(const Declarations& spec, const Update& update) {
  const Variable& variable = spec.variables()[update.variable];
  std::string target =
      update.object.empty() ? variable.name : to_string(update.object) + "." + variable.name;
  switch (update.kind) {
  case UpdateKind::assign:
    return target + " := " + to_string(update.value);
  case UpdateKind::push_front:
    return "insert " + to_string(update.value) + " at head of " + target;
  case UpdateKind::push_back:
    return "insert " + to_string(update.value) + " at tail of " + target;
  case UpdateKind::remove:
    return "remove " + to_string(update.value) + " from " + target;
  case UpdateKind::insert_before:
    return "insert " + to_string(update.value) + " before " + to_string(update.position) + " in " +
           target;
  case UpdateKind::clear:
    return "clear " + target;
  }
  return target;
}

namespace {

const char* remark(Comes comes) {
  switch (comes) {
  case Comes::surely:
    return "";
  case Comes::by_retry:
    return " (by a timeout that looks again)";
  case Comes::by_timeout:
    return " (by the caller's timeout)";
  case Comes::by_chance:
    return " (may never come)";
  }
  return "";
}

} // namespace

std::string to_string(const Spec& spec, const Action& action) {
  std::string text = action.label + ": when " + to_string(action.path && action.guard) + " do ";
  const char* separator = "";
  const auto add = [&](const std::string& part) {
    text += separator + part;
    separator = ", ";
  };
  for (const std::vector<Check>* checks : {&action.entry_checks, &action.checks})
    for (const Check& check : *checks)
      add("check " + to_string(check.condition) + " [" + check.property + "]");
  for (const Update& update : action.updates)
    add(to_string(spec, update));
  if (action.shows) {
    std::string values;
    for (const Report& report : action.shows->values)
      values += (values.empty() ? "" : ", ") + report.name + " " + to_string(report.value);
    add("show \"" + action.shows->event + (values.empty() ? "\"" : "\" (" + values + ")"));
  }
  if (*separator == '\0')
    text += "nothing";
  text += remark(action.comes);
  return text + " then " + spec.threads()[action.thread].points[action.to].label;
}

std::string to_string(const Anchor& anchor) {
  std::string text = anchor.file;
  if (!anchor.revision.empty())
    text += " " + anchor.revision;
  if (!anchor.function.empty())
    text += (text.empty() ? "" : " ") + anchor.function + "()";
  if (anchor.line != 0)
    text += ":" + std::to_string(anchor.line);
  return text;
}

} // namespace interlock::lang
