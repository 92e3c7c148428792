// Skeletons from the statement trees of a specification.
#include "kernel_text/model_skeleton.hpp"
#include "lang/print.hpp"

#include <algorithm>
#include <cctype>

namespace interlock::kernel_text {

namespace {

using lang::EffectKind;
using lang::Spec;
using lang::Statement;
using lang::StatementKind;
using lang::Update;
using lang::UpdateKind;
using lang::Variable;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// What a property remembers, or the environment has drawn, is nothing of the kernel's.
bool is_of_kernel(const Variable& variable) { return !variable.ghost && !variable.drawn; }

// A part of a lock's own state, which C does not name.
bool is_word_of_lock(const std::string& name) {
  return name == "owner" || name == "readers" || name == "recursion" || name == "waiters";
}

Act act_of(EffectKind kind) {
  switch (kind) {
  case EffectKind::acquire:
    return Act::takes;
  case EffectKind::try_acquire:
    return Act::tries;
  case EffectKind::release:
    return Act::gives;
  case EffectKind::sleep:
    return Act::sleeps;
  case EffectKind::wake:
    return Act::wakes;
  }
  return Act::takes;
}

Way way_of(const lang::Expr& value) {
  switch (value.node().op) {
  case lang::Op::literal:
    return value.type().kind != lang::Kind::boolean ? Way::none
           : value.is_literal(0)                    ? Way::off
                                                    : Way::on;
  case lang::Op::bit_or: // of what was cleared before: both
    return way_of(value.node().operands.at(0)) == Way::off ? Way::none : Way::on;
  case lang::Op::add:
    return Way::on;
  case lang::Op::bit_clear:
  case lang::Op::subtract:
    return Way::off;
  default:
    return Way::none;
  }
}

class Reader {
public:
  Reader(const Spec& spec, std::map<std::string, ModelFunction>& functions)
      : spec_(spec), functions_(functions), modelled_(modelled_names(spec)) {}

  // Paths that are built for each of several objects (copy_label) stand here once.
  Skeleton block(const lang::Block& statements, const std::string& path,
                 const std::string& function) {
    Skeleton skeleton;
    for (const auto& statement : statements)
      add(skeleton, *statement, path, function);
    return skeleton;
  }

private:
  static Node node_of(Act act, const Statement& statement, const std::string& path) {
    Node node;
    node.act = act;
    node.line = statement.anchor.line;
    node.label = path + "." + statement.label;
    return node;
  }

  void add(Skeleton& skeleton, const Statement& statement, const std::string& path,
           const std::string& function) {
    const auto add_block = [&](Act act, std::set<std::string> names, std::string text) {
      Node node = node_of(act, statement, path);
      node.names = std::move(names);
      node.text = std::move(text);
      node.inside = block(statement.blocks.at(0), path, function);
      skeleton.push_back(std::move(node));
    };
    switch (statement.kind) {
    case StatementKind::step:
      // What follows a dot goes on with a primitive that has begun: waking up.
      if (statement.label.find('.') == std::string::npos)
        add_step(skeleton, statement, path, statement.label);
      break;
    case StatementKind::test: {
      const std::string condition = to_string(statement.condition);
      add_block(Act::branch, modelled_in(condition), "if " + text_of(statement.condition));
      skeleton.back().decision = decision_of(statement.condition);
      add_otherwise(skeleton.back(), statement, path, function);
      break;
    }
    case StatementKind::loop: {
      if (statement.condition.empty()) {
        add_block(Act::loop, {}, "while ");
        break;
      }
      add_block(Act::loop, modelled_in(to_string(statement.condition)),
                "while " + text_of(statement.condition));
      skeleton.back().decision = decision_of(statement.condition);
      break;
    }
    case StatementKind::for_each: {
      const std::string& list = spec_.variables()[statement.list].name;
      add_block(Act::walks, {list}, "for each on " + list + ", " + rule_name(statement.rule));
      skeleton.back().list =
          statement.list_object.empty() ? list : text_of(statement.list_object) + "." + list;
      break;
    }
    case StatementKind::choice:
      if (const Statement* primitive = begun_by(statement))
        add_step(skeleton, *primitive, path, statement.label);
      else
        add_choice(skeleton, statement, path, function);
      break;
    case StatementKind::call:
      add_call(skeleton, statement, path, function);
      break;
    case StatementKind::leave:
      add_leave(skeleton, statement, path);
      break;
    case StatementKind::check:
      add_check(skeleton, statement, path);
      break;
    }
  }

