// Who makes which call, and the text around it.
#include "config/starting_config.hpp"

#include "systems/call_reader.hpp"
#include "text/lists.hpp"
#include "text/nearest.hpp"
#include "text/wrap.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace interlock::checker {

namespace {

using systems::Entry;
using systems::ScenarioError;
using systems::ScenarioErrors;
using systems::SystemDescription;
using systems::Text;
using systems::ThreadScript;
using text::words_of;
using Kind = systems::ScenarioCall::Kind;

[[noreturn]] void refuse(const std::string& message) {
  throw ScenarioErrors({ScenarioError(message, "")});
}

const SystemDescription& system_of(const std::string& name) {
  if (const SystemDescription* system = systems::find_system(name))
    return *system;
  std::vector<std::string> names;
  for (const SystemDescription& system : systems::systems())
    names.push_back(system.name);
  refuse("there is no system " + name + "; there is " + text::joined(names) +
         text::nearest_hint(name, names));
}

struct Call {
  std::string text;
  std::string thread; // empty: not said
  Kind kind = Kind::fork;
  std::string process; // that it names; may be empty
  std::string kqueue;  // that it names; may be empty
};

// The word of a call that stands where its form has PROCESS; nothing optional comes before that.
std::string process_of(const std::string& call, const std::string& form) {
  const std::vector<std::string> places = words_of(form);
  const auto place = std::find(places.begin(), places.end(), "PROCESS");
  return place == places.end()
             ? ""
             : words_of(call).at(static_cast<std::size_t>(place - places.begin()));
}

bool is_of_kqueues(Kind kind) {
  return kind == Kind::change || kind == Kind::wait || kind == Kind::close;
}

std::string kqueue_of(const Call& call) {
  const std::vector<std::string> words = words_of(call.text);
  const bool named = is_of_kqueues(call.kind) && words.size() > 1 &&
                     (call.kind == Kind::close || words[words.size() - 2] == "on");
  return named ? words.back() : "";
}

// "parent: fork child" as "parent" and "fork child"; of what names no thread the first is empty.
std::pair<std::string, std::string> named_thread(const std::string& given) {
  const std::size_t colon = given.find(':');
  if (colon == std::string::npos)
    return {"", given};
  return {given.substr(0, colon),
          given.substr(std::min(given.find_first_not_of(" \t", colon + 1), given.size()))};
}

std::vector<Call> calls_of(const StartingPoint& start) {
  const systems::Vocabulary vocabulary{
      .system = start.system, .calls = systems::call_forms(start.system), .environment = {}};
  systems::CallReader reader(vocabulary);
  systems::Objections objections;
  std::vector<Call> calls;
  for (const std::string& given : start.calls) {
    const auto [thread, said] = named_thread(given);
    Call call{.text = said, .thread = thread, .process = "", .kqueue = ""};
    const Text text{call.text, ""};
    try {
      call.kind = reader.read(text).kind;
      systems::Words words(text);
      call.process = process_of(call.text, reader.form(words).form());
      call.kqueue = kqueue_of(call);
      calls.push_back(call);
    } catch (const ScenarioError& error) {
      objections.add({"\"" + given + "\": " + error.what(), ""});
    }
  }
  objections.throw_any();
  return calls;
}

bool makes(const Call& call) { return call.kind == Kind::fork || call.kind == Kind::vfork; }

// Hands out the calls that name no thread.
class Assignment {
public:
  explicit Assignment(const std::vector<Call>& calls) : calls_(calls) {
    for (const Call& call : calls)
      if (makes(call))
        children_.push_back(call.process);
    first_ = first_process();
  }

  void put_into(systems::Scenario& scenario) {
    // The order of threads: who begins, its children, the rest.
    for (const Call& call : calls_)
      if (makes(call))
        script(call.thread.empty() ? first_ : call.thread);
    for (const std::string& child : children_)
      script(child);
    for (const Call& call : calls_) {
      const std::string thread = call.thread.empty() ? thread_of(call) : call.thread;
      script(thread).calls.push_back({call.text, ""});
      if (!call.kqueue.empty() && !declares(scenario, call.kqueue))
        scenario.kqueues.push_back({{call.kqueue, ""}, {thread, ""}});
    }
    for (const Call& call : calls_)
      if (!call.process.empty() && script(call.process).calls.empty())
        script(call.process).calls.push_back({"exit", ""});
    scenario.threads = std::move(scripts_);
  }

private:
  // That nobody forks, and that calls name or make.
  std::string first_process() const {
    for (const Call& call : calls_)
      for (const std::string& name : {call.process, call.thread})
        if (!name.empty() && !is_child(name) && !(name == call.thread && is_of_kqueues(call.kind)))
          return name;
    return "parent";
  }

