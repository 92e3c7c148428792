// Words of patches for new statements.
#include "kernel_text/insertion.hpp"
#include "kernel_text/constant_calls.hpp"
#include "kernel_text/model_range.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace interlock::kernel_text {

namespace {

bool is_of_lock(const Node& node) {
  return node.act == Act::takes || node.act == Act::gives || node.act == Act::tries ||
         node.act == Act::wakes || node.act == Act::sleeps;
}

std::string without_path(const std::string& label) { return label.substr(label.rfind('.') + 1); }

PatchText unknown(std::string why) { return {"", std::move(why)}; }

// Whether something in the block names it.
bool is_named_in(const Expression& expression, const std::string& name) {
  return (expression.kind == ExpressionKind::name && expression.text == name) ||
         std::any_of(expression.parts.begin(), expression.parts.end(),
                     [&](const Expression& part) { return is_named_in(part, name); });
}
bool is_named_in(const Skeleton& block, const std::string& name) {
  const std::vector<const Node*> nodes = in_order(block);
  return std::any_of(nodes.begin(), nodes.end(), [&](const Node* node) {
    return node->expression && is_named_in(*node->expression, name);
  });
}

bool is_part_of(const Expression& part, const Expression& whole) {
  return &part == &whole ||
         std::any_of(whole.parts.begin(), whole.parts.end(),
                     [&](const Expression& each) { return is_part_of(part, each); });
}

// The variable that an expression begins with: list of &list->kl_list.
std::string root_of(const Expression& expression) {
  const bool reached =
      expression.kind == ExpressionKind::member || expression.kind == ExpressionKind::prefix ||
      expression.kind == ExpressionKind::cast || expression.kind == ExpressionKind::index;
  return reached                                   ? root_of(expression.parts.at(0))
         : expression.kind == ExpressionKind::name ? expression.text
                                                   : "";
}

// The root of the expression, where the function changes what it holds; else "".
std::string changed_in(const Function& function, const Expression& expression) {
  const std::string root = root_of(expression);
  bool changed = root.empty();
  for_each_expression(function, [&](const Expression& each) {
    const bool assigns =
        each.kind == ExpressionKind::assign || each.text == "++" || each.text == "--";
    const bool gives_away = each.kind == ExpressionKind::prefix && each.text == "&";
    if ((assigns || gives_away) && each.parts.at(0).kind == ExpressionKind::name &&
        each.parts[0].text == root)
      changed = true;
  });
  return !changed ? "" : root.empty() ? spelled(expression) : root;
}

std::string callee_in(const Node& node) {
  return node.expression && node.expression->kind == ExpressionKind::call
             ? callee_of(*node.expression)
             : "";
}

} // namespace

std::string argument_of(const Node& node) {
  const std::size_t open = node.text.find('(');
  const std::size_t close = node.text.find_first_of(",)", open == std::string::npos ? 0 : open);
  return open == std::string::npos || close == std::string::npos
             ? ""
             : node.text.substr(open + 1, close - open - 1);
}

std::string followed_goto(const Node& node) {
  return node.behind.starts_with("goto ") ? node.behind.substr(0, node.behind.find(',')) : "";
}

std::optional<lang::Cursor> cursor_rule_of(const Expression& walk) {
  const std::string macro = walk.kind == ExpressionKind::call ? callee_of(walk) : "";
  const std::size_t kind = macro.find("_FOREACH");
  static const std::set<std::string> kinds{"LIST", "SLIST", "TAILQ", "STAILQ", "SIMPLEQ"};
  if (kind == std::string::npos || !kinds.contains(macro.substr(0, kind)) || walk.parts.size() < 4)
    return std::nullopt;
  if (macro == "SLIST_FOREACH") // SLIST_REMOVE leaves the element's link as it was
    return lang::Cursor::next_read_of_unlinked;
  if (macro.ends_with("_FOREACH")) // debugging kernels overwrite the links of these
    return lang::Cursor::next_read_after_body;
  if (macro.ends_with("_FOREACH_SAFE") || macro.ends_with("_FOREACH_MUTABLE"))
    return lang::Cursor::next_read_before_body;
  return std::nullopt;
}

Insertion::Insertion(const Function& function, const Models& models, const Modelled& modelled,
                     const std::vector<Skeleton>& paths, const std::vector<Steps>& variants)
    : function_(function), models_(models), modelled_(modelled), paths_(paths),
      variants_(variants), names_{modelled.fields, modelled.names,
                                  models.all.at(function.name).names} {
  for (const auto& [field, kind] : modelled.fields)
    names_.constants.erase(field);
}

