// A specification as a module of Quint: what each thing becomes, and what cannot be said.
#include "exporters/quint.hpp"
#include "lang/observer.hpp"
#include "support/lang_world.hpp"
#include "support/temporary_folder.hpp"
#include "systems/scenario.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace interlock::tests {
namespace {

using namespace lang;

std::string module_of(const Spec& spec) { return exporters::quint(spec, "small", {"About it."}); }

// A door of two that a thread opens, by its number, unless it is locked.
TEST(Quint, EachVariableBecomesOneAndEachActionOne) {
  World world({"visitor"});
  SpecBuilder& builder = world.builder;
  const auto flags = flags_type("bolts", {"UP", "DOWN"});
  const PoolId doors = builder.pool("door", {"left", "right"}, Lifetime::permanent);
  const VariableId bolts = builder.field(doors, "bolts", flags, 1);
  const VariableId seen = builder.global("seen", integer_type(0, 3), 0);
  const Expr right = builder.object(doors, 1);
  world.body([&](Steps& s) {
    Step open;
    open.guard = (builder.read(bolts, right) & literal(flags, 2)) == 0;
    open.updates = {assign(builder.read(bolts, right),
                           bit_clear(builder.read(bolts, right), literal(flags, 1))),
                    assign(builder.read(seen), builder.read(seen) + 1)};
    open.shows = Shows{"visitor opens", {{"seen", builder.read(seen)}}};
    s.step("open", open);
  });
  builder.property({"shut", PropertyKind::at_rest, builder.read(seen) == 0, "a door is open"});
  EXPECT_EQ(module_of(world.finish()), R"(// About it.
module small {
  var door_bolts: str -> Set[str]
  var seen: int
  var visitor_pc: str
  action init = all {
    door_bolts' = Map("left" -> Set("UP"), "right" -> Set("UP")),
    seen' = 0,
    visitor_pc' = "0:visitor.open",
  }
  // visitor.open: shows "visitor opens", seen seen
  action visitor_open = all {
    visitor_pc == "0:visitor.open",
    (door_bolts.get("right").intersect(Set("DOWN")) == Set()),
    door_bolts' = door_bolts.set("right", door_bolts.get("right").exclude(Set("UP"))),
    seen' = (seen + 1),
    visitor_pc' = "1:done",
  }
  action step = any {
    visitor_open,
  }
  // At rest: a door is open
  val owes_nothing_shut = (seen == 0)
}
)");
}

TEST(Quint, NamesAreWordsAndNoneIsThereTwice) {
  World world({"a"});
  world.builder.global("a.b", boolean_type(), 0);
  world.builder.global("a b", boolean_type(), 0);
  world.builder.global("step", boolean_type(), 0);
  world.body([&](Steps& s) { s.step("go", {}); });
  const std::string text = module_of(world.finish());
  for (const char* declared : {"var a_b: bool", "var a_b_2: bool", "var step_2: bool"})
    EXPECT_NE(text.find(declared), std::string::npos) << declared;
}

TEST(Quint, WhatASmallMachineDoesNotHaveIsRefused) {
  World list({"a"});
  list.builder.global_list("queue", integer_type(0, 1), 2);
  list.body([&](Steps& s) { s.step("go", {}); });
  EXPECT_THROW(module_of(list.finish()), SpecError);

  World late({"a"});
  late.body([&](Steps& s) {
    Step step;
    step.comes = Comes::by_chance;
    s.step("go", step);
  });
  EXPECT_THROW(module_of(late.finish()), SpecError);
}

// The contract of a scenario with a tracked fork, an exit and EV_DISPATCH.
std::unique_ptr<const Spec> scenario_of_contract() {
  systems::Scenario scenario;
  scenario.system.text = "netbsd";
  scenario.revision.text = "kern_event-1.129";
  scenario.threads = {
      {{"parent", ""}, {{"fork child", ""}}},
      {{"child", ""}, {{"exit 1", ""}}},
      {{"watcher", ""}, {{"kevent add proc parent exit,track dispatch", ""}, {"kevent loop", ""}}}};
  return systems::build(scenario).spec;
}

TEST(Quint, TheContractCanBeWritten) {
  const auto spec = scenario_of_contract();
  const std::string text = exporters::quint(spec->observation()->observer->spec(), "contract", {});
  EXPECT_NE(text.find("action parent__fork_child_begins = all {"), std::string::npos) << text;
  EXPECT_NE(text.find("val owes_nothing_delivery"), std::string::npos);
}

using Json = nlohmann::json;

Json itf(const Type& type, Value value) {
  switch (type.kind) {
  case Kind::boolean:
    return value != 0;
  case Kind::integer:
    return {{"#bigint", std::to_string(value)}};
  case Kind::flags: {
    Json set = Json::array();
    for (std::size_t bit = 0; bit < type.names.size(); ++bit)
      if ((value >> bit & 1) != 0)
        set.push_back(type.names[bit]);
    std::sort(set.begin(), set.end());
    return {{"#set", set}};
  }
  default:
    return format_value(type, value);
  }
}

// As Quint's tools write a state, with sets and maps in order.
Json itf(const Spec& spec, const State& state, VariableId id) {
  const Variable& variable = spec.variables()[id];
  if (variable.scope != Scope::field)
    return itf(*variable.type, state[variable.first_slot]);
  Json map = Json::array();
  for (std::uint32_t i = 0; i < variable.objects; ++i)
    map.push_back({spec.pools()[variable.pool].objects[i],
                   itf(*variable.type, state[variable.first_slot + i * variable.stride])});
  std::sort(map.begin(), map.end());
  return {{"#map", map}};
}

Json in_order(Json value) {
  for (const char* kind : {"#set", "#map"})
    if (value.is_object() && value.contains(kind)) {
      for (Json& element : value[kind])
        if (element.is_array())
          element[1] = in_order(element[1]);
      std::sort(value[kind].begin(), value[kind].end());
    }
  return value;
}

// The words behind `keyword` at the beginning of the module's lines.
std::vector<std::string> defined(const std::string& text, const std::string& keyword) {
  std::vector<std::string> names;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("  " + keyword + " "))
      names.push_back(line.substr(keyword.size() + 3, line.find_first_of(" :", keyword.size() + 3) -
                                                          keyword.size() - 3));
  return names;
}

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Takes in the specification the actions that a run of its module took, and compares each state.
// How many steps that were.
std::size_t follow(const Spec& spec, const std::string& module, const std::string& run) {
  std::vector<std::string> actions = defined(module, "action");
  std::erase_if(actions, [](const std::string& name) { return name == "init" || name == "step"; });
  EXPECT_EQ(actions.size(), spec.actions().size());
  const std::vector<std::string> variables = defined(module, "var");
  const Json trace = Json::parse(run);
  State state = spec.initial_state();
  std::size_t steps = 0;
  for (const Json& seen : trace.at("states")) {
    const auto taken =
        std::find(actions.begin(), actions.end(), seen.at("action_taken").get<std::string>());
    EXPECT_EQ(taken == actions.end(), steps == 0 && seen.at("action_taken") == "init");
    if (taken != actions.end()) {
      const Result next =
          take(spec, state, spec.actions()[static_cast<std::size_t>(taken - actions.begin())]);
      EXPECT_EQ(next.outcome, Outcome::taken) << *taken;
      state = next.state;
      ++steps;
    }
    std::size_t number = 0;
    for (VariableId id = 0; id < spec.variables().size(); ++id)
      if (spec.variables()[id].protection != Protection::immutable) {
        const std::string& name = variables.at(number++);
        EXPECT_EQ(in_order(seen.at(name)), itf(spec, state, id)) << name << ", step " << steps;
      }
  }
  return steps;
}

