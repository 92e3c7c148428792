// Editing of labelled statements; see patch.hpp.
#include "lang/patch.hpp"

#include "lang/patch_parts.hpp"
#include "lang/patch_targets.hpp"
#include "lang/patch_wakes.hpp"
#include "text/lists.hpp"
#include "text/nearest.hpp"

#include <algorithm>
#include <set>

namespace interlock::lang {

namespace {

using PatchPart = PatchError::Part;

class Editor {
public:
  Editor(SpecBuilder& spec, const Primitives& primitives, const Patch& patch, std::size_t index)
      : spec_(spec), primitives_(primitives), patch_(patch), index_(index) {}

  void apply() {
    for (const Found& found : patch_targets(spec_, patch_, index_))
      edit(found);
  }

private:
  [[noreturn]] void refuse(PatchPart part, std::size_t offset, const std::string& message) const {
    throw PatchError(index_, part, offset, message);
  }

  // --- what is done to them ---

  void edit(const Found& found) {
    const PatchWords words(spec_, primitives_, patch_, index_, found);
    switch (patch_.kind) {
    case Patch::Kind::drop:
      drop(found, words);
      return;
    case Patch::Kind::drop_part:
      note_assignments(found);
      drop_part(spec_, *found.statement, words);
      return;
    case Patch::Kind::negate:
      negate(*found.statement, words);
      return;
    case Patch::Kind::replace:
      replace(found, words);
      return;
    case Patch::Kind::insert_before:
      insert(found, position(found), words.statements({}));
      return;
    case Patch::Kind::insert_after:
      insert(found, position(found) + 1, words.statements({}));
      return;
    case Patch::Kind::move_before:
    case Patch::Kind::move_after:
      move(found);
      return;
    }
  }

  void drop(const Found& found, const PatchWords& words) {
    Statement& statement = *found.statement;
    const std::string keep = trimmed(patch_.argument);
    switch (statement.kind) {
    case StatementKind::test:
      drop_test(found, keep);
      return;
    case StatementKind::loop:
      if (keep == "body") {
        statement.condition = {};
        run_once(statement, unused_label(found, "break"));
        return;
      }
      break;
    case StatementKind::step:
      note_assignments(found);
      if (keep == "locals") {
        keep_locals(spec_, statement, words);
        return;
      }
      break;
    default:
      break;
    }
    if (!keep.empty() && keep != "nothing")
      refuse(PatchPart::argument, 0,
             "a " + std::string(kind_name(statement.kind)) + " cannot keep '" + keep +
                 "'; allowed here: nothing" +
                 (statement.kind == StatementKind::loop   ? ", body"
                  : statement.kind == StatementKind::step ? ", locals"
                                                          : ""));
    take_out(found);
  }

  void drop_test(const Found& found, const std::string& keep) {
    const Block& then = found.statement->blocks.at(0);
    const Block otherwise =
        found.statement->blocks.size() > 1 ? found.statement->blocks[1] : Block{};
    const auto contents = [](const Block& block) {
      std::vector<std::string> labels;
      for (const StatementRef& statement : block)
        labels.push_back(statement->label);
      return labels.empty() ? std::string("nothing") : text::listed(labels);
    };
    if (keep.empty() && !then.empty() && !otherwise.empty())
      refuse(PatchPart::label, 0,
             patch_.label + " has two branches: \"keep\" says which one stays: then (" +
                 contents(then) + "), else (" + contents(otherwise) + ") or nothing");
    if (!keep.empty() && keep != "then" && keep != "else" && keep != "nothing")
      refuse(PatchPart::argument, 0,
             "a test cannot keep '" + keep + "'; allowed here: then, else, nothing");
    const Block kept = keep == "nothing"                                   ? Block{}
                       : keep == "then" || (keep.empty() && !then.empty()) ? then
                                                                           : otherwise;
    const std::size_t at = take_out(found);
    insert(found, at, kept);
  }

  // For the message if what it assigns is read without it.
  void note_assignments(const Found& found) {
    for (const Update& update : found.statement->step.updates)
      if (spec_.variables()[update.variable].scope == Scope::local)
        spec_.take_assignment(update.variable,
                              path_of(spec_, found) + "." + found.statement->label);
  }

