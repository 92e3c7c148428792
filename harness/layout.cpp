// Placing of pools, globals and locals; see layout.hpp.
#include "harness/layout.hpp"

#include <algorithm>
#include <stdexcept>

namespace interlock::harness {

using lang::Scope;
using lang::Variable;
using lang::VariableId;

namespace {

std::size_t to_line(std::size_t words) {
  return (words + Layout::line_words - 1) / Layout::line_words * Layout::line_words;
}

bool is_constant(const Variable& variable) {
  return variable.protection == lang::Protection::immutable;
}

// Gives the variable the next words; returns where they begin.
std::size_t place(const Variable& variable, std::size_t& next) {
  const std::size_t word = next;
  next += variable.capacity == 0 ? 1 : 1 + variable.capacity;
  return word;
}

} // namespace

Layout::Layout(const lang::Spec& spec) : spec_(spec), words_of_variables_(spec.variables().size()) {
  place_pools();
  place_structure(Scope::global, 0);
  for (lang::ThreadId thread = 0; thread < spec.threads().size(); ++thread)
    place_structure(Scope::local, thread);
  map_slots();
}

void Layout::place_pools() {
  const auto& variables = spec_.variables();
  for (lang::PoolId pool = 0; pool < spec_.pools().size(); ++pool) {
    std::size_t size = 0;
    for (VariableId id = 0; id < variables.size(); ++id)
      if (variables[id].scope == Scope::field && variables[id].pool == pool)
        words_of_variables_[id] = place(variables[id], size);
    PoolShape shape;
    shape.base = words_ * word_bytes;
    shape.stride = to_line(size) * word_bytes;
    shape.count = spec_.pools()[pool].objects.size();
    if (const auto allocated = spec_.pools()[pool].allocated)
      shape.allocated = words_of_variables_[*allocated] * word_bytes;
    words_ += to_line(size) * shape.count;
    pools_.push_back(shape);
  }
}

void Layout::place_structure(Scope scope, lang::ThreadId thread) {
  const auto& variables = spec_.variables();
  for (VariableId id = 0; id < variables.size(); ++id)
    if (variables[id].scope == scope && (scope == Scope::global || variables[id].thread == thread))
      words_of_variables_[id] = place(variables[id], words_);
  words_ = to_line(words_);
}

void Layout::map_slots() {
  words_of_slots_.resize(spec_.slot_count());
  for (VariableId id = 0; id < spec_.variables().size(); ++id) {
    const Variable& variable = spec_.variables()[id];
    if (is_constant(variable))
      continue;
    for (std::uint32_t object = 0; object < variable.objects; ++object)
      for (std::uint32_t part = 0; part < variable.stride; ++part)
        words_of_slots_[variable.first_slot + object * variable.stride + part] =
            (variable.scope == Scope::field ? word(id, object) : word(id)) + part;
  }
}

std::size_t Layout::word(VariableId field, std::uint32_t object) const {
  const PoolShape& pool = pools_[spec_.variables()[field].pool];
  if (object >= pool.count)
    throw std::out_of_range("no object " + std::to_string(object) + " with a field " +
                            spec_.variables()[field].name);
  return (pool.base + object * pool.stride) / word_bytes + member(field);
}

std::optional<std::uint32_t> Layout::slot_of_byte(std::uint64_t byte) const {
  const auto found = std::find(words_of_slots_.begin(), words_of_slots_.end(), byte / word_bytes);
  if (found == words_of_slots_.end())
    return {};
  return static_cast<std::uint32_t>(found - words_of_slots_.begin());
}

std::vector<Value> Layout::pack(const lang::State& state) const {
  std::vector<Value> memory(words_, 0);
  for (std::size_t slot = 0; slot < words_of_slots_.size(); ++slot)
    memory[words_of_slots_[slot]] = state.at(slot);
  for (VariableId id = 0; id < spec_.variables().size(); ++id) {
    const Variable& variable = spec_.variables()[id];
    if (is_constant(variable))
      for (std::uint32_t object = 0; object < variable.objects; ++object)
        memory[word(id, object)] = variable.initial[object];
  }
  return memory;
}

lang::State Layout::unpack(const Value* memory) const {
  lang::State state(words_of_slots_.size());
  for (std::size_t slot = 0; slot < state.size(); ++slot)
    state[slot] = memory[words_of_slots_[slot]];
  return state;
}

} // namespace interlock::harness
