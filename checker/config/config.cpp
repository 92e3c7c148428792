// Reads a config: strict about every key, type and range.
#include "config/config.hpp"

#include "config/canonical.hpp"
#include "config/config_keys.hpp"
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
  explicit ConfigReader(const json::Source& source) : source_(source) {}

  void read(Config& config) {
    const ObjectReader top(source_, source_.root(), config_keys::top);
    if (const json::Value* schema = top.find("$schema"))
      text_of(source_, *schema);
    if (const json::Value* comment = top.find("comment"))
      config.comment = read_comment(*comment);
    config.scenario.system = nonempty(top.require("system"));
    config.scenario.revision = nonempty(top.require("revision"));
    read_scenario(top.require("scenario"), config.scenario);
    if (const json::Value* environment = top.find("environment"))
      config.scenario.environment = names(*environment);
    if (const json::Value* properties = top.find("properties"))
      config.scenario.properties = names(*properties);
    if (const json::Value* bounds = top.find("bounds"))
      read_bounds(*bounds, config.scenario);
    if (const json::Value* limits = top.find("limits"))
      config.limits = read_limits(*limits);
    if (const json::Value* patches = top.find("patches"))
      for (const json::Value& patch : array_of(source_, *patches))
        config.scenario.patches.push_back(read_patch(patch));
    if (const json::Value* expect = top.find("expect"))
      config.expect = read_expectation(*expect);
    if (const json::Value* about = top.find("about"))
      config.about = read_about(*about, config.expect);
  }