  // A primitive that may end at once or have to wait is a choice of steps whose labels have its own
  // and a dot: what it does is what it does when it does not wait, the first of them.
  static const Statement* begun_by(const Statement& choice) {
    const lang::Block& first = choice.blocks.at(0);
    std::string name = choice.label; // without the number that tells it from others
    if (const std::size_t end = name.find_last_not_of("0123456789");
        end != std::string::npos && end + 1 < name.size() && name[end] == '_')
      name.erase(end);
    const bool primitive = !first.empty() && first.front()->kind == StatementKind::step &&
                           first.front()->label.starts_with(name + ".");
    return primitive ? first.front().get() : nullptr;
  }

  void add_otherwise(Node& test, const Statement& statement, const std::string& path,
                     const std::string& function) {
    if (statement.blocks.size() < 2 || statement.blocks[1].empty())
      return;
    Node otherwise = node_of(Act::otherwise, statement, path);
    otherwise.text = "else";
    otherwise.inside = block(statement.blocks[1], path, function);
    test.inside.push_back(std::move(otherwise));
  }

  void add_choice(Skeleton& skeleton, const Statement& statement, const std::string& path,
                  const std::string& function) {
    Skeleton branches;
    for (const lang::Block& branch : statement.blocks) {
      Node node = node_of(Act::choice, statement, path);
      node.text = "either";
      node.inside = block(branch, path, function);
      const auto alike = [&](const Node& other) { return are_alike(other.inside, node.inside); };
      if (std::none_of(branches.begin(), branches.end(), alike))
        branches.push_back(std::move(node));
    }
    for (Node& node : branches)
      skeleton.push_back(std::move(node));
  }

  static bool are_alike(const Skeleton& first, const Skeleton& second) {
    return std::equal(
        first.begin(), first.end(), second.begin(), second.end(), [](const Node& a, const Node& b) {
          return a.label == b.label && a.act == b.act && are_alike(a.inside, b.inside);
        });
  }

  static void add_leave(Skeleton& skeleton, const Statement& statement, const std::string& path) {
    const bool returns = statement.leave == lang::Leave::return_path;
    Node node = node_of(returns ? Act::returns : Act::jumps, statement, path);
    node.text = returns                                      ? "return"
                : statement.leave == lang::Leave::break_loop ? "break"
                                                             : "continue";
    skeleton.push_back(std::move(node));
  }

  void add_check(Skeleton& skeleton, const Statement& statement, const std::string& path) const {
    if (statement.check.property != "kassert")
      return;
    Node node = node_of(Act::asserts, statement, path);
    node.text = statement.check.message;
    const std::set<std::string> named = names_in(to_string(statement.check.condition));
    node.names = modelled_in(named);
    for (const std::string& name : named) // a local variable: what it was read from
      if (const auto known = locals_.find(name); known != locals_.end())
        node.names.insert(known->second.begin(), known->second.end());
    skeleton.push_back(std::move(node));
  }

