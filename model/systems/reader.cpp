// Resolving the names of a scenario; see reader.hpp.
#include "systems/reader.hpp"

#include "systems/call_parser.hpp"
#include "text/lists.hpp"
#include "text/nearest.hpp"
#include "text/printable.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace interlock::systems {

namespace {

using actions::Timeout;

void require_name(const Text& name, const char* what) {
  const bool plain = std::all_of(name.text.begin(), name.text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-';
  });
  if (name.text.empty() || !plain)
    throw ScenarioError(std::string("the name of a ") + what +
                            " consists of letters, digits, - and _",
                        name.pointer);
}

class Reader {
public:
  Reader(const Scenario& scenario, const Vocabulary& vocabulary)
      : scenario_(scenario), vocabulary_(vocabulary) {}

  ReadScenario read() {
    assign_threads();
    limit_calls();
    find_forks();
    order_processes();
    declare_kqueues();
    read_environment();
    for (std::size_t t = 0; t < scenario_.threads.size(); ++t)
      read_thread(t);
    check_waits();
    size_pools();
    return std::move(result_);
  }

private:
  // --- processes and threads ---

  void assign_threads() {
    if (scenario_.threads.empty())
      throw ScenarioError("a scenario needs at least one thread", "/scenario/threads");
    if (scenario_.threads.size() > 16)
      throw ScenarioError("at most 16 threads are supported", "/scenario/threads");
    std::vector<std::string> names;
    for (const ThreadScript& thread : scenario_.threads) {
      require_name(thread.name, "thread");
      if (std::find(names.begin(), names.end(), thread.name.text) != names.end())
        throw ScenarioError("thread " + thread.name.text + " is there twice", thread.name.pointer);
      names.push_back(thread.name.text);
    }
    process_of_.resize(names.size());
    std::set<std::string> declared;
    for (const ProcessDeclaration& process : scenario_.processes) {
      require_name(process.name, "process");
      if (!declared.insert(process.name.text).second)
        throw ScenarioError("process " + process.name.text + " is there twice",
                            process.name.pointer);
      if (process.threads.empty())
        throw ScenarioError("process " + process.name.text + " has no threads",
                            process.name.pointer);
      for (const Text& thread : process.threads) {
        const auto found = std::find(names.begin(), names.end(), thread.text);
        if (found == names.end())
          throw ScenarioError("unknown thread '" + thread.text + "'" +
                                  text::nearest_hint(thread.text, names),
                              thread.pointer);
        std::string& owner = process_of_[static_cast<std::size_t>(found - names.begin())];
        if (!owner.empty())
          throw ScenarioError("thread " + thread.text + " belongs to process " + owner + " already",
                              thread.pointer);
        owner = process.name.text;
      }
    }
    for (std::size_t t = 0; t < names.size(); ++t) {
      if (process_of_[t].empty()) {
        if (declared.contains(names[t]))
          throw ScenarioError("thread " + names[t] +
                                  " belongs to no process: that of its name is declared with "
                                  "other threads",
                              scenario_.threads[t].name.pointer);
        process_of_[t] = names[t];
      }
      if (std::find(processes_.begin(), processes_.end(), process_of_[t]) == processes_.end())
        processes_.push_back(process_of_[t]);
      threads_in_[process_of_[t]].push_back(t);
    }
  }

  // A call brings its own copy of its path's steps, of which there may be hundreds.
  void limit_calls() const {
    constexpr std::size_t most = 100;
    std::size_t count = 0;
    for (const ThreadScript& thread : scenario_.threads)
      for (const Text& call : thread.calls)
        if (++count > most)
          throw ScenarioError("at most " + std::to_string(most) + " calls are supported",
                              call.pointer);
  }

