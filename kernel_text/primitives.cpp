// What every table of primitives has, and what is looked up in one.  Sources: queue(3) and tree(3)
// of each system.
#include "kernel_text/primitive_table.hpp"

#include <algorithm>
#include <stdexcept>

namespace interlock::kernel_text {

void add(PrimitiveTable& table, const Operation& operation, PrimitiveNames names) {
  for (const char* name : names)
    table.primitives.push_back({name, {operation}});
}

void add_named(PrimitiveTable& table, Act act, const char* subject, PrimitiveNames names) {
  add(table, {act, Subject::named, subject}, names);
}

void add_shared(PrimitiveTable& table, Act act, PrimitiveNames names) {
  add(table, {act, Subject::first_argument, "", true}, names);
}

void add_first(PrimitiveTable& table, Act act, PrimitiveNames names) { add(table, {act}, names); }

namespace {

// queue(3): every kind of list has these, as far as it can do them.
void add_queues(PrimitiveTable& table) {
  for (const std::string kind : {"LIST", "SLIST", "TAILQ", "STAILQ", "SIMPLEQ", "RB"}) {
    const auto add_kind = [&](Act act, Subject subject, PrimitiveNames names) {
      for (const char* name : names)
        table.primitives.push_back({kind + name, {{act, subject}}});
    };
    add_kind(Act::edits, Subject::link,
             {"_INSERT_HEAD", "_INSERT_TAIL", "_INSERT_BEFORE", "_INSERT_AFTER", "_REMOVE",
              "_REMOVE_HEAD", "_REMOVE_AFTER", "_INSERT"});
    add_kind(Act::edits, Subject::first_argument, {"_INIT", "_CONCAT", "_SWAP"});
    add_kind(Act::looks, Subject::link, {"_NEXT", "_PREV"});
    add_kind(Act::looks, Subject::first_argument, {"_FIRST", "_LAST", "_EMPTY", "_FIND", "_ROOT"});
    add_kind(Act::walks, Subject::link,
             {"_FOREACH", "_FOREACH_SAFE", "_FOREACH_REVERSE", "_FOREACH_REVERSE_SAFE",
              "_FOREACH_MUTABLE", "_FOREACH_FROM"});
  }
}

const std::map<std::string, PrimitiveTable>& tables() {
  static const std::map<std::string, PrimitiveTable> all = [] {
    std::map<std::string, PrimitiveTable> made{{"dragonfly", dragonfly_primitives()},
                                               {"freebsd", freebsd_primitives()},
                                               {"netbsd", netbsd_primitives()}};
    for (auto& [system, table] : made)
      add_queues(table);
    return made;
  }();
  return all;
}

const PrimitiveTable& table_of(const std::string& system) {
  const auto found = tables().find(system);
  if (found == tables().end())
    throw std::invalid_argument("there is no table of primitives for " + system);
  return found->second;
}

bool has_word(const Expression& expression, const std::string& word) {
  const bool named = expression.kind == ExpressionKind::member ? member_of(expression) == word
                                                               : expression.text == word;
  return named || std::any_of(expression.parts.begin(), expression.parts.end(),
                              [&](const Expression& part) { return has_word(part, word); });
}

std::string last_name(const Expression& expression) {
  switch (expression.kind) {
  case ExpressionKind::name:
    return expression.text;
  case ExpressionKind::member:
    return member_of(expression);
  case ExpressionKind::type: // sizeof(struct proc)
    return expression.text.substr(expression.text.rfind(' ') + 1);
  case ExpressionKind::prefix:
  case ExpressionKind::cast:
  case ExpressionKind::index:
    return last_name(expression.parts.at(0));
  default:
    return "";
  }
}

} // namespace

const std::vector<Primitive>& primitives_of(const std::string& system) {
  return table_of(system).primitives;
}

std::string callee_of(const Expression& call) {
  const Expression* callee = &call.parts.at(0);
  if (callee->kind == ExpressionKind::prefix && callee->text == "*") // (*ops->restart)(fp)
    callee = &callee->parts.at(0);
  const bool pointer =
      callee->kind == ExpressionKind::name || callee->kind == ExpressionKind::member;
  return pointer ? last_name(*callee) : "";
}

const Primitive* find_primitive(const std::string& system, const Expression& call) {
  const std::string name = callee_of(call);
  for (const Primitive& primitive : primitives_of(system)) {
    const bool meant =
        primitive.with.empty() ||
        std::any_of(call.parts.begin() + 1, call.parts.end(),
                    [&](const Expression& argument) { return has_word(argument, primitive.with); });
    if (primitive.name == name && meant)
      return &primitive;
  }
  return nullptr;
}

std::string in_small_letters(std::string name) {
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return name;
}

std::string subject_of(const std::string& system, const Expression& expression) {
  const auto& subjects = table_of(system).subjects;
  const std::string name = last_name(expression);
  const auto known = subjects.find(name);
  return known == subjects.end() ? name : known->second;
}

std::vector<std::string> fields_of(const std::string& system, const std::string& member) {
  const auto& structures = table_of(system).structures;
  const auto known = structures.find(member);
  return known == structures.end() ? std::vector<std::string>{member} : known->second;
}

std::set<std::string> subjects_of(const std::string& system, const Operation& operation,
                                  const Expression& call) {
  if (operation.subject == Subject::named) {
    std::set<std::string> names{operation.name};
    if (!operation.also.empty())
      names.insert(operation.also);
    return names;
  }
  if (operation.subject == Subject::link) {
    const auto& lists = table_of(system).lists;
    for (std::size_t i = 1; i < call.parts.size(); ++i)
      if (const auto known = lists.find(last_name(call.parts[i])); known != lists.end())
        return {known->second};
  }
  return call.parts.size() < 2 ? std::set<std::string>{}
                               : std::set<std::string>{subject_of(system, call.parts[1])};
}

bool is_inlined(const std::string& system, const std::string& function) {
  return table_of(system).inlined.contains(function);
}

bool is_tail(const std::string& system, const std::string& label) {
  return table_of(system).tails.contains(label);
}

const SleepForm* sleep_form(const std::string& system, const std::string& function) {
  const std::vector<SleepForm>& sleeps = table_of(system).sleeps;
  const auto found = std::find_if(sleeps.begin(), sleeps.end(),
                                  [&](const SleepForm& form) { return form.name == function; });
  return found == sleeps.end() ? nullptr : &*found;
}

Woken woken_by(const std::string& system, const Expression& call) {
  const Primitive* primitive =
      call.kind == ExpressionKind::call ? find_primitive(system, call) : nullptr;
  return primitive != nullptr && primitive->operations.size() == 1
             ? primitive->operations.front().woken
             : Woken::not_said;
}

std::optional<std::size_t> value_of_atomic(const std::string& system, const std::string& function) {
  const auto& atomics = table_of(system).atomics;
  const auto known = atomics.find(function);
  return known == atomics.end() ? std::nullopt : std::optional<std::size_t>(known->second);
}

bool is_of_lock_family(const std::string& system, const std::string& function) {
  const auto& families = table_of(system).families;
  return std::any_of(families.begin(), families.end(),
                     [&](const std::string& family) { return function.starts_with(family); });
}

const std::vector<PassedOver>& passed_over_by(const std::string& system) {
  return table_of(system).passed_over;
}

std::vector<std::string> systems_with_primitives() {
  std::vector<std::string> names;
  for (const auto& [system, table] : tables())
    names.push_back(system);
  return names;
}

} // namespace interlock::kernel_text
