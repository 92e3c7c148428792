// Small random specifications, the same for the same seed: up to three threads that lock, allocate,
// free, walk lists, follow references and fail checks.  For comparing engines with each other.
#pragma once

#include "lang/steps.hpp"

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace interlock::tests {

class RandomSpec {
public:
  // Throws lang::SpecError when what the dice give is no valid specification; take the next seed
  // then.
  explicit RandomSpec(std::uint64_t seed) : random_(seed) {
    const unsigned threads = 1 + pick(3);
    for (unsigned i = 0; i < threads; ++i)
      builder_.thread(std::string(1, static_cast<char>('a' + i)));
    declare_pools();
    declare_variables();
    for (lang::ThreadId thread = 0; thread < threads; ++thread)
      declare_locals(thread);
    for (lang::ThreadId thread = 0; thread < threads; ++thread)
      builder_.set_body(thread, body(thread));
    declare_properties();
    spec_ = std::make_unique<const lang::Spec>(std::move(builder_).finish());
  }

  const lang::Spec& spec() const { return *spec_; }

  // Names to check: all (none named), or some.
  std::vector<std::string> some_properties() {
    std::vector<std::string> names;
    if (chance(60))
      return names;
    for (const char* name :
         {"check-one", "check-two", "invariant", "at-rest", "no-deadlock", "missed-wakeup"})
      if (chance(40))
        names.emplace_back(name);
    return names;
  }

  // Any value in any slot that the slot can hold: mostly a state that no run reaches.
  lang::State random_state() {
    lang::State state(spec_->slot_count(), 0);
    for (const lang::Variable& variable : spec_->variables()) {
      if (variable.protection == lang::Protection::immutable)
        continue;
      for (std::uint32_t object = 0; object < variable.objects; ++object) {
        const std::uint32_t slot = variable.first_slot + object * variable.stride;
        const std::uint32_t size = variable.capacity == 0 ? 1 : pick(variable.capacity + 1);
        for (std::uint32_t part = 0; part < size; ++part)
          state[slot + part + (variable.capacity == 0 ? 0 : 1)] = any_value(*variable.type);
        if (variable.capacity != 0)
          state[slot] = size;
      }
    }
    return state;
  }

private:
  using Expr = lang::Expr;
  using Op = lang::Op;

  unsigned pick(unsigned count) { return static_cast<unsigned>(random_() % count); }
  bool chance(unsigned percent) { return pick(100) < percent; }
  lang::Value any_value(const lang::Type& type) {
    return type.low + pick(static_cast<unsigned>(type.high - type.low + 1));
  }

  // --- declarations ---

  void declare_pools() {
    const auto names = [](const std::string& name, unsigned count) {
      std::vector<std::string> all;
      for (unsigned i = 0; i < count; ++i)
        all.push_back(name + std::to_string(i));
      return all;
    };
    item_ = builder_.pool("item", names("item", 1 + pick(3)),
                          chance(70) ? lang::Lifetime::allocated : lang::Lifetime::permanent);
    lock_ = builder_.pool("lock", names("lock", 1 + pick(2)), lang::Lifetime::permanent);
    owner_ =
        builder_.field(lock_, "owner", builder_.pools()[lang::thread_pool].reference, lang::none);
    builder_.set_lock_pool(
        lock_, {"mutex", owner_, {}, {}},
        std::vector<std::string>(builder_.pools()[lock_].objects.size(), "lock"));
  }

  void declare_variables() {
    const lang::TypeRef number = lang::integer_type(-1, 2);
    const lang::TypeRef positive = lang::integer_type(1, 3);
    const lang::TypeRef item = builder_.pools()[item_].reference;
    colour_ = lang::enumeration_type("colour", {"red", "green", "blue"});
    marks_ = lang::flags_type("marks", {"OLD", "NEW"});
    global_flag_ = builder_.global("flag", lang::boolean_type(), 0);
    global_number_ = builder_.global("number", number, 0);
    global_item_ = builder_.global("item", item, pick(2));
    global_colour_ = builder_.global("colour", colour_, pick(3));
    field_flag_ = builder_.field(item_, "flag", lang::boolean_type(), pick(2));
    field_number_ = builder_.field(item_, "number", positive, 1 + pick(3));
    field_item_ = builder_.field(item_, "link", item, lang::none);
    field_marks_ = builder_.field(item_, "marks", marks_, pick(4));
    global_list_ = builder_.global_list("items", item, 1 + pick(3));
    field_list_ = builder_.field_list(item_, "numbers", lang::integer_type(0, 3), 1 + pick(2));
    std::vector<lang::Value> locks;
    std::vector<lang::Value> weights;
    for (std::size_t i = 0; i < builder_.pools()[item_].objects.size(); ++i) {
      locks.push_back(1 + pick(static_cast<unsigned>(builder_.pools()[lock_].objects.size())));
      weights.push_back(any_value(*number));
    }
    item_lock_ =
        builder_.constant_field(item_, "lock", builder_.pools()[lock_].reference, std::move(locks));
    weight_ = builder_.constant_field(item_, "weight", number, std::move(weights));
    ghost_ = builder_.global("promised", lang::integer_type(0, 2), 0);
    builder_.set_ghost(ghost_);
    if (chance(20))
      builder_.set_guard(global_colour_,
                         [lock = builder_.object(lock_, 0)](const Expr&) { return lock; });
  }

  void declare_locals(lang::ThreadId thread) {
    local_item_.push_back(builder_.read(
        builder_.local(thread, "mine", builder_.pools()[item_].reference, lang::none)));
    local_number_.push_back(
        builder_.read(builder_.local(thread, "count", lang::integer_type(0, 2), 0)));
  }

  void declare_properties() {
    thread_ = none_of_them;
    using lang::PropertyKind;
    if (chance(50))
      builder_.property(
          {"invariant", PropertyKind::invariant, condition(2) || condition(2), "broken"});
    if (chance(30))
      builder_.property({"invariant", PropertyKind::invariant, likely(), "broken again"});
    if (chance(40))
      builder_.property({"at-rest", PropertyKind::at_rest, condition(2), "unfinished"});
    if (chance(70))
      builder_.property({"no-deadlock", PropertyKind::no_deadlock, {}, "stuck"});
    if (chance(70))
      builder_.property({"missed-wakeup", PropertyKind::no_oversleep, {}, "asleep"});
    for (const char* name :
         {"missed-wakeup", "check-one", "check-two", "invariant", "at-rest", "no-deadlock"})
      builder_.property({name, PropertyKind::check, {}, {}});
  }

  // --- expressions; without a thread at hand they read no locals ---

  Expr condition(int depth) {
    if (depth <= 0)
      return chance(50) ? builder_.read(global_flag_) : builder_.read(field_flag_, item(0));
    switch (pick(11)) {
    case 0:
      return condition(depth - 1) && condition(depth - 1);
    case 1:
      return condition(depth - 1) || condition(depth - 1);
    case 2:
      return !condition(depth - 1);
    case 3:
      return number(depth - 1) < number(depth - 1);
    case 4:
      return number(depth - 1) <= number(depth - 1);
    case 5:
      return chance(50) ? number(depth - 1) == number(depth - 1)
                        : number(depth - 1) != static_cast<int>(pick(3));
    case 6:
      return chance(50) ? item(depth - 1) == item(depth - 1)
                        : item(depth - 1) != builder_.nothing(item_);
    case 7:
      return builder_.is_allocated(item(depth - 1));
    case 8:
      return chance(50) ? builder_.list_has(global_list_, {}, item(depth - 1))
                        : builder_.list_has(field_list_, item(depth - 1), number(depth - 1));
    case 9:
      return (marks(depth - 1) & lang::literal(marks_, 1 + pick(3))) != 0;
    default:
      return builder_.read(global_colour_) == lang::literal(colour_, pick(3));
    }
  }

  // Mostly true in practice, so that specifications go on for a while.
  Expr likely() { return condition(1) || condition(1) || !condition(1); }

  Expr number(int depth) {
    if (depth <= 0) {
      if (thread_ != none_of_them && chance(40))
        return local_number_[thread_];
      return chance(50) ? builder_.read(global_number_) : Expr(static_cast<int>(pick(3)));
    }
    switch (pick(9)) {
    case 0:
      return number(depth - 1) + number(0);
    case 1:
      return number(depth - 1) - number(0);
    case 2:
      return builder_.read(field_number_, item(depth - 1));
    case 3:
      return builder_.read(weight_, item(depth - 1));
    case 4:
      return builder_.list_size(global_list_);
    case 5:
      return chance(50) ? builder_.list_front(field_list_, item(depth - 1))
                        : builder_.list_back(field_list_, item(depth - 1));
    case 6:
      return builder_.list_next(field_list_, item(depth - 1), number(0));
    case 7:
      return lang::choose(condition(depth - 1), number(depth - 1), number(depth - 1));
    default:
      return builder_.list_size(field_list_, item(depth - 1));
    }
  }

  Expr item(int depth) {
    if (depth <= 0) {
      if (thread_ != none_of_them && chance(60))
        return local_item_[thread_];
      const auto objects = static_cast<unsigned>(builder_.pools()[item_].objects.size());
      return chance(40) ? builder_.read(global_item_) : builder_.object(item_, pick(objects));
    }
    switch (pick(7)) {
    case 0:
      return builder_.read(field_item_, item(depth - 1));
    case 1:
      return builder_.list_front(global_list_);
    case 2:
      return builder_.list_back(global_list_);
    case 3:
      return builder_.list_next(global_list_, {}, item(depth - 1));
    case 4:
      return builder_.first_free(item_);
    case 5:
      return lang::choose(condition(depth - 1), item(depth - 1), item(depth - 1));
    default:
      return item(0);
    }
  }

  Expr marks(int depth) {
    const Expr some = lang::literal(marks_, pick(4));
    Expr read = builder_.read(field_marks_, item(depth - 1));
    switch (pick(4)) {
    case 0:
      return read | some;
    case 1:
      return read & some;
    case 2:
      return lang::bit_clear(read, some);
    default:
      return read;
    }
  }

  // --- steps ---

  lang::Update list_update(lang::VariableId list, const Expr& object, const Expr& element,
                           const Expr& position) {
    using lang::UpdateKind;
    switch (pick(5)) {
    case 0:
      return {UpdateKind::push_front, list, object, element, {}};
    case 1:
      return {UpdateKind::push_back, list, object, element, {}};
    case 2:
      return {UpdateKind::remove, list, object, element, {}};
    case 3:
      return {UpdateKind::insert_before, list, object, element, position};
    default:
      return {UpdateKind::clear, list, object, {}, {}};
    }
  }

  lang::Update update(unsigned which) {
    const Expr mine = item(1);
    switch (which) {
    case 0:
      return lang::assign(builder_.read(global_flag_), condition(1));
    case 1:
      return lang::assign(builder_.read(global_number_), number(1));
    case 2:
      return lang::assign(builder_.read(global_item_), item(2));
    case 3:
      return lang::assign(builder_.read(global_colour_), lang::literal(colour_, pick(3)));
    case 4:
      return lang::assign(builder_.read(field_flag_, mine), condition(1));
    case 5:
      return lang::assign(builder_.read(field_number_, mine), number(1));
    case 6:
      return lang::assign(builder_.read(field_item_, mine), item(1));
    case 7:
      return lang::assign(builder_.read(field_marks_, mine), marks(1));
    case 8:
      return list_update(global_list_, {}, item(0), item(0));
    case 9:
      return list_update(field_list_, mine, number(0), number(0));
    case 10:
      return lang::assign(local_item_[thread_], item(2));
    case 11:
      return lang::assign(local_number_[thread_], number(1));
    default:
      return lang::assign(builder_.read(ghost_), builder_.read(ghost_) + 1);
    }
  }

  lang::Step random_step() {
    lang::Step step;
    constexpr unsigned kinds = 13;
    const unsigned first = pick(kinds);
    for (unsigned i = 0, count = 1 + pick(3); i < count; ++i)
      step.updates.push_back(update((first + 5 * i) % kinds));
    if (chance(25))
      step.guard = condition(2);
    if (chance(20))
      step.checks.push_back({chance(50) ? "check-one" : "check-two", likely(), "it is so"});
    if (chance(10))
      step.entry_checks.push_back({chance(50) ? "check-one" : "check-two", likely(), "it was so"});
    if (!step.guard.empty() && chance(30))
      step.idle_when = condition(1);
    if (chance(20))
      step.comes = static_cast<lang::Comes>(pick(4));
    return step;
  }

  Expr any_lock() {
    const auto locks = static_cast<unsigned>(builder_.pools()[lock_].objects.size());
    return chance(40) ? builder_.read(item_lock_, item(0)) : builder_.object(lock_, pick(locks));
  }

  void locked(lang::Steps& s, int depth) {
    const Expr lock = any_lock();
    const Expr owner = builder_.read(owner_, lock);
    lang::Step enter;
    enter.guard = owner == builder_.nothing(lang::thread_pool);
    enter.updates.push_back(lang::assign(owner, s.self()));
    enter.effects.push_back({lang::EffectKind::acquire, lock, lang::Mode::exclusive});
    s.step("enter", enter);
    statement(s, depth - 1);
    lang::Step leave;
    leave.updates.push_back(lang::assign(owner, builder_.nothing(lang::thread_pool)));
    leave.effects.push_back({lang::EffectKind::release, lock, lang::Mode::exclusive});
    if (chance(90))
      s.step("leave", leave);
  }

  void allocate(lang::Steps& s) {
    const auto flag = builder_.pools()[item_].allocated;
    if (!flag)
      return s.step("step", random_step());
    lang::Step step;
    const bool take = chance(70);
    const Expr what = take ? builder_.first_free(item_) : local_item_[thread_];
    if (take && chance(80))
      step.guard = what != builder_.nothing(item_);
    step.updates.push_back(lang::assign(builder_.read(*flag, what), take));
    if (take) {
      step.updates.push_back(lang::assign(local_item_[thread_], what));
      step.updates.push_back(lang::assign(builder_.read(field_number_, what), 2));
      step.updates.push_back({lang::UpdateKind::clear, field_list_, what, {}, {}});
    }
    s.step(take ? "allocate" : "free", step);
  }

  void statement(lang::Steps& s, int depth) {
    const unsigned which = depth <= 0 ? pick(3) : pick(10);
    switch (which) {
    case 0:
    case 1:
      return s.step("step", random_step());
    case 2:
      return allocate(s);
    case 3:
    case 4:
      return locked(s, depth);
    case 5:
      return s.if_(
          condition(1), [&] { statement(s, depth - 1); },
          [&] {
            if (chance(50))
              statement(s, depth - 1);
          });
    case 6:
      return s.either({[&] { statement(s, depth - 1); }, [&] { statement(s, depth - 1); }});
    case 7:
      return s.while_(local_number_[thread_] < 2, [&] {
        statement(s, depth - 1);
        s.set(local_number_[thread_], local_number_[thread_] + 1);
      });
    case 8:
      return s.for_each(local_item_[thread_], global_list_, {}, static_cast<lang::Cursor>(pick(3)),
                        [&] { statement(s, depth - 1); });
    default:
      s.check(chance(50) ? "check-one" : "check-two", likely(), "it must be so");
      return s.step("step", random_step());
    }
  }

  lang::Block body(lang::ThreadId thread) {
    thread_ = thread;
    lang::Steps s(builder_, thread);
    s.set("start", {{local_item_[thread], item_start()}, {local_number_[thread], 0}});
    for (unsigned i = 0, count = 1 + pick(3); i < count; ++i)
      statement(s, 2);
    return s.take();
  }

  Expr item_start() { return chance(50) ? builder_.object(item_, 0) : builder_.nothing(item_); }

  static constexpr lang::ThreadId none_of_them = ~lang::ThreadId{0};

  std::mt19937_64 random_;
  lang::SpecBuilder builder_;
  std::unique_ptr<const lang::Spec> spec_;
  lang::ThreadId thread_ = none_of_them;
  lang::PoolId item_ = 0, lock_ = 0;
  lang::TypeRef colour_, marks_;
  lang::VariableId owner_ = 0, global_flag_ = 0, global_number_ = 0, global_item_ = 0,
                   global_colour_ = 0, field_flag_ = 0, field_number_ = 0, field_item_ = 0,
                   field_marks_ = 0, global_list_ = 0, field_list_ = 0, item_lock_ = 0, weight_ = 0,
                   ghost_ = 0;
  std::vector<Expr> local_item_, local_number_;
};

} // namespace interlock::tests
