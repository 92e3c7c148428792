// Reads a config: strict about every key, type and range.
#include "config/config.hpp"

#include "config/canonical.hpp"
#include "config/config_keys.hpp"
#include "config/patch_forms.hpp"
#include "properties/property.hpp"
#include "text/printable.hpp"

#include <algorithm>
#include <set>

namespace interlock::checker {

namespace {

using json::array_of;
using json::object_of;
using json::ObjectReader;
using json::text_of;
using json::whole_of;
using systems::Patch;
using systems::Scenario;
using systems::Text;

constexpr std::uint64_t most =
    1'000'000'000'000; // of any count: far beyond what fits into a machine

class ConfigReader {
public:
  // What is wrong goes to `errors`; what is read where something is wrong is of no use.
  ConfigReader(const json::Source& source, json::Errors& errors)
      : source_(source), errors_(errors) {}

  void read(Config& config) {
    const ObjectReader top(source_, source_.root(), config_keys::top, errors_);
    optional(top, "$schema", [&](const json::Value& value) { text_of(source_, value); });
    optional(top, "comment",
             [&](const json::Value& value) { config.comment = read_comment(value); });
    read_scenario_keys(top, config.scenario);
    optional(top, "limits", [&](const json::Value& value) { config.limits = read_limits(value); });
    optional(top, "expect",
             [&](const json::Value& value) { config.expect = read_expectation(value); });
    optional(top, "about",
             [&](const json::Value& value) { config.about = read_about(value, config.expect); });
  }

  // Of a file that has patches alone.
  std::vector<Patch> patches() {
    std::vector<Patch> patches;
    const json::Value& root = source_.root();
    const json::Value* list = &root;
    if (root.kind == json::Value::Kind::object)
      list = &ObjectReader(source_, root, {"patches"}).require("patches");
    each(*list, [&](const json::Value& patch) {
      if (const std::optional<Patch> read = read_patch(patch))
        patches.push_back(*read);
    });
    if (patches.empty() && errors_.count() == 0)
      throw source_.error(*list, "there is no patch");
    return patches;
  }

private:
  // False where the key is there and something is wrong with its value, or may be what a misspelt
  // key means.
  template <class Read> bool optional(const ObjectReader& object, const char* key, Read read) {
    const json::Value* value = object.find(key);
    return value == nullptr ? !object.is_misspelt(key) : whole([&] { read(*value); });
  }

  // A key that is misspelt was answered already, with this one as what may have been meant.
  template <class Read> bool required(const ObjectReader& object, const char* key, Read read) {
    return !object.is_misspelt(key) && whole([&] { read(object.require(key)); });
  }

  // Was it read without an error?
  template <class Read> bool whole(Read read) {
    const std::size_t before = errors_.count();
    errors_.attempt(read);
    return errors_.count() == before;
  }

  template <class Read> void each(const json::Value& array, Read read) {
    for (const json::Value& element : array_of(source_, array))
      errors_.attempt([&] { read(element); });
  }

  template <class Read> void each_member(const json::Value& object, Read read) {
    for (const json::Member& member : object_of(source_, object).members)
      errors_.attempt([&] { read(member); });
  }

  void read_scenario_keys(const ObjectReader& top, Scenario& scenario) {
    systems::Unread& unread = scenario.unread;
    optional(top, "format", [&](const json::Value& value) {
      scenario.format = static_cast<int>(whole_of(source_, value, 1, properties::latest_format));
    });
    unread.system = !required(top, "system",
                              [&](const json::Value& value) { scenario.system = nonempty(value); });
    unread.revision = !required(
        top, "revision", [&](const json::Value& value) { scenario.revision = nonempty(value); });
    required(top, "scenario", [&](const json::Value& value) { read_scenario(value, scenario); });
    unread.names = unread.names || scenario.threads.empty();
    optional(top, "environment",
             [&](const json::Value& value) { scenario.environment = names(value); });
    unread.properties = !optional(
        top, "properties", [&](const json::Value& value) { scenario.properties = names(value); });
    unread.properties = !optional(top, "excused", [&](const json::Value& value) {
      scenario.excused = names(value);
    }) || unread.properties;
    unread.bounds =
        !optional(top, "bounds", [&](const json::Value& value) { read_bounds(value, scenario); });
    optional(top, "reuse", [&](const json::Value& value) {
      scenario.reuse = nonempty(value);
      if (scenario.reuse.text != systems::reuse_lowest && scenario.reuse.text != systems::reuse_any)
        throw source_.error(value, "\"reuse\" is \"lowest\" or \"any\": which free object an "
                                   "allocation takes");
    });
    unread.patches = !optional(top, "patches", [&](const json::Value& value) {
      each(value, [&](const json::Value& patch) {
        if (const std::optional<Patch> read = read_patch(patch))
          scenario.patches.push_back(*read);
      });
    });
    unread.invariants = !optional(top, "invariants", [&](const json::Value& value) {
      each(value, [&](const json::Value& invariant) {
        scenario.invariants.push_back(read_invariant(invariant));
      });
    });
    unread.invariants = !optional(top, "sometimes", [&](const json::Value& value) {
      each(value, [&](const json::Value& example) {
        scenario.sometimes.push_back(read_example(example));
      });
    }) || unread.invariants;
  }

