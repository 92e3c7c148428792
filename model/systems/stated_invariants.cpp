// From text to properties; see stated_invariants.hpp.
#include "systems/stated_invariants.hpp"

#include "lang/parse.hpp"
#include "lang/print.hpp"
#include "text/lists.hpp"
#include "text/nearest.hpp"

#include <algorithm>
#include <cctype>

namespace interlock::systems {

namespace {

using lang::Expr;
using lang::PoolId;

struct Quantified {
  PoolId pool = 0;
  std::string name;
};

// The words of a text, each with where it begins.
std::vector<std::pair<std::size_t, std::string>> words_of(const std::string& text, std::size_t from,
                                                          std::size_t to) {
  std::vector<std::pair<std::size_t, std::string>> words;
  for (std::size_t at = from; at < to; ++at) {
    if (std::isspace(static_cast<unsigned char>(text[at])) != 0)
      continue;
    std::size_t end = at;
    while (end < to && std::isspace(static_cast<unsigned char>(text[end])) == 0)
      ++end;
    words.emplace_back(at, text.substr(at, end - at));
    at = end;
  }
  return words;
}

bool is_name(const std::string& word) {
  const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  return std::all_of(word.begin(), word.end(), fits) &&
         std::isdigit(static_cast<unsigned char>(word[0])) == 0;
}

PoolId pool_named(const lang::SpecBuilder& spec, const std::string& name, const Text& text,
                  std::size_t offset) {
  std::vector<std::string> names;
  for (PoolId pool = 0; pool < spec.pools().size(); ++pool) {
    if (spec.pools()[pool].name == name)
      return pool;
    names.push_back(spec.pools()[pool].name);
  }
  throw ScenarioError("there are no objects called " + name + "; there are " + text::joined(names) +
                          text::nearest_hint(name, names),
                      text.pointer, offset);
}

// `proc p, knote kn`
std::vector<Quantified> quantified(const lang::SpecBuilder& spec, const Text& forall) {
  std::vector<Quantified> all;
  std::size_t from = 0;
  while (!forall.text.empty() && from <= forall.text.size()) {
    const std::size_t end = std::min(forall.text.find(',', from), forall.text.size());
    const auto words = words_of(forall.text, from, end);
    if (words.size() != 2)
      throw ScenarioError("expected a kind of objects and a name for each of them, such as "
                          "\"proc p\", with commas between several",
                          forall.pointer, from);
    const std::size_t offset = words[1].first;
    const std::string& name = words[1].second;
    if (!is_name(name))
      throw ScenarioError("'" + name + "' is no name; allowed here: letters, digits and _",
                          forall.pointer, offset);
    const bool again = std::any_of(all.begin(), all.end(),
                                   [&](const Quantified& other) { return other.name == name; });
    if (again)
      throw ScenarioError("'" + name + "' is there twice", forall.pointer, offset);
    all.push_back({pool_named(spec, words[0].second, forall, words[0].first), name});
    from = end + 1;
  }
  return all;
}

// A thread is meant by its name: an invariant is nobody's.
void refuse_self(const Text& holds) {
  const auto is_word = [&](std::size_t at) {
    return at < holds.text.size() &&
           (std::isalnum(static_cast<unsigned char>(holds.text[at])) != 0 || holds.text[at] == '_');
  };
  const std::string self = "self";
  for (std::size_t at = holds.text.find(self); at != std::string::npos;
       at = holds.text.find(self, at + 1))
    if (!is_word(at + self.size()) && (at == 0 || !is_word(at - 1)))
      throw ScenarioError("an invariant is of no thread; name the thread instead of self",
                          holds.pointer, at);
}

class Adder {
public:
  Adder(lang::SpecBuilder& spec, const StatedInvariant& invariant)
      : spec_(spec), invariant_(invariant), objects_(quantified(spec, invariant.forall)) {
    refuse_self(invariant.holds);
  }

  void run() { choose(0, {}, ""); }

private:
  // Every choice of objects from number `i` on.
  void choose(std::size_t i, const Expr& there, const std::string& of) {
    if (i == objects_.size()) {
      add(there, of);
      return;
    }
    const auto& [id, name] = objects_[i];
    const lang::Pool& pool = spec_.pools()[id];
    for (std::uint32_t object = 0; object < pool.objects.size(); ++object) {
      const Expr chosen = spec_.object(id, object);
      names_[name] = chosen;
      Expr all_there = there;
      if (pool.allocated)
        all_there =
            there.empty() ? spec_.is_allocated(chosen) : there && spec_.is_allocated(chosen);
      choose(i + 1, all_there,
             of + (of.empty() ? ", " : " and ") + name + " being " + pool.objects[object]);
    }
  }

  void add(const Expr& there, const std::string& of) {
    const lang::NameScope scope{&spec_, 0, {&names_}, {}};
    Expr holds;
    try {
      holds = lang::parse_expression(scope, invariant_.holds.text, lang::boolean_type());
    } catch (const lang::ParseError& error) {
      throw ScenarioError(error.what(), invariant_.holds.pointer, error.offset());
    } catch (const lang::SpecError& error) {
      throw ScenarioError(error.what(), invariant_.holds.pointer);
    }
    if (holds.type().kind != lang::Kind::boolean)
      throw ScenarioError(invariant_.holds.text +
                              " is neither true nor false; compare it with something",
                          invariant_.holds.pointer);
    spec_.property({invariant_.name.text, lang::PropertyKind::invariant,
                    there.empty() ? holds : !there || holds,
                    invariant_.holds.text + " does not hold" + of});
  }

  lang::SpecBuilder& spec_;
  const StatedInvariant& invariant_;
  std::vector<Quantified> objects_;
  std::map<std::string, Expr> names_;
};

} // namespace

void add_stated_invariants(lang::SpecBuilder& spec, const std::vector<StatedInvariant>& invariants,
                           Objections& objections) {
  for (const StatedInvariant& invariant : invariants)
    if (!invariant.holds.text.empty())
      objections.attempt([&] { Adder(spec, invariant).run(); });
}

void judge_names(const std::vector<StatedInvariant>& invariants,
                 const std::vector<std::string>& known, Objections& objections) {
  std::set<std::string> names;
  for (const StatedInvariant& invariant : invariants)
    objections.attempt([&] {
      const auto& [name, pointer] = invariant.name;
      if (name.empty()) // could not be read
        return;
      if (!names.insert(name).second)
        throw ScenarioError("two invariants are called " + name, pointer);
      const bool taken = std::find(known.begin(), known.end(), name) != known.end() ||
                         name == lang::patched_check ||
                         std::find(std::begin(lang::fault::all), std::end(lang::fault::all),
                                   name) != std::end(lang::fault::all);
      if (taken)
        throw ScenarioError(name + " is a property already; give the invariant another name",
                            pointer);
    });
}

} // namespace interlock::systems
