// Editing of labelled statements; see patch.hpp.
#include "lang/patch.hpp"

#include "lang/parse.hpp"
#include "lang/places.hpp"
#include "text/nearest.hpp"

#include <algorithm>
#include <optional>
#include <set>

namespace interlock::lang {

namespace {

using Part = PatchError::Part;

class Editor {
public:
  Editor(SpecBuilder& spec, const Primitives& primitives, const Patch& patch, std::size_t index)
      : spec_(spec), primitives_(primitives), patch_(patch), index_(index) {}

  void apply() {
    for (const Found& found : matches())
      edit(found);
  }

private:
  [[noreturn]] void refuse(Part part, std::size_t offset, const std::string& message) const {
    throw PatchError(index_, part, offset, message);
  }

  std::vector<Found> matches() const {
    const std::string wanted = spelled_plainly(patch_.label);
    std::vector<Found> found;
    std::set<std::string> known;
    for (Found& candidate : all_statements(spec_)) {
      const std::string name = suffix_like(full_label(spec_, candidate), wanted);
      if (name == wanted)
        found.push_back(std::move(candidate));
      else
        known.insert(name);
    }
    if (found.empty())
      refuse(Part::label, 0,
             "no statement has the label '" + wanted + "'" +
                 text::nearest_hint(wanted, {known.begin(), known.end()}));
    return found;
  }

  void edit(const Found& found) {
    switch (patch_.kind) {
    case Patch::Kind::drop:
      if (!trimmed(patch_.argument).empty())
        refuse(Part::argument, 0, "drop takes no argument");
      take_out(found);
      return;
    case Patch::Kind::replace:
      replace(found);
      return;
    case Patch::Kind::insert_before:
      insert(found, position(found), new_statements(found));
      return;
    case Patch::Kind::insert_after:
      insert(found, position(found) + 1, new_statements(found));
      return;
    case Patch::Kind::move_before:
    case Patch::Kind::move_after:
      move(found);
      return;
    }
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
        refuse(Part::argument, 0, "a statement cannot be moved to where it is itself: " + wanted);
      return candidate;
    }
    refuse(Part::argument, 0,
           "'" + wanted + "' is no label in the same call of " + path +
               text::nearest_hint(wanted, known));
  }

  // --- what replaces or is added ---

  void replace(const Found& found) {
    const Argument argument = split();
    Statement& statement = *found.statement;
    const bool test =
        statement.kind == StatementKind::test || statement.kind == StatementKind::loop;
    const auto rule = cursor_rule(argument.word);
    if (rule && statement.kind == StatementKind::for_each && argument.operands.empty()) {
      statement.rule = *rule;
    } else if (test && argument.word == "condition") {
      require_operands(argument, 1, "condition EXPRESSION");
      const Expr condition = operand(found, argument.operands[0], boolean_type());
      if (condition.type().kind != Kind::boolean)
        refuse(Part::argument, argument.operands[0].offset,
               to_string(condition) + " is no condition");
      statement.condition = condition;
    } else {
      const std::size_t at = take_out(found); // first, so that its label is free again
      insert(found, at, new_statements(found));
    }
  }

  struct Operand {
    std::size_t offset = 0;
    std::string text;
  };
  struct Argument {
    std::size_t offset = 0;
    std::string word;
    std::vector<Operand> operands;
  };

  // `word operand, operand`
  Argument split() const {
    const std::string& text = patch_.argument;
    Argument argument;
    argument.offset = std::min(text.find_first_not_of(" \t"), text.size());
    const std::size_t end = std::min(text.find_first_of(" \t", argument.offset), text.size());
    argument.word = text.substr(argument.offset, end - argument.offset);
    std::size_t start = end;
    int depth = 0;
    for (std::size_t at = end; at <= text.size(); ++at) {
      if (at < text.size() && (text[at] != ',' || depth != 0)) {
        depth += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
        continue;
      }
      argument.operands.push_back({start, text.substr(start, at - start)});
      start = at + 1;
    }
    if (argument.operands.size() == 1 && trimmed(argument.operands[0].text).empty())
      argument.operands.clear();
    return argument;
  }

  void require_operands(const Argument& argument, std::size_t count,
                        const std::string& help) const {
    if (argument.operands.size() == count)
      return;
    refuse(Part::argument, argument.offset,
           argument.word + " takes " + std::to_string(count) +
               (count == 1 ? " operand" : " operands") + ", not " +
               std::to_string(argument.operands.size()) + "; " + help);
  }