PatchText Insertion::of(const Node& node) const {
  switch (node.act) {
  case Act::returns:
    return of_return(node);
  case Act::jumps:
    return {node.text, ""}; // a goto by its label of C
  case Act::takes:
  case Act::tries:
  case Act::gives:
  case Act::wakes:
    return of_lock(node);
  case Act::sets:
  case Act::reads:
    return of_assignment(node);
  case Act::asserts:
    return of_assertion(node);
  case Act::calls:
    return of_call(node);
  case Act::edits:
    return of_list(node);
  case Act::branch:
    return of_branch(node);
  case Act::loop:
  case Act::walks:
    return of_loop(node);
  case Act::sleeps:
    return of_sleep(node);
  default:
    return unknown("what it reads or decides is no step of its own");
  }
}

PatchText Insertion::of_block(const Skeleton& block) const {
  PatchText all;
  std::set<const Expression*> told; // of the statements so far
  std::string gone_to;              // where what a goto leads to stands for it
  for (const Node& node : block) {
    const std::string followed = followed_goto(node);
    if (followed == gone_to && !followed.empty())
      continue;
    gone_to = followed;
    if (!gone_to.empty()) {
      all.text += (all.text.empty() ? "" : "; ") + gone_to;
      continue;
    }
    if (node.act == Act::otherwise || node.act == Act::looks || !node.left_out.empty())
      continue;
    if (node.expression && !told.insert(node.expression.get()).second)
      return unknown("the statement does several things, which patches insert one by one");
    PatchText each = of(node);
    if (!each.known())
      return each;
    all.text += (all.text.empty() || each.text.empty() ? "" : "; ") + each.text;
  }
  return all;
}

PatchText Insertion::head_of(const Node& node) const {
  if (node.act == Act::walks || walk_of(node))
    return head_of_walk(node);
  if (node.act == Act::loop && !node.text.starts_with("while"))
    return unknown("a new loop that is no while");
  const bool always = node.act == Act::loop &&
                      (!node.expression || (node.expression->kind == ExpressionKind::constant &&
                                            !is_zero(*node.expression)));
  if (always)
    return {"while true", ""};
  if (!node.expression)
    return unknown("a new condition");
  PatchText condition = condition_text(*node.expression, names_);
  if (condition.known())
    condition.text = (node.act == Act::loop ? "while " : "if ") + condition.text;
  return condition;
}

PatchText Insertion::of_loop(const Node& node) const {
  if (node.text.starts_with("do "))
    return of_do_loop(node);
  PatchText head = head_of(node);
  if (!head.known())
    return head;
  const PatchText body = body_of(node);
  return body.known() ? PatchText{head.text + " { " + body.text + " }", ""} : body;
}

// do { ... } while (CONDITION): where a continue went on with the condition, it would not here.
PatchText Insertion::of_do_loop(const Node& node) const {
  const auto goes_on = [](const Skeleton& block, const auto& self) -> bool {
    return std::any_of(block.begin(), block.end(), [&](const Node& each) {
      const bool loop = each.act == Act::loop || each.act == Act::walks;
      return each.text == "continue" || (!loop && self(each.inside, self));
    });
  };
  const bool decides_only =
      std::none_of(node.inside.begin(), node.inside.end(), [&](const Node& in) {
        return in.expression && is_part_of(*in.expression, *node.expression);
      });
  if (goes_on(node.inside, goes_on))
    return unknown("a new do loop with a continue");
  if (!decides_only)
    return unknown("a new do loop whose condition does something");
  const PatchText condition = condition_text(*node.expression, names_);
  const PatchText body = of_block(node.inside);
  if (!condition.known() || !body.known())
    return unknown(condition.known() ? body.why : condition.why);
  return {"while true { " + body.text + "; if !(" + condition.text + ") { break } }", ""};
}

PatchText Insertion::body_of(const Node& node) const {
  const std::optional<Walk> walk = walk_of(node);
  if (!walk)
    return of_block(node.inside);
  Skeleton body;
  for (const Node& each : node.inside) // without what finds the element
    if (!each.expression || !is_part_of(*each.expression, *node.expression))
      body.push_back(each);
  return with_local(walk->cursor->text).of_block(body);
}

Insertion Insertion::with_local(const std::string& name) const {
  Insertion inside = *this;
  inside.names_.locals.emplace(name, lang::Kind::reference);
  return inside;
}

