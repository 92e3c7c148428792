// From text to properties; see stated_invariants.hpp.
#include "systems/stated_invariants.hpp"

#include "lang/parse.hpp"
#include "systems/call_parser.hpp"

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

bool is_name(const std::string& word) {
  const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  return !word.empty() && std::all_of(word.begin(), word.end(), fits) &&
         std::isdigit(static_cast<unsigned char>(word[0])) == 0;
}

// `proc p, knote kn`
std::vector<Quantified> quantified(const lang::SpecBuilder& spec, const Text& forall) {
  std::vector<std::string> kinds;
  for (const lang::Pool& pool : spec.pools())
    kinds.push_back(pool.name);
  std::vector<Quantified> all;
  Words words(forall);
  for (bool more = !forall.text.empty(); more;) {
    const auto pool = static_cast<PoolId>(words.choice("kind of objects", kinds));
    std::string name = words.take("a name for each of them");
    more = name.ends_with(','); // between several
    if (more)
      name.pop_back();
    if (!is_name(name))
      words.refuse("'" + name + "' is no name; allowed here: letters, digits and _");
    if (std::any_of(all.begin(), all.end(),
                    [&](const Quantified& other) { return other.name == name; }))
      words.refuse("'" + name + "' is there twice");
    all.push_back({pool, name});
  }
  if (!words.done())
    words.refuse("'" + words.take("the end") +
                 "' is one word too many; several kinds of objects "
                 "have commas between them");
  return all;
}

class Adder {
public:
  Adder(lang::SpecBuilder& spec, const StatedInvariant& invariant)
      : spec_(spec), invariant_(invariant), objects_(quantified(spec, invariant.forall)) {}

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
    const lang::NameScope scope{&spec_, {}, {&names_}, {}}; // it is of no thread
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
