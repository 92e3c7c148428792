// A witness that was cut off, edited, or made by another version is refused, and the message says
// where.
#include "small_traces.hpp"
#include "json/source.hpp"

#include <functional>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace interlock::tests {
namespace {

using Json = nlohmann::ordered_json;

struct Refusal {
  std::string pointer;
  std::string message;
};

// Reads and follows an edited witness of a trace; fails the test when it is accepted.
Refusal refusal_of(const SmallTrace& small, const std::function<void(Json&)>& edit,
                   witnesses::Form form = witnesses::Form::full) {
  Json json = Json::parse(witnesses::write(witness_of(small, form)));
  edit(json);
  try {
    const witnesses::Witness witness = witnesses::read(json::Source("w.json", json.dump(2)));
    witnesses::trace_of(*small.spec, witness, analysis_of(small));
  } catch (const json::DocumentError& error) {
    return {error.pointer(), error.message()};
  } catch (const witnesses::WitnessError& error) {
    return {error.pointer(), error.what()};
  }
  ADD_FAILURE() << "an edited witness was accepted";
  return {};
}

TEST(WitnessDamage, UneditedIsAccepted) {
  const SmallTrace small = opposite_orders();
  const Json json = Json::parse(witnesses::write(witness_of(small)));
  EXPECT_NO_THROW(witnesses::trace_of(
      *small.spec, witnesses::read(json::Source("w.json", json.dump())), analysis_of(small)));
}

TEST(WitnessDamage, CutOffAtAnyByteIsRefusedWithAPosition) {
  const std::string text = witnesses::write(witness_of(broken_invariant()));
  const std::size_t end = text.find_last_of('}');
  for (std::size_t length = 1; length <= end; ++length) {
    try {
      witnesses::read(json::Source("w.json", text.substr(0, length)));
      FAIL() << "accepted when cut off at byte " << length;
    } catch (const json::DocumentError& error) {
      EXPECT_GT(error.line(), 0U);
    }
  }
}

TEST(WitnessDamage, AnotherVersionOfTheFormatIsNamed) {
  const Refusal refusal = refusal_of(broken_invariant(), [](Json& json) { json["version"] = 1; });
  EXPECT_EQ(refusal.pointer, "/version");
  EXPECT_EQ(refusal.message, "witness format version 1; this program reads version 2");
}

TEST(WitnessDamage, AnotherFormatIsNoWitness) {
  const Refusal refusal =
      refusal_of(broken_invariant(), [](Json& json) { json["format"] = "ITF"; });
  EXPECT_EQ(refusal.pointer, "/format");
}

// What an edit of the file's structure is answered with.
struct StructuralEdit {
  const char* name;
  std::function<void(Json&)> edit;
  const char* pointer;
  const char* message; // a part of it
};

void PrintTo(const StructuralEdit& edit, std::ostream* out) { *out << edit.name; }

class WitnessStructure : public testing::TestWithParam<StructuralEdit> {};

TEST_P(WitnessStructure, IsRefusedAtItsPointer) {
  const Refusal refusal = refusal_of(opposite_orders(), GetParam().edit);
  EXPECT_EQ(refusal.pointer, GetParam().pointer);
  EXPECT_NE(refusal.message.find(GetParam().message), std::string::npos) << refusal.message;
}

INSTANTIATE_TEST_SUITE_P(
    Edits, WitnessStructure,
    testing::Values(StructuralEdit{"MissingKey", [](Json& j) { j["steps"][1].erase("label"); },
                                   "/steps/1", "the key \"label\" is missing"},
                    StructuralEdit{"UnknownKey", [](Json& j) { j["steps"][0]["labl"] = "x"; },
                                   "/steps/0/labl", "did you mean label?"},
                    StructuralEdit{"WrongType", [](Json& j) { j["steps"][0]["action"] = "0"; },
                                   "/steps/0/action", "expected a whole number"},
                    StructuralEdit{"NegativeNumber", [](Json& j) { j["length"] = -1; }, "/length",
                                   "out of range"},
                    StructuralEdit{"WrongLength", [](Json& j) { j["length"] = 3; }, "/length",
                                   "the length is 3, but there are 2 steps"},
                    StructuralEdit{"RenumberedStep", [](Json& j) { j["steps"][1]["number"] = 1; },
                                   "/steps/1/number", "expected step 2, found step 1"},
                    StructuralEdit{"RemovedStep",
                                   [](Json& j) {
                                     j["steps"].erase(0);
                                     j["length"] = 1;
                                   },
                                   "/steps/0/number", "expected step 1, found step 2"},
                    StructuralEdit{"MissingValue", [](Json& j) { j["final"].erase("held"); },
                                   "/final/seen", "expected the value of \"held\""},
                    StructuralEdit{"ExtraValue", [](Json& j) { j["initial"]["more"] = "1"; },
                                   "/initial/more", "not in \"variables\""},
                    StructuralEdit{"UnknownMode",
                                   [](Json& j) { j["steps"][0]["held_after"][0]["mode"] = "mine"; },
                                   "/steps/0/held_after/0/mode", "exclusive, shared"},
                    StructuralEdit{"UnknownKind",
                                   [](Json& j) { j["violation"]["kind"] = "livelock"; },
                                   "/violation/kind", "deadlock"}),
    [](const auto& info) { return info.param.name; });

class WitnessContent : public testing::TestWithParam<StructuralEdit> {};

TEST_P(WitnessContent, IsRefusedAtTheFirstStepThatDoesNotFit) {
  const Refusal refusal = refusal_of(opposite_orders(), GetParam().edit);
  EXPECT_EQ(refusal.pointer, GetParam().pointer);
  EXPECT_NE(refusal.message.find(GetParam().message), std::string::npos) << refusal.message;
}

INSTANTIATE_TEST_SUITE_P(
    Edits, WitnessContent,
    testing::Values(
        StructuralEdit{"OtherThreads", [](Json& j) { j["threads"][1] = "wrong"; }, "/threads/1",
                       "\"wrong\", the specification gives \"right\""},
        StructuralEdit{"UnknownThread", [](Json& j) { j["steps"][1]["thread"] = "rigth"; },
                       "/steps/1/thread", "step 2: there is no thread rigth; did you mean right?"},
        StructuralEdit{"UnknownLabel", [](Json& j) { j["steps"][0]["label"] = "go_left.enter_o"; },
                       "/steps/0/label", "thread left has no step go_left.enter_o; did you mean"},
        StructuralEdit{"OtherAction", [](Json& j) { j["steps"][1]["action"] = 0; },
                       "/steps/1/action", "action 0 is go_left.enter_m of thread left"},
        StructuralEdit{"NoSuchAction", [](Json& j) { j["steps"][1]["action"] = 1000; },
                       "/steps/1/action", "there is no action 1000"},
        StructuralEdit{"SwappedSteps",
                       [](Json& j) {
                         j["steps"][0] = j["steps"][1];
                         j["steps"][0]["number"] = 1;
                       },
                       "/steps/1", "step 2 (right: go_right.enter_n) cannot be taken after step 1"},
        StructuralEdit{"EditedChange", [](Json& j) { j["steps"][0]["changes"][2]["to"] = "0"; },
                       "/steps/0/changes/2/to", "step 1 (left: go_left.enter_m)"},
        StructuralEdit{"EditedLock", [](Json& j) { j["steps"][1]["held_after"][0]["lock"] = "m"; },
                       "/steps/1/held_after/0/lock", "\"m\", the specification gives \"n\""},
        StructuralEdit{"EditedChain", [](Json& j) { j["steps"][1]["chain"] = "x"; },
                       "/steps/1/chain", "step 2"},
        StructuralEdit{"EditedReport", [](Json& j) { j["steps"][0]["reports"][0]["value"] = "n"; },
                       "/steps/0/reports/0/value", "step 1"},
        StructuralEdit{"EditedInitialState", [](Json& j) { j["initial"]["held"] = "1"; },
                       "/initial/held", "initial"},
        StructuralEdit{"EditedFinalState", [](Json& j) { j["final"]["held"] = "0"; }, "/final/held",
                       "final"},
        StructuralEdit{"EditedEnding", [](Json& j) { j["endings"][0]["holders"] = Json::array(); },
                       "/endings/0/holders", "entries"},
        StructuralEdit{"EditedSwitches", [](Json& j) { j["context_switches"] = 0; },
                       "/context_switches", "the witness says 0, the specification gives 1"},
        StructuralEdit{"TooShort",
                       [](Json& j) {
                         j["steps"].erase(1);
                         j["length"] = 1;
                       },
                       "/violation", "no deadlock: a thread can move"}),
    [](const auto& info) { return info.param.name; });

TEST(WitnessDamage, AnInvariantThatHoldsInTheLastStateIsNoViolation) {
  const Refusal refusal = refusal_of(broken_invariant(), [](Json& json) {
    json["steps"].erase(1);
    json["length"] = 1;
  });
  EXPECT_EQ(refusal.message, "the last state: it does not violate below-two");
}

TEST(WitnessDamage, AFailingStepMustFailAsTheWitnessSays) {
  const auto property = [](Json& json) { json["violation"]["property"] = "bounds"; };
  EXPECT_EQ(refusal_of(failing_check(), property).pointer, "/violation/property");
  const auto message = [](Json& json) { json["violation"]["message"] = "all is well"; };
  EXPECT_EQ(refusal_of(failing_check(), message).pointer, "/violation/message");
  const auto kind = [](Json& json) { json["violation"]["kind"] = "invariant"; };
  EXPECT_NE(refusal_of(failing_check(), kind).message.find("fails: kassert"), std::string::npos);
}

TEST(WitnessDamage, AWitnessOfAnotherSpecificationIsRefused) {
  const std::string text = witnesses::write(witness_of(opposite_orders()));
  const witnesses::Witness witness = witnesses::read(json::Source("w.json", text));
  const SmallTrace other = failing_check();
  EXPECT_THROW(witnesses::trace_of(*other.spec, witness, analysis_of(other)),
               witnesses::WitnessError);
}

// --- every field, one at a time ---

// The file with something wrong at one place, one variant after the other: a text, number or truth
// changed, a member or an element taken out.
void for_each_damage(const Json& file, const Json& part, const Json::json_pointer& at,
                     const std::function<void(const std::string&, const Json&)>& visit) {
  const auto edited = [&](const std::string& what, const std::function<void(Json&)>& edit) {
    Json copy = file;
    edit(copy[at]);
    visit(what + " " + at.to_string(), copy);
  };
  if (part.is_string())
    edited("changed", [](Json& text) { text = text.get<std::string>() + "x"; });
  else if (part.is_number())
    edited("changed", [](Json& number) { number = number.get<std::uint64_t>() + 1; });
  else if (part.is_boolean())
    edited("changed", [](Json& truth) { truth = !truth.get<bool>(); });
  else if (part.is_object())
    for (const auto& member : part.items()) {
      edited("without " + member.key() + " in", [&](Json& object) { object.erase(member.key()); });
      for_each_damage(file, member.value(), at / member.key(), visit);
    }
  else if (part.is_array())
    for (std::size_t i = 0; i < part.size(); ++i) {
      edited("without " + std::to_string(i) + " in", [&](Json& array) { array.erase(i); });
      for_each_damage(file, part[i], at / i, visit);
    }
}

class WitnessField : public testing::TestWithParam<witnesses::Form> {};

// What is left is what a witness cannot know: who wrote it.  The config is compared where its
// digest can be computed (tests/cli).
TEST_P(WitnessField, OfAnyKindOfWitnessIsRefusedWhenDamaged) {
  for (const SmallTrace& small : all_kinds()) {
    const Json whole = Json::parse(witnesses::write(witness_of(small, GetParam())));
    unsigned damages = 0;
    for_each_damage(
        whole, whole, Json::json_pointer(), [&](const std::string& what, const Json& damaged) {
          if (what.starts_with("changed /tool/") || what.starts_with("changed /config/"))
            return;
          SCOPED_TRACE(what);
          refusal_of(
              small, [&](Json& json) { json = damaged; }, GetParam());
          ++damages;
        });
    EXPECT_GT(damages, 20U);
  }
}

TEST_P(WitnessField, NoStepsCanBeCutOff) {
  for (const SmallTrace& small : all_kinds())
    for (std::size_t left = 0; left < small.trace.actions.size(); ++left) {
      SCOPED_TRACE(small.trace.violation.property + ", " + std::to_string(left) + " steps left");
      refusal_of(
          small,
          [&](Json& json) {
            while (json["steps"].size() > left)
              json["steps"].erase(left);
            json["length"] = left;
          },
          GetParam());
    }
}

INSTANTIATE_TEST_SUITE_P(Forms, WitnessField,
                         testing::Values(witnesses::Form::full, witnesses::Form::steps),
                         [](const auto& info) {
                           return info.param == witnesses::Form::full ? "Full" : "Steps";
                         });

TEST(WitnessOfAnAnalysis, IsRefusedUnlessTheAnalysisFindsItWithTheseSteps) {
  const SmallTrace small = reversal();
  const auto message = [](Json& json) { json["violation"]["message"] = "all is well"; };
  EXPECT_EQ(refusal_of(small, message).pointer, "/violation/message");
  EXPECT_EQ(refusal_of(small, message).message,
            "the analysis does not find it; it finds: m_lock and n_lock are taken in both orders");
  const auto property = [](Json& json) { json["violation"]["property"] = "no-deadlock"; };
  EXPECT_EQ(refusal_of(small, property).pointer, "/violation/property");
  const auto cut = [](Json& json) {
    json["steps"] = Json::array();
    json["length"] = 0;
  };
  const Refusal refusal = refusal_of(small, cut, witnesses::Form::steps);
  EXPECT_EQ(refusal.pointer, "/steps");
  EXPECT_EQ(refusal.message, "these 0 steps do not show it: m_lock and n_lock are taken in both "
                             "orders is found after 2 other steps");
}

} // namespace
} // namespace interlock::tests