  systems::StatedExample read_example(const json::Value& value) {
    systems::StatedExample example;
    const std::size_t before = errors_.count();
    const ObjectReader reader(source_, value, config_keys::example, errors_);
    required(reader, "name", [&](const json::Value& name) {
      example.name = nonempty(name);
      require_name(example.name.text, name.offset, name.pointer);
    });
    const auto text = [&](const char* key, Text& result) {
      optional(reader, key, [&](const json::Value& found) { result = nonempty(found); });
    };
    text("exists", example.exists);
    text("holds", example.holds);
    text("takes", example.takes);
    if (errors_.count() != before)
      return {example.name, {}, {}, {}};
    if (example.holds.text.empty() == example.takes.text.empty())
      throw source_.error(value, "needs exactly one of \"holds\": condition of a state, and "
                                 "\"takes\": label of a step");
    if (!example.takes.text.empty() && !example.exists.text.empty())
      throw source_.error(value, "\"exists\" is about a state: use it with \"holds\"");
    return example;
  }

  systems::StatedInvariant read_invariant(const json::Value& value) {
    systems::StatedInvariant invariant;
    const std::size_t before = errors_.count();
    const ObjectReader reader(source_, value, config_keys::invariant, errors_);
    required(reader, "name", [&](const json::Value& name) {
      invariant.name = nonempty(name);
      require_name(invariant.name.text, name.offset, name.pointer);
    });
    optional(reader, "forall",
             [&](const json::Value& forall) { invariant.forall = nonempty(forall); });
    required(reader, "holds", [&](const json::Value& holds) { invariant.holds = nonempty(holds); });
    if (errors_.count() != before)
      invariant.holds.text.clear();
    return invariant;
  }

  std::string read_comment(const json::Value& value) {
    if (value.kind == json::Value::Kind::string)
      return value.text;
    if (value.kind != json::Value::Kind::array)
      throw source_.error(value, "expected a string or an array of strings, found " +
                                     json::kind_name(value.kind));
    std::string lines;
    each(value, [&](const json::Value& line) {
      lines += (&line == &value.elements.front() ? "" : "\n") + text_of(source_, line);
    });
    return lines;
  }

  Text nonempty(const json::Value& value) const {
    if (text_of(source_, value).empty())
      throw source_.error(value, "the string is empty");
    return {value.text, value.pointer};
  }

  // A key that names something of the scenario; Text::pointer leads to the member.
  Text name_of(const json::Member& member) const {
    require_name(member.key, member.offset, member.value.pointer);
    return {member.key, member.value.pointer};
  }

  void require_name(const std::string& name, std::size_t offset, const std::string& pointer) const {
    const auto allowed = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '_' || c == '-';
    };
    if (name.empty() || !std::all_of(name.begin(), name.end(), allowed))
      throw source_.error(offset, pointer,
                          "\"" + name + "\" is no name; allowed here: letters, digits, _ and -");
  }

  std::vector<Text> names(const json::Value& value) {
    std::vector<Text> texts;
    std::set<std::string> seen;
    each(value, [&](const json::Value& element) {
      Text text = nonempty(element);
      if (!seen.insert(element.text).second)
        throw source_.error(element, "\"" + element.text + "\" is listed twice");
      texts.push_back(std::move(text));
    });
    return texts;
  }