  void add_call(Skeleton& skeleton, const Statement& statement, const std::string& path,
                const std::string& function) {
    const std::string& called = statement.anchor.function;
    std::vector<const Statement*> calls; // of the function that is called
    if (!called.empty() && called == function)
      calls = calls_;
    calls.push_back(&statement);
    calls_.swap(calls);
    Skeleton inside = block(statement.blocks.at(0), statement.path, called);
    calls_.swap(calls);
    if (!called.empty() && called == function) {
      const std::size_t size = inside.size();
      const bool again =
          size <= skeleton.size() &&
          are_alike(inside, {skeleton.end() - static_cast<std::ptrdiff_t>(size), skeleton.end()});
      if (again)
        return;
      for (Node& node : inside)
        skeleton.push_back(std::move(node));
      return;
    }
    Node node = node_of(Act::calls, statement, path);
    node.line = statement.called_at;
    node.names = {called.empty() ? statement.path : called, statement.path};
    node.text = statement.path + "()";
    skeleton.push_back(std::move(node));
    if (called.empty())
      return;
    ModelFunction& known = functions_[called];
    known.file = statement.anchor.file;
    known.revision = statement.anchor.revision;
    known.paths.insert(statement.path);
    known.promises = known.promises || is_seen(statement.blocks.at(0), called);
    for (const auto& [name, value] : statement.names)
      known.names.emplace(name, value.type().kind);
    const auto alike = [&](const Skeleton& other) { return to_string(other) == to_string(inside); };
    if (std::none_of(known.variants.begin(), known.variants.end(), alike))
      known.variants.push_back(std::move(inside));
  }

  // By an observer or a ghost, in its own statements and in paths that are part of it.
  bool is_seen(const lang::Block& block, const std::string& function) const {
    return std::any_of(block.begin(), block.end(), [&](const auto& statement) {
      const auto& updates = statement->step.updates;
      const bool own =
          statement->kind != StatementKind::call || statement->anchor.function == function;
      return statement->step.shows ||
             std::any_of(
                 updates.begin(), updates.end(),
                 [&](const Update& update) { return spec_.variables()[update.variable].ghost; }) ||
             (own &&
              std::any_of(statement->blocks.begin(), statement->blocks.end(),
                          [&](const lang::Block& inside) { return is_seen(inside, function); }));
    });
  }

  // What a caller gave is called as the path calls it, whoever calls: kn, not kqueue_scan.kn. Where
  // two arguments are the same, the first by name stands for both.
  lang::Expr as_named(const lang::Expr& expression) const {
    for (std::size_t i = calls_.size(); i-- > 0;) {
      const lang::Statement& call = *calls_[i];
      for (const auto& [name, value] : call.names)
        if (is_given(name, value, call.path) && same(value, expression))
          return argument(name, expression.type_ref());
    }
    lang::Node node = expression.node();
    for (lang::Expr& operand : node.operands)
      operand = as_named(operand);
    return lang::Expr(std::move(node));
  }
  static lang::Expr argument(const std::string& name, const lang::TypeRef& type) {
    lang::Node node;
    node.op = lang::Op::variable;
    node.type = type;
    node.name = name;
    return lang::Expr(std::move(node));
  }
  // Not the path's own local, nor a value that any expression may have: 1, none, NOTE_EXIT.
  static bool is_given(const std::string& name, const lang::Expr& value, const std::string& path) {
    const bool own =
        value.node().op == lang::Op::variable && value.node().name == path + "." + name;
    const bool is_object =
        value.type().kind == lang::Kind::reference && !value.is_literal(lang::none);
    return !own && (!value.is_literal() || is_object);
  }
  std::string text_of(const lang::Expr& expression) const {
    return to_string(as_named(expression));
  }
  std::string text_of(Update update) const {
    for (lang::Expr* part : {&update.object, &update.value, &update.position})
      if (!part->empty())
        *part = as_named(*part);
    std::string text = to_string(spec_, update);
    const std::string& variable = spec_.variables()[update.variable].name;
    if (update.kind != UpdateKind::assign || !update.object.empty())
      return text;
    return to_string(as_named(spec_.read(update.variable))) + text.substr(variable.size());
  }

