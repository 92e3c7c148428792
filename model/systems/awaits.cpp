// See awaits.hpp.
#include "systems/awaits.hpp"

#include "text/lists.hpp"
#include "text/nearest.hpp"

#include <algorithm>
#include <charconv>

namespace interlock::systems {

namespace {

class Awaits {
public:
  Awaits(const std::vector<bool>& whole, ReadScenario& read, Objections& objections)
      : whole_(whole), read_(read), objections_(objections) {}

  bool all_whole() const { return std::find(whole_.begin(), whole_.end(), false) == whole_.end(); }

  void add(const Await& await) {
    objections_.attempt([&] {
      const auto& [thread, number] = await.place;
      if (whole_[thread] && number == read_.calls[thread].size())
        throw ScenarioError("a call has to follow: await says when it begins", await.pointer);
      const std::size_t other = thread_of(await);
      if (!whole_[other])
        return;
      const CallPlace awaited{other, number_of(await, other)};
      if (other == thread)
        throw ScenarioError("a thread makes its calls in their order: it awaits another thread's",
                            await.pointer);
      if (call(awaited).loops)
        throw ScenarioError("kevent loop does not return", await.pointer);
      if (!all_whole())
        return;
      call(await.place).after.insert(awaited);
      if (comes_after(awaited, await.place))
        throw ScenarioError("'" + await.what + "' cannot return before this call does",
                            await.pointer);
    });
  }

  // One after the other, then all the rest.
  void add_setup(const std::vector<CallPlace>& setup) {
    if (setup.empty())
      return;
    for (const CallPlace& place : setup) {
      call(place).in_setup = true;
      if (call(place).loops)
        objections_.add({"kevent loop does not return", call(place).pointer});
    }
    for (std::size_t i = 1; i < setup.size(); ++i) {
      if (setup[i - 1].first != setup[i].first)
        call(setup[i]).after.insert(setup[i - 1]);
      if (comes_after(setup[i - 1], setup[i]))
        objections_.add({"'" + call(setup[i - 1]).text + "' cannot return before this call does",
                         call(setup[i]).pointer});
    }
    for (std::size_t thread = 0; thread < read_.calls.size(); ++thread) {
      const auto own = static_cast<std::size_t>(
          std::count_if(setup.begin(), setup.end(),
                        [&](const CallPlace& place) { return place.first == thread; }));
      if (thread != setup.back().first && own < read_.calls[thread].size())
        read_.calls[thread][own].after.insert(setup.back());
    }
  }

private:
  ScenarioCall& call(const CallPlace& place) { return read_.calls[place.first][place.second]; }

  std::size_t thread_of(const Await& await) const {
    const std::size_t point = await.what.find('.');
    std::vector<std::string> threads;
    for (const states::KernelPlan::Thread& thread : read_.plan.threads)
      threads.push_back(thread.name);
    const std::string name = await.what.substr(0, point);
    const auto found = std::find(threads.begin(), threads.end(), name);
    if (point == std::string::npos || found == threads.end())
      throw ScenarioError("'" + await.what + "' is no THREAD.CALL; threads: " +
                              text::joined(threads) + text::nearest_hint(name, threads),
                          await.pointer);
    return static_cast<std::size_t>(found - threads.begin());
  }

  // By its number, which begins with 1, or by its text.
  std::size_t number_of(const Await& await, std::size_t thread) const {
    const std::string wanted = await.what.substr(await.what.find('.') + 1);
    std::vector<std::string> texts;
    for (const ScenarioCall& each : read_.calls[thread])
      texts.push_back(each.text);
    std::size_t number = 0;
    const char* const end = wanted.data() + wanted.size();
    if (const auto [rest, error] = std::from_chars(wanted.data(), end, number);
        error == std::errc() && rest == end && number >= 1 && number <= texts.size())
      return number - 1;
    const auto count = std::count(texts.begin(), texts.end(), wanted);
    if (count == 1)
      return static_cast<std::size_t>(std::find(texts.begin(), texts.end(), wanted) -
                                      texts.begin());
    const std::string& name = read_.plan.threads[thread].name;
    throw ScenarioError(
        count > 1 ? name + " makes the call '" + wanted + "' several times: say which by its number"
                  : "'" + wanted + "' is no call of " + name + "; allowed: " + text::joined(texts) +
                        ", or a number from 1 to " + std::to_string(texts.size()) +
                        text::nearest_hint(wanted, texts),
        await.pointer);
  }

  // Whether a call can return only when the other one has begun.
  bool comes_after(const CallPlace& one, const CallPlace& other) {
    std::set<CallPlace> known;
    std::vector<CallPlace> work{one};
    while (!work.empty()) {
      const CallPlace place = work.back();
      work.pop_back();
      if (place == other)
        return true;
      if (!known.insert(place).second)
        continue;
      work.insert(work.end(), call(place).after.begin(), call(place).after.end());
      if (place.second > 0)
        work.emplace_back(place.first, place.second - 1);
      else if (const auto fork = fork_of(place.first))
        work.push_back(*fork);
    }
    return false;
  }

  // The call that starts a thread.
  std::optional<CallPlace> fork_of(std::size_t thread) const {
    using Kind = ScenarioCall::Kind;
    for (std::size_t other = 0; other < read_.calls.size(); ++other)
      for (std::size_t i = 0; i < read_.calls[other].size(); ++i) {
        const ScenarioCall& each = read_.calls[other][i];
        if ((each.kind == Kind::fork || each.kind == Kind::vfork) &&
            each.process == read_.plan.threads[thread].process)
          return CallPlace{other, i};
      }
    return std::nullopt;
  }

  const std::vector<bool>& whole_;
  ReadScenario& read_;
  Objections& objections_;
};

} // namespace

void set_after(const std::vector<Await>& awaits, const std::vector<CallPlace>& setup,
               const std::vector<bool>& whole, ReadScenario& read, Objections& objections) {
  Awaits gates(whole, read, objections);
  if (gates.all_whole())
    gates.add_setup(setup);
  for (const Await& await : awaits)
    gates.add(await);
}

} // namespace interlock::systems
