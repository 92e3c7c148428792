// The text of a lock analysis.
#include "locks/report.hpp"

#include <algorithm>
#include <cstdio>

namespace interlock::checker {

using lang::ActionId;
using lang::Mode;

namespace {

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

class Writer {
public:
  Writer(const lang::Spec& spec, const LockAnalysis& analysis)
      : spec_(spec), analysis_(analysis), graph_(analysis.graph) {}

  std::string order_text() const {
    std::string text = "order that the code follows:";
    std::vector<std::vector<std::string>> levels;
    for (std::size_t i = 0; i < graph_.classes.size(); ++i) {
      const std::uint32_t rank = analysis_.ranks.ranks[i];
      levels.resize(std::max<std::size_t>(levels.size(), rank + 1));
      levels[rank].push_back(graph_.classes[i]);
    }
    for (std::size_t rank = 0; rank < levels.size(); ++rank) {
      std::sort(levels[rank].begin(), levels[rank].end());
      text += "\n  " + std::to_string(rank) + "  ";
      for (std::size_t i = 0; i < levels[rank].size(); ++i)
        text += (i == 0 ? "" : ", ") + levels[rank][i];
    }
    text += "\ndocumented order: ";
    for (std::size_t i = 0; i < analysis_.documented.size(); ++i)
      text += (i == 0 ? "" : " -> ") + analysis_.documented[i];
    text += analysis_.documented.empty() ? "none\n" : "\n";
    for (const lang::Nesting& rule : spec_.nestings())
      text += "two of class " + rule.lock_class + ": " + rule.text + "\n";
    if (analysis_.ranks.ordered())
      return text;
    text = "no order fits all: " + arrows(analysis_.ranks.cycle) + "\n" +
           "smallest change that leaves an order: without " + arrows(analysis_.ranks.removal) +
           "\n" + "without it, the " + text;
    return text;
  }

  std::string finding(const LockFinding& finding) const {
    std::string text = std::string(kind_name(finding.kind)) + ": " + finding.text + "\n";
    if (finding.kind == LockFindingKind::deadlock) {
      text += deadlock(graph_.mishaps[finding.mishap.value()]);
    } else if (finding.mishap) {
      text += mishap(graph_.mishaps[*finding.mishap]);
    } else {
      text += locks_of(finding) + stacks(finding);
      if (finding.kind == LockFindingKind::order_reversal)
        text += scenario(finding);
    }
    return text + "why: " + finding.reason + "\n" +
           "shortest way there: " + std::to_string(finding.path.size()) +
           (finding.path.size() == 1 ? " step\n" : " steps\n");
  }

private:
  std::string arrows(const std::vector<std::size_t>& edges) const {
    std::string text;
    for (const std::size_t i : edges)
      text += (text.empty() ? "" : ", ") + graph_.classes[graph_.blocking[i].held] + " -> " +
              graph_.classes[graph_.blocking[i].acquired];
    return text;
  }
  const lang::Action& action(ActionId id) const { return spec_.actions()[id]; }
  const std::string& thread(lang::ThreadId id) const { return spec_.threads()[id].name; }
  const std::string& class_of(LockIndex lock) const { return graph_.locks[lock].lock_class; }

  static std::string place(const lang::Action& action) {
    const lang::Anchor& anchor = action.anchor;
    if (anchor.file.empty())
      return action.label;
    return anchor.file + (anchor.line > 0 ? ":" + std::to_string(anchor.line) : "") +
           (anchor.revision.empty() ? "" : " " + anchor.revision);
  }
  // " 1st 0: kq.kq_lock (kq_lock, spin mutex) @ place"
  std::string entry(std::size_t number, LockIndex lock, Mode mode,
                    const std::optional<ActionId>& step) const {
    static const char* const ends[] = {"th", "st", "nd", "rd"};
    const LockInfo& info = graph_.locks[lock];
    return " " + std::to_string(number) + ends[number < 4 ? number : 0] + " " + info.name + " (" +
           info.lock_class + ", " + info.kind + (mode == Mode::shared ? ", shared" : "") + ") @ " +
           (step ? place(action(*step)) : "held at first") + "\n";
  }
  // The call chain of a step, innermost first, as a kernel prints a stack.
  std::string stack(ActionId id) const {
    const lang::Action& step = action(id);
    std::string text = "#0 " + step.label + " " + place(step) + "\n";
    std::string rest = step.chain;
    for (unsigned depth = 1; !rest.empty(); ++depth) {
      const std::size_t last = rest.rfind(" > ");
      const std::string call = last == std::string::npos ? rest : rest.substr(last + 3);
      // The innermost call is the one that the label begins with.
      if (depth > 1 || !step.label.starts_with(call + "."))
        text += "#" + std::to_string(depth) + " " + call + "\n";
      else
        --depth;
      rest = last == std::string::npos ? "" : rest.substr(0, last);
      if (depth == 0 && rest.empty())
        break;
    }
    return text;
  }

  std::string locks_of(const LockFinding& finding) const {
    const LockEdge& last = graph_.edges[finding.edges.back()];
    std::string text = entry(1, last.held, last.held_mode, last.established) +
                       entry(2, last.acquired, last.acquired_mode, last.attempt);
    for (std::size_t i = 0; i + 2 < finding.edges.size(); ++i) {
      const LockEdge& edge = graph_.edges[finding.edges[i]];
      text += entry(i + 3, edge.acquired, edge.acquired_mode, edge.attempt);
    }
    return text;
  }
  std::string stacks(const LockFinding& finding) const {
    std::string text;
    for (const std::size_t i : finding.edges) {
      const LockEdge& edge = graph_.edges[i];
      const bool last = i == finding.edges.back();
      text += "lock order " + class_of(edge.held) + " -> " + class_of(edge.acquired) +
              (last ? " attempted at, by " : " established at, by ") +
              thread(action(edge.attempt).thread) + ":\n" + stack(edge.attempt);
      text += class_of(edge.held) + " was taken at:\n" +
              (edge.established ? stack(*edge.established) : "#0 held at first\n");
    }
    return text;
  }