  void add_step(Skeleton& skeleton, const Statement& statement, const std::string& path,
                const std::string& label) {
    const lang::Step& step = statement.step;
    const auto add = [&](Act act, std::set<std::string> names, std::string text) -> Node& {
      Node node = node_of(act, statement, path);
      node.label = path + "." + label;
      node.names = std::move(names);
      node.text = std::move(text);
      return skeleton.emplace_back(std::move(node));
    };
    const bool sleeps = std::any_of(step.effects.begin(), step.effects.end(), [](const auto& each) {
      return each.kind == EffectKind::sleep;
    });
    // What a lock keeps of its holders is not in the text.
    const bool locks = std::any_of(step.effects.begin(), step.effects.end(), [](const auto& each) {
      return each.kind == EffectKind::acquire || each.kind == EffectKind::try_acquire ||
             each.kind == EffectKind::release;
    });
    if (const auto channel = joined_by(step))
      add(Act::joins, names_in(*channel), *channel);
    std::vector<std::string> freed; // objects, as text: their fields are given back with them
    for (const Update& update : step.updates)
      if (is_allocation(update) && update.value.is_literal(0))
        freed.push_back(to_string(update.object));
    std::set<std::string> copied; // what a caller gets to see
    for (const lang::Report& report : step.reports)
      copied.merge(modelled_in(to_string(report.value)));
    if (!copied.empty())
      add(Act::copies, std::move(copied), "copies for the caller");
    for (const Update& update : step.updates)
      if (!locks)
        add_update(update, freed, add);
    for (const lang::Effect& effect : step.effects) {
      if (sleeps && effect.kind != EffectKind::sleep)
        continue; // the interlock, which the primitive gives and takes by itself
      add(act_of(effect.kind), names_in(to_string(effect.lock)), text_of(effect.lock)).shared =
          effect.mode == lang::Mode::shared;
    }
  }

  bool is_of_lock(const Variable& variable) const {
    return variable.scope == lang::Scope::field && spec_.pools()[variable.pool].lock.has_value();
  }

  // The channel whose waiters a thread becomes one of in a step that does not sleep yet.
  std::optional<std::string> joined_by(const lang::Step& step) const {
    for (const Update& update : step.updates) {
      const Variable& variable = spec_.variables()[update.variable];
      const bool joins = step.effects.empty() && update.kind == UpdateKind::assign &&
                         is_of_lock(variable) &&
                         spec_.pools()[variable.pool].lock->waiters == update.variable &&
                         update.value.node().op == lang::Op::bit_or;
      if (joins)
        return to_string(update.object);
    }
    return std::nullopt;
  }

  bool is_allocation(const Update& update) const {
    const Variable& variable = spec_.variables()[update.variable];
    return variable.scope == lang::Scope::field &&
           spec_.pools()[variable.pool].allocated == update.variable;
  }

  template <class Add>
  void add_update(const Update& update, const std::vector<std::string>& freed, const Add& add) {
    const Variable& variable = spec_.variables()[update.variable];
    const std::string text = text_of(update);
    if (is_allocation(update)) {
      const std::set<std::string> pool{spec_.pools()[variable.pool].name};
      add(update.value.is_literal(0) ? Act::frees : Act::allocates, pool, text);
      return;
    }
    if (!is_of_kernel(variable) || is_of_lock(variable))
      return;
    if (variable.scope == lang::Scope::field &&
        std::find(freed.begin(), freed.end(), to_string(update.object)) != freed.end())
      return;
    const std::string place =
        update.object.empty() ? variable.name : text_of(update.object) + "." + variable.name;
    if (update.kind != UpdateKind::assign) {
      Node& edit = add(Act::edits, {variable.name}, text);
      edit.place = place;
      edit.way = update.kind == UpdateKind::remove  ? Way::off
                 : update.kind == UpdateKind::clear ? Way::none
                                                    : Way::on;
      return;
    }
    for_each_node(update.value, [&](const lang::Node& node) {
      if (node.op == lang::Op::list_next) // searches
        add(Act::looks, {spec_.variables()[node.variable].name}, text);
    });
    std::set<std::string> names = modelled_in(to_string(update.value));
    if (variable.scope == lang::Scope::local) {
      const std::string local = variable.name.substr(variable.name.rfind('.') + 1);
      locals_[local] = names;
      names.insert(local);
      add(Act::reads, std::move(names), text);
    } else {
      names.insert(variable.name);
      Node& set = add(Act::sets, std::move(names), text);
      set.place = place;
      set.way = way_of(update.value);
    }
  }