  static bool declares(const systems::Scenario& scenario, const std::string& kqueue) {
    return std::any_of(scenario.kqueues.begin(), scenario.kqueues.end(),
                       [&](const auto& declared) { return declared.name.text == kqueue; });
  }

  bool is_child(const std::string& name) const {
    return std::find(children_.begin(), children_.end(), name) != children_.end();
  }

  std::string thread_of(const Call& call) {
    if (is_of_kqueues(call.kind))
      return "watcher";
    if (call.kind == Kind::exit || call.kind == Kind::exec)
      return one_without(call.kind == Kind::exec ? "exec" : "exit");
    if (call.kind == Kind::sigsuspend)
      return target_of_signal();
    if (call.kind == Kind::fork || call.kind == Kind::vfork || call.kind == Kind::wait4)
      return first_;
    return "other"; // signals and debugging come from outside
  }

  // The first child that has no such call, or has ended with it.
  std::string one_without(const std::string& word) {
    for (const std::string& child : children_) {
      const std::vector<Text>& calls = script(child).calls;
      if (std::none_of(calls.begin(), calls.end(),
                       [&](const Text& call) { return call.text.starts_with(word); }))
        return child;
    }
    return first_;
  }

  std::string target_of_signal() const {
    for (const Call& call : calls_)
      if (call.kind == Kind::kill)
        return call.process;
    return first_;
  }

  ThreadScript& script(const std::string& thread) {
    for (ThreadScript& script : scripts_)
      if (script.name.text == thread)
        return script;
    return scripts_.emplace_back(ThreadScript{{thread, ""}, {}});
  }

