// Words of patches for new statements.
#include "kernel_text/insertion.hpp"
#include "kernel_text/constant_calls.hpp"

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

Insertion::Insertion(const std::string& function, const Models& models, const Modelled& modelled,
                     const std::vector<Steps>& variants)
    : function_(function), models_(models), modelled_(modelled),
      variants_(variants), names_{modelled.fields, modelled.names, models.all.at(function).names} {
  for (const auto& [field, kind] : modelled.fields)
    names_.constants.erase(field);
}

PatchText Insertion::of(const Node& node) const {
  switch (node.act) {
  case Act::returns:
    return node.expression ? unknown("a new return of a value") : PatchText{"return", ""};
  case Act::jumps:
    return node.text == "break" || node.text == "continue" ? PatchText{node.text, ""}
                                                           : unknown("a new goto");
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
  case Act::loop: {
    if (!node.text.starts_with("while") || !node.expression)
      return unknown("a new loop that is no while");
    const PatchText condition = condition_text(*node.expression, names_);
    const PatchText body = of_block(node.inside);
    if (!condition.known() || !body.known())
      return unknown(condition.why + body.why);
    return {"while " + condition.text + " { " + body.text + " }", ""};
  }
  case Act::sleeps:
    return of_sleep(node);
  case Act::walks:
    return unknown("a new walk of a list");
  default:
    return unknown("what it reads or decides is no step of its own");
  }
}

PatchText Insertion::of_block(const Skeleton& block) const {
  PatchText all;
  std::set<const Expression*> told; // of the statements so far
  for (const Node& node : block) {
    if (node.act == Act::otherwise || node.act == Act::looks || !node.left_out.empty())
      continue;
    if (node.expression && !told.insert(node.expression.get()).second)
      return unknown("the statement does several things, which patches insert one by one");
    PatchText each = of(node);
    if (!each.known())
      return each;
    all.text += (all.text.empty() ? "" : "; ") + each.text;
  }
  return all;
}

PatchText Insertion::of_branch(const Node& node) const {
  PatchText condition =
      node.expression ? condition_text(*node.expression, names_) : unknown("a new condition");
  if (!condition.known())
    return condition;
  PatchText then = of_block(node.inside);
  if (!then.known())
    return then;
  std::string text = "if " + condition.text + " { " + then.text + " }";
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
  if (!assigns && node.expression && is_insertable_macro(callee_in(node)))
    return of_call(node);
  return assigns ? assignment_text(*node.expression, names_)
                 : unknown("the model does not do " + node.text + " in this function");
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
  if (!passes_constants(*node.expression, function_, modelled_))
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
  return text.starts_with(function_ + ".") ? text.substr(function_.size() + 1) : text;
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
