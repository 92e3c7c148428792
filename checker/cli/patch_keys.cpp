// Labels to source keys; systems/build.cpp goes the other way.
#include "cli/patch_keys.hpp"

#include <algorithm>
#include <set>

namespace interlock::checker::cli {

namespace {

using lang::Patch;

bool moves(const Patch& patch) {
  return patch.kind == Patch::Kind::move_before || patch.kind == Patch::Kind::move_after;
}

class Keys {
public:
  Keys(const std::vector<Patch>& patches, const systems::KnownText& known)
      : patches_(patches), known_(known) {}

  std::vector<Patch> take() {
    std::vector<Patch> result;
    std::set<std::size_t> done;
    for (std::size_t i = 0; i < patches_.size(); ++i) {
      if (done.contains(i))
        continue;
      Patch patch = patches_[i];
      if (moves(patch))
        patch.argument = key_or_label(patch.argument);
      if (const auto same = of_the_same_key(i)) {
        done.insert(same->begin(), same->end());
        patch.label = systems::statement_key(known_.keys.at(patch.label));
      } else {
        patch.label = key_or_label(patch.label);
      }
      result.push_back(std::move(patch));
    }
    return result;
  }

private:
  // The patches of all steps that stand for the label's statement, when they are one; else none.
  std::optional<std::set<std::size_t>> of_the_same_key(std::size_t i) const {
    const Patch& patch = patches_[i];
    const auto key = known_.keys.find(patch.label);
    if (key == known_.keys.end())
      return std::nullopt;
    std::set<std::size_t> same;
    for (const auto& [label, other_key] : known_.keys) {
      if (systems::statement_key(other_key) != systems::statement_key(key->second))
        continue;
      std::size_t at = 0;
      while (at < patches_.size() && !(patches_[at].label == label && is_like(patches_[at], patch)))
        ++at;
      if (at == patches_.size())
        return std::nullopt;
      same.insert(at);
    }
    return same;
  }

  bool is_like(const Patch& one, const Patch& other) const {
    return one.kind == other.kind && one.argument == other.argument;
  }

  // A recorded key means one step.
  std::string key_or_label(const std::string& label) const {
    const auto key = known_.keys.find(label);
    return key == known_.keys.end() ? label : key->second;
  }

  const std::vector<Patch>& patches_;
  const systems::KnownText& known_;
};

} // namespace

std::vector<Patch> with_source_keys(const std::vector<Patch>& patches,
                                    const systems::KnownText& known) {
  return Keys(patches, known).take();
}

} // namespace interlock::checker::cli
