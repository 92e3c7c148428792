// Resolving the names of a scenario; see reader.hpp.
#include "systems/reader.hpp"

#include "systems/awaits.hpp"
#include "systems/call_reader.hpp"
#include "systems/pool_sizes.hpp"
#include "systems/processes.hpp"
#include "text/lists.hpp"
#include "text/nearest.hpp"

#include <algorithm>

namespace interlock::systems {

namespace {

class Reader {
public:
  Reader(const WithSetup& scenario, const Vocabulary& vocabulary, Objections& objections)
      : scenario_(scenario.scenario), setup_(scenario.setup), vocabulary_(vocabulary),
        objections_(objections) {}

  ReadScenario read() {
    for (const Text& choice : scenario_.environment)
      objections_.attempt([&] { read_choice(choice); });
    require_known_bounds(scenario_, objections_);
    limit_calls();
    const std::optional<Processes> processes =
        scenario_.unread.names ? std::nullopt
                               : read_processes(scenario_, objections_, wrong_calls_);
    if (!processes) {
      read_calls_alone();
      return {};
    }
    plan_processes(*processes);
    const bool kqueues = declare_kqueues(*processes);
    read_calls(*processes, kqueues);
    if (!scenario_.unread.calls)
      require_init();
    keep_init();
    // What follows counts calls, and so needs all of them.
    const Unread& unread = scenario_.unread;
    if (objections_.count() > 0 || unread.revision || unread.calls || unread.bounds)
      return {};
    limit_waits(*processes);
    note_effects();
    size_pools(scenario_, vocabulary_, result_, objections_);
    return std::move(result_);
  }

private:
  void read_choice(const Text& text) {
    std::vector<std::string> known;
    for (const EnvironmentChoice& choice : vocabulary_.environment)
      known.push_back(choice.name);
    if (std::find(known.begin(), known.end(), text.text) == known.end())
      throw ScenarioError(
          "'" + text.text + "' is no environment choice of " + scenario_.system.text + " " +
              scenario_.revision.text + "; " +
              (known.empty() ? "there is none" : "there is " + text::joined(known)) +
              text::nearest_hint(text.text, known),
          text.pointer);
    result_.environment.insert(text.text);
  }

  void require_init() {
    for (const Text& text : scenario_.environment)
      for (const EnvironmentChoice& choice : vocabulary_.environment)
        if (choice.name == text.text && choice.needs_init && !result_.plan.init)
          objections_.add({text.text + " needs a process called init, which reaps", text.pointer});
  }

  // A kernel panics when it exits.
  void keep_init() {
    for (std::size_t t = 0; t < result_.calls.size(); ++t)
      if (result_.plan.threads[t].process == result_.plan.init)
        for (const ScenarioCall& call : result_.calls[t])
          if (call.kind == ScenarioCall::Kind::exit)
            objections_.add({"init cannot exit: the kernel panics then", call.pointer});
  }

  // A call brings its own copy of its path's steps, of which there may be hundreds.
  void limit_calls() {
    constexpr std::size_t most = 100;
    std::size_t count = 0;
    for (const ThreadScript& thread : scenario_.threads)
      for (const Text& call : thread.calls)
        if (++count == most + 1)
          objections_.add(
              {"at most " + std::to_string(most) + " calls are supported", call.pointer});
  }

  void plan_processes(const Processes& processes) {
    for (std::size_t i = 0; i < processes.names.size(); ++i)
      result_.plan.processes.push_back({processes.names[i], processes.parents[i], 0});
    for (std::size_t t = 0; t < scenario_.threads.size(); ++t)
      result_.plan.threads.push_back(
          {scenario_.threads[t].name.text, processes.of_threads[t], false});
    const auto init = std::find(processes.names.begin(), processes.names.end(), "init");
    if (init == processes.names.end())
      return;
    const auto number = static_cast<std::size_t>(init - processes.names.begin());
    if (!processes.parents[number])
      result_.plan.init = number;
  }

  // --- kqueues ---