// Two visitors who each take a door that is free, draw its bolts and leave it: every kind of value
// and every operator that a module can have.
const Spec& visitors(World& world) {
  SpecBuilder& builder = world.builder;
  const auto flags = flags_type("bolts", {"UP", "DOWN"});
  const PoolId doors = builder.pool("door", {"left", "right"}, Lifetime::permanent);
  const VariableId bolts = builder.field(doors, "bolts", flags, 1);
  const VariableId holder =
      builder.field(doors, "holder", builder.pools()[thread_pool].reference, none);
  const VariableId wide = builder.constant_field(doors, "wide", boolean_type(), {0, 1});
  const Expr inside = world.number("inside");
  const Expr weather = world.global("weather", enumeration_type("weather", {"dry", "wet"}));
  const Expr left = builder.object(doors, 0);
  const Expr nobody = builder.nothing(thread_pool);
  for (const ThreadId thread : {0U, 1U})
    world.body(thread, [&](Steps& s) {
      const Expr wants = s.local("wants", builder.pools()[doors].reference);
      s.set("look", {{wants, choose(builder.read(holder, left) == nobody, left,
                                    builder.object(doors, 1))}});
      Step enter;
      enter.guard = builder.read(holder, wants) == nobody &&
                    (inside < Expr(1) || !(inside != Expr(1)) || builder.read(wide, wants));
      enter.updates = {assign(builder.read(holder, wants), s.self()), assign(inside, inside + 1)};
      s.step("enter", enter);
      const Expr drawn = builder.read(bolts, wants);
      s.set("draw", {{drawn, bit_clear(drawn | literal(flags, 2), literal(flags, 1))},
                     {weather, literal(weather.type_ref(), 1)}});
      Step leave;
      leave.guard = (drawn & literal(flags, 3)) == literal(flags, 2) && Expr(1) <= inside;
      leave.updates = {assign(builder.read(holder, wants), nobody), assign(inside, inside - 1)};
      s.step("leave", leave);
    });
  return world.finish();
}