  // Which process forks which, from a first look at the calls.
  void find_forks() {
    for (std::size_t t = 0; t < scenario_.threads.size(); ++t)
      for (const Text& text : scenario_.threads[t].calls) {
        Words words(text);
        if (!words.accept("fork") && !words.accept("vfork"))
          continue;
        const std::string child = processes_[process(words)];
        words.end();
        if (child == process_of_[t])
          words.refuse("process " + child + " cannot fork itself");
        if (!parent_.emplace(child, process_of_[t]).second)
          words.refuse("process " + child + " is forked twice");
        if (threads_in_.at(child).size() != 1)
          words.refuse("process " + child + " is forked, so it starts with one thread");
        ++forks_[process_of_[t]];
      }
  }

  void order_processes() {
    std::vector<std::string> order;
    for (const std::string& process : processes_)
      if (!parent_.contains(process))
        order.push_back(process);
    for (std::size_t i = 0; i < order.size(); ++i)
      for (const std::string& process : processes_)
        if (parent_.contains(process) && parent_.at(process) == order[i])
          order.push_back(process);
    if (order.size() != processes_.size())
      throw ScenarioError("some processes fork each other in a circle and never start",
                          "/scenario/threads");
    processes_ = order;
    for (const std::string& process : processes_) {
      states::KernelPlan::Process planned{process, {}, 0};
      if (parent_.contains(process))
        planned.parent = number_of(parent_.at(process));
      result_.plan.processes.push_back(planned);
    }
    if (vocabulary_.init && !parent_.contains("init") && number_of("init") < processes_.size())
      result_.plan.init = number_of("init");
    for (std::size_t t = 0; t < scenario_.threads.size(); ++t)
      result_.plan.threads.push_back(
          {scenario_.threads[t].name.text, number_of(process_of_[t]), false});
  }

  std::size_t number_of(const std::string& process) const {
    return static_cast<std::size_t>(std::find(processes_.begin(), processes_.end(), process) -
                                    processes_.begin());
  }

  // --- kqueues ---

  void declare_kqueues() {
    for (const KqueueDeclaration& kqueue : scenario_.kqueues) {
      require_name(kqueue.name, "kqueue");
      if (std::find(processes_.begin(), processes_.end(), kqueue.process.text) == processes_.end())
        throw ScenarioError("unknown process '" + kqueue.process.text + "'" +
                                text::nearest_hint(kqueue.process.text, processes_),
                            kqueue.process.pointer);
      if (std::find(kqueues_.begin(), kqueues_.end(), kqueue.name.text) != kqueues_.end())
        throw ScenarioError("kqueue " + kqueue.name.text + " is there twice", kqueue.name.pointer);
      kqueues_.push_back(kqueue.name.text);
      result_.plan.kqueues.push_back({kqueue.name.text, number_of(kqueue.process.text)});
    }
    if (!kqueues_.empty())
      return;
    // Without a declaration there is one kqueue, of the process that uses kevent.
    for (std::size_t t = 0; t < scenario_.threads.size() && kqueues_.empty(); ++t)
      for (const Text& text : scenario_.threads[t].calls)
        if (Words(text).accept("kevent")) {
          kqueues_.emplace_back("kq");
          result_.plan.kqueues.push_back({"kq", number_of(process_of_[t])});
          break;
        }
    if (kqueues_.empty()) { // a scenario of fork, exit and wait alone
      kqueues_.emplace_back("kq");
      result_.plan.kqueues.push_back({"kq", 0});
    }
  }

  void take_kqueue(Words& words, std::size_t thread, ScenarioCall& call) {
    if (words.accept("on"))
      call.kqueue = words.choice("kqueue", kqueues_);
    else if (kqueues_.size() > 1)
      words.refuse("there are several kqueues: say which one with 'on KQUEUE'");
    const std::size_t owner = result_.plan.kqueues[call.kqueue].process;
    if (owner != result_.plan.threads[thread].process)
      words.refuse("kqueue " + kqueues_[call.kqueue] + " belongs to process " + processes_[owner] +
                   ", and kqueues are not inherited by fork(2); declare the kqueues under "
                   "/scenario/kqueues");
  }

  // --- calls ---

  // The next word as a process of the scenario.
  std::size_t process(Words& words) const {
    return words.choice("process", processes_,
                        " (a thread is a process of its name, unless /scenario/processes groups "
                        "threads)");
  }