  // False where a declaration is wrong: what calls say of kqueues can then not be judged.
  bool declare_kqueues(const Processes& processes) {
    const std::size_t before = objections_.count();
    for (const KqueueDeclaration& kqueue : scenario_.kqueues)
      objections_.attempt([&] { declare(kqueue, processes); });
    if (scenario_.kqueues.empty())
      result_.plan.kqueues.push_back({"kq", user_of_kevent()});
    return objections_.count() == before;
  }

  void declare(const KqueueDeclaration& kqueue, const Processes& processes) {
    require_name(kqueue.name, "kqueue");
    const auto owner =
        std::find(processes.names.begin(), processes.names.end(), kqueue.process.text);
    if (owner == processes.names.end())
      throw ScenarioError("unknown process '" + kqueue.process.text + "'" +
                              text::nearest_hint(kqueue.process.text, processes.names),
                          kqueue.process.pointer);
    for (const states::KernelPlan::Kqueue& other : result_.plan.kqueues)
      if (other.name == kqueue.name.text)
        throw ScenarioError("kqueue " + kqueue.name.text + " is there twice", kqueue.name.pointer);
    result_.plan.kqueues.push_back(
        {kqueue.name.text, static_cast<std::size_t>(owner - processes.names.begin())});
  }

  // Whose the kqueue is that is not declared: the first process that uses kevent; in a scenario of
  // fork, exit and wait alone, any.
  std::size_t user_of_kevent() const {
    for (std::size_t t = 0; t < scenario_.threads.size(); ++t)
      for (const Text& call : scenario_.threads[t].calls)
        if (Words(call).accept("kevent"))
          return result_.plan.threads[t].process;
    return 0;
  }

  // --- calls ---

  void read_calls(const Processes& processes, bool kqueues) {
    CallReader reader(vocabulary_, processes, result_.plan.kqueues);
    std::vector<Await> awaits;
    std::vector<bool> whole;
    for (std::size_t thread = 0; thread < scenario_.threads.size(); ++thread) {
      std::vector<ScenarioCall> calls;
      bool all = true;
      for (const Text& text : scenario_.threads[thread].calls)
        all = !wrong_calls_.contains(text.pointer) && objections_.attempt([&] {
          if (!calls.empty() && calls.back().is_last())
            throw ScenarioError("nothing can follow " +
                                    std::string(calls.back().loops ? "kevent loop" : "exit"),
                                text.pointer);
          Words words(text);
          if (!kqueues && reader.form(words).needs_kqueue()) {
            all = false;
            return;
          }
          const ScenarioCall call = reader.read(text, thread);
          if (call.kind == ScenarioCall::Kind::await)
            awaits.push_back({{thread, calls.size()}, call.awaits, text.pointer});
          else if (call.kind == ScenarioCall::Kind::test) {
            if (all) // else the call before may be the one that could not be read
              test_last(calls, call);
          } else
            calls.push_back(call);
        }) && all;
      if (all && !calls.empty() && !calls.back().answer.empty())
        objections_.add(
            {"a call has to follow: if says whether it is made", calls.back().answer_pointer});
      result_.calls.push_back(std::move(calls));
      whole.push_back(all);
    }
    if (!scenario_.unread.calls)
      set_after(awaits, setup_, whole, result_, objections_);
    result_.plan.udata = reader.udata();
  }

  // `if ANSWER` is about the call before it.
  static void test_last(std::vector<ScenarioCall>& calls, const ScenarioCall& test) {
    using Kind = ScenarioCall::Kind;
    if (calls.empty())
      throw ScenarioError("a call has to come before: if asks what it has answered", test.pointer);
    ScenarioCall& call = calls.back();
    const bool answers = call.kind == Kind::change || call.kind == Kind::wait ||
                         call.kind == Kind::wait4 || call.kind == Kind::close;
    if (!answers)
      throw ScenarioError("if asks what kevent, wait4 or close has answered, and not '" +
                              call.text + "'",
                          test.pointer);
    const bool may_find_nothing =
        call.kind == Kind::wait || (call.kind == Kind::wait4 && call.reap.nohang);
    if ((test.answer == actions::answer_nothing || test.answer == actions::answer_something) &&
        !may_find_nothing)
      throw ScenarioError("kevent wait and wait4 with nohang find nothing or something; '" +
                              call.text + "' answers 0 or an errno",
                          test.pointer);
    if (!call.answer.empty())
      throw ScenarioError("'" + call.text + "' is asked already whether it has answered " +
                              call.answer,
                          test.pointer);
    call.answer = test.answer;
    call.answer_pointer = test.pointer;
  }