// LIST_FOREACH(CURSOR, LIST, LINK), LIST_FOREACH_SAFE(CURSOR, LIST, LINK, NEXT),
// while ((CURSOR = LIST_FIRST(LIST)) != NULL)
std::optional<Insertion::Walk> Insertion::walk_of(const Node& node) const {
  if (!node.expression)
    return std::nullopt;
  const Expression& head = *node.expression;
  if (node.act == Act::walks) {
    const auto rule = cursor_rule_of(head);
    if (!rule)
      return std::nullopt;
    const Expression* next = head.parts.size() > 4 ? &head.parts[4] : nullptr;
    return Walk{&head.parts.at(1), &head.parts.at(2), next, node.names, *rule};
  }
  const bool compares = node.act == Act::loop && node.text.starts_with("while") &&
                        head.kind == ExpressionKind::binary && head.text == "!=" &&
                        spelled(head.parts.at(1)) == "NULL" &&
                        head.parts[0].kind == ExpressionKind::assign && head.parts[0].text == "=";
  if (!compares)
    return std::nullopt;
  const Expression& first = head.parts[0].parts.at(1);
  static const std::set<std::string> macros{"LIST_FIRST", "SLIST_FIRST", "TAILQ_FIRST",
                                            "STAILQ_FIRST", "SIMPLEQ_FIRST"};
  if (first.kind != ExpressionKind::call || !macros.contains(callee_of(first)) ||
      first.parts.size() != 2)
    return std::nullopt;
  const Primitive* primitive = find_primitive(modelled_.system, first);
  return Walk{&head.parts[0].parts.at(0), &first.parts[1], nullptr,
              subjects_of(modelled_.system, primitive->operations.at(0), first),
              lang::Cursor::restart_from_head};
}

PatchText Insertion::head_of_walk(const Node& node) const {
  const std::optional<Walk> walk = walk_of(node);
  if (!walk)
    return unknown("a new walk by " + callee_in(node) +
                   "(), which goes through a list otherwise than walks of the model");
  const Expression& cursor = *walk->cursor;
  if (cursor.kind != ExpressionKind::name)
    return unknown("a new walk whose cursor is " + spelled(cursor));
  if (is_parameter(cursor))
    return unknown("a new walk whose cursor " + cursor.text +
                   " is a parameter, which the model has from the caller");
  const auto known = names_.locals.find(cursor.text);
  if (known != names_.locals.end() && known->second != lang::Kind::reference)
    return unknown("a new walk whose cursor " + cursor.text + " is something else in the model");
  // What it saves is the model's own.
  if (walk->next != nullptr &&
      (names_.locals.contains(walk->next->text) || is_named_in(node.inside, walk->next->text)))
    return unknown("a new walk whose next element, " + spelled(*walk->next) +
                   ", is used by others");
  const PatchText list = list_of_walk(*walk->list, walk->names.empty() ? "" : *walk->names.begin());
  return list.known() ? PatchText{"for_each " + cursor.text + ", " + list.text + ", " +
                                      lang::rule_name(walk->rule),
                                  ""}
                      : list;
}

// As C has it, where the model calls the list so; or else as the model has it where the same is
// walked or edited in the old text: p.p_klist of &list->kl_list.
PatchText Insertion::list_of_walk(const Expression& list, const std::string& name) const {
  PatchText as_spelled = value_text(list, names_);
  if (as_spelled.known() && as_spelled.text.ends_with("." + name))
    return as_spelled;
  std::set<std::string> elsewhere;
  for (const Steps& variant : variants_)
    for (const auto& [old, step] : variant) {
      const std::string& known = step->act == Act::walks ? step->list : step->place;
      const bool same =
          (old->act == Act::walks || old->act == Act::edits) && !known.empty() && old->expression &&
          old->expression->kind == ExpressionKind::call &&
          std::any_of(old->expression->parts.begin() + 1, old->expression->parts.end(),
                      [&](const Expression& part) { return spelled(part) == spelled(list); });
      if (same)
        elsewhere.insert(without_function(known));
    }
  if (elsewhere.empty())
    return unknown("the model has no list for " + spelled(list) + " in this function");
  if (elsewhere.size() > 1)
    return unknown("the model has several lists for " + spelled(list) + " in this function");
  if (const std::string changed = changed_in(function_, list); !changed.empty())
    return unknown(changed + " is given another value in this function, so that " + spelled(list) +
                   " may be another list elsewhere");
  return {*elsewhere.begin(), ""};
}