  void read_thread(std::size_t thread) {
    const ThreadScript& script = scenario_.threads[thread];
    std::vector<ScenarioCall> calls;
    bool ended = false;
    for (const Text& text : script.calls) {
      if (ended)
        throw ScenarioError("nothing can follow exit", text.pointer);
      calls.push_back(read_call(text, thread));
      ended = calls.back().kind == ScenarioCall::Kind::exit || calls.back().loops;
    }
    result_.calls.push_back(std::move(calls));
  }

  ScenarioCall read_call(const Text& text, std::size_t thread) {
    using Kind = ScenarioCall::Kind;
    static const std::map<std::string, Kind> kinds{
        {"fork", Kind::fork},     {"vfork", Kind::vfork},
        {"exec", Kind::exec},     {"exit", Kind::exit},
        {"wait4", Kind::wait4},   {"kill", Kind::kill},
        {"killpg", Kind::killpg}, {"kevent", Kind::change},
        {"close", Kind::close},   {"sigsuspend", Kind::sigsuspend},
        {"ptrace", Kind::ptrace}};
    Words words(text);
    ScenarioCall call;
    call.text = text.text;
    call.kind = kinds.at(
        vocabulary_.calls[words.choice("system call of " + vocabulary_.system, vocabulary_.calls)]);
    switch (call.kind) {
    case Kind::fork:
    case Kind::vfork:
    case Kind::kill:
    case Kind::killpg:
      call.process = process(words);
      break;
    case Kind::exec:
      if (threads_in_.at(process_of_[thread]).size() != 1)
        words.refuse("process " + process_of_[thread] +
                     " has several threads; exec is modelled for single-threaded processes");
      break;
    case Kind::sigsuspend:
      break;
    case Kind::ptrace:
      words.choice("request", {"attach"});
      call.process = process(words);
      break;
    case Kind::exit:
      read_exit(words, thread, call);
      break;
    case Kind::wait4:
      ++waits_[process_of_[thread]];
      last_wait_[process_of_[thread]] = text.pointer;
      break;
    case Kind::change:
    case Kind::wait:
      read_kevent(words, thread, call);
      break;
    case Kind::close:
      call.kqueue = words.choice("kqueue", kqueues_);
      if (result_.plan.kqueues[call.kqueue].process != result_.plan.threads[thread].process)
        words.refuse("kqueue " + kqueues_[call.kqueue] + " belongs to another process");
      closed_.insert(call.kqueue);
      break;
    }
    words.end();
    return call;
  }

  void read_exit(Words& words, std::size_t thread, ScenarioCall& call) {
    call.kind = ScenarioCall::Kind::exit;
    if (threads_in_.at(process_of_[thread]).size() != 1)
      words.refuse("process " + process_of_[thread] +
                   " has several threads; exit1() is modelled for single-threaded processes");
    const int status = words.done() ? 0 : words.number("exit status", 0, 255);
    const std::size_t process = result_.plan.threads[thread].process;
    result_.plan.processes[process].exit_status = status;
    for (std::size_t i = 0; i < result_.plan.kqueues.size(); ++i)
      if (result_.plan.kqueues[i].process == process)
        closed_.insert(i);
  }

  void read_kevent(Words& words, std::size_t thread, ScenarioCall& call) {
    static const std::vector<std::string> operations{"add",     "modify", "delete", "enable",
                                                     "disable", "wait",   "loop"};
    const std::size_t operation = words.choice("kevent operation", operations);
    if (operation >= 5) {
      read_wait(words, thread, operation == 6, call);
      return;
    }
    call.kind = ScenarioCall::Kind::change;
    call.add = operation <= 1;
    call.remove = operation == 2;
    call.enable = operation == 3;
    call.disable = operation == 4;
    words.choice("filter", {"proc"});
    call.process = process(words);
    call.notes = "0";
    call.udata = "0";
    if (!call.remove)
      call.notes = read_notes(words);
    if (call.add && words.accept("oneshot"))
      call.oneshot = true;
    if (!call.remove && words.accept("udata")) {
      call.udata = words.take("a name for udata");
      read_udata(words, call.udata);
    }
    take_kqueue(words, thread, call);
    result_.registrations.push_back({call.kqueue, call.process});
    if (call.add)
      ++adds_;
  }

