// Reads the witness format, strictly: what write() would not write is refused.
#include "witnesses/witness.hpp"
#include "json/source.hpp"

#include <limits>
#include <set>

namespace interlock::witnesses {

namespace {

class WitnessReader {
public:
  explicit WitnessReader(const json::Source& source) : source_(source) {}

  Witness read() {
    Witness witness;
    require_format();
    witness.form = read_form();
    std::vector<std::string> keys{"$schema", "format",    "version", "form", "tool",
                                  "config",  "violation", "length",  "steps"};
    if (witness.form == Form::full)
      keys.insert(keys.end(), {"context_switches", "threads", "locks", "variables", "initial",
                               "final", "endings"});
    const json::ObjectReader top(source_, source_.root(), std::move(keys));
    read_origin(top, witness.origin);
    read_violation(top.require("violation"), witness);
    const json::Value& length = top.require("length");
    for (const json::Value& step : json::array_of(source_, top.require("steps")))
      witness.steps.push_back(witness.form == Form::full ? read_step(step, witness.steps.size() + 1)
                                                         : read_short_step(step));
    if (count(length) != witness.steps.size())
      throw source_.error(length, "the length is " + std::to_string(count(length)) +
                                      ", but there are " + std::to_string(witness.steps.size()) +
                                      " steps");
    if (witness.form == Form::full)
      read_words(top, witness);
    return witness;
  }

private:
  static constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();

  std::uint64_t count(const json::Value& value) const {
    return json::whole_of(source_, value, 0, most);
  }

  std::string text(const json::ObjectReader& reader, const char* key) const {
    return text_of(source_, reader.require(key));
  }

  std::vector<std::string> texts(const json::Value& value) const {
    std::vector<std::string> list;
    for (const json::Value& element : json::array_of(source_, value))
      list.push_back(text_of(source_, element));
    return list;
  }

  // What follows from the steps, in full.
  void read_words(const json::ObjectReader& top, Witness& witness) const {
    witness.context_switches = count(top.require("context_switches"));
    witness.threads = texts(top.require("threads"));
    read_locks(top.require("locks"), witness);
    read_variables(top.require("variables"), witness);
    witness.initial = read_state(top.require("initial"), witness.variables);
    witness.last = read_state(top.require("final"), witness.variables);
    for (const json::Value& ending : json::array_of(source_, top.require("endings")))
      witness.endings.push_back(read_ending(ending));
  }

  // A member of the file that says how the others are to be read.
  const json::Value& require_first(const char* key) const {
    if (const json::Value* value = json::object_of(source_, source_.root()).find(key))
      return *value;
    throw source_.error(source_.root(), std::string("the key \"") + key + "\" is missing");
  }

  Form read_form() const {
    const json::Value& form = require_first("form");
    if (text_of(source_, form) == "full")
      return Form::full;
    if (form.text == "steps")
      return Form::steps;
    throw source_.error(form, "unknown form \"" + form.text + "\"; allowed here: full, steps");
  }

  void require_format() const {
    const json::Value& format = require_first("format");
    if (text_of(source_, format) != format_name)
      throw source_.error(format, "this is no witness: the format is \"" + format.text +
                                      "\", not \"" + format_name + "\"");
    const json::Value& version = require_first("version");
    if (count(version) != format_version)
      throw source_.error(version, "witness format version " + std::to_string(version.integer) +
                                       "; this program reads version " +
                                       std::to_string(format_version));
  }

  void read_origin(const json::ObjectReader& top, Origin& origin) const {
    const json::ObjectReader tool(source_, top.require("tool"), {"name", "version"});
    text(tool, "name");
    origin.tool_version = text(tool, "version");
    const json::ObjectReader config(source_, top.require("config"),
                                    {"name", "system", "revision", "digest", "text"});
    origin.config_name = text(config, "name");
    origin.system = text(config, "system");
    origin.revision = text(config, "revision");
    origin.digest = text(config, "digest");
    origin.config_text = text(config, "text");
  }

  void read_violation(const json::Value& value, Witness& witness) const {
    const json::ObjectReader reader(source_, value, {"property", "kind", "message"});
    witness.property = text(reader, "property");
    const json::Value& kind = reader.require("kind");
    witness.message = text(reader, "message");
    using Kind = lang::ViolationKind;
    for (const Kind known :
         {Kind::check, Kind::invariant, Kind::at_rest, Kind::deadlock, Kind::analysis})
      if (text_of(source_, kind) == kind_name(known)) {
        witness.kind = known;
        return;
      }
    throw source_.error(kind,
                        "unknown kind \"" + kind.text +
                            "\"; allowed here: check, invariant, at rest, deadlock, analysis");
  }

  void read_locks(const json::Value& value, Witness& witness) const {
    for (const json::Value& element : json::array_of(source_, value)) {
      const json::ObjectReader reader(source_, element, {"name", "class", "kind"});
      witness.locks.push_back({text(reader, "name"), text(reader, "class"), text(reader, "kind")});
    }
  }