// The module is the one that Quint 0.22.4 was given, and its runs of it are the specification's:
// `quint run --mbt --out-itf`, six different ones.
TEST(Quint, RanASmallSpecificationAsItIs) {
  const std::filesystem::path recorded =
      std::filesystem::path(INTERLOCK_SOURCE_DIR) / "tests/exporters/recorded";
  World world({"first", "second"});
  const Spec& spec = visitors(world);
  const std::string module = exporters::quint(spec, "visitors", {"Two visitors and two doors."});
  EXPECT_EQ(module, text_of(recorded / "visitors.qnt"));
  std::size_t steps = 0;
  for (const auto& file : std::filesystem::directory_iterator(recorded))
    if (file.path().extension() == ".json")
      steps += follow(spec, module, text_of(file.path()));
  EXPECT_EQ(steps, 6U * 8U); // each visitor takes four steps
}

// Asks Quint itself, where the environment names it: its runs of the contract's module are those of
// the machine, step by step and value by value.
TEST(Quint, RunsTheContractAsItIs) {
  const char* const quint = std::getenv("INTERLOCK_QUINT");
  if (quint == nullptr)
    GTEST_SKIP() << "INTERLOCK_QUINT names no quint";
  const auto scenario = scenario_of_contract();
  const Spec& spec = scenario->observation()->observer->spec();
  const std::string module = exporters::quint(spec, "contract", {});
  const TemporaryFolder folder;
  std::ofstream(folder.path() / "contract.qnt") << module;
  const std::string call = "cd " + folder.path().string() + " && " + quint +
                           " run --mbt --verbosity=0 --max-samples=100 --max-steps=60 "
                           "--n-traces=20 --out-itf=run_{seq}.itf.json contract.qnt";
  ASSERT_EQ(std::system(call.c_str()), 0) << call; // NOLINT: the environment's own program
  std::size_t steps = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder.path()))
    if (file.path().extension() == ".json")
      steps += follow(spec, module, text_of(file.path()));
  EXPECT_GT(steps, 100U);
}

} // namespace
} // namespace interlock::tests
