// A label means one statement: of a revision, the same line and operation in the same order of its
// path, whatever the scenario, its environment, its properties and the call are.
#include "config/config.hpp"
#include "corpus.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace interlock::tests {
namespace {

using lang::Statement;
using lang::StatementKind;
using systems::Scenario;

using Labels = std::vector<std::string>;

// `mutex_exit_fd_lock` of `mutex_exit_fd_lock_2`.
std::string without_number(const std::string& label) {
  const std::size_t end = label.find_last_not_of("0123456789");
  const bool numbered = end != std::string::npos && end + 1 < label.size() && label[end] == '_' &&
                        label[end + 1] != '0'; // return_0
  return numbered ? label.substr(0, end) : label;
}

// What a statement is, apart from what its path's arguments and the contract's books make of it.
struct Meaning {
  std::string text; // kind, source, locks
  std::set<std::string> changed;
};

Meaning meaning_of(const lang::Spec& spec, const Statement& statement) {
  Meaning meaning;
  meaning.text = std::to_string(static_cast<int>(statement.kind)) + " " + statement.anchor.file +
                 " " + statement.anchor.revision + " " + statement.anchor.function + " " +
                 std::to_string(statement.anchor.line);
  if (statement.kind == StatementKind::leave)
    meaning.text +=
        " leaves " + std::to_string(static_cast<int>(statement.leave)) + statement.target;
  if (statement.kind == StatementKind::check)
    meaning.text += " " + statement.check.property + " " + statement.check.message;
  for (const lang::Effect& effect : statement.step.effects)
    meaning.text += " " + std::to_string(static_cast<int>(effect.kind)) + " " +
                    std::to_string(static_cast<int>(effect.mode)) + " " +
                    spec.pools()[effect.lock.type().pool].name;
  for (const lang::Update& update : statement.step.updates)
    if (const lang::Variable& variable = spec.variables()[update.variable];
        !variable.ghost && variable.scope != lang::Scope::local) // a local may be an argument
      meaning.changed.insert(variable.name);
  return meaning;
}

// One may change more than the other, as an attachment that leaves NOTE_CHILD behind does.
bool agree(const Meaning& a, const Meaning& b) {
  return a.text == b.text &&
         (std::includes(a.changed.begin(), a.changed.end(), b.changed.begin(), b.changed.end()) ||
          std::includes(b.changed.begin(), b.changed.end(), a.changed.begin(), a.changed.end()));
}

// What has been seen of one path of one revision.
struct PathText {
  std::map<std::string, std::pair<Meaning, std::string>> meanings; // with the scenario it is from
  std::map<std::string, std::size_t> numbered; // labels without numbers, how often each is given
  std::string numbered_from;
  std::set<Labels> orders;
};

class Book {
public:
  void add(const lang::Spec& spec, const std::string& revision, const std::string& scenario) {
    for (lang::ThreadId thread = 0; thread < spec.thread_count(); ++thread)
      add_block(spec, spec.body(thread), revision + " " + spec.thread_name(thread), revision,
                scenario);
  }

  Labels contradictions() {
    for (const auto& [path, text] : paths_)
      compare_orders(path, text);
    return problems_;
  }
  std::size_t labels() const {
    std::size_t count = 0;
    for (const auto& [path, text] : paths_)
      count += text.meanings.size();
    return count;
  }

private:
  void add_block(const lang::Spec& spec, const lang::Block& block, const std::string& path,
                 const std::string& revision, const std::string& scenario) {
    for (const auto& statement : block)
      if (statement->kind == StatementKind::call)
        add_path(spec, *statement, revision, scenario);
      else
        for (const lang::Block& inner : statement->blocks)
          add_block(spec, inner, path, revision, scenario);
  }

  void add_path(const lang::Spec& spec, const Statement& call, const std::string& revision,
                const std::string& scenario) {
    PathText& text = paths_[revision + " " + call.path];
    Labels order;
    for (const lang::Block& block : call.blocks)
      add_statements(spec, block, revision + " " + call.path, text, scenario, order);
    text.orders.insert(std::move(order));
    count(revision + " " + call.path, *call.labels, text, scenario);
    for (const lang::Block& block : call.blocks)
      add_block(spec, block, revision + " " + call.path, revision, scenario);
  }