  void read_udata(Words& words, const std::string& name) {
    // The contract keeps a set of them in 31 flags, beside 0 and the addresses of 16 threads.
    constexpr std::size_t most = 14;
    if (name.find_first_of("().") != std::string::npos || text::one_line(name) != name)
      words.refuse("a name for udata has no ( ) . and no control characters");
    if (name == "0" || !udata_.insert(name).second)
      return;
    if (udata_.size() > most)
      words.refuse("at most " + std::to_string(most) + " names for udata are supported");
    result_.plan.udata.push_back(name);
  }

  static std::string read_notes(Words& words) {
    std::string notes;
    for (const std::string& note : words.list("event of a process", {"exit", "fork", "track"})) {
      std::string name = "NOTE_" + note;
      std::transform(name.begin(), name.end(), name.begin(),
                     [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
      notes += (notes.empty() ? "" : "|") + name;
    }
    return notes;
  }

  void read_wait(Words& words, std::size_t thread, bool forever, ScenarioCall& call) {
    call.kind = ScenarioCall::Kind::wait;
    call.loops = forever;
    if (words.next_is_number("a number of events"))
      call.most = words.number("number of events", 1, 7);
    if (words.accept("poll"))
      call.timeout = Timeout::poll;
    else if (words.accept("timeout"))
      call.timeout = Timeout::finite;
    if (forever && call.timeout != Timeout::forever)
      words.refuse("'kevent loop' waits for ever");
    take_kqueue(words, thread, call);
    result_.plan.threads[thread].scans = true;
  }

  void check_waits() {
    for (const auto& [process, count] : waits_) {
      const bool init = result_.plan.init && process == processes_[*result_.plan.init];
      const int children = init ? static_cast<int>(parent_.size()) : forks_[process];
      if (count > children)
        throw ScenarioError("process " + process + " waits for " + std::to_string(count) +
                                " children and " + (init ? "may get " : "forks ") +
                                std::to_string(children),
                            last_wait_.at(process));
    }
  }

  // --- environment and bounds ---

  void read_environment() {
    std::vector<std::string> known;
    for (const Entry& entry : vocabulary_.environment)
      known.push_back(entry.name);
    for (const Text& text : scenario_.environment) {
      if (std::find(known.begin(), known.end(), text.text) == known.end())
        throw ScenarioError(
            "'" + text.text + "' is no environment choice of " + scenario_.system.text + " " +
                scenario_.revision.text + "; " +
                (known.empty() ? "there is none" : "there is " + text::joined(known)) +
                text::nearest_hint(text.text, known),
            text.pointer);
      result_.environment.insert(text.text);
    }
  }

  std::size_t bound(const std::string& name, std::size_t usual, std::size_t least,
                    const std::string& why) {
    const auto given = scenario_.bounds.find(name);
    if (given == scenario_.bounds.end())
      return usual;
    const auto& [size, pointer] = given->second;
    if (size < static_cast<int>(least) || size > 24)
      throw ScenarioError(name + " must be from " + std::to_string(least) + " to 24: " + why,
                          pointer);
    return static_cast<std::size_t>(size);
  }

  void size_pools() {
    const std::vector<std::string> known{"knotes", "procs"};
    for (const auto& [name, value] : scenario_.bounds)
      if (std::find(known.begin(), known.end(), name) == known.end())
        throw ScenarioError("unknown bound '" + name + "'; there is knotes, procs" +
                                text::nearest_hint(name, known),
                            value.second);
    states::KernelPlan& plan = result_.plan;
    std::size_t initial = 0;
    for (const states::KernelPlan::Process& process : plan.processes)
      initial += process.parent ? 0U : 1U;
    const std::size_t forked = plan.processes.size() - initial;
    plan.procs = bound("procs", plan.processes.size(), initial + (forked > 0 ? 1 : 0),
                       "the processes that exist at the start and one that is forked");
    // Each EV_ADD allocates one knote, each tracked fork one or two.
    const std::size_t per_fork = vocabulary_.knotes_per_tracked_fork;
    const bool tracks = result_.any([](const ScenarioCall& call) {
      return call.notes.find("NOTE_TRACK") != std::string::npos;
    });
    std::set<std::pair<std::size_t, std::size_t>> tracked;
    for (const states::Registration& registration : result_.registrations)
      tracked.insert({registration.kqueue, registration.process});
    std::size_t births = 0;
    for (std::size_t process = 0; process < plan.processes.size(); ++process)
      for (std::size_t kqueue = 0; kqueue < plan.kqueues.size(); ++kqueue)
        if (plan.processes[process].parent &&
            tracked.contains({kqueue, *plan.processes[process].parent})) {
          tracked.insert({kqueue, process});
          ++births;
        }
    const bool follows = tracks && births > 0;
    const std::size_t usual = std::max<std::size_t>(1, adds_ + (tracks ? per_fork * births : 0));
    if (usual > 24 && !scenario_.bounds.contains("knotes"))
      throw ScenarioError("the scenario may need " + std::to_string(usual) +
                              " knotes at once, and at most 24 are supported; make it smaller, or "
                              "set the bound knotes",
                          "/scenario");
    plan.knotes =
        bound("knotes", usual, follows ? 1 + per_fork : 1,
              follows ? "a tracked fork needs " + std::to_string(1 + per_fork) + " knotes at once"
                      : "a registration needs one");
    result_.closable.assign(plan.kqueues.size(), false);
    for (const std::size_t kqueue : closed_)
      result_.closable[kqueue] = true;
  }

  const Scenario& scenario_;
  const Vocabulary& vocabulary_;
  ReadScenario result_;
  std::vector<std::string> process_of_; // per thread
  std::vector<std::string> processes_;
  std::vector<std::string> kqueues_;
  std::map<std::string, std::vector<std::size_t>> threads_in_;
  std::map<std::string, std::string> parent_;
  std::map<std::string, int> forks_;
  std::map<std::string, int> waits_;
  std::map<std::string, std::string> last_wait_;
  std::set<std::string> udata_;
  std::set<std::size_t> closed_;
  std::size_t adds_ = 0;
};

} // namespace

bool ReadScenario::any(const std::function<bool(const ScenarioCall&)>& predicate) const {
  return std::any_of(calls.begin(), calls.end(), [&](const std::vector<ScenarioCall>& thread) {
    return std::any_of(thread.begin(), thread.end(), predicate);
  });
}

std::vector<std::vector<lang::ThreadId>> ReadScenario::threads_of() const {
  std::vector<std::vector<lang::ThreadId>> threads(plan.processes.size());
  for (std::size_t t = 0; t < plan.threads.size(); ++t)
    threads[plan.threads[t].process].push_back(static_cast<lang::ThreadId>(t));
  return threads;
}

ReadScenario read_scenario(const Scenario& scenario, const Vocabulary& vocabulary) {
  return Reader(scenario, vocabulary).read();
}

actions::ChangeCall change_of(const states::Kernel& kernel, const ScenarioCall& call) {
  actions::ChangeCall change;
  change.request = {
      call.kqueue, call.process,
      lang::literal(kernel.types().note, lang::parse_value(*kernel.types().note, call.notes)),
      kernel.udata(call.udata), call.oneshot};
  change.add = call.add;
  change.remove = call.remove;
  change.enable = call.enable;
  change.disable = call.disable;
  return change;
}

actions::WaitCall wait_of(const ScenarioCall& call) {
  actions::WaitCall wait;
  wait.kqueue = call.kqueue;
  wait.most = call.most;
  wait.timeout = call.timeout;
  wait.loops = call.loops;
  return wait;
}

} // namespace interlock::systems
