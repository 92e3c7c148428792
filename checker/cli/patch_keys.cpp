// Labels to source keys; systems/build.cpp goes the other way.
#include "cli/patch_keys.hpp"

#include <algorithm>
#include <set>

namespace interlock::checker::cli {

namespace {

using lang::Patch;

std::string path_of(const std::string& label) { return label.substr(0, label.rfind('.') + 1); }

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
        patch.argument = target_key(patch);
      if (const auto same = of_the_same_key(i)) {
        done.insert(same->begin(), same->end());
        patch.label = known_.keys.at(patch.label);
      }
      result.push_back(std::move(patch));
    }
    return result;
  }

private:
  // The patches of all steps that have the label's key, when they are one; else none.
  std::optional<std::set<std::size_t>> of_the_same_key(std::size_t i) const {
    const Patch& patch = patches_[i];
    const auto key = known_.keys.find(patch.label);
    if (key == known_.keys.end())
      return std::nullopt;
    std::set<std::size_t> same;
    for (const auto& [label, other_key] : known_.keys) {
      if (other_key != key->second)
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
    const auto argument = [&](const Patch& patch) {
      return moves(patch) ? target_key(patch) : patch.argument;
    };
    return one.kind == other.kind && argument(one) == argument(other);
  }

  // Where to: a key means the first of its labels in the path of what moves.
  std::string target_key(const Patch& patch) const {
    const auto key = known_.keys.find(patch.argument);
    if (key == known_.keys.end())
      return patch.argument;
    for (const auto& [label, other_key] : known_.keys)
      if (other_key == key->second && path_of(label) == path_of(patch.label))
        return label == patch.argument ? key->second : patch.argument;
    return patch.argument;
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