  void read_variables(const json::Value& value, Witness& witness) const {
    std::set<std::string> names;
    for (const json::Value& element : json::array_of(source_, value)) {
      const json::ObjectReader reader(source_, element, {"name", "type", "role"});
      Variable variable{text(reader, "name"), text(reader, "type"),
                        role_of(reader.require("role"))};
      if (!names.insert(variable.name).second)
        throw source_.error(element, "variable \"" + variable.name + "\" is listed twice");
      witness.variables.push_back(std::move(variable));
    }
  }

  Role role_of(const json::Value& value) const {
    const std::string& role = text_of(source_, value);
    if (role == "value")
      return Role::value;
    if (role == "local")
      return Role::local;
    if (role == "counter")
      return Role::counter;
    if (role == "lock")
      return Role::lock;
    if (role == "ghost")
      return Role::ghost;
    throw source_.error(value, "unknown role \"" + role +
                                   "\"; allowed here: value, local, counter, lock, ghost");
  }

  std::vector<std::string> read_state(const json::Value& value,
                                      const std::vector<Variable>& variables) const {
    std::vector<std::string> values;
    const std::vector<json::Member>& members = json::object_of(source_, value).members;
    for (std::size_t i = 0; i < variables.size(); ++i) {
      if (i == members.size())
        throw source_.error(value, "the value of \"" + variables[i].name + "\" is missing");
      if (members[i].key != variables[i].name)
        throw source_.error(members[i].offset, members[i].value.pointer,
                            "expected the value of \"" + variables[i].name + "\", found \"" +
                                members[i].key + "\"; values stand in the order of \"variables\"");
      values.push_back(text_of(source_, members[i].value));
    }
    if (members.size() > variables.size())
      throw source_.error(members[variables.size()].offset, members[variables.size()].value.pointer,
                          "\"" + members[variables.size()].key + "\" is not in \"variables\"");
    return values;
  }

  std::vector<Held> read_held(const json::Value& value) const {
    std::vector<Held> held;
    for (const json::Value& element : json::array_of(source_, value)) {
      const json::ObjectReader reader(source_, element, {"lock", "mode"});
      const std::string lock = text(reader, "lock");
      const json::Value& mode = reader.require("mode");
      if (text_of(source_, mode) != "shared" && mode.text != "exclusive")
        throw source_.error(mode,
                            "unknown mode \"" + mode.text + "\"; allowed here: exclusive, shared");
      held.push_back({lock, mode.text == "shared"});
    }
    return held;
  }

  Source read_source(const json::Value& value) const {
    const json::ObjectReader reader(source_, value, {"file", "revision", "function", "line"});
    return {text(reader, "file"), text(reader, "revision"), text(reader, "function"),
            static_cast<int>(json::whole_of(source_, reader.require("line"), 0,
                                            std::numeric_limits<int>::max()))};
  }

  WitnessStep read_short_step(const json::Value& value) const {
    WitnessStep step;
    const json::ObjectReader reader(source_, value, {"thread", "label", "action"});
    step.thread = text(reader, "thread");
    step.label = text(reader, "label");
    if (const json::Value* action = reader.find("action"))
      step.action = count(*action);
    return step;
  }

  WitnessStep read_step(const json::Value& value, std::size_t number) const {
    WitnessStep step;
    const json::ObjectReader reader(source_, value,
                                    {"number", "thread", "label", "chain", "action", "source",
                                     "held_before", "held_after", "changes", "reports"});
    const json::Value& found = reader.require("number");
    if (count(found) != number)
      throw source_.error(found, "expected step " + std::to_string(number) + ", found step " +
                                     std::to_string(found.integer));
    step.thread = text(reader, "thread");
    step.label = text(reader, "label");
    step.chain = text(reader, "chain");
    step.action = count(reader.require("action"));
    step.source = read_source(reader.require("source"));
    step.held_before = read_held(reader.require("held_before"));
    step.held_after = read_held(reader.require("held_after"));
    for (const json::Value& element : json::array_of(source_, reader.require("changes"))) {
      const json::ObjectReader change(source_, element, {"variable", "from", "to"});
      step.changes.push_back({text(change, "variable"), text(change, "from"), text(change, "to")});
    }
    for (const json::Value& element : json::array_of(source_, reader.require("reports"))) {
      const json::ObjectReader report(source_, element, {"name", "value"});
      step.reports.push_back({text(report, "name"), text(report, "value")});
    }
    return step;
  }

  Ending read_ending(const json::Value& value) const {
    Ending ending;
    const json::ObjectReader reader(
        source_, value,
        {"thread", "standing", "label", "waits_for", "asleep", "holders", "source"});
    ending.thread = text(reader, "thread");
    ending.standing = text(reader, "standing");
    ending.label = text(reader, "label");
    ending.waits_for = text(reader, "waits_for");
    ending.asleep = json::boolean_of(source_, reader.require("asleep"));
    ending.holders = texts(reader.require("holders"));
    ending.source = read_source(reader.require("source"));
    return ending;
  }

  const json::Source& source_;
};

} // namespace

Witness read(const json::Source& source) { return WitnessReader(source).read(); }

} // namespace interlock::witnesses
