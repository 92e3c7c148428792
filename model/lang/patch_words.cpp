// Words of patches; see patch_words.hpp.
#include "lang/patch_words.hpp"

#include "lang/patch_wakes.hpp"
#include "text/lists.hpp"
#include "text/nearest.hpp"

#include <algorithm>
#include <cctype>
#include <functional>

namespace interlock::lang {

namespace {

using PatchPart = PatchError::Part;

const std::vector<std::string>& words() {
  static const std::vector<std::string> all{"set",    "check",         "push_front", "push_back",
                                            "remove", "insert_before", "wake_one",   "wake_all",
                                            "break",  "continue",      "return",     "goto",
                                            "if",     "while",         "for_each"};
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
    add_all(steps, {0, patch_.argument.size()}, more);
    return steps.take();
  } catch (const PatchError&) {
    throw;
  } catch (const SpecError& error) { // what a primitive says of its operands
    refuse(PatchPart::argument, argument_.offset, argument_.word + ": " + error.what());
  }
}

bool PatchWords::has_this() const {
  const std::string& text = patch_.argument;
  for (std::size_t at = text.find("this"); at != std::string::npos;
       at = text.find("this", at + 1)) {
    const std::size_t before = at == 0 ? std::string::npos : text.find_last_not_of(" \t", at - 1);
    const bool begins =
        before == std::string::npos || std::string("{;}").find(text[before]) != std::string::npos;
    const char after = at + 4 < text.size() ? text[at + 4] : ' ';
    if (begins && (after == ' ' || after == ';' || after == '}'))
      return true;
  }
  return false;
}

PatchWords::Around PatchWords::statements_around() const {
  PatchWords around = *this;
  around.taken_ = std::make_shared<std::vector<Taken>>();
  around.has_statement_ = true;
  Block block = around.statements({});
  return {std::move(block), std::move(*around.taken_)};
}

PatchWords::Around PatchWords::statements_of_else() const {
  const std::string& text = patch_.argument;
  const std::size_t open = text.find('{', argument_.offset);
  if (open == std::string::npos || trimmed(text.substr(0, open)) != "else")
    refuse(PatchPart::argument, argument_.offset, "else { STATEMENT; ... }");
  const std::size_t close = closing_brace(open, text.size());
  require_nothing_behind(close, "an else");
  Patch inside = patch_;
  inside.argument = std::string(open + 1, ' ') + text.substr(open + 1, close - open - 1);
  PatchWords words(spec_, primitives_, inside, index_, found_);
  words.taken_ = std::make_shared<std::vector<Taken>>();
  Block block = words.statements({});
  return {std::move(block), std::move(*words.taken_)};
}

void PatchWords::require_nothing_behind(std::size_t close, const std::string& what) const {
  const std::string& text = patch_.argument;
  if (!trimmed(text.substr(close + 1)).empty())
    refuse(PatchPart::argument, close + 1, "nothing can stand behind the } of " + what);
}

std::size_t PatchWords::closing_brace(std::size_t open, std::size_t end) const {
  int depth = 0;
  for (std::size_t at = open; at < end; ++at) {
    const char c = patch_.argument[at];
    depth += c == '{' ? 1 : c == '}' ? -1 : 0;
    if (depth == 0)
      return at;
  }
  refuse(PatchPart::argument, open, "this { is not closed");
}

// Statements end with a semicolon or the bracket of their block.
std::vector<PatchWords::Range> PatchWords::pieces(Range range) const {
  const std::string& text = patch_.argument;
  std::vector<Range> all;
  std::size_t begin = range.begin;
  const auto take = [&](std::size_t end) {
    if (!trimmed(text.substr(begin, end - begin)).empty())
      all.push_back({begin, end});
  };
  for (std::size_t at = range.begin; at < range.end; ++at) {
    if (text[at] == '}')
      refuse(PatchPart::argument, at, "no { is open here");
    if (text[at] == '{') {
      at = closing_brace(at, range.end);
      const std::size_t next = text.find_first_not_of(" \t", at + 1);
      if (next < range.end && text.compare(next, 4, "else") != 0) {
        take(at + 1);
        begin = at + 1;
      }
    } else if (text[at] == ';') {
      take(at);
      begin = at + 1;
    }
  }
  take(range.end);
  return all;
}

void PatchWords::add_all(Steps& steps, Range range, const std::vector<std::string>& more) const {
  for (const Range& piece : pieces(range)) {
    // With its place in the whole text, for messages.
    Patch part = patch_;
    part.argument = std::string(piece.begin, ' ') +
                    patch_.argument.substr(piece.begin, piece.end - piece.begin);
    PatchWords words(spec_, primitives_, part, index_, found_);
    words.taken_ = taken_;
    words.has_statement_ = has_statement_;
    words.add(steps, more);
  }
  if (range.begin == 0 && pieces(range).empty())
    add_primitive(steps, more); // says that one is missing
}

// if CONDITION { ... } else { ... }, while CONDITION { ... }
void PatchWords::add_conditional(Steps& steps, const std::vector<std::string>& more) const {
  const std::string& text = patch_.argument;
  const std::string& word = argument_.word;
  const std::size_t begin = argument_.offset + word.size();
  const std::size_t open = text.find('{', begin);
  if (open == std::string::npos)
    refuse(PatchPart::argument, argument_.offset, word + " CONDITION { STATEMENT; ... }");
  const std::size_t close = closing_brace(open, text.size());
  Expr condition;
  try {
    condition = parse_expression(scope(), text.substr(begin, open - begin), boolean_type());
  } catch (const ParseError& error) {
    refuse(PatchPart::argument, begin + error.offset(), error.what());
  }
  if (condition.type().kind != Kind::boolean)
    refuse(PatchPart::argument, begin, to_string(condition) + " is no condition");
  const Body then = [&] { add_all(steps, {open + 1, close}, more); };
  const Range rest{close + 1, text.size()};
  if (word == "while") {
    if (!trimmed(text.substr(rest.begin)).empty())
      refuse(PatchPart::argument, rest.begin, "nothing can stand behind a loop's }");
    if (condition.is_literal(1))
      steps.loop("while", then);
    else
      steps.while_(condition, then);
  } else {
    steps.if_(condition, then, otherwise(steps, rest, more));
  }
}

// What stands behind the } of an if: nothing, or else { ... }.
Body PatchWords::otherwise(Steps& steps, Range range, const std::vector<std::string>& more) const {
  const std::string& text = patch_.argument;
  if (trimmed(text.substr(range.begin, range.end - range.begin)).empty())
    return {};
  const std::size_t begin = text.find_first_not_of(" \t", range.begin);
  const std::size_t open = text.find('{', begin);
  if (open == std::string::npos || trimmed(text.substr(begin, open - begin)) != "else")
    refuse(PatchPart::argument, begin, "expected else { STATEMENT; ... }");
  const std::size_t close = closing_brace(open, text.size());
  require_nothing_behind(close, "an else");
  return [this, &steps, open, close, more] { add_all(steps, {open + 1, close}, more); };
}

// for_each CURSOR, LIST, RULE { ... }
void PatchWords::add_walk(Steps& steps, const std::vector<std::string>& more) const {
  const std::string& text = patch_.argument;
  const std::string help = "for_each CURSOR, LIST, RULE { STATEMENT; ... }";
  const std::size_t begin = argument_.offset + argument_.word.size();
  const std::size_t open = text.find('{', begin);
  if (open == std::string::npos)
    refuse(PatchPart::argument, argument_.offset, help);
  const std::size_t close = closing_brace(open, text.size());
  require_nothing_behind(close, "a walk");
  Patch of_head = patch_;
  of_head.argument = text.substr(0, open);
  const PatchWords head(spec_, primitives_, of_head, index_, found_);
  head.require_operands(3, help);
  const std::vector<Operand>& operands = head.argument().operands;
  const NamedPlace list = head.list(1);
  const std::string named = trimmed(operands[2].text);
  const auto* const rule = std::find_if(std::begin(cursor_rules), std::end(cursor_rules),
                                        [&](Cursor each) { return rule_name(each) == named; });
  if (rule == std::end(cursor_rules)) {
    std::vector<std::string> rules;
    for (const Cursor each : cursor_rules)
      rules.emplace_back(rule_name(each));
    refuse(PatchPart::argument, operands[2].offset,
           named + " is no rule of a walk; allowed here: " + text::joined(rules) +
               text::nearest_hint(named, rules));
  }
  const Expr cursor =
      head.cursor_of_walk(steps, operands[0], spec_.variables()[list.variable].type);
  steps.for_each(cursor, list.variable, list.object, *rule, [&] {
    add_all(steps, {open + 1, close}, more);
  });
}

// A local reference that is there, or a new one of the innermost path.
Expr PatchWords::cursor_of_walk(Steps& steps, const Operand& name, const TypeRef& elements) const {
  const std::string cursor = trimmed(name.text);
  const bool is_name =
      !cursor.empty() && std::isdigit(static_cast<unsigned char>(cursor[0])) == 0 &&
      std::all_of(cursor.begin(), cursor.end(),
                  [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
  Expr value;
  try {
    value = parse_expression(scope(), name.text, elements);
  } catch (const ParseError& error) {
    if (is_name)
      return steps.local(cursor, elements);
    refuse(PatchPart::argument, name.offset + error.offset(), error.what());
  }
  const bool is_local = value.node().op == Op::variable &&
                        spec_.variables()[value.node().variable].scope == Scope::local;
  if (!is_local || !compatible(*elements, value.type()))
    refuse(PatchPart::argument, name.offset,
           cursor + " cannot go through the list: it is no local variable for a " + elements->name);
  const std::string& variable = spec_.variables()[value.node().variable].name;
  if (is_name && !variable.starts_with(lang::path_of(spec_, found_) + "."))
    refuse(PatchPart::argument, name.offset,
           cursor + " is " + variable + " of a caller, which the walk would change; give it a " +
               "cursor of its own");
  return value;
}

// this [through LABEL], those LABEL [through LABEL]
void PatchWords::add_taken(Steps& steps) const {
  const bool itself = argument_.word == "this";
  if (!taken_ || (itself && !has_statement_))
    refuse(PatchPart::argument, argument_.offset,
           itself ? "this is the statement that is replaced: replace LABEL with if CONDITION { "
                    "this }"
                  : "those are statements behind the one that is replaced: replace LABEL with if "
                    "CONDITION { this } else { those LABEL }");
  Taken taken;
  taken.offset = argument_.offset;
  const std::string rest = patch_.argument.substr(argument_.offset + argument_.word.size());
  const std::string word = " through ";
  const std::size_t at = rest.find(word);
  taken.first = trimmed(rest.substr(0, at));
  if (at != std::string::npos)
    taken.last = trimmed(rest.substr(at + word.size()));
  const bool complete = at == std::string::npos || !taken.last.empty();
  if (itself != taken.first.empty() || !complete)
    refuse(PatchPart::argument, argument_.offset,
           itself ? "this [through LABEL]" : "those LABEL [through LABEL]");
  taken.place = std::make_shared<Statement>();
  taken.place->label = argument_.word;
  steps.append({taken.place});
  taken_->push_back(std::move(taken));
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
  } else if (word == "goto") {
    add_goto(steps);
  } else if (word == "if" || word == "while") {
    add_conditional(steps, more);
  } else if (word == "for_each") {
    add_walk(steps, more);
  } else if (word == "this" || word == "those") {
    add_taken(steps);
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

// What stands from the label to the end of the path, or of a turn of its loop, is done here.
void PatchWords::add_goto(Steps& steps) const {
  require_operands(1, "goto LABEL");
  const Operand& operand = argument_.operands[0];
  const std::string label = trimmed(operand.text);
  const std::string path = lang::path_of(spec_, found_);
  const StatementRef call = found_.calls.empty() ? nullptr : found_.calls.back();
  std::vector<std::string> known;
  for (const Found& target : all_statements(spec_)) {
    if (target.thread != found_.thread || target.calls != found_.calls)
      continue;
    known.push_back(target.statement->label);
    if (label != target.statement->label && label != path + "." + target.statement->label)
      continue;
    const bool in_loop = target.parent && (target.parent->kind == StatementKind::loop ||
                                           target.parent->kind == StatementKind::for_each);
    if (target.parent != call && !in_loop)
      refuse(PatchPart::argument, operand.offset,
             label + " stands in a branch: from there nothing goes to the end of the path or of a "
                     "loop's turn");
    const Block& block =
        target.parent ? target.parent->blocks[target.block] : spec_.body(found_.thread);
    const auto begin = std::find(block.begin(), block.end(), target.statement);
    const Block tail = copy_of(Block(begin, block.end()));
    std::vector<Found> within;
    collect_statements(Block(begin, block.end()), target, within);
    const bool in_front =
        patch_.kind == Patch::Kind::insert_before && found_.statement == target.statement;
    if (!in_front && std::any_of(within.begin(), within.end(), [&](const Found& each) {
          return each.statement == found_.statement;
        }))
      refuse(PatchPart::argument, operand.offset,
             label + " stands in front of this: goto leads forwards only");
    steps.append(tail);
    if (in_loop)
      steps.continue_(target.parent->label);
    else
      steps.return_();
    return;
  }
  refuse(PatchPart::argument, operand.offset,
         "'" + label + "' is no label in the same call of " + path +
             text::nearest_hint(label, known));
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