  std::string unused_label(const Found& found, const std::string& label) const {
    std::set<std::string> used;
    for (const Found& other : all_statements(spec_))
      if (other.thread == found.thread && other.calls == found.calls)
        used.insert(other.statement->label);
    if (!found.calls.empty() && found.calls.back()->labels)
      used.insert(found.calls.back()->labels->begin(), found.calls.back()->labels->end());
    std::string unused = label;
    for (int count = 2; used.contains(unused); ++count)
      unused = label + "_" + std::to_string(count);
    return unused;
  }

  // --- blocks ---

  Block& block_of(const Found& found) {
    return found.parent ? found.parent->blocks[found.block] : spec_.body_for_patching(found.thread);
  }

  std::size_t position(const Found& found) {
    const Block& block = block_of(found);
    return static_cast<std::size_t>(std::find(block.begin(), block.end(), found.statement) -
                                    block.begin());
  }

  std::size_t take_out(const Found& found) {
    const std::size_t at = position(found);
    Block& block = block_of(found);
    block.erase(block.begin() + static_cast<std::ptrdiff_t>(at));
    return at;
  }

  void insert(const Found& found, std::size_t at, const Block& statements) {
    Block& block = block_of(found);
    block.insert(block.begin() + static_cast<std::ptrdiff_t>(at), statements.begin(),
                 statements.end());
  }

  void move(const Found& found) {
    const Found target = sibling(found);
    const StatementRef moved = found.statement;
    take_out(found);
    insert(target, position(target) + (patch_.kind == Patch::Kind::move_after ? 1 : 0), {moved});
  }

  // The statement that the argument names, in the same call.
  Found sibling(const Found& found) const {
    const std::string wanted = trimmed(patch_.argument);
    const std::string path = path_of(spec_, found);
    const std::string prefix = path + ".";
    std::vector<Found> inside;
    collect_statements({found.statement}, {found.thread, found.calls, nullptr, 0, nullptr}, inside);
    std::vector<std::string> known;
    for (Found& candidate : all_statements(spec_)) {
      if (candidate.thread != found.thread || candidate.calls != found.calls)
        continue;
      const std::string& label = candidate.statement->label;
      const bool within = std::any_of(inside.begin(), inside.end(), [&](const Found& part) {
        return part.statement == candidate.statement;
      });
      if (wanted != label && wanted != prefix + label) {
        if (!within)
          known.push_back(label);
        continue;
      }
      if (within)
        refuse(PatchPart::argument, 0,
               "a statement cannot be moved to where it is itself: " + wanted);
      return candidate;
    }
    refuse(PatchPart::argument, 0,
           "'" + wanted + "' is no label in the same call of " + path +
               text::nearest_hint(wanted, known));
  }

  // --- what replaces it ---

  void replace(const Found& found, const PatchWords& words) {
    Statement& statement = *found.statement;
    if (replace_part(statement, words))
      return;
    if (words.has_this()) {
      enclose(found, words);
      return;
    }
    const std::string& word = words.argument().word;
    if (word == "else" && statement.kind == StatementKind::test) {
      add_else(found, words);
      return;
    }
    if (word == "if" && words.argument().operands.empty() &&
        statement.kind == StatementKind::loop && !statement.condition.empty()) {
      run_once(statement, unused_label(found, "break"));
      return;
    }
    if ((word == "wake_one" || word == "wake_all") && words.argument().operands.empty()) {
      wake_other(found, word == "wake_one");
      return;
    }
    note_assignments(found);
    const std::string label = statement.label;
    const std::vector<std::string> more = words_of(statement);
    const std::size_t at = take_out(found); // first, so that its label is free again
    insert(found, at, words.statements(more, label));
  }

  // The statement, and those that follow it in its block, inside of something new.
  void enclose(const Found& found, const PatchWords& words) {
    PatchWords::Around around = words.statements_around();
    const auto itself = std::find_if(around.taken.begin(), around.taken.end(),
                                     [](const auto& each) { return each.first.empty(); });
    if (std::count_if(around.taken.begin(), around.taken.end(),
                      [](const auto& each) { return each.first.empty(); }) != 1)
      refuse(PatchPart::argument, 0, "the statement itself can stand in one place only");
    std::rotate(around.taken.begin(), itself, itself + 1); // it stands before those behind it
    const std::size_t at = position(found);
    take_into(found, at, std::move(around));
  }

  // A test gets an else.
  void add_else(const Found& found, const PatchWords& words) {
    Statement& test = *found.statement;
    if (test.blocks.size() > 1 && !test.blocks[1].empty())
      refuse(PatchPart::argument, 0, patch_.label + " has an else already");
    PatchWords::Around around = words.statements_of_else();
    test.blocks.resize(2);
    put_taken(found, position(found) + 1, around);
    test.blocks[1] = std::move(around.block);
  }