  void read_scenario(const json::Value& value, Scenario& scenario) {
    const ObjectReader reader(source_, value, config_keys::scenario, errors_);
    const bool processes_read = optional(reader, "processes", [&](const json::Value& processes) {
      each_member(processes, [&](const json::Member& member) {
        scenario.processes.push_back({name_of(member), names(member.value)});
      });
    });
    const bool kqueues_read = optional(reader, "kqueues", [&](const json::Value& kqueues) {
      each_member(kqueues, [&](const json::Member& member) {
        scenario.kqueues.push_back({name_of(member), nonempty(member.value)});
      });
    });
    bool names_read = processes_read && kqueues_read;
    bool calls_read =
        optional(reader, "setup", [&](const json::Value& setup) { scenario.setup = names(setup); });
    required(reader, "threads", [&](const json::Value& threads) {
      each_member(threads, [&](const json::Member& member) {
        systems::ThreadScript script;
        names_read = whole([&] { script.name = name_of(member); }) && names_read;
        calls_read = whole([&] {
                       each(member.value, [&](const json::Value& call) {
                         script.calls.push_back(nonempty(call));
                       });
                     }) &&
                     calls_read;
        scenario.threads.push_back(std::move(script));
      });
      if (threads.members.empty())
        throw source_.error(threads, "a scenario needs at least one thread");
    });
    scenario.unread.names = !names_read;
    scenario.unread.calls = !calls_read;
  }

  void read_bounds(const json::Value& value, Scenario& scenario) {
    each_member(value, [&](const json::Member& member) {
      scenario.bounds[member.key] = {static_cast<int>(whole_of(source_, member.value, 1, 24)),
                                     member.value.pointer};
    });
  }

  Limits read_limits(const json::Value& value) {
    Limits limits;
    const ObjectReader reader(source_, value, config_keys::limits, errors_);
    optional(reader, "states", [&](const json::Value& states) {
      limits.states = whole_of(source_, states, 1, most);
    });
    optional(reader, "memory_mib", [&](const json::Value& memory) {
      limits.memory_mib = whole_of(source_, memory, 1, 1U << 30);
    });
    optional(reader, "seconds",
             [&](const json::Value& seconds) { limits.seconds = read_seconds(seconds); });
    return limits;
  }

  double read_seconds(const json::Value& value) const {
    const bool numeric =
        value.kind == json::Value::Kind::integer || value.kind == json::Value::Kind::number;
    if (!numeric)
      throw source_.error(value,
                          "expected a number of seconds, found " + json::kind_name(value.kind));
    if (!(value.number > 0 && value.number <= 1e9))
      throw source_.error(value,
                          "out of range; allowed here: more than 0, at most 1000000000 seconds");
    return value.number;
  }

  // Nothing where a key was answered already: what is meant may be a patch.
  std::optional<Patch> read_patch(const json::Value& value) {
    const std::size_t before = errors_.count();
    const ObjectReader reader(source_, value, config_keys::patch, errors_);
    if (errors_.count() != before)
      return std::nullopt;
    for (const PatchForm& form : patch_forms) {
      const bool fits = value.members.size() == (form.second == nullptr ? 1U : 2U) &&
                        reader.find(form.first) != nullptr &&
                        (form.second == nullptr || reader.find(form.second) != nullptr);
      if (!fits)
        continue;
      Text first = nonempty(reader.require(form.first));
      Text second = form.second == nullptr ? Text{} : nonempty(reader.require(form.second));
      if (form.second_is_label)
        std::swap(first, second);
      return Patch{form.kind, std::move(first), std::move(second)};
    }
    throw source_.error(
        value, "no patch; allowed here: {\"drop\": label}, also with \"keep\" or \"part\", "
               "{\"negate\": label}, {\"replace\": label, \"with\": primitive}, "
               "{\"insert\": primitive, \"before\" or \"after\": label}, "
               "{\"move\": label, \"before\" or \"after\": label}; `interlock help patches` "
               "explains them");
  }

