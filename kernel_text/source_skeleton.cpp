// Skeletons from the trees of C functions.
#include "kernel_text/source_skeleton.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace interlock::kernel_text {

namespace {

// KN_INFLUX, EV_ADD: a flag or another constant.
bool is_constant(const std::string& name) {
  return std::isupper(static_cast<unsigned char>(name[0])) != 0 &&
         std::none_of(name.begin(), name.end(),
                      [](unsigned char c) { return std::islower(c) != 0; });
}

// The members and constants in an expression.
void add_names(const Expression& expression, std::set<std::string>& names) {
  if (expression.kind == ExpressionKind::member)
    names.insert(member_of(expression));
  if (expression.kind == ExpressionKind::name && !expression.text.empty() &&
      is_constant(expression.text))
    names.insert(expression.text);
  for (const Expression& part : expression.parts)
    add_names(part, names);
}

// kev.flags: a member of a structure that is the function's own.
bool is_local(const Expression& target) {
  const Expression* each = &target;
  while (each->kind == ExpressionKind::member && each->text.starts_with("."))
    each = &each->parts.at(0);
  return each->kind == ExpressionKind::name;
}

using Statements = std::vector<CStatement>;
Statements joined(Statements first, const Statements& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

bool ends_with_return(const Statements& statements) {
  return !statements.empty() && statements.back().kind == CStatementKind::leave;
}

// What is left of a switch from a label in it, and what stands behind the switch.
Statements out_of_switch(Statements tail, const Statements& behind) {
  const auto end = std::find_if(tail.begin(), tail.end(), [](const CStatement& statement) {
    return statement.kind == CStatementKind::break_loop;
  });
  const bool returns = end == tail.end() && ends_with_return(tail);
  tail.erase(end, tail.end());
  std::erase_if(tail, [](const CStatement& statement) { // it falls through
    return statement.kind == CStatementKind::case_label;
  });
  return returns ? tail : joined(std::move(tail), behind);
}

// The statements from a label to the end of the function, where `behind` stands behind the body;
// null where that is not known, because the body is of a branch or a loop.
std::optional<Statements> tail_from(const Statements& body, const std::string& label,
                                    const Statements* behind) {
  for (auto at = body.begin(); at != body.end(); ++at) {
    if (at->kind == CStatementKind::label && at->name == label) {
      Statements tail(at + 1, body.end());
      if (ends_with_return(tail))
        return tail;
      return behind == nullptr ? std::nullopt : std::optional(joined(std::move(tail), *behind));
    }
    const bool selects = at->kind == CStatementKind::selection;
    const bool goes_on = behind != nullptr && (selects || at->kind == CStatementKind::block);
    const Statements next = goes_on ? joined({at + 1, body.end()}, *behind) : Statements{};
    const Statements none; // a switch goes on behind its break
    for (const Statements& inside : at->bodies)
      if (auto tail = tail_from(inside, label, !goes_on ? nullptr : selects ? &none : &next))
        return goes_on && selects ? out_of_switch(std::move(*tail), next) : std::move(*tail);
  }
  return std::nullopt;
}

// By the operator of an assignment, or the name of a function.
Way way_of(const std::string& spelled) {
  const auto has = [&](const char* part) { return spelled.find(part) != std::string::npos; };
  if (spelled == "|=" || spelled == "++" || spelled == "+=" || has("INSERT") || has("_set_"))
    return Way::on;
  if (spelled == "&=" || spelled == "--" || spelled == "-=" || has("REMOVE") || has("_clear_"))
    return Way::off;
  return Way::none;
}

class Reader {
public:
  explicit Reader(const Modelled& modelled) : modelled_(modelled) {}

  Skeleton function(const Function& function) { return function_body(function, function.body); }

private:
  using Position = std::vector<CStatement>::const_iterator;

  Skeleton function_body(const Function& function, const std::vector<CStatement>& body) {
    functions_.push_back({&function, &body});
    const std::string outer = std::exchange(behind_, "");
    Skeleton skeleton = block(body);
    behind_ = outer;
    functions_.pop_back();
    return skeleton;
  }

  Skeleton block(const std::vector<CStatement>& statements) {
    return from(statements.begin(), statements.end());
  }

  // What follows a label that only a goto leads to is done under a condition: that somebody goes.
  Skeleton from(Position begin, Position end) {
    const std::string outer = behind_;
    Skeleton skeleton;
    for (Position at = begin; at != end; ++at) {
      if (at->kind == CStatementKind::label)
        behind_ += (behind_.empty() ? "" : ", ") + at->name;
      const bool reached = at == begin || !leaves(*(at - 1));
      if (at->kind == CStatementKind::label && !reached) {
        Node behind = node_of(Act::branch, at->line, "goto " + at->name);
        behind.inside = from(at + 1, end);
        put(skeleton, std::move(behind));
        break;
      }
      if (at->kind == CStatementKind::case_label) {
        at = add_case(skeleton, at, end);
        continue;
      }
      add(skeleton, *at);
    }
    behind_ = outer;
    return skeleton;
  }

  // Up to the next case; gives its last statement.
  Position add_case(Skeleton& skeleton, Position begin, Position end) {
    const auto is_case = [](const CStatement& statement) {
      return statement.kind == CStatementKind::case_label;
    };
    const Position first = std::find_if_not(begin, end, is_case);
    const Position behind = std::find_if(first, end, is_case);
    std::string text;
    for (Position label = begin; label != first; ++label)
      text += (text.empty() ? "" : ", ") +
              (label->value ? "case " + spelled(*label->value) : std::string("default"));
    Node node = node_of(Act::branch, begin->line, text);
    node.inside = from(first, behind);
    put(skeleton, std::move(node));
    return behind - 1;
  }

  static bool leaves(const CStatement& statement) {
    return statement.kind == CStatementKind::leave || statement.kind == CStatementKind::jump;
  }

  Node node_of(Act act, int line, std::string text, const Expression* expression = nullptr) const {
    Node node;
    node.act = act;
    node.line = line;
    node.text = std::move(text);
    node.behind = behind_;
    if (expression != nullptr) // the functions' own live as long as their file
      node.expression = std::shared_ptr<const Expression>(body_, expression);
    return node;
  }

  std::set<std::string> modelled_in(const Expression& expression) const {
    std::set<std::string> names;
    add_names(expression, names);
    keep_modelled(names);
    return names;
  }

  void keep_modelled(std::set<std::string>& names) const {
    std::erase_if(names, [&](const std::string& name) {
      return name == "NULL" || !modelled_.names.contains(name); // a model may have a field's NULL
    });
  }

  // The value that a local variable was given last, as the text goes, where it is a sum or a word
  // of flags: not what was found in a table, or by a call.
  const Expression* value_of(const Expression& local) const {
    const auto known = locals_.find(local.text);
    const bool is_known = local.kind == ExpressionKind::name && known != locals_.end();
    return is_known && is_plain_value(known->second) ? &known->second : nullptr;
  }
  static bool is_plain_value(const Expression& value) {
    return value.kind != ExpressionKind::call && value.kind != ExpressionKind::index &&
           value.kind != ExpressionKind::assign &&
           std::all_of(value.parts.begin(), value.parts.end(), is_plain_value);
  }

  // The names in an expression, and in the values of its local variables.
  void add_all_names(const Expression& expression, std::set<std::string>& names,
                     unsigned depth = 0) const {
    constexpr unsigned deepest = 4; // `i = i + 1` is a value of i
    add_names(expression, names);
    if (const Expression* value = value_of(expression); value != nullptr && depth < deepest)
      add_all_names(*value, names, depth + 1);
    for (const Expression& part : expression.parts)
      if (expression.kind != ExpressionKind::member || part.kind != ExpressionKind::name)
        add_all_names(part, names, depth); // what a field is reached through is not its value
  }

  // In the order of evaluation: arguments before the call, the value before the assignment.
  void evaluate(Skeleton& skeleton, const Expression& expression) {
    for (const Expression& part : expression.parts)
      evaluate(skeleton, part);
    switch (expression.kind) {
    case ExpressionKind::call:
      call(skeleton, expression);
      break;
    case ExpressionKind::assign:
      assign(skeleton, expression, expression.parts.at(0));
      break;
    case ExpressionKind::prefix:
    case ExpressionKind::postfix:
      if (expression.text == "++" || expression.text == "--")
        assign(skeleton, expression, expression.parts.at(0));
      break;
    default:
      break;
    }
  }

  void call(Skeleton& skeleton, const Expression& expression) {
    const std::string callee = callee_of(expression);
    if (const Primitive* primitive = find_primitive(modelled_.system, expression)) {
      for (const Operation& operation : primitive->operations) {
        Node node = node_of(operation.act, expression.line, spelled(expression), &expression);
        node.names = subjects_of(modelled_.system, operation, expression);
        node.shared = operation.shared;
        if (operation.act == Act::edits)
          node.way = way_of(callee);
        if (operation.act == Act::asserts) {
          add_all_names(expression, node.names);
          keep_modelled(node.names);
          if (node.names.empty())
            continue; // of something that is not modelled
        }
        skeleton.push_back(std::move(node));
      }
    } else if (const auto value = value_of_atomic(modelled_.system, callee);
               value && expression.parts.size() > *value) {
      change_atomically(skeleton, expression, expression.parts[*value]);
    } else if (const Function* inlined = inlined_function(callee)) {
      const auto outer = std::exchange(body_, body_of(*inlined, expression));
      const auto own = body_; // outlives what is made of it
      for (Node& node : without_returns(function_body(*inlined, *own)))
        skeleton.push_back(std::move(node));
      body_ = outer;
    } else if (modelled_.functions.contains(callee)) {
      skeleton.push_back(node_of(Act::calls, expression.line, spelled(expression), &expression));
      skeleton.back().names = {callee};
    }
  }

  // None where it is being read: it calls itself.
  const Function* inlined_function(const std::string& name) const {
    const bool begun =
        std::any_of(functions_.begin(), functions_.end(),
                    [&](const Reading& reading) { return reading.function->name == name; });
    const bool meant = is_inlined(modelled_.system, name) || modelled_.helpers.contains(name);
    return modelled_.file != nullptr && !begun && meant ? modelled_.file->find(name) : nullptr;
  }

  using Body = std::vector<CStatement>;

  // Reading it again is not doing something again.
  static bool is_plain(const Expression& argument) {
    const bool acts = argument.kind == ExpressionKind::call ||
                      argument.kind == ExpressionKind::assign || argument.text == "++" ||
                      argument.text == "--";
    return !acts && std::all_of(argument.parts.begin(), argument.parts.end(), is_plain);
  }

  // With plain arguments in place of the parameters.
  static std::shared_ptr<const Body> body_of(const Function& function, const Expression& call) {
    std::map<std::string, Expression> arguments;
    for (std::size_t i = 0; i < function.parameters.size() && i + 1 < call.parts.size(); ++i)
      // A condition on a parameter is told by its name, not by 0 or 1.
      if (is_plain(call.parts[i + 1]) && call.parts[i + 1].kind != ExpressionKind::constant)
        arguments[function.parameters[i]] = call.parts[i + 1];
    Body body = function.body;
    for (CStatement& statement : body)
      put_arguments(statement, arguments);
    return std::make_shared<const Body>(std::move(body));
  }
  static void put_arguments(Expression& expression,
                            const std::map<std::string, Expression>& arguments) {
    if (const auto found = arguments.find(expression.text);
        expression.kind == ExpressionKind::name && found != arguments.end()) {
      const int line = expression.line;
      expression = found->second;
      expression.line = line;
      return;
    }
    for (Expression& part : expression.parts)
      put_arguments(part, arguments);
    if (expression.kind == ExpressionKind::prefix && expression.text == "*") { // *&x
      Expression& operand = expression.parts.at(0);
      if (operand.kind == ExpressionKind::prefix && operand.text == "&") {
        Expression target = std::move(operand.parts.at(0));
        expression = std::move(target);
      }
    }
  }
  static void put_arguments(CStatement& statement,
                            const std::map<std::string, Expression>& arguments) {
    if (statement.value)
      put_arguments(*statement.value, arguments);
    for (Expression& value : statement.values)
      put_arguments(value, arguments);
    for (std::vector<CStatement>& block : statement.bodies)
      for (CStatement& inside : block)
        put_arguments(inside, arguments);
  }

  // They end the function that is inlined, not its caller.
  static Skeleton without_returns(Skeleton skeleton) {
    std::erase_if(skeleton, [](const Node& node) { return node.act == Act::returns; });
    for (Node& node : skeleton)
      node.inside = without_returns(std::move(node.inside));
    return skeleton;
  }

  void assign(Skeleton& skeleton, const Expression& expression, const Expression& target) {
    const auto add = [&](Act act, std::set<std::string> names) {
      skeleton.push_back(node_of(act, expression.line, spelled(expression), &expression));
      skeleton.back().names = std::move(names);
      if (act == Act::sets)
        skeleton.back().way = way_of(expression.text);
    };
    if (target.kind == ExpressionKind::prefix && target.text == "*") { // *knchild = *kntrack
      const std::string whole = spelled(target.parts.at(0));
      for (const std::string& field : fields_of(modelled_.system, whole))
        if (field != whole && modelled_.names.contains(field))
          add(Act::sets, {field});
    }
    // fdp->fd_ofiles[fd] = NULL, *fpp = NULL
    const Expression* place = &target;
    while (place->kind == ExpressionKind::index ||
           (place->kind == ExpressionKind::prefix && place->text == "*"))
      place = &place->parts.at(0);
    if (place != &target) {
      const std::string field = subject_of(modelled_.system, *place);
      const bool is_field = place->kind == ExpressionKind::member || field != place->text;
      if (is_field && modelled_.names.contains(field))
        add(Act::sets, {field});
      else if (std::set<std::string> copied = copied_by(expression); !copied.empty())
        add(Act::copies, std::move(copied));
      else
        add_reads(expression, add);
      return;
    }
    if (is_local(target)) {
      if (expression.text == "=" && target.kind == ExpressionKind::name)
        locals_[target.text] = expression.parts.at(1);
      if (std::set<std::string> names = modelled_in(expression); !names.empty())
        add(Act::reads, std::move(names));
      return;
    }
    if (target.kind != ExpressionKind::member)
      return;
    // Flags that are not modelled count where the word is: which ones are left out is the ledger's.
    std::set<std::string> names;
    add_names(expression, names);
    const std::size_t before = skeleton.size();
    change(member_of(target), constants_of(std::move(names)), true, add);
    if (skeleton.size() == before)
      add_reads(expression, add);
  }

  // The fields of a structure that is given away as a whole: *kevp = kn->kn_kevent.
  std::set<std::string> copied_by(const Expression& assignment) const {
    if (assignment.parts.size() < 2 || assignment.parts[1].kind != ExpressionKind::member)
      return {};
    const std::string whole = member_of(assignment.parts[1]);
    std::set<std::string> fields;
    for (const std::string& field : fields_of(modelled_.system, whole))
      if (field != whole)
        fields.insert(field);
    keep_modelled(fields);
    return fields;
  }

  // What is put where the model has nothing is read all the same: uap->sysmsg_result = p2->p_pid.
  template <class Add> void add_reads(const Expression& expression, const Add& add) const {
    if (expression.text != "=" || expression.parts.size() < 2)
      return;
    if (std::set<std::string> names = modelled_in(expression.parts[1]); !names.empty())
      add(Act::reads, std::move(names));
  }

  static std::set<std::string> constants_of(std::set<std::string> names) {
    std::erase_if(names,
                  [](const std::string& name) { return !is_constant(name) || name == "NULL"; });
    return names;
  }

  // Of a word some flags are variables of the model's own; `itself`: what else is in it changes
  // too.
  template <class Add>
  void change(const std::string& member, const std::set<std::string>& flags, bool itself,
              const Add& add) const {
    for (const std::string& field : fields_of(modelled_.system, member)) {
      std::set<std::string> names;
      if (is_constant(field)) {
        if (flags.contains(field))
          names.insert(field);
      } else if (modelled_.names.contains(field)) {
        if (itself) {
          names = flags;
          names.insert(field);
          for (const std::string& own : fields_of(modelled_.system, member))
            if (own != field)
              names.erase(own);
        }
      } else {
        for (const std::string& flag : flags)
          if (modelled_.names.contains(flag))
            names.insert(flag);
      }
      if (!names.empty())
        add(Act::sets, std::move(names));
    }
  }

  // atomic_cmpset_int(&p->p_flags, old, new) and its kin.
  void change_atomically(Skeleton& skeleton, const Expression& call,
                         const Expression& value) const {
    const Expression* target = &call.parts.at(1);
    while (target->kind == ExpressionKind::prefix || target->kind == ExpressionKind::cast)
      target = &target->parts.at(0);
    if (target->kind != ExpressionKind::member)
      return;
    const auto add = [&](Act act, std::set<std::string> names) {
      skeleton.push_back(node_of(act, call.line, spelled(call), &call));
      skeleton.back().names = std::move(names);
      if (act == Act::sets)
        skeleton.back().way = way_of(callee_of(call));
    };
    std::set<std::string> names;
    add_all_names(value, names);
    const bool compares = call.parts.size() > 3;
    const std::string member = member_of(*target);
    if (compares && spelled(call.parts[2]) == spelled(value)) { // it only looks
      add(Act::reads, {member});
      return;
    }
    const bool own_flags = fields_of(modelled_.system, member).size() > 1;
    change(member, constants_of(std::move(names)), !own_flags || !keeps(value, member), add);
  }

  // Whether a value is the member's own, as a local variable has it, but for flags.
  bool keeps(const Expression& value, const std::string& member, unsigned depth = 0) const {
    constexpr unsigned deepest = 8;
    if (depth == deepest)
      return false;
    if (value.kind == ExpressionKind::member)
      return member_of(value) == member;
    if (value.kind == ExpressionKind::binary && (value.text == "|" || value.text == "&"))
      return keeps(value.parts.at(0), member, depth + 1);
    const Expression* known = value_of(value);
    return known != nullptr && keeps(*known, member, depth + 1);
  }

  void evaluate(Skeleton& skeleton, const std::optional<Expression>& expression) {
    if (expression)
      evaluate(skeleton, *expression);
  }

  static void put(Skeleton& skeleton, Node node) {
    if (!node.inside.empty())
      skeleton.push_back(std::move(node));
  }

  void enclose(Skeleton& skeleton, Act act, const CStatement& statement, const std::string& word) {
    const std::string value = statement.value ? spelled(*statement.value) : "";
    Node node = node_of(act, statement.line, word + " (" + value + ")",
                        statement.value ? &*statement.value : nullptr);
    if (statement.value)
      node.names = modelled_in(*statement.value);
    evaluate(node.inside, statement.value);
    for (Node& each : block(statement.bodies.at(0)))
      node.inside.push_back(std::move(each));
    put(skeleton, std::move(node));
  }

  void add(Skeleton& skeleton, const CStatement& statement) {
    switch (statement.kind) {
    case CStatementKind::expression:
      evaluate(skeleton, statement.value);
      break;
    case CStatementKind::declaration:
      for (const Expression& assigned : statement.values)
        evaluate(skeleton, assigned);
      break;
    case CStatementKind::block:
      for (Node& each : block(statement.bodies.at(0)))
        skeleton.push_back(std::move(each));
      break;
    case CStatementKind::branch:
      branch(skeleton, statement);
      break;
    case CStatementKind::loop:
      if (!statement.values.empty())
        evaluate(skeleton, statement.values[0]);
      enclose(skeleton, Act::loop, statement, statement.values.empty() ? "while" : "for");
      break;
    case CStatementKind::do_loop:
      enclose(skeleton, Act::loop, statement, "do while");
      break;
    case CStatementKind::macro_loop:
      macro_loop(skeleton, statement);
      break;
    case CStatementKind::selection:
      evaluate(skeleton, statement.value);
      enclose(skeleton, Act::choice, statement, "switch");
      break;
    case CStatementKind::leave:
      evaluate(skeleton, statement.value);
      skeleton.push_back(node_of(Act::returns, statement.line, "return",
                                 statement.value ? &*statement.value : nullptr));
      break;
    case CStatementKind::jump:
      jump(skeleton, statement);
      break;
    case CStatementKind::break_loop:
    case CStatementKind::continue_loop:
      skeleton.push_back(
          node_of(Act::jumps, statement.line,
                  statement.kind == CStatementKind::break_loop ? "break" : "continue"));
      break;
    case CStatementKind::case_label:
    case CStatementKind::label:
    case CStatementKind::empty:
      break;
    }
  }

  void jump(Skeleton& skeleton, const CStatement& statement) {
    const Statements none; // stands behind a function
    const bool begun = std::find(tails_.begin(), tails_.end(), statement.name) != tails_.end();
    if (!begun && !functions_.empty() && is_tail(modelled_.system, statement.name))
      if (const auto tail = tail_from(*functions_.back().body, statement.name, &none)) {
        tails_.push_back(statement.name);
        const std::string passed = std::exchange(behind_, "goto " + statement.name);
        const auto own = std::make_shared<const Body>(*tail);
        const auto outer = std::exchange(body_, own);
        for (Node& node : block(*own))
          skeleton.push_back(std::move(node));
        if (!ends_with_return(*tail)) { // the function ends there
          Node end = node_of(Act::returns, statement.line, "return");
          if (!skeleton.empty() && skeleton.back().behind.starts_with(behind_))
            end.behind = skeleton.back().behind;
          skeleton.push_back(std::move(end));
        }
        body_ = outer;
        behind_ = passed;
        tails_.pop_back();
        return;
      }
    skeleton.push_back(node_of(Act::jumps, statement.line, "goto " + statement.name));
  }

  void branch(Skeleton& skeleton, const CStatement& statement) {
    evaluate(skeleton, statement.value);
    Node then = node_of(Act::branch, statement.line, "if (" + spelled(*statement.value) + ")",
                        &*statement.value);
    then.names = modelled_in(*statement.value);
    then.inside = block(statement.bodies.at(0));
    Node otherwise = node_of(Act::otherwise, statement.line, "else");
    otherwise.inside = block(statement.bodies.at(1));
    put(then.inside, std::move(otherwise));
    put(skeleton, std::move(then));
  }

  void macro_loop(Skeleton& skeleton, const CStatement& statement) {
    const Expression& call = *statement.value;
    Node node = node_of(Act::walks, statement.line, spelled(call), &call);
    if (const Primitive* primitive = find_primitive(modelled_.system, call))
      node.names = subjects_of(modelled_.system, primitive->operations.at(0), call);
    node.inside = block(statement.bodies.at(0));
    skeleton.push_back(std::move(node));
  }

  const Modelled& modelled_;
  // A function, and its statements with the arguments of the call.
  struct Reading {
    const Function* function = nullptr;
    const Body* body = nullptr;
  };
  std::vector<Reading> functions_;   // that are being read, each in the one before
  std::shared_ptr<const Body> body_; // of the innermost of them, where it is a copy
  std::vector<std::string> tails_;   // gotos that are being followed
  std::string behind_;               // the labels that have been passed, as a Node has them
  std::map<std::string, Expression> locals_;
};

// Marks the branches that constants keep from running.
class DeadBranches {
public:
  DeadBranches(const Function& function, const Modelled& modelled, LedgerUse* used)
      : function_(function), modelled_(modelled), used_(used) {}

  void mark(Skeleton& skeleton) {
    all_ = &skeleton;
    mark_in(skeleton);
  }

private:
  void mark_in(Skeleton& skeleton) {
    for (Node& node : skeleton) {
      if (node.act == Act::branch && node.expression)
        decide(node, function_of(node.line));
      mark_in(node.inside);
    }
  }

  // Of one that is read where it is called the names are its own.
  const std::string& function_of(int line) const {
    const auto has = [&](const Function& function) {
      return function.line <= line && line <= function.last_line;
    };
    if (modelled_.file != nullptr && !has(function_))
      for (const Function& other : modelled_.file->functions)
        if (has(other))
          return other.name;
    return function_.name;
  }

  void decide(Node& test, const std::string& function) {
    std::set<const Constant*> needed;
    const auto decision = decided(*test.expression, function, *modelled_.constants, needed);
    if (!decision)
      return;
    std::string why;
    for (const Constant* constant : needed)
      why += (why.empty() ? "" : "; ") + to_string(*constant) + ", " + constant->reason;
    test.decided = decision;
    std::vector<Node*> dead;
    for (Node& inside : test.inside)
      if ((inside.act == Act::otherwise) == *decision)
        dead.push_back(&inside);
    const std::set<std::string> left = entered({dead.begin(), dead.end()}, test.behind);
    for (Node* node : dead)
      bury(*node, why, left);
    for (const Constant* constant : needed)
      if (!dead.empty() && used_ != nullptr)
        used_->add(*constant, function);
  }

  // But for what stands behind labels that are entered from elsewhere.
  static void bury(Node& node, const std::string& why, const std::set<std::string>& entered) {
    if (entered.contains(node.behind))
      return;
    node.left_out = why;
    node.runs = false;
    for (Node& inside : node.inside)
      bury(inside, why, entered);
  }

  // The `behind` of nodes in a branch to which a goto from outside of it leads.
  std::set<std::string> entered(const std::set<const Node*>& branch,
                                const std::string& behind) const {
    std::set<std::string> outside;
    add_gotos(*all_, branch, outside);
    std::set<std::string> found;
    for (const Node* part : branch) {
      std::vector<const Node*> nodes = in_order(part->inside);
      nodes.push_back(part);
      for (const Node* node : nodes)
        for (const std::string& label : labels_past(node->behind, behind))
          if (outside.contains("goto " + label) || is_tail(modelled_.system, label))
            found.insert(node->behind);
    }
    return found;
  }

  // The labels between the beginning of a branch and a node in it; none of a copy for a goto, which
  // is the branch's own.
  static std::vector<std::string> labels_past(const std::string& behind,
                                              const std::string& behind_branch) {
    std::vector<std::string> labels;
    if (behind.starts_with("goto "))
      return labels;
    for (std::size_t begin = behind_branch.size(); begin < behind.size();) {
      const std::size_t end = std::min(behind.find(", ", begin), behind.size());
      if (end != begin)
        labels.push_back(behind.substr(begin, end - begin));
      begin = end + 2;
    }
    return labels;
  }

  static void add_gotos(const Skeleton& skeleton, const std::set<const Node*>& but,
                        std::set<std::string>& gotos) {
    for (const Node& node : skeleton)
      if (!but.contains(&node)) {
        if (node.act == Act::jumps && node.runs)
          gotos.insert(node.text);
        add_gotos(node.inside, but, gotos);
      }
  }

  const Function& function_;
  const Modelled& modelled_;
  LedgerUse* used_;
  const Skeleton* all_ = nullptr;
};

// Marks what the ledger leaves out.
class Omission {
public:
  Omission(std::string function, const Ledger& ledger, LedgerUse* used)
      : function_(std::move(function)), used_(used) {
    for (const LedgerEntry& entry : ledger)
      if (entry.label.empty() && is_of_function(entry))
        entries_.push_back(&entry);
  }

  void mark(Skeleton& skeleton) {
    for (Node& node : skeleton) {
      if (!node.runs)
        continue;
      for (const LedgerEntry* entry : entries_)
        if (leave_out(*entry, node))
          break;
      around_.push_back(&node);
      mark(node.inside);
      around_.pop_back();
    }
  }

private:
  bool is_of_function(const LedgerEntry& entry) const {
    return entry.functions.empty() || names_function(entry, function_);
  }

  bool leave_out(const LedgerEntry& entry, Node& node) {
    const auto name =
        std::find_if(entry.names.begin(), entry.names.end(),
                     [&](const std::string& each) { return node.names.contains(each); });
    const bool meant = (entry.names.empty() || name != entry.names.end()) &&
                       node.text.find(entry.text) != std::string::npos &&
                       (!entry.act || *entry.act == node.act) &&
                       (entry.behind.empty() || entry.behind == node.behind) &&
                       (entry.condition.empty() || is_inside(entry, node));
    if (!meant)
      return false;
    node.left_out = entry.reason;
    if (used_ != nullptr)
      used_->add(entry, function_, node, name == entry.names.end() ? "" : *name);
    return true;
  }

  // In the branch of the test that the entry means.
  bool is_inside(const LedgerEntry& entry, const Node& node) const {
    for (std::size_t i = 0; i < around_.size(); ++i) {
      if (around_[i]->text.find(entry.condition) == std::string::npos)
        continue;
      const Node& next = i + 1 < around_.size() ? *around_[i + 1] : node;
      const bool in_else = next.act == Act::otherwise;
      if (in_else == (entry.branch == LedgerBranch::otherwise))
        return true;
    }
    return false;
  }

  std::string function_;
  LedgerUse* used_;
  std::vector<const LedgerEntry*> entries_;
  std::vector<const Node*> around_;
};

} // namespace

Modelled of_file(Modelled modelled, const File& file) {
  modelled.file = &file;
  return modelled;
}

Skeleton source_skeleton(const Function& function, const Modelled& modelled, LedgerUse* used) {
  Skeleton skeleton = Reader(modelled).function(function);
  if (modelled.constants != nullptr)
    DeadBranches(function, modelled, used).mark(skeleton);
  if (modelled.ledger != nullptr)
    Omission(function.name, *modelled.ledger, used).mark(skeleton);
  return skeleton;
}

} // namespace interlock::kernel_text