  // One column per thread; first each takes the lock that it holds, then asks for the next one.
  std::string table(const std::vector<std::pair<std::string, std::string>>& calls,
                    const std::vector<std::string>& names) const {
    std::size_t width = 12;
    for (const auto& [held, wanted] : calls)
      width = std::max({width, held.size() + 8, wanted.size() + 8});
    for (const std::string& name : names)
      width = std::max(width, name.size() + 8);
    std::string heads = "  ";
    std::string rules = "  ";
    for (std::size_t i = 0; i < names.size(); ++i) {
      heads += padded("CPU" + std::to_string(i) + " " + names[i], width);
      rules += padded("----", width);
    }
    const auto trimmed = [](std::string line) {
      line.erase(line.find_last_not_of(' ') + 1);
      return line + "\n";
    };
    std::string text = trimmed(heads) + trimmed(rules);
    for (std::size_t i = 0; i < calls.size(); ++i)
      text += std::string(2 + i * width, ' ') + "lock(" + calls[i].first + ");\n";
    for (std::size_t i = 0; i < calls.size(); ++i)
      text += std::string(2 + i * width, ' ') + "lock(" + calls[i].second + ");\n";
    return text;
  }
  std::string scenario(const LockFinding& finding) const {
    std::vector<std::pair<std::string, std::string>> calls;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < finding.edges.size(); ++i) {
      const LockEdge& edge = graph_.edges[finding.edges[i]];
      calls.emplace_back(class_of(edge.held), class_of(edge.acquired));
      names.push_back(thread(finding.threads[i]));
    }
    return (finding.meet.value_or(false) ? " Possible unsafe locking scenario:\n\n"
                                         : " Unsafe if these could meet:\n\n") +
           table(calls, names) + "\n";
  }
  std::string deadlock(const LockMishap& mishap) const {
    std::string text;
    std::vector<std::pair<std::string, std::string>> calls;
    std::vector<std::string> names;
    std::string circle = thread(mishap.waiters.front().thread);
    for (std::size_t i = 0; i < mishap.waiters.size(); ++i) {
      const Waiter& waiter = mishap.waiters[i];
      // What it holds is what the one before it waits for.
      const Waiter& before =
          mishap.waiters[(i + mishap.waiters.size() - 1) % mishap.waiters.size()];
      text += entry(i + 1, waiter.lock, Mode::exclusive, waiter.action);
      text += "     wanted by " + thread(waiter.thread) + " at " + action(waiter.action).label +
              ", held by " + thread(waiter.holder) +
              (waiter.established ? " since " + action(*waiter.established).label : " at first") +
              "\n";
      calls.emplace_back(graph_.locks[before.lock].name, graph_.locks[waiter.lock].name);
      names.push_back(thread(waiter.thread));
      circle += " -> " + graph_.locks[waiter.lock].name + " -> " + thread(waiter.holder);
    }
    return text + "\n" + table(calls, names) + "\n *** DEADLOCK ***   " + circle + "\n";
  }
  std::string mishap(const LockMishap& mishap) const {
    if (mishap.kind == LockMishap::Kind::stuck)
      return "";
    std::string text = entry(1, mishap.held, Mode::exclusive, mishap.established);
    if (mishap.kind == LockMishap::Kind::nesting)
      text += entry(2, *mishap.wanted, Mode::exclusive, mishap.action);
    return text + "attempted at, by " + thread(mishap.thread) + ":\n" + stack(mishap.action) +
           class_of(mishap.held) + " was taken at:\n" +
           (mishap.established ? stack(*mishap.established) : "#0 held at first\n");
  }

  const lang::Spec& spec_;
  const LockAnalysis& analysis_;
  const LockGraph& graph_;
};

} // namespace

std::string finding_text(const lang::Spec& spec, const LockAnalysis& analysis,
                         const LockFinding& finding) {
  return Writer(spec, analysis).finding(finding);
}

std::string lock_report(const lang::Spec& spec, const LockAnalysis& analysis) {
  const LockGraph& graph = analysis.graph;
  const auto waiting = std::count_if(graph.edges.begin(), graph.edges.end(),
                                     [](const LockEdge& edge) { return edge.blocking; });
  char seconds[32];
  std::snprintf(seconds, sizeof seconds, "%.2f s", graph.statistics.seconds);
  std::string text = std::to_string(graph.locks.size()) + " locks of " +
                     std::to_string(graph.classes.size()) + " classes, " +
                     std::to_string(graph.edges.size()) + " orders of locks, " +
                     std::to_string(waiting) + " of them with waiting; " +
                     std::to_string(graph.statistics.states) + " states, " + seconds + "\n";
  if (!graph.limit.empty())
    text += "incomplete: " + graph.limit + "\n";
  for (const auto& [property, count] : graph.statistics.cut)
    text +=
        "cut: " + std::to_string(count) + " steps not taken that would violate " + property + "\n";
  text += Writer(spec, analysis).order_text();
  for (const LockFinding& finding : analysis.findings)
    text += "\n" + finding_text(spec, analysis, finding);
  return text + (analysis.findings.empty() ? "nothing found\n" : "");
}

} // namespace interlock::checker