  void add_statements(const lang::Spec& spec, const lang::Block& block, const std::string& path,
                      PathText& text, const std::string& scenario, Labels& order) {
    for (const auto& statement : block) {
      order.push_back(statement->label);
      const Meaning meaning = meaning_of(spec, *statement);
      const auto [known, added] =
          text.meanings.try_emplace(statement->label, std::pair{meaning, scenario});
      if (!added && !agree(known->second.first, meaning))
        problems_.push_back(path + "." + statement->label + ": " + known->second.first.text +
                            " in " + known->second.second + ", " + meaning.text + " in " +
                            scenario);
      if (statement->kind != StatementKind::call)
        for (const lang::Block& inner : statement->blocks)
          add_statements(spec, inner, path, text, scenario, order);
    }
  }

  // A label that is given out twice has numbers, and so must be given out as often each time.
  void count(const std::string& path, const Labels& labels, PathText& text,
             const std::string& scenario) {
    std::map<std::string, std::size_t> given;
    for (const std::string& label : labels)
      ++given[without_number(label)];
    for (const auto& [label, times] : given) {
      const auto [known, added] = text.numbered.try_emplace(label, times);
      if (!added && known->second != times)
        problems_.push_back(path + "." + label + ": given out " + std::to_string(known->second) +
                            " times before, " + std::to_string(times) + " in " + scenario);
    }
  }

  void compare_orders(const std::string& path, const PathText& text) {
    std::set<std::pair<std::string, std::string>> before;
    for (const Labels& order : text.orders)
      for (std::size_t i = 0; i < order.size(); ++i)
        for (std::size_t j = i + 1; j < order.size(); ++j)
          if (before.contains({order[j], order[i]}))
            problems_.push_back(path + ": " + order[i] + " is before " + order[j] +
                                " and behind it");
          else
            before.insert({order[i], order[j]});
  }

  std::map<std::string, PathText> paths_;
  Labels problems_;
};

struct Labelling {
  std::string system;
  std::string revision;
};

void PrintTo(const Labelling& labelling, std::ostream* out) {
  *out << labelling.system << " " << labelling.revision;
}

class SlowLabelled : public testing::TestWithParam<Labelling> {};

// The scenarios of the system's corpus under the revision: with no choice of the environment, with
// each, with all, and with one property.
TEST_P(SlowLabelled, MeanOneStatementOfARevision) {
  const systems::SystemDescription& system = *systems::find_system(GetParam().system);
  Book book;
  std::size_t built = 0;
  // False for a call or a choice that the revision does not have.
  const auto add = [&](const Scenario& scenario, const std::string& name) {
    try {
      const systems::BuiltSpec spec = systems::build(scenario);
      book.add(*spec.spec, scenario.revision.text, name + " of " + scenario.revision.text);
      ++built;
      return true;
    } catch (const systems::ScenarioError&) {
      return false;
    }
  };
  for (const std::filesystem::path& path : corpus()) {
    Scenario scenario = checker::read_config(path).scenario;
    if (scenario.system.text != system.name || !scenario.patches.empty())
      continue;
    const std::string name = path.stem().string();
    scenario.revision.text = GetParam().revision;
    scenario.properties.clear();
    scenario.excused.clear();
    scenario.environment.clear();
    if (!add(scenario, name))
      continue;
    std::vector<systems::Text> possible;
    for (const systems::Entry& choice : system.environment) {
      scenario.environment = {{choice.name, "/environment"}};
      if (add(scenario, name + ", " + choice.name))
        possible.push_back({choice.name, "/environment"});
    }
    scenario.environment = possible;
    scenario.properties = {{"no-deadlock", "/properties"}};
    EXPECT_TRUE(add(scenario, name + ", all choices, one property"));
  }
  EXPECT_GT(built,
            50U); // the smallest corpus has a dozen scenarios without kevent, each five times
  EXPECT_GT(book.labels(), 100U);
  std::string problems;
  for (const std::string& problem : book.contradictions())
    problems += "\n" + problem;
  EXPECT_EQ(problems, "");
}

std::vector<Labelling> all_revisions() {
  std::vector<Labelling> all;
  for (const systems::SystemDescription& system : systems::systems())
    for (const systems::Entry& revision : system.revisions)
      all.push_back({system.name, revision.name});
  return all;
}

INSTANTIATE_TEST_SUITE_P(Revisions, SlowLabelled, testing::ValuesIn(all_revisions()),
                         [](const testing::TestParamInfo<Labelling>& info) {
                           std::string name = info.param.system + "_" + info.param.revision;
                           for (char& c : name)
                             if (std::isalnum(static_cast<unsigned char>(c)) == 0)
                               c = '_';
                           return name;
                         });

} // namespace
} // namespace interlock::tests