PatchText Insertion::of_return(const Node& node) const {
  if (!node.expression)
    return {"return", ""};
  const std::string value = spelled(*node.expression);
  if (node.expression->kind != ExpressionKind::constant && !is_constant_name(value) &&
      value != "true" && value != "false")
    return unknown("a new return of a value that is no constant");
  const std::set<Result> known = results();
  if (known.empty())
    return unknown("a new return of a value, and the model has no place for what " +
                   function_.name + "() returns");
  if (models_.all.at(function_.name).promises)
    return unknown("a new return of a value from " + function_.name +
                   "(), with which what the model promises to users would change");
  const std::string& place = known.begin()->place;
  if (std::any_of(known.begin(), known.end(),
                  [&](const Result& result) { return result.place != place; }))
    return unknown("a new return of a value, for which the model has several places");
  const std::string& one = known.begin()->value;
  const bool is_truth = one == "true" || one == "false";
  const bool is_errno = one == "0" || one[0] == 'E';
  const std::string words = !is_truth      ? value
                            : value == "0" ? "false"
                            : value == "1" ? "true"
                                           : value;
  if (!known.contains({place, words}) && !(is_truth && (words == "true" || words == "false")) &&
      !(is_errno && (value == "0" || names_.constants.contains(value))))
    return unknown("a new return of " + value + ", which the model does not have as a value there");
  return {"set " + place + ", " + words + "; return", ""};
}

// `returned := ESRCH`, where the path calls the place so, whoever calls.
std::optional<Insertion::Result> Insertion::result_of(const Node& step) const {
  const std::string between = " := ";
  const std::size_t at = step.text.find(between);
  if (at == std::string::npos || !names_.locals.contains(step.text.substr(0, at)))
    return std::nullopt;
  return Result{step.text.substr(0, at), step.text.substr(at + between.size())};
}

// C has 1 and 0 for what is true and false.
bool Insertion::is_result(const std::string& c, const std::string& model) {
  return c == model || (c == "1" && model == "true") || (c == "0" && model == "false");
}

std::set<Insertion::Result> Insertion::results() const {
  std::set<Result> all;
  for (std::size_t i = 0; i < variants_.size(); ++i)
    for (const auto& [old, step] : variants_[i])
      if (old->act == Act::returns && old->expression)
        if (const Node* given = step_of_result(*step, spelled(*old->expression), i))
          all.insert(*result_of(*given));
  return all;
}

const Node* Insertion::step_of_result(const Node& returns, const std::string& value,
                                      std::size_t variant) const {
  const Node* given = returns.act == Act::returns ? node_before(paths_[variant], returns) : nullptr;
  if (given == nullptr || (given->act != Act::reads && given->act != Act::sets))
    return nullptr;
  const auto result = result_of(*given);
  return result && is_result(value, result->value) ? given : nullptr;
}

PatchText Insertion::of_branch(const Node& node) const {
  PatchText head = head_of(node);
  if (!head.known())
    return head;
  PatchText then = of_block(node.inside);
  if (!then.known())
    return then;
  std::string text = head.text + " { " + then.text + " }";
  if (!node.inside.empty() && node.inside.back().act == Act::otherwise) {
    PatchText otherwise = of_block(node.inside.back().inside);
    if (!otherwise.known())
      return otherwise;
    if (!otherwise.text.empty())
      text += " else { " + otherwise.text + " }";
  }
  return {text, ""};
}

PatchText Insertion::of_lock(const Node& node) const {
  if (node.names.size() == 1) {
    const auto word = word_for(node);
    const auto operand = operand_for(node);
    if (word && operand)
      return {*word + " " + *operand, ""};
  }
  return unknown("the model does not do this to " + argument_of(node) + " in this function");
}

