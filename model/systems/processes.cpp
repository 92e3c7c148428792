// Threads are assigned to processes, and forks make an order of these.
#include "systems/processes.hpp"

#include "systems/call_parser.hpp"
#include "text/nearest.hpp"

#include <algorithm>
#include <map>

namespace interlock::systems {

namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class Reader {
public:
  Reader(const Scenario& scenario, Objections& objections, std::set<std::string>& wrong_calls)
      : scenario_(scenario), objections_(objections), wrong_calls_(wrong_calls) {}

  std::optional<Processes> read() {
    const std::size_t before = objections_.count();
    read_threads();
    for (const ProcessDeclaration& process : scenario_.processes)
      objections_.attempt([&] { read_declaration(process); });
    if (objections_.count() == before)
      complete();
    if (objections_.count() != before)
      return std::nullopt;
    find_forks();
    if (!objections_.attempt([&] { order(); }))
      return std::nullopt;
    return result();
  }

private:
  void read_threads() {
    if (scenario_.threads.empty())
      objections_.add({"a scenario needs at least one thread", "/scenario/threads"});
    if (scenario_.threads.size() > 16)
      objections_.add({"at most 16 threads are supported", "/scenario/threads"});
    for (const ThreadScript& thread : scenario_.threads) {
      objections_.attempt([&] {
        require_name(thread.name, "thread");
        if (contains(threads_, thread.name.text))
          throw ScenarioError("thread " + thread.name.text + " is there twice",
                              thread.name.pointer);
      });
      threads_.push_back(thread.name.text);
    }
    process_of_.resize(threads_.size());
  }

  void read_declaration(const ProcessDeclaration& process) {
    require_name(process.name, "process");
    if (!declared_.insert(process.name.text).second)
      throw ScenarioError("process " + process.name.text + " is there twice", process.name.pointer);
    if (process.threads.empty())
      throw ScenarioError("process " + process.name.text + " has no threads", process.name.pointer);
    for (const Text& thread : process.threads)
      objections_.attempt([&] { assign(thread, process.name.text); });
  }

  void assign(const Text& thread, const std::string& process) {
    const auto found = std::find(threads_.begin(), threads_.end(), thread.text);
    if (found == threads_.end())
      throw ScenarioError("unknown thread '" + thread.text + "'" +
                              text::nearest_hint(thread.text, threads_),
                          thread.pointer);
    std::string& owner = process_of_[static_cast<std::size_t>(found - threads_.begin())];
    if (!owner.empty())
      throw ScenarioError("thread " + thread.text + " belongs to process " + owner + " already",
                          thread.pointer);
    owner = process;
  }

  // A thread that no declaration names is a process of its own name.
  void complete() {
    for (std::size_t t = 0; t < threads_.size(); ++t) {
      if (process_of_[t].empty()) {
        if (declared_.contains(threads_[t]))
          objections_.add({"thread " + threads_[t] +
                               " belongs to no process: that of its name is declared with "
                               "other threads",
                           scenario_.threads[t].name.pointer});
        process_of_[t] = threads_[t];
      }
      if (!contains(names_, process_of_[t]))
        names_.push_back(process_of_[t]);
      ++thread_count_[process_of_[t]];
    }
  }

  // From a first look at the calls.
  void find_forks() {
    for (std::size_t t = 0; t < scenario_.threads.size(); ++t)
      for (const Text& call : scenario_.threads[t].calls)
        if (!objections_.attempt([&] { read_fork(call, process_of_[t]); }))
          wrong_calls_.insert(call.pointer);
  }

  void read_fork(const Text& call, const std::string& parent) {
    Words words(call);
    if (!words.accept("fork") && !words.accept("vfork"))
      return;
    const std::string child = names_[words.choice("process", names_, processes_hint)];
    words.end();
    if (child == parent)
      words.refuse("process " + child + " cannot fork itself");
    if (parent_.contains(child))
      words.refuse("process " + child + " is forked twice");
    if (thread_count_.at(child) != 1)
      words.refuse("process " + child + " is forked, so it starts with one thread");
    parent_.emplace(child, parent);
  }

  void order() {
    std::vector<std::string> ordered;
    for (const std::string& process : names_)
      if (!parent_.contains(process))
        ordered.push_back(process);
    for (std::size_t i = 0; i < ordered.size(); ++i)
      for (const std::string& process : names_)
        if (parent_.contains(process) && parent_.at(process) == ordered[i])
          ordered.push_back(process);
    if (ordered.size() != names_.size())
      throw ScenarioError("some processes fork each other in a circle and never start",
                          "/scenario/threads");
    names_ = ordered;
  }

  Processes result() const {
    Processes processes{names_, {}, {}};
    for (const std::string& process : names_)
      processes.parents.push_back(
          parent_.contains(process) ? std::optional(number_of(parent_.at(process))) : std::nullopt);
    for (const std::string& process : process_of_)
      processes.of_threads.push_back(number_of(process));
    return processes;
  }

  std::size_t number_of(const std::string& process) const {
    return static_cast<std::size_t>(std::find(names_.begin(), names_.end(), process) -
                                    names_.begin());
  }

  const Scenario& scenario_;
  Objections& objections_;
  std::set<std::string>& wrong_calls_;
  std::vector<std::string> threads_;
  std::vector<std::string> process_of_; // per thread
  std::set<std::string> declared_;
  std::vector<std::string> names_;
  std::map<std::string, std::size_t> thread_count_;
  std::map<std::string, std::string> parent_;
};

} // namespace

const char* const processes_hint =
    " (a thread is a process of its name, unless /scenario/processes groups threads)";

void require_name(const Text& name, const char* what) {
  const bool plain = std::all_of(name.text.begin(), name.text.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '_' || c == '-';
  });
  if (name.text.empty() || !plain)
    throw ScenarioError(std::string("the name of a ") + what +
                            " consists of letters, digits, - and _",
                        name.pointer);
}

std::size_t Processes::forked_by(std::size_t process) const {
  return static_cast<std::size_t>(
      std::count(parents.begin(), parents.end(), std::optional(process)));
}

std::size_t Processes::thread_count(std::size_t process) const {
  return static_cast<std::size_t>(std::count(of_threads.begin(), of_threads.end(), process));
}

std::optional<Processes> read_processes(const Scenario& scenario, Objections& objections,
                                        std::set<std::string>& wrong_calls) {
  return Reader(scenario, objections, wrong_calls).read();
}

} // namespace interlock::systems
