// The statement builder; see steps.hpp.
#include "lang/steps.hpp"

#include <algorithm>

namespace interlock::lang {

namespace {
constexpr std::size_t deepest_call = 40; // a recursion that never ends at build time
}

Steps::Steps(SpecBuilder& spec, ThreadId thread) : spec_(spec), thread_(thread) {
  frames_.push_back({spec.thread_name(thread), {}, nullptr, {}, {}, {}});
  blocks_.emplace_back();
}

namespace {

// The labels of a call's own statements; the paths that it calls have labels of their own.
void collect_labels(const Block& block, std::set<std::string>& labels) {
  for (const auto& statement : block) {
    labels.insert(statement->label);
    if (statement->kind != StatementKind::call)
      for (const Block& inner : statement->blocks)
        collect_labels(inner, labels);
  }
}

} // namespace

Steps::Steps(SpecBuilder& spec, ThreadId thread,
             const std::vector<std::shared_ptr<Statement>>& calls)
    : Steps(spec, thread) {
  for (const auto& call : calls)
    frames_.push_back({call->path, call->anchor, call, {}, {}, {}});
  outer_frames_ = frames_.size();
  std::set<std::string>& used = frames_.back().labels;
  collect_labels(calls.empty() ? spec.body(thread) : calls.back()->blocks.at(0), used);
  // What the scenario has left out, or a patch has taken out, gives its label to nobody.
  if (!calls.empty() && calls.back()->labels)
    used.insert(calls.back()->labels->begin(), calls.back()->labels->end());
}

void Steps::build_within(const Steps& place) {
  frames_ = place.frames_;
  outer_frames_ = frames_.size();
}

std::string Steps::unique_label(const std::string& label) {
  if (label.empty())
    throw SpecError(frames_.back().path + ": a step without a label");
  Frame& frame = frames_.back();
  if (frame.reserved == label) {
    frame.reserved.clear();
    return label;
  }
  std::string unique = label;
  for (int count = 2; !frame.labels.insert(unique).second; ++count)
    unique = label + "_" + std::to_string(count);
  frame.order.push_back(unique);
  return unique;
}

std::string Steps::reserve_label(const std::string& label) {
  std::string unique = unique_label(label);
  frames_.back().reserved = unique;
  return unique;
}

std::shared_ptr<Statement> Steps::add(StatementKind kind, const std::string& label) {
  auto statement = std::make_shared<Statement>();
  statement->kind = kind;
  statement->label = unique_label(next_label_.empty() ? label : next_label_);
  statement->anchor = frames_.back().anchor;
  if (next_line_ != 0)
    statement->anchor.line = next_line_;
  statement->unguarded = next_unguarded_;
  nothing_pending();
  blocks_.back().push_back(statement);
  return statement;
}

void Steps::nothing_pending() {
  next_label_.clear();
  next_line_ = 0;
  next_unguarded_ = false;
}

Block Steps::inside(const Body& body) {
  blocks_.emplace_back();
  if (body)
    body();
  require_nothing_pending();
  Block block = std::move(blocks_.back());
  blocks_.pop_back();
  return block;
}

void Steps::require_nothing_pending() const {
  if (!next_label_.empty() || next_line_ != 0 || next_unguarded_)
    throw SpecError(frames_.back().path + ": label(), line() or unguarded() " +
                    (next_label_.empty() ? "" : "(" + next_label_ + ") ") +
                    "with no statement behind it");
}

void Steps::path(const Anchor& where, const std::map<std::string, Expr>& names, const Body& body,
                 const std::string& name) {
  const std::string path = name.empty() ? where.function : name;
  if (frames_.size() > deepest_call)
    throw SpecError(path + ": calls are nested too deeply; does a path call itself for ever?");
  const int called_at = next_line_;
  auto call = add(StatementKind::call, path);
  call->path = path;
  call->called_at = called_at;
  call->anchor = where;
  call->names = names;
  if (leaving_out_ != 0) // the labels inside are those of another path
    return;
  frames_.push_back({path, where, call, {}, {}, {}});
  call->blocks.push_back(inside(body));
  call->labels = std::make_shared<const std::vector<std::string>>(std::move(frames_.back().order));
  frames_.pop_back();
}

void Steps::return_() { add(StatementKind::leave, "return")->leave = Leave::return_path; }

void Steps::if_(const Expr& condition, const Body& then, const Body& otherwise) {
  auto test = add(StatementKind::test, "if");
  test->condition = condition;
  test->blocks.push_back(inside(then));
  test->blocks.push_back(inside(otherwise));
}

void Steps::while_(const Expr& condition, const Body& body) {
  auto loop = add(StatementKind::loop, "while");
  loop->condition = condition;
  loop->blocks.push_back(inside(body));
}

void Steps::loop(const std::string& label, const Body& body) {
  auto loop = add(StatementKind::loop, label);
  loop->blocks.push_back(inside(body));
}

void Steps::break_(const std::string& loop) {
  auto leave = add(StatementKind::leave, "break");
  leave->leave = Leave::break_loop;
  leave->target = loop;
}

void Steps::continue_(const std::string& loop) {
  auto leave = add(StatementKind::leave, "continue");
  leave->leave = Leave::continue_loop;
  leave->target = loop;
}

void Steps::either(const std::vector<Body>& branches) {
  if (branches.size() < 2)
    throw SpecError(frames_.back().path + ": a choice needs two branches");
  auto choice = add(StatementKind::choice, "either");
  for (const Body& branch : branches)
    choice->blocks.push_back(inside(branch));
}

void Steps::where(bool needed, const Body& body) {
  if (needed)
    body();
  else
    leave_out(body);
}

void Steps::either_needed(const std::vector<Branch>& branches) {
  const auto needed = std::count_if(branches.begin(), branches.end(),
                                    [](const Branch& branch) { return branch.needed; });
  std::shared_ptr<Statement> choice;
  if (needed > 1)
    choice = add(StatementKind::choice, "either");
  else
    unique_label("either");
  for (const Branch& branch : branches) {
    if (!branch.needed)
      leave_out(branch.body);
    else if (choice)
      choice->blocks.push_back(inside(branch.body));
    else
      branch.body();
  }
}

// Builds the body for its labels, and takes all else back.
void Steps::leave_out(const Body& body) {
  const std::size_t variables = spec_.variables().size();
  const std::shared_ptr<Statement> call = frames_.back().call;
  const auto names = call ? call->names : std::map<std::string, Expr>{};
  ++leaving_out_;
  blocks_.emplace_back();
  body();
  nothing_pending();
  blocks_.pop_back();
  --leaving_out_;
  if (call)
    call->names = names;
  spec_.forget_locals(variables);
}

void Steps::for_each(const Expr& cursor, VariableId list, const Expr& object, Cursor rule,
                     const Body& body) {
  const Variable& elements = spec_.variables().at(list);
  auto each = add(StatementKind::for_each, "for_each_" + elements.name);
  const std::string where = frames_.back().path + "." + each->label + ": ";
  if (cursor.empty() || cursor.node().op != Op::variable || cursor.type().kind != Kind::reference ||
      spec_.variables()[cursor.node().variable].scope != Scope::local)
    throw SpecError(where + "the cursor " + to_string(cursor) + " is no local reference");
  if (elements.capacity == 0 || !compatible(*elements.type, cursor.type()))
    throw SpecError(where + elements.name + " is no list of " + cursor.type().name);
  each->cursor = cursor.node().variable;
  // A patch may change the rule, so the place for the saved element exists under every rule.
  each->saved = place_of(local(each->label + ".saved", cursor.type_ref())).variable;
  each->list = list;
  each->list_object = object;
  each->rule = rule;
  each->blocks.push_back(inside(body));
}

void Steps::step(const std::string& label, Step step) {
  add(StatementKind::step, label)->step = std::move(step);
}

void Steps::set(const std::string& label, const std::vector<std::pair<Expr, Expr>>& assignments) {
  Step step;
  for (const auto& [target, value] : assignments)
    step.updates.push_back(assign(target, value));
  this->step(label, std::move(step));
}

void Steps::set(const Expr& target, const Expr& value) {
  const std::string& name = spec_.variables()[place_of(target).variable].name;
  set("set_" + name.substr(name.rfind('.') + 1), {{target, value}}); // a local: path.name
}

void Steps::check(const std::string& property, const Expr& condition, const std::string& message) {
  add(StatementKind::check, property)->check = {property, condition, message};
}

void Steps::await(const std::string& label, const Expr& condition, const Expr& idle_when) {
  Step step;
  step.guard = condition;
  step.idle_when = idle_when;
  this->step(label, std::move(step));
}

void Steps::append(Block statements) {
  std::map<std::string, std::string> labels;
  adopt(statements, labels);
  for (auto& statement : statements)
    blocks_.back().push_back(std::move(statement));
}

void Steps::adopt(const Block& block, std::map<std::string, std::string>& labels) {
  for (const auto& statement : block) {
    const std::string label = unique_label(statement->label);
    labels[statement->label] = label;
    statement->label = label;
    if (statement->anchor.function.empty())
      statement->anchor = frames_.back().anchor;
    if (const auto loop = labels.find(statement->target); loop != labels.end())
      statement->target = loop->second;
    if (statement->kind != StatementKind::call) // a call has labels of its own
      for (const Block& inner : statement->blocks)
        adopt(inner, labels);
  }
}

Expr Steps::local(const std::string& name, const TypeRef& type) {
  Frame& frame = frames_.back();
  // Two calls of a path that are not nested share their locals: only one of them is live.
  std::size_t depth = 0;
  for (const Frame& outer : frames_)
    depth += outer.path == frame.path ? 1U : 0U;
  std::string full = frame.path + "." + name;
  if (depth > 1)
    full += "#" + std::to_string(depth);
  std::optional<VariableId> variable = spec_.find_local(thread_, full);
  const auto other_type = [&] {
    const Type& known = *spec_.variables()[*variable].type;
    return !compatible(known, *type) || known.low != type->low || known.high != type->high;
  };
  const auto declared_in_this_call = [&] {
    if (!frame.call)
      return true;
    const auto known = frame.call->names.find(name);
    return known != frame.call->names.end() && known->second.node().op == Op::variable &&
           known->second.node().variable == *variable;
  };
  // An argument of the call may decide the type, as the number of events asked for does: calls
  // share where the types agree.
  const std::string shared = full;
  for (int next = 2; variable && other_type(); ++next) {
    if (declared_in_this_call())
      throw SpecError("local " + full + " is declared with two types: " +
                      spec_.variables()[*variable].type->name + " and " + type->name);
    full = shared + "'" + std::to_string(next);
    variable = spec_.find_local(thread_, full);
  }
  if (!variable) {
    const Value initial = type->low > 0 || type->high < 0 ? type->low : 0;
    variable = spec_.local(thread_, full, type, initial);
  }
  if (frame.call)
    frame.call->names[name] = spec_.read(*variable);
  return spec_.read(*variable);
}

Steps& Steps::label(const std::string& label) {
  next_label_ = label;
  return *this;
}

Steps& Steps::line(int line) {
  next_line_ = line;
  return *this;
}

Steps& Steps::unguarded() {
  next_unguarded_ = true;
  return *this;
}

Block Steps::take() {
  if (frames_.size() != outer_frames_ || blocks_.size() != 1)
    throw SpecError(frames_.back().path + ": the path is not finished");
  require_nothing_pending();
  return std::move(blocks_.back());
}

PlaceOf place_of(const Expr& expression) {
  if (expression.empty() ||
      (expression.node().op != Op::variable && expression.node().op != Op::field))
    throw SpecError(to_string(expression) + " cannot be assigned");
  const Node& node = expression.node();
  return {node.variable, node.op == Op::field ? node.operands[0] : Expr()};
}

Update assign(const Expr& target, const Expr& value) {
  const PlaceOf place = place_of(target);
  Expr typed = value;
  // A plain 0 or number takes the target's type, so that it prints in its words.  One that is out
  // of range is refused with its step's name when the specification is finished.
  const Type& type = target.type();
  if (value.is_literal() && value.node().value >= type.low && value.node().value <= type.high) {
    const Kind from = value.type().kind;
    if ((from == Kind::integer && type.kind == Kind::flags && value.is_literal(0)) ||
        ((from == Kind::integer || from == Kind::boolean) && type.kind == from))
      typed = literal(target.type_ref(), value.node().value);
  }
  return {UpdateKind::assign, place.variable, place.object, typed, {}};
}

} // namespace interlock::lang