// Until somebody wakes it: with a time or for signals the model's does something else.
PatchText Insertion::of_sleep(const Node& node) const {
  const std::string callee = callee_in(node);
  if (callee.empty() || node.names.size() != 1)
    return unknown("a new sleep on nothing that is modelled");
  const SleepForm* form = sleep_form(modelled_.system, callee);
  const std::vector<Expression>& parts = node.expression->parts; // the first one is the function
  if (form == nullptr || parts.size() <= std::max({form->interlock, form->flags, form->time}))
    return unknown("a new sleep by " + callee + "(), which patches do not insert");
  if (form->time != 0 && !is_zero(parts[form->time]))
    return unknown("a new sleep that ends after a time");
  std::string word = callee;
  if (form->flags != 0) {
    for (const Expression* flag : operands_of(parts[form->flags], "|")) {
      if (!form->drops.empty() && flag->text == form->drops)
        word = form->dropping;
      else if (flag->text.empty() ||
               std::find(form->other.begin(), form->other.end(), flag->text) != form->other.end())
        return unknown("a new sleep with " + spelled(*flag));
    }
  }
  std::optional<std::string> channel = operand_for(node);
  if (!modelled_.insertable.contains(word) || !channel)
    return unknown("the model does not sleep on " + argument_of(node) + " in this function");
  if (form->interlock == 0)
    return {word + " " + *channel, ""};
  const PatchText lock = lock_text(parts[form->interlock]);
  return lock.known() ? PatchText{word + " " + *channel + ", " + lock.text, ""} : lock;
}

// A lock by its address, through arguments and locals of the path: &kq->kq_lock.
PatchText Insertion::lock_text(const Expression& lock) const {
  const Expression* place = &lock;
  while (place->kind == ExpressionKind::prefix && place->text == "&")
    place = &place->parts.at(0);
  if (place->kind != ExpressionKind::member || !modelled_.names.contains(member_of(*place)))
    return modelled_.names.contains(place->text)
               ? PatchText{place->text, ""}
               : unknown(spelled(lock) + " is no lock that is modelled");
  PatchText owner = value_text(place->parts.at(0), names_);
  if (owner.known())
    owner.text += "." + member_of(*place);
  return owner;
}

PatchText Insertion::of_primitive(const Node& node, const Node& step) const {
  const auto word = word_for(node);
  return word ? PatchText{*word + " " + step.text, ""}
              : unknown("the model has no primitive for " + node.text);
}

PatchText Insertion::of_assignment(const Node& node) const {
  const bool assigns = node.expression && node.expression->kind != ExpressionKind::call;
  if (assigns && is_parameter(node.expression->parts.at(0)))
    return unknown(node.expression->parts[0].text +
                   " is a parameter, which the model has from the caller");
  if (assigns && is_alias(*node.expression))
    return {}; // the model names what it is read from
  if (!assigns && node.expression && is_insertable_macro(callee_in(node)))
    return of_call(node);
  return assigns ? assignment_text(*node.expression, names_)
                 : unknown("the model does not do " + node.text + " in this function");
}

// A path has the caller's variable under the parameter's name: giving it a value would change that.
bool Insertion::is_parameter(const Expression& name) const {
  return name.kind == ExpressionKind::name &&
         std::find(function_.parameters.begin(), function_.parameters.end(), name.text) !=
             function_.parameters.end();
}

// A local of C alone that is another name for one place wherever it is used: kq of kq = kn->kn_kq.
bool Insertion::is_alias(const Expression& assignment) const {
  if (assignment.kind != ExpressionKind::assign || assignment.text != "=")
    return false;
  const Expression& local = assignment.parts.at(0);
  const Expression& value = assignment.parts.at(1);
  if (local.kind != ExpressionKind::name || names_.locals.contains(local.text) ||
      value.kind != ExpressionKind::member || !modelled_.set_once.contains(member_of(value)) ||
      value.parts.at(0).kind != ExpressionKind::name || !value_text(value, names_).known() ||
      !changed_in(function_, value).empty())
    return false;
  bool same = true;
  for_each_expression(function_, [&](const Expression& each) {
    const bool changes = each.kind == ExpressionKind::assign || each.text == "++" ||
                         each.text == "--" ||
                         (each.kind == ExpressionKind::prefix && each.text == "&");
    if (changes && each.parts.at(0).kind == ExpressionKind::name &&
        each.parts[0].text == local.text)
      same = same && spelled(each) == spelled(assignment);
  });
  return same;
}

PatchText Insertion::of_assertion(const Node& node) const {
  const bool of_condition = node.expression && node.expression->parts.size() > 1 &&
                            node.expression->parts[1].kind != ExpressionKind::name;
  if (!of_condition)
    return unknown("a new assertion about who holds a lock");
  PatchText condition = condition_text(node.expression->parts[1], names_);
  if (condition.known())
    condition.text = "check " + condition.text;
  return condition;
}

// PHOLD() of phold().
bool Insertion::is_insertable_macro(const std::string& callee) const {
  return modelled_.insertable.contains(in_small_letters(callee));
}