  const std::vector<Call>& calls_;
  std::vector<std::string> children_; // in the order of the forks
  std::string first_;                 // the process that everything begins with
  std::vector<ThreadScript> scripts_;
};

// As JSON.
std::string quoted(const std::string& text) {
  constexpr bool ensure_ascii = false;
  using Json = nlohmann::json;
  return Json(text).dump(-1, ' ', ensure_ascii, Json::error_handler_t::replace);
}

// Text as lines that begin like this, the second one and those that follow with more space; none
// wider than an editor shows.
std::string wrapped(const std::string& text, const std::string& begin, const std::string& space) {
  constexpr std::size_t width = 100;
  std::string lines;
  std::string line = begin;
  for (const std::string& word : words_of(text)) {
    if (line.size() + 1 + word.size() > width) {
      lines += line + "\n";
      line = begin + space;
    }
    line += " " + word;
  }
  return lines + line + "\n";
}

std::string comment(const std::string& text, const std::string& indent) {
  return wrapped(text, indent + "//", "");
}

std::string names(const std::vector<Entry>& entries, const std::string& indent) {
  std::string lines;
  for (const Entry& entry : entries)
    lines += wrapped(entry.name + ": " + entry.text, indent + "//  ", "    ");
  return lines;
}

std::string script_text(const ThreadScript& thread) {
  std::string calls;
  for (const Text& call : thread.calls)
    calls += (calls.empty() ? "" : ", ") + quoted(call.text);
  return "      " + quoted(thread.name.text) + ": [" + calls + "]";
}

std::string kqueues_text(const systems::Scenario& scenario) {
  std::string pairs;
  for (const systems::KqueueDeclaration& kqueue : scenario.kqueues)
    pairs +=
        (pairs.empty() ? "" : ", ") + quoted(kqueue.name.text) + ": " + quoted(kqueue.process.text);
  return pairs.empty() ? "" : "    \"kqueues\": {" + pairs + "},\n";
}

std::string scenario_text(const SystemDescription& system, const systems::Scenario& scenario) {
  std::string text = "  \"scenario\": {\n";
  if (system.kernel)
    text +=
        comment("A thread is a process of its own, unless \"processes\" groups threads: "
                "\"processes\": {\"parent\": [\"forker\", \"waiter\"]}. A process that is forked "
                "starts with the fork. There is one kqueue, of the first process that uses "
                "kevent, unless \"kqueues\" says whose there are: \"kqueues\": {\"kq\": "
                "\"watcher\"}.",
                "    ");
  text += comment("The calls; in [ ] is what may be left out:", "    ");
  text += names(system.calls, "    ");
  text += kqueues_text(scenario) + "    \"threads\": {\n";
  for (const ThreadScript& thread : scenario.threads)
    text += script_text(thread) + (&thread == &scenario.threads.back() ? "\n" : ",\n");
  return text + "    }\n  },\n";
}

// What is left out, so that it has its default, with what may be put there.
std::string more_keys(const SystemDescription& system) {
  std::string text;
  if (!system.environment.empty())
    text +=
        comment("What may go wrong beside the order of steps; nothing of it, or some of:", "  ") +
        names(system.environment, "  ") + "  \"environment\": [],\n";
  text += comment(
      "What must hold. Left out, it is everything but what is checked only where named:", "  ");
  text += names(system.properties, "  ") + "  // \"properties\": [\"no-deadlock\"],\n";
  if (!system.bounds.empty())
    text += comment("How many objects there are; left out, as many as the scenario needs:", "  ") +
            names(system.bounds, "  ") + "  // \"bounds\": {\"procs\": 2},\n";
  text += comment("Edits of the kernel's steps, to try out a change of its locking: see `interlock "
                  "help patches`, and `interlock list labels` with this file for the names of the "
                  "steps.",
                  "  ");
  text += "  // \"patches\": [],\n";
  text += comment("Conditions of your own that must hold in every state, in the language of "
                  "patches.",
                  "  ");
  text += std::string("  // \"invariants\": [{\"name\": \"...\", \"forall\": \"") +
          (system.kernel ? "proc" : "KIND") + " x\", \"holds\": \"...\"}],\n";
  text += comment("What `interlock gate` compares the verdict with, once it is known and argued "
                  "for.",
                  "  ");
  text += "  // \"expect\": {\"holds\": true},\n";
  text += comment("Where to stop. What is not through until then is `incomplete`: take a thread, a "
                  "call or a choice of the environment out.",
                  "  ");
  return text + "  \"limits\": {\"seconds\": 60, \"memory_mib\": 4096}\n";
}

// Of a system that knows no processes: a thread for each call that names none.  No calls at all:
// two threads that make each of them.
std::vector<ThreadScript> threads_of(const StartingPoint& start, const SystemDescription& system) {
  std::vector<ThreadScript> threads;
  const auto script = [&](const std::string& name) -> ThreadScript& {
    for (ThreadScript& thread : threads)
      if (thread.name.text == name)
        return thread;
    return threads.emplace_back(ThreadScript{{name, ""}, {}});
  };
  if (start.calls.empty())
    for (const char* name : {"first", "second"})
      for (const Entry& call : system.calls)
        script(name).calls.push_back({call.name, ""});
  for (const std::string& given : start.calls) {
    const auto [thread, text] = named_thread(given);
    script(thread.empty() ? "thread" + std::to_string(threads.size() + 1) : thread)
        .calls.push_back({text, ""});
  }
  return threads;
}

systems::Scenario scenario_of(const StartingPoint& start, const SystemDescription& system) {
  systems::Scenario scenario;
  scenario.system.text = system.name;
  scenario.revision.text = start.revision.empty() ? system.revisions.back().name : start.revision;
  if (!system.kernel) {
    scenario.threads = threads_of(start, system);
    return scenario;
  }
  StartingPoint some = start;
  if (some.calls.empty())
    some.calls = {"fork child", "exit 1", "kevent add proc parent exit,track", "kevent loop"};
  std::vector<Call> calls = calls_of(some);
  const auto waiting = std::find_if(calls.begin(), calls.end(),
                                    [](const Call& call) { return call.kind == Kind::wait4; });
  if (waiting != calls.end() && std::none_of(calls.begin(), calls.end(), makes)) {
    const std::string thread = waiting->thread;
    calls.insert(waiting, {.text = "fork child",
                           .thread = thread,
                           .kind = Kind::fork,
                           .process = "child",
                           .kqueue = ""});
  }
  Assignment(calls).put_into(scenario);
  return scenario;
}

} // namespace

std::string starting_config(const StartingPoint& start) {
  const SystemDescription& system = system_of(start.system);
  const systems::Scenario scenario = scenario_of(start, system);
  if (const auto wrong = systems::judge(scenario).objections; !wrong.empty())
    throw ScenarioErrors(wrong);

  std::string text = "{\n";
  text += comment("What `interlock check` explores. Comments like this are allowed.", "  ");
  if (!start.schema.empty())
    text += "  \"$schema\": " + quoted(start.schema) + ",\n";
  text += "  \"system\": " + quoted(system.name) + ",\n";
  text += comment("The revision of the modelled source, one of:", "  ");
  text += names(system.revisions, "  ");
  text += "  \"revision\": " + quoted(scenario.revision.text) + ",\n";
  return text + scenario_text(system, scenario) + more_keys(system) + "}\n";
}

} // namespace interlock::checker
