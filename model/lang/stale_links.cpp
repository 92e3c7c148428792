// A field for each list; see stale_links.hpp.
#include "lang/stale_links.hpp"

namespace interlock::lang {

StaleLinks::StaleLinks(SpecBuilder& spec) : spec_(spec) {
  if (!spec.selects(fault::use_after_free) || spec.selects(fault::not_on_list))
    return;
  for (ThreadId thread = 0; thread < spec.thread_count(); ++thread)
    declare_walked(spec, spec.body(thread));
}

void StaleLinks::declare_walked(SpecBuilder& spec, const Block& block) {
  for (const auto& statement : block) {
    const VariableId list = statement->list;
    if (statement->kind == StatementKind::for_each && !links_.contains(list)) {
      const TypeRef element = spec.variables()[list].type;
      const Variable& variable = spec.variables()[list];
      const std::string owner =
          variable.scope == Scope::field ? spec.pools()[variable.pool].name + "_" : "";
      const std::string name = owner + variable.name + "_link";
      links_[list] = spec.field(element->pool, name, element, none);
    }
    for (const Block& inner : statement->blocks)
      declare_walked(spec, inner);
  }
}

void StaleLinks::keep(Block& block) const {
  if (links_.empty())
    return;
  for (auto& statement : block) {
    keep(statement->step);
    for (Block& inner : statement->blocks)
      keep(inner);
  }
}

void StaleLinks::keep(Step& step) const {
  const std::vector<Update> updates = step.updates;
  for (const Update& update : updates) {
    const Variable& variable = spec_.variables()[update.variable];
    const auto link = links_.find(update.variable);
    const bool is_put_on = update.kind == UpdateKind::push_front ||
                           update.kind == UpdateKind::push_back ||
                           update.kind == UpdateKind::insert_before;
    if (link != links_.end() && update.kind == UpdateKind::remove)
      step.updates.push_back({UpdateKind::assign,
                              link->second,
                              update.value,
                              next(update.variable, update.object, update.value),
                              {}});
    if (link != links_.end() && is_put_on)
      step.updates.push_back(
          {UpdateKind::assign, link->second, update.value, spec_.nothing(variable.type->pool), {}});
    const bool frees = variable.scope == Scope::field && update.kind == UpdateKind::assign &&
                       spec_.pools()[variable.pool].allocated == update.variable &&
                       update.value.is_literal(0);
    for (const auto& [list, field] : links_)
      if (frees && spec_.variables()[field].pool == variable.pool)
        step.updates.push_back({UpdateKind::assign,
                                field,
                                update.object,
                                spec_.nothing(spec_.variables()[field].type->pool),
                                {}});
  }
}

Expr StaleLinks::next(VariableId list, const Expr& object, const Expr& element) const {
  Expr next = spec_.list_next(list, object, element);
  const auto link = links_.find(list);
  if (link == links_.end())
    return next;
  return choose(spec_.list_has(list, object, element), next, spec_.read(link->second, element));
}

} // namespace interlock::lang
