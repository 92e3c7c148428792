// Building a specification: everything is declared here, and finish() makes the Spec of it.
#pragma once

#include "lang/spec.hpp"

namespace interlock::lang {

class SpecBuilder : public Declarations {
public:
  PoolId pool(std::string name, std::vector<std::string> objects, Lifetime lifetime);
  VariableId global(std::string name, TypeRef type, Value initial);
  VariableId global_list(std::string name, TypeRef element, std::uint32_t capacity);
  VariableId field(PoolId pool, std::string name, TypeRef type, Value initial);
  VariableId field_list(PoolId pool, std::string name, TypeRef element, std::uint32_t capacity);
  // A field that never changes: one value per object; takes no room in the state.
  VariableId constant_field(PoolId pool, std::string name, TypeRef type, std::vector<Value> values);
  VariableId local(ThreadId thread, std::string name, TypeRef type, Value initial);
  // Takes back the locals that were declared since there were `count` variables.
  void forget_locals(std::size_t count);
  void set_initial(VariableId variable, std::uint32_t object, Value value);
  // The elements of a list at the start, which is empty without it.
  void set_initial_list(VariableId variable, std::uint32_t object, std::vector<Value> elements);
  void set_ghost(VariableId variable);
  void set_drawn(VariableId variable);
  void set_guard(VariableId variable, std::function<Expr(const Expr& object)> lock);
  void set_write_once(VariableId variable);
  void set_lock_pool(PoolId pool, LockPool lock, std::vector<std::string> classes);
  // Declares a rule for the locks of a class, whose pools are declared.  `allows` is asked at once
  // for each two of them, as literal references; it gives a boolean over the state, without locals.
  // Throws SpecError for a class without locks, and for a second rule of a class.
  void nesting(std::string lock_class, std::string text,
               const std::function<Expr(const Expr& held, const Expr& taken)>& allows);
  // Threads must be declared before anything that refers to them.  Throws SpecError on a second
  // name.
  ThreadId thread(std::string name);
  void set_body(ThreadId thread, Block body);
  void property(Property property);
  bool has_property(const std::string& name) const;
  // What the steps show is judged by an observer; what it cannot explain violates `property`. Where
  // that property is not kept, nobody looks on.
  void set_observer(std::string property, std::shared_ptr<Observer> observer);
  // Keeps only these properties: the checks of others are left out of the actions, as if they were
  // not written.  Without this call all are kept.
  void select_properties(std::vector<std::string> names);

  // An allocation takes any free object, and not the lowest.
  void take_any_slot() { takes_any_slot_ = true; }
  bool takes_any_slot() const { return takes_any_slot_; }

  // The lock that protects a guarded variable; `object` is empty unless it is a field.
  Expr guard_of(VariableId variable, const Expr& object) const;

  // The body of a thread, for patches.  The errors of finish() then say that a patch may be their
  // cause, and a statement that nothing reaches is a note.
  Block& body_for_patching(ThreadId thread);
  bool is_patched() const { return patched_; }
  void note(std::string text) { notes_.push_back(std::move(text)); }
  // A patch takes out the step with this label, which assigns a local: for the message where the
  // local is read without it.  The label, or empty.
  void take_assignment(VariableId local, std::string label) { taken_[local] = std::move(label); }
  std::string taken_assignment(VariableId local) const;

  // Lowers every thread, checks the whole and lays out the state.  Throws SpecError naming the
  // step.
  Spec finish() &&;

private:
  void require_sound_properties() const;
  // A condition of states: boolean, and without locals.  `what` is in the message.
  void require_condition(const std::string& what, const Expr& condition) const;
  void let_look_on();
  VariableId declare(Variable variable);

  std::map<VariableId, std::function<Expr(const Expr& object)>> guards_;
  std::vector<Property> properties_;
  std::vector<Nesting> nestings_;
  std::optional<Observation> observation_;
  std::map<VariableId, std::string> taken_; // see take_assignment()
  bool patched_ = false;
  bool takes_any_slot_ = false;
};

} // namespace interlock::lang
