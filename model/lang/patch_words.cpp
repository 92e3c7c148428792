// Words of patches; see patch_words.hpp.
#include "lang/patch_words.hpp"

#include "lang/patch_wakes.hpp"
#include "text/lists.hpp"
#include "text/nearest.hpp"

#include <algorithm>

namespace interlock::lang {

namespace {

using PatchPart = PatchError::Part;

const std::vector<std::string>& words() {
  static const std::vector<std::string> all{"set",    "check",         "push_front", "push_back",
                                            "remove", "insert_before", "wake_one",   "wake_all",
                                            "break",  "continue",      "return"};
  return all;
}

} // namespace

PatchWords::PatchWords(SpecBuilder& spec, const Primitives& primitives, const Patch& patch,
                       std::size_t index, const Found& found)
    : spec_(spec), primitives_(primitives), patch_(patch), index_(index), found_(found) {
  const std::string prefix = spec_.thread_name(found.thread) + ".";
  for (VariableId id = 0; id < spec_.variables().size(); ++id) {
    const Variable& variable = spec_.variables()[id];
    if (variable.scope == Scope::local && variable.thread == found.thread &&
        variable.name.starts_with(prefix))
      outermost_[variable.name.substr(prefix.size())] = spec_.read(id);
  }
  argument_ = split();
}

void PatchWords::refuse(PatchPart part, std::size_t offset, const std::string& message) const {
  throw PatchError(index_, part, offset, message);
}

NameScope PatchWords::scope() const {
  NameScope scope{&spec_, found_.thread, {}, {}};
  for (std::size_t i = found_.calls.size(); i-- != 0;) {
    scope.names.push_back(&found_.calls[i]->names);
    scope.paths.push_back(found_.calls[i]->path);
  }
  scope.names.push_back(&outermost_);
  scope.paths.push_back(spec_.thread_name(found_.thread));
  return scope;
}

// Commas in brackets separate nothing, nor do those in the name of a call: `kevent add proc parent
// exit,track.errno`.
PatchWords::Argument PatchWords::split() const {
  const std::string& text = patch_.argument;
  Argument argument;
  argument.offset = std::min(text.find_first_not_of(" \t"), text.size());
  const std::size_t end = std::min(text.find_first_of(" \t", argument.offset), text.size());
  argument.word = text.substr(argument.offset, end - argument.offset);
  std::size_t start = end;
  int depth = 0;
  for (std::size_t at = end; at <= text.size(); ++at) {
    for (const StatementRef& call : found_.calls)
      if (at < text.size() && text.compare(at, call->path.size() + 1, call->path + ".") == 0)
        at += call->path.size();
    if (at < text.size() && (text[at] != ',' || depth != 0)) {
      depth += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
      continue;
    }
    argument.operands.push_back({start, text.substr(start, at - start)});
    start = at + 1;
  }
  if (argument.operands.size() == 1 && trimmed(argument.operands[0].text).empty())
    argument.operands.clear();
  return argument;
}

void PatchWords::require_operands(std::size_t count, const std::string& help) const {
  if (argument_.operands.size() != count)
    refuse(PatchPart::argument, argument_.offset,
           argument_.word + " takes " + std::to_string(count) +
               (count == 1 ? " operand" : " operands") + ", not " +
               std::to_string(argument_.operands.size()) + "; " + help);
}

Expr PatchWords::operand(std::size_t index, const TypeRef& expected) const {
  const Operand& operand = argument_.operands[index];
  try {
    return parse_expression(scope(), operand.text, expected);
  } catch (const ParseError& error) {
    refuse(PatchPart::argument, operand.offset + error.offset(), error.what());
  }
}

Expr PatchWords::condition(std::size_t index) const {
  Expr condition = operand(index, boolean_type());
  if (condition.type().kind != Kind::boolean)
    refuse(PatchPart::argument, argument_.operands[index].offset,
           to_string(condition) + " is no condition");
  return condition;
}

NamedPlace PatchWords::place() const {
  try {
    return parse_place(scope(), patch_.argument);
  } catch (const ParseError& error) {
    refuse(PatchPart::argument, error.offset(), error.what());
  }
}

NamedPlace PatchWords::list(std::size_t index) const {
  const Operand& operand = argument_.operands[index];
  try {
    return parse_list(scope(), operand.text);
  } catch (const ParseError& error) {
    refuse(PatchPart::argument, operand.offset + error.offset(), error.what());
  }
}

Block PatchWords::statements(const std::vector<std::string>& more, const std::string& freed) const {
  const StatementRef call = found_.calls.empty() ? nullptr : found_.calls.back();
  const auto written = call ? call->labels : nullptr;
  if (written && !freed.empty()) {
    std::vector<std::string> others = *written;
    std::erase(others, freed);
    call->labels = std::make_shared<const std::vector<std::string>>(std::move(others));
  }
  Steps steps(spec_, found_.thread, found_.calls);
  if (call)
    call->labels = written;
  try {
    add(steps, more);
    return steps.take();
  } catch (const PatchError&) {
    throw;
  } catch (const SpecError& error) { // what a primitive says of its operands
    refuse(PatchPart::argument, argument_.offset, argument_.word + ": " + error.what());
  }
}

void PatchWords::add(Steps& steps, const std::vector<std::string>& more) const {
  const std::string& word = argument_.word;
  if (word == "set") {
    add_set(steps);
  } else if (word == "check") {
    require_operands(1, "check EXPRESSION");
    const Expr holds = condition(0);
    steps.check(patched_check, holds, to_string(holds) + " does not hold");
  } else if (word == "push_front" || word == "push_back" || word == "remove" ||
             word == "insert_before") {
    add_list_edit(steps);
  } else if (word == "wake_one" || word == "wake_all") {
    add_wake(steps);
  } else if (word == "break" || word == "continue" || word == "return") {
    add_leave(steps);
  } else {
    add_primitive(steps, more);
  }
}

void PatchWords::add_set(Steps& steps) const {
  require_operands(2, "set PLACE, EXPRESSION");
  if (trimmed(argument_.operands[1].text) == "[]") {
    const NamedPlace place = list(0);
    Step step;
    step.updates.push_back({UpdateKind::clear, place.variable, place.object, {}, {}});
    steps.step("set_" + spec_.variables()[place.variable].name, std::move(step));
    return;
  }
  const Expr place = operand(0, nullptr);
  place_of(place); // throws when it is none
  const Expr value = operand(1, place.type_ref());
  const bool no_flags = place.type().kind == Kind::flags && value.is_literal(0);
  if (!compatible(place.type(), value.type()) && !no_flags)
    refuse(PatchPart::argument, argument_.operands[1].offset,
           to_string(place) + " (" + place.type().name + ") cannot hold " + to_string(value) +
               " (" + value.type().name + ")");
  steps.set(place, value);
}

void PatchWords::add_list_edit(Steps& steps) const {
  static const std::map<std::string, std::pair<UpdateKind, std::string>> edits{
      {"push_front", {UpdateKind::push_front, "push_front LIST, ELEMENT"}},
      {"push_back", {UpdateKind::push_back, "push_back LIST, ELEMENT"}},
      {"remove", {UpdateKind::remove, "remove LIST, ELEMENT"}},
      {"insert_before", {UpdateKind::insert_before, "insert_before LIST, ELEMENT, POSITION"}}};
  const auto& [kind, help] = edits.at(argument_.word);
  require_operands(kind == UpdateKind::insert_before ? 3 : 2, help);
  const NamedPlace place = list(0);
  const Variable& variable = spec_.variables()[place.variable];
  const auto element = [&](std::size_t index) {
    Expr value = operand(index, variable.type);
    if (!compatible(*variable.type, value.type()))
      refuse(PatchPart::argument, argument_.operands[index].offset,
             variable.name + " is a list of " + variable.type->name + ", and " + to_string(value) +
                 " is none");
    return value;
  };
  Update update{kind, place.variable, place.object, element(1), {}};
  if (kind == UpdateKind::insert_before)
    update.position = element(2);
  Step step;
  const auto require_on_list = [&](const Expr& value) { // TAILQ_REMOVE would follow wild links
    step.checks.push_back({fault::not_on_list, spec_.list_has(place.variable, place.object, value),
                           to_string(value) + " is not on " + variable.name});
  };
  if (kind == UpdateKind::remove)
    require_on_list(update.value);
  if (kind == UpdateKind::insert_before)
    require_on_list(update.position);
  step.updates.push_back(std::move(update));
  steps.step(argument_.word + "_" + variable.name, std::move(step));
}

void PatchWords::add_wake(Steps& steps) const {
  require_operands(1, argument_.word + " CHANNEL");
  const Expr channel = operand(0, nullptr);
  const bool sleeps = channel.type().kind == Kind::reference &&
                      spec_.pools()[channel.type().pool].lock &&
                      spec_.pools()[channel.type().pool].lock->waiters;
  if (!sleeps)
    refuse(PatchPart::argument, argument_.operands[0].offset,
           to_string(channel) + " is nothing that threads sleep on");
  const std::string& label = argument_.word;
  Step all = wake_all_step(spec_, channel);
  if (label == "wake_one")
    add_wake_one(steps, label, channel, all);
  else
    steps.step(label, std::move(all));
}

void PatchWords::add_leave(Steps& steps) const {
  const std::string& word = argument_.word;
  const bool returns = word == "return";
  if (argument_.operands.size() > (returns ? 0U : 1U))
    refuse(PatchPart::argument, argument_.offset,
           word + (returns ? " takes nothing" : " takes one loop at most"));
  const std::string loop = argument_.operands.empty() ? "" : trimmed(argument_.operands[0].text);
  if (returns)
    steps.return_();
  else if (word == "break")
    steps.break_(loop);
  else
    steps.continue_(loop);
}

void PatchWords::add_primitive(Steps& steps, const std::vector<std::string>& more) const {
  const auto entry = primitives_.find(argument_.word);
  if (entry == primitives_.end()) {
    std::vector<std::string> allowed = words();
    for (const auto& [name, primitive] : primitives_)
      allowed.push_back(name);
    allowed.insert(allowed.end(), more.begin(), more.end());
    refuse(PatchPart::argument, argument_.offset,
           (argument_.word.empty() ? "a primitive is missing"
                                   : "there is no primitive " + argument_.word) +
               "; allowed here: " + text::joined(allowed) +
               text::nearest_hint(argument_.word, allowed));
  }
  require_operands(entry->second.operands, entry->second.text);
  std::vector<Expr> operands;
  for (std::size_t i = 0; i < argument_.operands.size(); ++i)
    operands.push_back(operand(i, nullptr));
  entry->second.build(steps, operands);
}

} // namespace interlock::lang