  // Where it is not known which processes and kqueues there are: any name will do.
  void read_calls_alone() {
    CallReader reader(vocabulary_);
    for (const ThreadScript& thread : scenario_.threads)
      for (const Text& text : thread.calls)
        if (!wrong_calls_.contains(text.pointer))
          objections_.attempt([&] { reader.read(text); });
  }

  void limit_waits(const Processes& processes) {
    std::vector<std::size_t> waits(processes.names.size());
    std::vector<std::string> last(processes.names.size());
    for (std::size_t thread = 0; thread < result_.calls.size(); ++thread)
      for (const ScenarioCall& call : result_.calls[thread])
        if (call.kind == ScenarioCall::Kind::wait4 && !call.reap.nohang && !call.reap.process) {
          const std::size_t process = processes.of_threads[thread];
          ++waits[process];
          last[process] = call.pointer;
        }
    for (std::size_t process = 0; process < waits.size(); ++process) {
      const bool init = result_.plan.init == process;
      const std::size_t children =
          init ? static_cast<std::size_t>(
                     std::count_if(processes.parents.begin(), processes.parents.end(),
                                   [](const auto& parent) { return parent.has_value(); }))
               : processes.forked_by(process);
      if (waits[process] > children)
        objections_.add({"process " + processes.names[process] + " waits for " +
                             std::to_string(waits[process]) + " children and " +
                             (init ? "may get " : "forks ") + std::to_string(children),
                         last[process]});
    }
  }

  // What the calls mean for the plan.
  void note_effects() {
    states::KernelPlan& plan = result_.plan;
    result_.closable.assign(plan.kqueues.size(), false);
    for (std::size_t t = 0; t < result_.calls.size(); ++t)
      for (const ScenarioCall& call : result_.calls[t]) {
        plan.dispatches = plan.dispatches || call.dispatch;
        if (call.kind == ScenarioCall::Kind::change)
          result_.registrations.insert({call.kqueue, call.process});
        else if (call.kind == ScenarioCall::Kind::wait)
          plan.threads[t].scans = true;
        else if (call.kind == ScenarioCall::Kind::close)
          result_.closable[call.kqueue] = true;
        else if (call.kind == ScenarioCall::Kind::exit)
          note_exit(plan.threads[t].process, call.status);
      }
  }

  void note_exit(std::size_t process, int status) {
    result_.plan.processes[process].exit_status = status;
    for (const std::size_t kqueue : result_.plan.kqueues_of(process))
      result_.closable[kqueue] = true;
  }

  const Scenario& scenario_;
  const std::vector<CallPlace>& setup_;
  const Vocabulary& vocabulary_;
  Objections& objections_;
  ReadScenario result_;
  std::set<std::string> wrong_calls_; // pointers
};

} // namespace

std::size_t ReadScenario::count(const Predicate& predicate) const {
  std::size_t count = 0;
  for (const std::vector<ScenarioCall>& thread : calls)
    count += static_cast<std::size_t>(std::count_if(thread.begin(), thread.end(), predicate));
  return count;
}

std::vector<std::vector<lang::ThreadId>> ReadScenario::threads_of() const {
  std::vector<std::vector<lang::ThreadId>> threads(plan.processes.size());
  for (std::size_t t = 0; t < plan.threads.size(); ++t)
    threads[plan.threads[t].process].push_back(static_cast<lang::ThreadId>(t));
  return threads;
}

ReadScenario read_scenario(const Scenario& scenario, const Vocabulary& vocabulary,
                           Objections& objections) {
  const WithSetup whole = with_setup(scenario, objections);
  return Reader(whole, vocabulary, objections).read();
}

} // namespace interlock::systems
