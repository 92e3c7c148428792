// Reads holders from packed states; evaluates what a step asks for where it was not known yet.
#include "locks/stances.hpp"

#include "lang/evaluate.hpp"

#include <algorithm>

#include <xxhash.h>

namespace interlock::checker {

using lang::EffectKind;

namespace {

bool asks(const lang::Action& action) {
  return std::any_of(action.effects.begin(), action.effects.end(), [](const lang::Effect& effect) {
    return effect.kind == EffectKind::acquire || effect.kind == EffectKind::try_acquire ||
           effect.kind == EffectKind::sleep;
  });
}

} // namespace

std::size_t LockStances::Hash::operator()(std::string_view key) const {
  return XXH3_64bits(key.data(), key.size());
}

LockStances::LockStances(const lang::Spec& spec, const Layout& layout)
    : spec_(spec), layout_(layout) {
  collect_locks();
  held_words_ = (2 * locks_.size() + 63) / 64;
  held_.resize(held_words_ * spec.threads().size());
  for (const lang::Thread& thread : spec.threads()) {
    std::vector<PointInfo>& points = points_.emplace_back();
    for (const lang::Point& point : thread.points)
      points.push_back(inspect(point));
  }
}

void LockStances::collect_locks() {
  first_lock_.resize(spec_.pools().size());
  for (lang::PoolId id = 0; id < spec_.pools().size(); ++id) {
    const lang::Pool& pool = spec_.pools()[id];
    if (!pool.lock || (!pool.lock->owner && !pool.lock->readers))
      continue;
    first_lock_[id] = static_cast<LockIndex>(locks_.size());
    for (std::uint32_t object = 0; object < pool.objects.size(); ++object) {
      const std::string& name = pool.classes[object];
      const auto found = std::find(classes_.begin(), classes_.end(), name);
      const auto number = static_cast<std::uint32_t>(found - classes_.begin());
      if (found == classes_.end())
        classes_.push_back(name);
      const auto lock = static_cast<LockIndex>(locks_.size());
      locks_.push_back({id, object, pool.objects[object], name, pool.lock->kind, number,
                        pool.lock->soft, pool.lock->waiting});
      const auto stored = [&](lang::VariableId variable) {
        const lang::Variable& where = spec_.variables()[variable];
        return layout_.field(where.first_slot + object * where.stride);
      };
      if (pool.lock->owner)
        holders_.push_back({lock, stored(*pool.lock->owner), lang::Mode::exclusive});
      if (pool.lock->readers)
        holders_.push_back({lock, stored(*pool.lock->readers), lang::Mode::shared});
    }
  }
}

// What the path conditions and the names of the locks read decides what the thread asks for.
LockStances::PointInfo LockStances::inspect(const lang::Point& point) const {
  PointInfo info;
  std::vector<Word> masks(layout_.words(), 0);
  for (const lang::ActionId id : point.actions) {
    info.asks = info.asks || asks(spec_.actions()[id]);
    for (const lang::Read& read : spec_.footprint(id).reads)
      if (read.in(lang::Part::path | lang::Part::effects))
        lang::for_each_slot(spec_, read.place, [&](std::uint32_t slot) {
          const Field& field = layout_.field(slot);
          masks[field.word] |= field.mask << field.shift;
        });
  }
  for (std::size_t word = 0; word < masks.size(); ++word)
    if (masks[word] != 0)
      info.reads.emplace_back(word, masks[word]);
  return info;
}

void LockStances::read(const Word* state, std::vector<std::uint32_t>& stances) {
  std::fill(held_.begin(), held_.end(), 0);
  const auto hold = [&](std::size_t thread, std::size_t bit) {
    held_[thread * held_words_ + bit / 64] |= Word{1} << (bit % 64);
  };
  for (const Holder& holder : holders_) {
    const lang::Value value = holder.field.read(state);
    const bool shared = holder.mode == lang::Mode::shared;
    if (!shared && value != lang::none)
      hold(static_cast<std::size_t>(value - 1), std::size_t{2} * holder.lock);
    for (std::size_t thread = 0; shared && value >> thread != 0; ++thread)
      if ((value >> thread & 1) != 0)
        hold(thread, std::size_t{2} * holder.lock + 1);
  }
  for (lang::ThreadId thread = 0; thread < spec_.threads().size(); ++thread) {
    const std::uint32_t counter = spec_.variables()[spec_.threads()[thread].counter].first_slot;
    const auto point = static_cast<lang::PointId>(layout_.field(counter).read(state));
    const PointInfo& info = points_[thread][point];
    stances[thread] = none;
    if (!info.asks)
      continue;
    key_.assign({(Word{thread} << 32) | point});
    key_.insert(key_.end(), held_.begin() + static_cast<std::ptrdiff_t>(thread * held_words_),
                held_.begin() + static_cast<std::ptrdiff_t>((thread + 1) * held_words_));
    for (const auto& [word, mask] : info.reads)
      key_.push_back(state[word] & mask);
    const std::string_view key(reinterpret_cast<const char*>(key_.data()),
                               key_.size() * sizeof(Word));
    auto found = known_.find(key);
    if (found == known_.end())
      found = known_.emplace(std::string(key), evaluate(thread, point, state)).first;
    stances[thread] = found->second;
  }
}

template <class Visit> void LockStances::for_each_pair(const Stance& stance, Visit visit) const {
  for (const Want& want : stance.wants)
    for (const HeldMode& held : stance.held)
      if (want.kind == EffectKind::acquire && held.lock != want.lock &&
          keeps_while_waiting(locks_[held.lock], locks_[want.lock]))
        visit(held, want,
              locks_[held.lock].class_index * static_cast<std::uint32_t>(classes_.size()) +
                  locks_[want.lock].class_index);
}

LockStanding LockStances::standing_in(const Stance& stance, std::uint32_t class_pair) const {
  std::optional<LockStanding> found;
  for_each_pair(stance, [&](const HeldMode& held, const Want& want, std::uint32_t pair) {
    if (pair == class_pair && !found)
      found = LockStanding{held.lock, want.lock, want.action};
  });
  return found.value();
}

std::uint32_t LockStances::evaluate(lang::ThreadId thread, lang::PointId point,
                                    const Word* packed) {
  Stance stance;
  stance.thread = thread;
  for (LockIndex lock = 0; lock < locks_.size(); ++lock)
    for (const bool shared : {false, true}) {
      const std::size_t bit = 2 * lock + (shared ? 1 : 0);
      if ((held_[thread * held_words_ + bit / 64] >> (bit % 64) & 1) != 0)
        stance.held.push_back({lock, shared ? lang::Mode::shared : lang::Mode::exclusive});
    }
  const lang::State state = layout_.unpack(packed);
  for (const lang::ActionId id : spec_.threads()[thread].points[point].actions) {
    const lang::Evaluation path = lang::evaluate(spec_, state, spec_.actions()[id].path);
    if (path.failure || path.value == 0)
      continue;
    stance.pending.push_back(id);
    add_wants(state, id, stance);
  }
  for_each_pair(stance, [&](const HeldMode& /*held*/, const Want& /*want*/, std::uint32_t pair) {
    stance.class_pairs.push_back(pair);
  });
  std::sort(stance.class_pairs.begin(), stance.class_pairs.end());
  stance.class_pairs.erase(std::unique(stance.class_pairs.begin(), stance.class_pairs.end()),
                           stance.class_pairs.end());
  stances_.push_back(std::move(stance));
  return static_cast<std::uint32_t>(stances_.size() - 1);
}

void LockStances::add_wants(const lang::State& state, lang::ActionId id, Stance& stance) const {
  const lang::Action& action = spec_.actions()[id];
  std::vector<LockIndex> released;
  for (const lang::Effect& effect : action.effects)
    if (effect.kind == EffectKind::release)
      if (const auto lock = lock_of(state, effect.lock))
        released.push_back(*lock);
  // A step that sleeps and acquires is the second half of a wait, which is asleep already.
  const bool wakes_up =
      std::any_of(action.effects.begin(), action.effects.end(),
                  [](const lang::Effect& effect) { return effect.kind == EffectKind::acquire; });
  for (const lang::Effect& effect : action.effects) {
    if (effect.kind == EffectKind::sleep) {
      if (!wakes_up)
        stance.wants.push_back({effect.kind, 0, effect.mode, id, released});
    } else if (effect.kind == EffectKind::acquire || effect.kind == EffectKind::try_acquire) {
      if (const auto lock = lock_of(state, effect.lock))
        stance.wants.push_back({effect.kind, *lock, effect.mode, id, released});
    }
  }
}

std::optional<LockIndex> LockStances::lock_of(const lang::State& state,
                                              const lang::Expr& reference) const {
  const auto first = first_lock_[reference.type().pool];
  const lang::Evaluation lock = lang::evaluate(spec_, state, reference);
  if (!first || lock.failure || lock.value == lang::none)
    return std::nullopt;
  return *first + static_cast<LockIndex>(lock.value - 1);
}

} // namespace interlock::checker