  // Fields and flags: not the names of a scenario's processes.
  std::set<std::string> modelled_in(const std::string& expression) const {
    return modelled_in(names_in(expression));
  }
  std::set<std::string> modelled_in(std::set<std::string> names) const {
    std::erase_if(names, [&](const std::string& name) { return !modelled_.contains(name); });
    return names;
  }

  const Spec& spec_;
  std::map<std::string, ModelFunction>& functions_;
  std::set<std::string> modelled_;
  std::vector<const Statement*> calls_; // of paths of the function, each within the one before
  std::map<std::string, std::set<std::string>> locals_; // what they were read from last
};

} // namespace

std::set<std::string> names_in(const std::string& expression) {
  std::set<std::string> names;
  std::string previous; // the member before, of the same chain
  for (std::size_t at = 0; at < expression.size();) {
    if (!is_word(expression[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < expression.size() && is_word(expression[end]))
      ++end;
    const std::string word = expression.substr(at, end - at);
    const bool last = end >= expression.size() || expression[end] != '.';
    if (last && std::isdigit(static_cast<unsigned char>(word[0])) == 0)
      names.insert(is_word_of_lock(word) && !previous.empty() ? previous : word);
    previous = last ? "" : word;
    at = last ? end : end + 1;
  }
  return names;
}

std::map<std::string, ModelFunction> model_functions(const lang::Spec& spec) {
  std::map<std::string, ModelFunction> functions;
  Reader reader(spec, functions);
  for (lang::ThreadId thread = 0; thread < spec.thread_count(); ++thread)
    reader.block(spec.body(thread), spec.thread_name(thread), "");
  return functions;
}

std::map<std::string, lang::Kind> modelled_fields(const lang::Spec& spec) {
  std::map<std::string, lang::Kind> fields;
  std::set<std::string> several;
  for (const Variable& variable : spec.variables()) {
    if (!is_of_kernel(variable) || variable.scope == lang::Scope::local)
      continue;
    const auto [known, is_new] = fields.emplace(variable.name, variable.type->kind);
    if (!is_new && known->second != variable.type->kind)
      several.insert(variable.name);
  }
  for (const std::string& name : several)
    fields.erase(name);
  return fields;
}

std::set<std::string> fields_set_once(const lang::Spec& spec) {
  std::set<std::string> once, other;
  for (const Variable& variable : spec.variables())
    (variable.scope == lang::Scope::field && (variable.protection == lang::Protection::write_once ||
                                              variable.protection == lang::Protection::immutable)
         ? once
         : other)
        .insert(variable.name);
  std::erase_if(once, [&](const std::string& name) { return other.contains(name); });
  return once;
}

std::set<std::string> modelled_names(const lang::Spec& spec) {
  std::set<std::string> names;
  for (const lang::Pool& pool : spec.pools())
    if (pool.lock.has_value())
      names.insert(pool.classes.begin(), pool.classes.end());
  for (const Variable& variable : spec.variables()) {
    if (!is_of_kernel(variable))
      continue;
    const bool local = variable.scope == lang::Scope::local; // its values may be errno's
    if (!local)
      names.insert(variable.name);
    if (variable.type->kind == lang::Kind::flags || variable.type->kind == lang::Kind::enumeration)
      names.insert(variable.type->names.begin(), variable.type->names.end());
  }
  return names;
}

} // namespace interlock::kernel_text