  // Puts the block in place of what it takes, which stands from `at` on.
  void take_into(const Found& found, std::size_t at, PatchWords::Around around) {
    put_taken(found, at, around);
    insert(found, at, around.block);
  }

  // What stands from `at` on goes to its place in the block.  The order stays: of what is taken
  // each stands directly behind the one before.
  void put_taken(const Found& found, std::size_t at, PatchWords::Around& around) {
    Block& block = block_of(found);
    for (const PatchWords::Taken& taken : around.taken) {
      const auto first = block.begin() + static_cast<std::ptrdiff_t>(at);
      if (!taken.first.empty() && (first == block.end() || !is_called(found, **first, taken.first)))
        refuse(PatchPart::argument, taken.offset,
               "no statement " + taken.first + " stands directly behind " +
                   (at == 0 ? found.statement : block[at - 1])->label + " in the same block");
      auto last = first;
      if (!taken.last.empty()) {
        last = std::find_if(first, block.end(), [&](const StatementRef& each) {
          return is_called(found, *each, taken.last);
        });
        if (last == block.end())
          refuse(PatchPart::argument, patch_.argument.find("through", taken.offset),
                 "no statement " + taken.last + " stands behind " + (*first)->label +
                     " in the same block");
      }
      const Block these(first, last + 1);
      block.erase(first, last + 1);
      put_in_place(around.block, taken.place, these);
    }
  }

  bool is_called(const Found& found, const Statement& statement, const std::string& label) const {
    return statement.label == label || path_of(spec_, found) + "." + statement.label == label;
  }

  static void put_in_place(Block& block, const StatementRef& place, const Block& these) {
    for (std::size_t i = 0; i < block.size(); ++i) {
      if (block[i] == place) {
        const auto at = block.erase(block.begin() + static_cast<std::ptrdiff_t>(i));
        block.insert(at, these.begin(), these.end());
        return;
      }
      for (Block& inside : block[i]->blocks)
        put_in_place(inside, place, these);
    }
  }

  void wake_other(const Found& found, bool one) {
    const Waking waking = waking_at(found);
    if (waking.one == one)
      refuse(PatchPart::argument, 0, std::string("it wakes ") + (one ? "one" : "all") + " already");
    const StatementRef replaced = found.statement;
    const std::size_t at = take_out(found);
    Steps steps(spec_, found.thread, found.calls);
    if (one)
      add_wake_one(steps, replaced->label, waking.channel, waking.all);
    else
      steps.step(replaced->label, waking.all);
    Block block = steps.take();
    block.at(0)->label = replaced->label; // the whole keeps the label of what it stands for
    stand_for(*replaced, block);
    insert(found, at, block);
  }

  Waking waking_at(const Found& found) const {
    try {
      return waking_of(spec_, *found.statement);
    } catch (const SpecError& error) {
      refuse(PatchPart::label, 0, error.what());
    }
  }

  // Stands where the other one stood, and takes no more locks for what it touches.
  static void stand_for(const Statement& replaced, const Block& block) {
    const Statement& step =
        replaced.kind == StatementKind::choice ? *replaced.blocks.at(0).at(0) : replaced;
    for (const StatementRef& statement : block) {
      statement->anchor = replaced.anchor;
      statement->unguarded = step.unguarded;
      for (const Block& inner : statement->blocks)
        stand_for(replaced, inner);
    }
  }

  SpecBuilder& spec_;
  const Primitives& primitives_;
  const Patch& patch_;
  std::size_t index_;
};

} // namespace

bool adds_check(const Patch& patch) {
  const std::string word = "check ";
  const std::string& text = patch.argument;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) {
    const std::size_t before = at == 0 ? std::string::npos : text.find_last_not_of(' ', at - 1);
    if (before == std::string::npos || std::string("{;}").find(text[before]) != std::string::npos)
      return true;
  }
  return false;
}

void apply_patches(SpecBuilder& spec, const std::vector<Patch>& patches,
                   const Primitives& primitives) {
  if (patches.empty())
    return;
  // A copy of the specification may share the statements.
  for (ThreadId thread = 0; thread < spec.thread_count(); ++thread)
    spec.body_for_patching(thread) = copy_of(spec.body(thread));
  for (std::size_t index = 0; index < patches.size(); ++index)
    Editor(spec, primitives, patches[index], index).apply();
}

} // namespace interlock::lang