PatchText Insertion::of_call(const Node& node) const {
  const std::string callee = callee_in(node);
  std::set<std::string> names = node.names;
  names.insert(in_small_letters(callee));
  const auto word = std::find_if(names.begin(), names.end(), [&](const std::string& name) {
    return modelled_.insertable.contains(name);
  });
  if (word == names.end() || !node.expression)
    return unknown("a new call of " + callee + "(), which patches do not insert");
  if (!passes_constants(*node.expression, function_.name, modelled_))
    return unknown("the model's path of " + callee + "() is for other arguments");
  PatchText call{*word, ""};
  for (std::size_t i = 1; i < node.expression->parts.size(); ++i) {
    PatchText operand = value_text(node.expression->parts[i], names_);
    if (!operand.known())
      return operand;
    call.text += (i == 1 ? " " : ", ") + operand.text;
  }
  return call;
}

PatchText Insertion::of_list(const Node& node) const {
  const std::string macro = callee_in(node);
  const auto ends = [&](const char* ending) { return macro.ends_with(ending); };
  const char* word = ends("_INSERT_HEAD")                        ? "push_front"
                     : ends("_INSERT_TAIL")                      ? "push_back"
                     : ends("_REMOVE") && macro != "LIST_REMOVE" ? "remove"
                                                                 : nullptr;
  if (word == nullptr || node.expression->parts.size() < 3)
    return unknown("a new edit of a list by " + (macro.empty() ? node.text : macro));
  PatchText list = value_text(node.expression->parts[1], names_);
  PatchText element = value_text(node.expression->parts[2], names_);
  if (!list.known())
    return list;
  if (!element.known())
    return element;
  return {std::string(word) + " " + list.text + ", " + element.text, ""};
}

// The model's primitive, by any step that does the same to such a lock: mtx_lock of
// mtx_lock_kq_lock_2.  Or else as C calls it.
std::optional<std::string> Insertion::word_for(const Node& node) const {
  const std::string& lock = *node.names.begin();
  for (const auto& [name, function] : models_.all)
    for (const Skeleton& variant : function.variants)
      for (const Node* step : in_order(variant)) {
        const std::string label = without_path(step->label);
        const std::size_t end = label.find("_" + lock);
        if (step->act == node.act && step->shared == node.shared && step->names == node.names &&
            end != std::string::npos)
          return label.substr(0, end);
      }
  const std::string callee = callee_in(node);
  return modelled_.insertable.contains(callee) ? std::optional(callee) : std::nullopt;
}

// What the model has for that lock elsewhere in the function; or else what C says.  A local that
// only the model has may not be assigned yet where the new statement stands: pp of p->p_pptr.
std::optional<std::string> Insertion::operand_for(const Node& node) const {
  std::optional<std::string> spelled = operand_of_text(node);
  std::optional<std::string> elsewhere = operand_elsewhere(node);
  const auto root = [](const std::string& text) { return text.substr(0, text.find('.')); };
  if (!elsewhere || (spelled && root(without_function(*elsewhere)) != root(*spelled)))
    return spelled ? spelled : elsewhere;
  return elsewhere;
}

std::string Insertion::without_function(const std::string& text) const {
  const std::string prefix = function_.name + ".";
  return text.starts_with(prefix) ? text.substr(prefix.size()) : text;
}

std::optional<std::string> Insertion::operand_elsewhere(const Node& node) const {
  std::optional<std::string> operand;
  int nearest = 0;
  for (const Steps& variant : variants_)
    for (const auto& [old, step] : variant) {
      const int distance = std::abs(old->line - node.line);
      if (is_of_lock(*old) && old->names == node.names && argument_of(*old) == argument_of(node) &&
          (!operand || distance < nearest)) {
        operand = step->text;
        nearest = distance;
      }
    }
  return operand;
}

// Where it begins with an argument or a local of the path: p2.p_token of &p2->p_token.
std::optional<std::string> Insertion::operand_of_text(const Node& node) const {
  std::string text = argument_of(node);
  if (text.starts_with("&"))
    text.erase(0, 1);
  for (std::size_t at = text.find("->"); at != std::string::npos; at = text.find("->"))
    text.replace(at, 2, ".");
  const std::string& lock = *node.names.begin();
  // A channel has the name of what is slept on; KQ_LOCK(kq) does not say which lock it is.
  if (node.act == Act::wakes || node.act == Act::sleeps || text.substr(text.rfind('.') + 1) != lock)
    text += "." + lock;
  return names_.locals.contains(text.substr(0, text.find('.'))) ? std::optional(text)
                                                                : std::nullopt;
}

} // namespace interlock::kernel_text
