// Parts of statements; see patch_parts.hpp.
#include "lang/patch_parts.hpp"

#include "lang/print.hpp"
#include "text/lists.hpp"
#include "text/nearest.hpp"

#include <algorithm>
#include <optional>

namespace interlock::lang {

namespace {

using PatchPart = PatchError::Part;

bool same_object(const Expr& a, const Expr& b) {
  return a.empty() || b.empty() ? a.empty() && b.empty() : same(a, b);
}

std::string name_of(const Declarations& spec, const Update& update) {
  const std::string& name = spec.variables()[update.variable].name;
  return update.object.empty() ? name : to_string(update.object) + "." + name;
}

const std::map<std::string, std::vector<EffectKind>>& effect_words() {
  static const std::map<std::string, std::vector<EffectKind>> words{
      {"acquire", {EffectKind::acquire, EffectKind::try_acquire}},
      {"release", {EffectKind::release}},
      {"sleep", {EffectKind::sleep}},
      {"wake", {EffectKind::wake}}};
  return words;
}

bool is_one_of(const Effect& effect, const std::vector<EffectKind>& kinds) {
  return std::find(kinds.begin(), kinds.end(), effect.kind) != kinds.end();
}

std::vector<std::string> parts_of(const Declarations& spec, const Step& step) {
  std::vector<std::string> parts;
  if (!step.guard.empty())
    parts.emplace_back("guard");
  for (const auto& word : effect_words())
    if (std::any_of(step.effects.begin(), step.effects.end(),
                    [&](const Effect& effect) { return is_one_of(effect, word.second); }))
      parts.push_back(word.first);
  for (const Update& update : step.updates)
    if (!spec.variables()[update.variable].ghost)
      parts.push_back(name_of(spec, update));
  return parts;
}

[[noreturn]] void refuse_part(const Declarations& spec, const Step& step, const std::string& wanted,
                              const PatchWords& words) {
  const std::vector<std::string> parts = parts_of(spec, step);
  words.refuse(PatchPart::argument, 0,
               "the step has no part " + wanted + "; " +
                   (parts.empty() ? "it has none" : "it has " + text::joined(parts)) +
                   text::nearest_hint(wanted, parts));
}

// The effect says what the updates of its lock do, and so they go together.
void drop_effects(const Declarations& spec, Step& step, const std::vector<EffectKind>& kinds) {
  for (const Effect& effect : step.effects)
    if (is_one_of(effect, kinds))
      std::erase_if(step.updates, [&](const Update& update) {
        const Variable& variable = spec.variables()[update.variable];
        return variable.scope == Scope::field && variable.pool == effect.lock.type().pool &&
               same_object(update.object, effect.lock);
      });
  std::erase_if(step.effects, [&](const Effect& effect) { return is_one_of(effect, kinds); });
}

} // namespace

void drop_part(const Declarations& spec, Statement& statement, const PatchWords& words) {
  Step& step = statement.step;
  const std::string wanted = trimmed(words.argument().word);
  if (statement.kind != StatementKind::step)
    words.refuse(PatchPart::label, 0, "only a step has parts, and this is none");
  if (words.argument().operands.empty()) {
    if (wanted == "guard" && !step.guard.empty()) {
      step.guard = {};
      return;
    }
    if (const auto effect = effect_words().find(wanted); effect != effect_words().end()) {
      const bool has = std::any_of(step.effects.begin(), step.effects.end(),
                                   [&](const Effect& e) { return is_one_of(e, effect->second); });
      if (!has)
        refuse_part(spec, step, wanted, words);
      drop_effects(spec, step, effect->second);
      return;
    }
  }
  if (wanted == "guard")
    refuse_part(spec, step, wanted, words);
  const NamedPlace place = words.place();
  const auto changes = [&](const Update& update) {
    return update.variable == place.variable && same_object(update.object, place.object);
  };
  const auto update = std::find_if(step.updates.begin(), step.updates.end(), changes);
  if (update == step.updates.end())
    refuse_part(spec, step,
                name_of(spec, {UpdateKind::assign, place.variable, place.object, {}, {}}), words);
  const Variable& variable = spec.variables()[place.variable];
  if (variable.scope == Scope::field)
    std::erase_if(step.effects, [&](const Effect& effect) {
      return effect.lock.type().pool == variable.pool && same_object(effect.lock, place.object);
    });
  step.updates.erase(update);
}

void keep_locals(const Declarations& spec, Statement& statement, const PatchWords& words) {
  Step kept;
  if (statement.kind == StatementKind::step)
    for (const Update& update : statement.step.updates)
      if (spec.variables()[update.variable].scope == Scope::local)
        kept.updates.push_back(update);
  if (kept.updates.empty())
    words.refuse(PatchPart::argument, 0, "this assigns no local; drop it whole");
  statement.step = std::move(kept);
}

void negate(Statement& statement, const PatchWords& words) {
  switch (statement.kind) {
  case StatementKind::test:
    statement.condition = !statement.condition;
    return;
  case StatementKind::check:
    statement.check.condition = !statement.check.condition;
    return;
  case StatementKind::loop:
    if (statement.condition.empty())
      words.refuse(PatchPart::label, 0,
                   "the loop has no condition: it runs until something leaves it");
    statement.condition = !statement.condition;
    return;
  case StatementKind::step:
    if (statement.step.guard.empty())
      words.refuse(PatchPart::label, 0, "the step has no guard: it can always be taken");
    statement.step.guard = !statement.step.guard;
    return;
  default:
    words.refuse(PatchPart::label, 0,
                 "nothing here can be negated; allowed are tests, loops and checks "
                 "with a condition, and steps with a guard");
  }
}

namespace {

// Every `continue` of the loop becomes a `break`.
void leave_in_place_of_going_on(Block& block, const std::string& loop, bool innermost) {
  for (const StatementRef& statement : block) {
    const bool ours = statement->target == loop || (innermost && statement->target.empty());
    if (statement->kind == StatementKind::leave && statement->leave == Leave::continue_loop &&
        ours) {
      statement->leave = Leave::break_loop;
      statement->target = loop;
    }
    if (statement->kind == StatementKind::call)
      continue;
    const bool inner =
        statement->kind == StatementKind::loop || statement->kind == StatementKind::for_each;
    for (Block& within : statement->blocks)
      leave_in_place_of_going_on(within, loop, innermost && !inner);
  }
}

std::optional<Cursor> cursor_rule(const std::string& word) {
  for (const Cursor rule : cursor_rules)
    if (word == rule_name(rule))
      return rule;
  return std::nullopt;
}

} // namespace

void run_once(Statement& loop, const std::string& label_of_break) {
  Block& body = loop.blocks.at(0);
  leave_in_place_of_going_on(body, loop.label, true);
  auto leave = std::make_shared<Statement>();
  leave->kind = StatementKind::leave;
  leave->label = label_of_break;
  leave->anchor = loop.anchor;
  leave->leave = Leave::break_loop;
  leave->target = loop.label;
  body.push_back(std::move(leave));
}

bool replace_part(Statement& statement, const PatchWords& words) {
  const std::string& word = words.argument().word;
  const StatementKind kind = statement.kind;
  const auto rule = cursor_rule(word);
  if (rule && kind == StatementKind::for_each) {
    words.require_operands(0, "it is the rule by which the walk goes on");
    statement.rule = *rule;
    return true;
  }
  if (word == "guard" && kind == StatementKind::step) {
    words.require_operands(1, "guard EXPRESSION");
    statement.step.guard = words.condition(0);
    return true;
  }
  const bool conditional =
      kind == StatementKind::test || kind == StatementKind::loop || kind == StatementKind::check;
  if (word != "condition" || !conditional)
    return false;
  words.require_operands(1, "condition EXPRESSION");
  const Expr condition = words.condition(0);
  if (kind == StatementKind::check) {
    statement.check.condition = condition;
    statement.check.message = to_string(condition) + " does not hold";
  } else {
    statement.condition = condition;
  }
  return true;
}

std::vector<std::string> words_of(const Statement& statement) {
  switch (statement.kind) {
  case StatementKind::for_each: {
    std::vector<std::string> rules;
    for (const Cursor rule : cursor_rules)
      rules.emplace_back(rule_name(rule));
    return rules;
  }
  case StatementKind::loop:
    return {"condition", "if"};
  case StatementKind::test:
    return {"condition", "else"};
  case StatementKind::check:
    return {"condition"};
  case StatementKind::step:
    return {"guard"};
  default:
    return {};
  }
}

} // namespace interlock::lang