  Expectation read_expectation(const json::Value& value) {
    Expectation expect;
    const ObjectReader reader(source_, value, config_keys::expect, errors_);
    const json::Value* holds = reader.find("holds");
    const json::Value* violates = reader.find("violates");
    const json::Value* incomplete = reader.find("incomplete");
    const auto number = [&](const char* key, std::optional<std::uint64_t>& result) {
      optional(reader, key,
               [&](const json::Value& found) { result = whole_of(source_, found, 0, most); });
    };
    number("states", expect.states);
    number("transitions", expect.transitions);
    number("depth", expect.depth);
    const json::Value* vacuous = reader.find("vacuous");
    const int outcomes =
        (holds != nullptr) + (violates != nullptr) + (incomplete != nullptr) + (vacuous != nullptr);
    const bool misspelt = reader.is_misspelt("holds") || reader.is_misspelt("violates") ||
                          reader.is_misspelt("incomplete") || reader.is_misspelt("vacuous");
    if (outcomes > 1 || (outcomes == 0 && !misspelt))
      errors_.add(source_.error(value, "needs exactly one of \"holds\": true, \"violates\": "
                                       "property, \"incomplete\": true, \"vacuous\": true"));
    for (const char* flag : {"holds", "incomplete", "vacuous"})
      optional(reader, flag, [&](const json::Value& found) {
        if (!json::boolean_of(source_, found))
          throw source_.error(found, "only true makes sense here; leave the key out otherwise");
      });
    if (violates != nullptr)
      expect.outcome = Expectation::Outcome::violates;
    else if (incomplete != nullptr)
      expect.outcome = Expectation::Outcome::incomplete;
    else if (vacuous != nullptr)
      expect.outcome = Expectation::Outcome::vacuous;
    optional(reader, "violates",
             [&](const json::Value& found) { expect.property = nonempty(found).text; });
    optional(reader, "cut", [&](const json::Value& found) { expect.cut = read_cut(found); });
    optional(reader, "trace_length", [&](const json::Value& found) {
      if (violates == nullptr && !reader.is_misspelt("violates"))
        throw source_.error(found, "only a violation has a trace: use it with \"violates\"");
      expect.trace_length = whole_of(source_, found, 0, most);
    });
    optional(reader, "never_returns",
             [&](const json::Value& found) { expect.never_returns = names(found); });
    optional(reader, "also", [&](const json::Value& found) {
      if (violates == nullptr && !reader.is_misspelt("violates"))
        throw source_.error(found, "it says what is violated besides: use it with \"violates\"");
      expect.also.emplace();
      each(found, [&](const json::Value& also) { expect.also->push_back(read_also(also)); });
    });
    return expect;
  }

  Expectation::Also read_also(const json::Value& value) {
    Expectation::Also also;
    const ObjectReader reader(source_, value, config_keys::also, errors_);
    required(reader, "violates",
             [&](const json::Value& found) { also.property = nonempty(found); });
    optional(reader, "trace_length", [&](const json::Value& found) {
      also.trace_length = whole_of(source_, found, 0, most);
    });
    return also;
  }

  std::map<std::string, std::optional<std::uint64_t>> read_cut(const json::Value& value) {
    std::map<std::string, std::optional<std::uint64_t>> cut;
    each_member(value, [&](const json::Member& member) {
      const json::Value& count = member.value;
      if (count.kind == json::Value::Kind::boolean && count.boolean)
        cut[member.key] = std::nullopt;
      else if (count.kind == json::Value::Kind::boolean)
        throw source_.error(count, "only true or a number makes sense here; leave the key out "
                                   "where no step is cut");
      else
        cut[member.key] = whole_of(source_, count, 1, most);
    });
    return cut;
  }

  About read_about(const json::Value& value, const std::optional<Expectation>& expect) {
    About about;
    const ObjectReader reader(source_, value, config_keys::about, errors_);
    optional(reader, "title", [&](const json::Value& title) {
      about.title = nonempty(title).text;
      if (text::one_line(about.title) != about.title)
        throw source_.error(title, "the title is more than one line, or has control characters");
    });
    const bool holds = expect && expect->outcome != Expectation::Outcome::violates;
    const auto of_a_bug = [&](const json::Value& member) {
      if (holds)
        throw source_.error(member, "only a bug has this: use it with \"violates\" in \"expect\"");
    };
    optional(reader, "fixed_by", [&](const json::Value& fixed_by) {
      of_a_bug(fixed_by);
      about.fixed_by = nonempty(fixed_by);
    });
    optional(reader, "siblings", [&](const json::Value& siblings) {
      of_a_bug(siblings);
      about.siblings = names(siblings);
    });
    return about;
  }

  const json::Source& source_;
  json::Errors& errors_;
};

Config config_of(json::Source source) {
  Config config;
  config.source = std::make_shared<const json::Source>(std::move(source));
  json::Errors errors;
  ConfigReader reader(*config.source, errors);
  if (errors.attempt([&] { reader.read(config); }) && errors.count() > 0)
    build_spec(config, errors); // what building it would say, too
  errors.throw_any();
  config.digest = digest_of(config);
  return config;
}

} // namespace

std::vector<lang::Patch> read_patches(const std::filesystem::path& path) {
  const json::Source source = json::Source::read(path);
  json::Errors errors;
  std::vector<lang::Patch> patches;
  errors.attempt([&] {
    for (const Patch& patch : ConfigReader(source, errors).patches())
      patches.push_back({patch.kind, patch.label.text, patch.argument.text});
  });
  errors.throw_any();
  return patches;
}

Config read_config(const std::filesystem::path& path) {
  return config_of(json::Source::read(path));
}

Config parse_config(const std::string& name, std::string text) {
  return config_of(json::Source(name, std::move(text)));
}

} // namespace interlock::checker