private:
  std::string read_comment(const json::Value& value) const {
    if (value.kind == json::Value::Kind::string)
      return value.text;
    if (value.kind != json::Value::Kind::array)
      throw source_.error(value, "expected a string or an array of strings, found " +
                                     json::kind_name(value.kind));
    std::string lines;
    for (const json::Value& line : value.elements)
      lines += (&line == &value.elements.front() ? "" : "\n") + text_of(source_, line);
    return lines;
  }

  Text nonempty(const json::Value& value) const {
    if (text_of(source_, value).empty())
      throw source_.error(value, "the string is empty");
    return {value.text, value.pointer};
  }

  // A key that names something of the scenario; Text::pointer leads to the member.
  Text name_of(const json::Member& member) const {
    const auto allowed = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '_' || c == '-';
    };
    if (member.key.empty() || !std::all_of(member.key.begin(), member.key.end(), allowed))
      throw source_.error(member.offset, member.value.pointer,
                          "\"" + member.key +
                              "\" is no name; allowed here: letters, digits, _ and -");
    return {member.key, member.value.pointer};
  }

  std::vector<Text> names(const json::Value& value) const {
    std::vector<Text> texts;
    std::set<std::string> seen;
    for (const json::Value& element : array_of(source_, value)) {
      texts.push_back(nonempty(element));
      if (!seen.insert(element.text).second)
        throw source_.error(element, "\"" + element.text + "\" is listed twice");
    }
    return texts;
  }

  void read_scenario(const json::Value& value, Scenario& scenario) const {
    const ObjectReader reader(source_, value, config_keys::scenario);
    if (const json::Value* processes = reader.find("processes"))
      for (const json::Member& member : object_of(source_, *processes).members)
        scenario.processes.push_back({name_of(member), names(member.value)});
    if (const json::Value* kqueues = reader.find("kqueues"))
      for (const json::Member& member : object_of(source_, *kqueues).members)
        scenario.kqueues.push_back({name_of(member), nonempty(member.value)});
    const json::Value& threads = object_of(source_, reader.require("threads"));
    for (const json::Member& member : threads.members) {
      systems::ThreadScript script{name_of(member), {}};
      for (const json::Value& call : array_of(source_, member.value))
        script.calls.push_back(nonempty(call));
      scenario.threads.push_back(std::move(script));
    }
    if (threads.members.empty())
      throw source_.error(threads, "a scenario needs at least one thread");
  }

  void read_bounds(const json::Value& value, Scenario& scenario) const {
    for (const json::Member& member : object_of(source_, value).members)
      scenario.bounds[member.key] = {static_cast<int>(whole_of(source_, member.value, 1, 24)),
                                     member.value.pointer};
  }

  Limits read_limits(const json::Value& value) const {
    Limits limits;
    const ObjectReader reader(source_, value, config_keys::limits);
    if (const json::Value* states = reader.find("states"))
      limits.states = whole_of(source_, *states, 1, most);
    if (const json::Value* memory = reader.find("memory_mib"))
      limits.memory_mib = whole_of(source_, *memory, 1, 1U << 30);
    if (const json::Value* seconds = reader.find("seconds")) {
      const bool numeric =
          seconds->kind == json::Value::Kind::integer || seconds->kind == json::Value::Kind::number;
      if (!numeric)
        throw source_.error(*seconds, "expected a number of seconds, found " +
                                          json::kind_name(seconds->kind));
      if (!(seconds->number > 0 && seconds->number <= 1e9))
        throw source_.error(*seconds,
                            "out of range; allowed here: more than 0, at most 1000000000 seconds");
      limits.seconds = seconds->number;
    }
    return limits;
  }

  Patch read_patch(const json::Value& value) const {
    struct Form {
      const char* edit;
      const char* place; // the key of the second string, or nullptr
      Patch::Kind kind;
      bool label_first; // does the edit's own string name the label?
    };
    static constexpr Form forms[] = {
        {"drop", nullptr, Patch::Kind::drop, true},
        {"drop", "keep", Patch::Kind::drop, true},
        {"drop", "part", Patch::Kind::drop_part, true},
        {"negate", nullptr, Patch::Kind::negate, true},
        {"replace", "with", Patch::Kind::replace, true},
        {"insert", "before", Patch::Kind::insert_before, false},
        {"insert", "after", Patch::Kind::insert_after, false},
        {"move", "before", Patch::Kind::move_before, true},
        {"move", "after", Patch::Kind::move_after, true},
    };
    const ObjectReader reader(source_, value, config_keys::patch);
    for (const Form& form : forms) {
      const bool fits = value.members.size() == (form.place == nullptr ? 1U : 2U) &&
                        reader.find(form.edit) != nullptr &&
                        (form.place == nullptr || reader.find(form.place) != nullptr);
      if (!fits)
        continue;
      const Text edit = nonempty(reader.require(form.edit));
      const Text place = form.place == nullptr ? Text{} : nonempty(reader.require(form.place));
      return {form.kind, form.label_first ? edit : place, form.label_first ? place : edit};
    }
    throw source_.error(
        value, "no patch; allowed here: {\"drop\": label}, also with \"keep\" or \"part\", "
               "{\"negate\": label}, {\"replace\": label, \"with\": primitive}, "
               "{\"insert\": primitive, \"before\" or \"after\": label}, "
               "{\"move\": label, \"before\" or \"after\": label}; `interlock help patches` "
               "explains them");
  }

  Expectation read_expectation(const json::Value& value) const {
    Expectation expect;
    const ObjectReader reader(source_, value, config_keys::expect);
    const json::Value* holds = reader.find("holds");
    const json::Value* violates = reader.find("violates");
    const json::Value* incomplete = reader.find("incomplete");
    const json::Value* length = reader.find("trace_length");
    const auto number = [&](const char* key) -> std::optional<std::uint64_t> {
      const json::Value* found = reader.find(key);
      return found ? std::optional(whole_of(source_, *found, 0, most)) : std::nullopt;
    };
    expect.states = number("states");
    expect.transitions = number("transitions");
    expect.depth = number("depth");
    if ((holds != nullptr) + (violates != nullptr) + (incomplete != nullptr) != 1)
      throw source_.error(value, "needs exactly one of \"holds\": true, \"violates\": property, "
                                 "\"incomplete\": true");
    for (const json::Value* flag : {holds, incomplete})
      if (flag != nullptr && !json::boolean_of(source_, *flag))
        throw source_.error(*flag, "only true makes sense here; leave the key out otherwise");
    if (violates != nullptr) {
      expect.outcome = Expectation::Outcome::violates;
      expect.property = nonempty(*violates).text;
    } else if (incomplete != nullptr) {
      expect.outcome = Expectation::Outcome::incomplete;
    }
    if (const json::Value* cut = reader.find("cut"))
      expect.cut = read_cut(*cut);
    if (length != nullptr) {
      if (violates == nullptr)
        throw source_.error(*length, "only a violation has a trace: use it with \"violates\"");
      expect.trace_length = whole_of(source_, *length, 0, most);
    }
    return expect;
  }

  std::map<std::string, std::optional<std::uint64_t>> read_cut(const json::Value& value) const {
    std::map<std::string, std::optional<std::uint64_t>> cut;
    for (const json::Member& member : object_of(source_, value).members) {
      const json::Value& count = member.value;
      if (count.kind == json::Value::Kind::boolean && count.boolean)
        cut[member.key] = std::nullopt;
      else if (count.kind == json::Value::Kind::boolean)
        throw source_.error(count, "only true or a number makes sense here; leave the key out "
                                   "where no step is cut");
      else
        cut[member.key] = whole_of(source_, count, 1, most);
    }
    return cut;
  }

  About read_about(const json::Value& value, const std::optional<Expectation>& expect) const {
    About about;
    const ObjectReader reader(source_, value, config_keys::about);
    if (const json::Value* title = reader.find("title")) {
      about.title = nonempty(*title).text;
      if (text::one_line(about.title) != about.title)
        throw source_.error(*title, "the title is more than one line, or has control characters");
    }
    const bool holds = expect && expect->outcome != Expectation::Outcome::violates;
    for (const char* key : {"fixed_by", "siblings"})
      if (const json::Value* member = reader.find(key); member != nullptr && holds)
        throw source_.error(*member, "only a bug has this: use it with \"violates\" in \"expect\"");
    if (const json::Value* fixed_by = reader.find("fixed_by"))
      about.fixed_by = nonempty(*fixed_by);
    if (const json::Value* siblings = reader.find("siblings"))
      about.siblings = names(*siblings);
    return about;
  }

  const json::Source& source_;
};

Config config_of(json::Source source) {
  Config config;
  config.source = std::make_shared<const json::Source>(std::move(source));
  ConfigReader(*config.source).read(config);
  config.digest = digest_of(config);
  return config;
}

} // namespace

Config read_config(const std::filesystem::path& path) {
  return config_of(json::Source::read(path));
}

Config parse_config(std::string name, std::string text) {
  return config_of(json::Source(std::move(name), std::move(text)));
}

} // namespace interlock::checker