  Expr operand(const Found& found, const Operand& operand, const TypeRef& expected) const {
    NameScope scope{&spec_, found.thread, {}};
    for (std::size_t i = found.calls.size(); i-- != 0;)
      scope.names.push_back(&found.calls[i]->names);
    const std::map<std::string, Expr> outermost = locals_of_thread(found.thread);
    scope.names.push_back(&outermost);
    try {
      return parse_expression(scope, operand.text, expected);
    } catch (const ParseError& error) {
      refuse(Part::argument, operand.offset + error.offset(), error.what());
    }
  }

  // The locals that the thread declares outside all paths.
  std::map<std::string, Expr> locals_of_thread(ThreadId thread) const {
    std::map<std::string, Expr> locals;
    const std::string prefix = spec_.thread_name(thread) + ".";
    for (VariableId id = 0; id < spec_.variables().size(); ++id) {
      const Variable& variable = spec_.variables()[id];
      if (variable.scope == Scope::local && variable.thread == thread &&
          variable.name.starts_with(prefix))
        locals[variable.name.substr(prefix.size())] = spec_.read(id);
    }
    return locals;
  }

  Block new_statements(const Found& found) {
    const Argument argument = split();
    Steps steps(spec_, found.thread, found.calls);
    try {
      if (argument.word == "set")
        add_set(found, argument, steps);
      else if (argument.word == "check")
        add_check(found, argument, steps);
      else
        add_primitive(found, argument, steps);
      return steps.take();
    } catch (const PatchError&) {
      throw;
    } catch (const SpecError& error) { // what a primitive says of its operands
      refuse(Part::argument, argument.offset, argument.word + ": " + error.what());
    }
  }

  void add_set(const Found& found, const Argument& argument, Steps& steps) const {
    require_operands(argument, 2, "set PLACE, EXPRESSION");
    const Expr place = operand(found, argument.operands[0], nullptr);
    place_of(place); // throws when it is none
    const Expr value = operand(found, argument.operands[1], place.type_ref());
    const bool no_flags = place.type().kind == Kind::flags && value.is_literal(0);
    if (!compatible(place.type(), value.type()) && !no_flags)
      refuse(Part::argument, argument.operands[1].offset,
             to_string(place) + " (" + place.type().name + ") cannot hold " + to_string(value) +
                 " (" + value.type().name + ")");
    steps.set(place, value);
  }

  void add_check(const Found& found, const Argument& argument, Steps& steps) const {
    require_operands(argument, 1, "check EXPRESSION");
    const Expr condition = operand(found, argument.operands[0], boolean_type());
    if (condition.type().kind != Kind::boolean)
      refuse(Part::argument, argument.operands[0].offset,
             to_string(condition) + " is no condition");
    steps.check(patched_check, condition, to_string(condition) + " does not hold");
  }

  void add_primitive(const Found& found, const Argument& argument, Steps& steps) const {
    const auto entry = primitives_.find(argument.word);
    if (entry == primitives_.end())
      refuse_word(found, argument);
    require_operands(argument, entry->second.operands, entry->second.text);
    std::vector<Expr> operands;
    for (const Operand& text : argument.operands)
      operands.push_back(operand(found, text, nullptr));
    entry->second.build(steps, operands);
  }

  [[noreturn]] void refuse_word(const Found& found, const Argument& argument) const {
    std::vector<std::string> allowed{"set", "check"};
    for (const auto& [name, entry] : primitives_)
      allowed.push_back(name);
    const StatementKind kind = found.statement->kind;
    if (patch_.kind == Patch::Kind::replace && kind == StatementKind::for_each)
      allowed.insert(allowed.end(),
                     {"next_read_after_body", "next_read_before_body", "restart_from_head"});
    if (patch_.kind == Patch::Kind::replace &&
        (kind == StatementKind::test || kind == StatementKind::loop))
      allowed.emplace_back("condition");
    std::string list;
    for (const std::string& name : allowed)
      list += (list.empty() ? "" : ", ") + name;
    refuse(Part::argument, argument.offset,
           (argument.word.empty() ? "a primitive is missing"
                                  : "there is no primitive " + argument.word) +
               "; allowed here: " + list + text::nearest_hint(argument.word, allowed));
  }

  static std::optional<Cursor> cursor_rule(const std::string& word) {
    if (word == "next_read_after_body")
      return Cursor::next_read_after_body;
    if (word == "next_read_before_body")
      return Cursor::next_read_before_body;
    if (word == "restart_from_head")
      return Cursor::restart_from_head;
    return std::nullopt;
  }

  SpecBuilder& spec_;
  const Primitives& primitives_;
  const Patch& patch_;
  std::size_t index_;
};

} // namespace

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
