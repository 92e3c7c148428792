// The layout of the state, and the actions' footprints.
#include "lang/spec.hpp"

#include "lang/checkpoint.hpp"

#include <algorithm>

namespace interlock::lang {

Spec::Spec(Declarations declarations, std::vector<Thread> threads, std::vector<Action> actions,
           std::vector<Property> properties, std::vector<Nesting> nestings,
           std::optional<Observation> observation)
    : Declarations(std::move(declarations)), threads_(std::move(threads)),
      actions_(std::move(actions)), properties_(std::move(properties)),
      nestings_(std::move(nestings)), observation_(std::move(observation)) {
  lay_out();
  if (observation_)
    observation_->slot = variables_[observation_->set].first_slot;
  for (const Action& action : actions_) {
    checkpoint();
    footprints_.push_back(footprint_of(*this, action));
  }
}

void Spec::lay_out() {
  // Program counters first: they are what the explorer reads most.
  std::vector<VariableId> order;
  for (const Thread& thread : threads_)
    order.push_back(thread.counter);
  for (VariableId id = 0; id < variables_.size(); ++id)
    if (std::find(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(threads_.size()),
                  id) == order.begin() + static_cast<std::ptrdiff_t>(threads_.size()))
      order.push_back(id);

  for (const VariableId id : order) {
    Variable& variable = variables_[id];
    if (variable.protection == Protection::immutable)
      continue;
    variable.first_slot = slot_count_;
    variable.stride = variable.capacity == 0 ? 1 : variable.capacity + 1;
    for (std::uint32_t object = 0; object < variable.objects; ++object) {
      std::string base = variable.name;
      if (variable.scope == Scope::field)
        base = pools_[variable.pool].objects[object] + "." + variable.name;
      else if (variable.scope == Scope::local)
        base = threads_[variable.thread].name + "." + variable.name;
      for (std::uint32_t part = 0; part < variable.stride; ++part) {
        const bool size = variable.capacity != 0 && part == 0;
        slot_names_.push_back(variable.capacity == 0 ? base
                              : size                 ? base + ".size"
                                                     : base + "[" + std::to_string(part - 1) + "]");
        slot_types_.push_back(size ? integer_type(0, variable.capacity) : variable.type);
        ++slot_count_;
      }
    }
  }
}

State Spec::initial_state() const {
  State state(slot_count_, 0);
  for (const Variable& variable : variables_)
    if (variable.capacity == 0 && variable.protection != Protection::immutable)
      for (std::uint32_t object = 0; object < variable.objects; ++object)
        state[variable.first_slot + object] = variable.initial[object];
  for (const Variable& variable : variables_)
    for (const auto& [object, elements] : variable.initial_lists) {
      const std::uint32_t first = variable.first_slot + object * variable.stride;
      state[first] = static_cast<Value>(elements.size());
      std::copy(elements.begin(), elements.end(), state.begin() + first + 1);
    }
  return state;
}

} // namespace interlock::lang
