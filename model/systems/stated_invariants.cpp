// From text to properties; see stated_invariants.hpp.
#include "systems/stated_invariants.hpp"

#include "lang/parse.hpp"
#include "lang/places.hpp"
#include "systems/call_parser.hpp"
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
  enum class Use : std::uint8_t { add, judge };
  Adder(lang::SpecBuilder& spec, const StatedInvariant& invariant, Use use)
      : spec_(spec), invariant_(invariant), use_(use),
        objects_(quantified(spec, invariant.forall)) {}

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
    if (use_ == Use::judge)
      return;
    spec_.property({invariant_.name.text, lang::PropertyKind::invariant,
                    there.empty() ? holds : !there || holds,
                    invariant_.holds.text + " does not hold" + of});
  }

  lang::SpecBuilder& spec_;
  const StatedInvariant& invariant_;
  Use use_;
  std::vector<Quantified> objects_;
  std::map<std::string, Expr> names_;
};

} // namespace

void add_stated_invariants(lang::SpecBuilder& spec, const std::vector<StatedInvariant>& invariants,
                           Objections& objections) {
  for (const StatedInvariant& invariant : invariants)
    if (!invariant.holds.text.empty())
      objections.attempt([&] { Adder(spec, invariant, Adder::Use::add).run(); });
}

std::set<std::string> step_labels(lang::SpecBuilder& spec) {
  std::set<std::string> labels;
  for (const lang::Found& found : lang::all_statements(spec))
    if (found.statement->kind == lang::StatementKind::step)
      labels.insert(lang::path_of(spec, found) + "." + found.statement->label);
  return labels;
}

void judge_examples(lang::SpecBuilder& spec, const std::vector<StatedExample>& examples,
                    const std::set<std::string>& unpatched, Objections& objections) {
  if (examples.empty())
    return;
  const std::set<std::string> labels = step_labels(spec);
  for (const StatedExample& example : examples)
    objections.attempt([&] {
      if (!example.holds.text.empty())
        Adder(spec, {example.name, example.exists, example.holds}, Adder::Use::judge).run();
      if (!example.takes.text.empty() && !labels.contains(example.takes.text) &&
          !unpatched.contains(example.takes.text))
        throw ScenarioError(
            "no step of this scenario has the label '" + example.takes.text +
                "'; `interlock list labels CONFIG` prints what there is" +
                text::nearest_hint(example.takes.text, {labels.begin(), labels.end()}),
            example.takes.pointer);
    });
}

StatedInvariant never(const StatedExample& example) {
  return {example.name, example.exists, {"!(" + example.holds.text + ")", example.holds.pointer}};
}

void judge_names(const Scenario& scenario, const std::vector<std::string>& known,
                 Objections& objections) {
  std::vector<std::pair<Text, std::string>> stated;
  for (const StatedInvariant& invariant : scenario.invariants)
    stated.emplace_back(invariant.name, "invariant");
  for (const StatedExample& example : scenario.sometimes)
    stated.emplace_back(example.name, "example");
  std::set<std::string> names;
  for (const auto& [text, kind] : stated)
    objections.attempt([&, &text = text, &kind = kind] {
      const auto& [name, pointer] = text;
      if (name.empty()) // could not be read
        return;
      if (!names.insert(name).second)
        throw ScenarioError("two " + kind + "s are called " + name, pointer);
      const bool taken = std::find(known.begin(), known.end(), name) != known.end() ||
                         name == lang::patched_check ||
                         std::find(std::begin(lang::fault::all), std::end(lang::fault::all),
                                   name) != std::end(lang::fault::all);
      if (taken)
        throw ScenarioError(name + " is a property already; give the " + kind + " another name",
                            pointer);
    });
}

} // namespace interlock::systems
