// Labels, locks and changes of a step, in a kernel developer's words.
#include "witnesses/step_text.hpp"

#include "witnesses/words.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace interlock::witnesses {

namespace {

using Lines = std::vector<std::string>;

Lines split(const std::string& text, const std::string& separator) {
  Lines parts;
  std::size_t from = 0;
  for (std::size_t at = text.find(separator); at != std::string::npos;
       at = text.find(separator, from)) {
    parts.push_back(text.substr(from, at - from));
    from = at + separator.size();
  }
  parts.push_back(text.substr(from));
  return parts;
}

std::string join(const Lines& parts, const std::string& separator) {
  std::string text;
  for (const std::string& part : parts)
    text += (text.empty() ? "" : separator) + part;
  return text;
}

// Of "knote1.kn_data".
std::string object_of(const std::string& variable) {
  return variable.substr(0, variable.rfind('.'));
}
std::string field_of(const std::string& variable) {
  return variable.substr(variable.rfind('.') + 1);
}

bool has(const Lines& list, const std::string& element) {
  return std::find(list.begin(), list.end(), element) != list.end();
}

std::string mark(char sign, const Held& held) {
  return std::string(1, sign) + held.lock + (held.shared ? " (shared)" : "");
}

// The first list without what the second has too.
std::vector<Held> without(const std::vector<Held>& list, const std::vector<Held>& other) {
  std::vector<Held> rest;
  for (const Held& held : list)
    if (std::find(other.begin(), other.end(), held) == other.end())
      rest.push_back(held);
  return rest;
}

// Truth values and numbers of a thread's own steer it; names of objects, flags and errors tell
// something.
bool steers(const std::string& value) {
  return value == "true" || value == "false" ||
         value.find_first_not_of("-0123456789") == std::string::npos;
}

// The label without its path, which the heading shows.
std::string statement_of(const WitnessStep& step, const Lines& chain) {
  const std::string path = chain.back() + ".";
  return step.label.starts_with(path) ? step.label.substr(path.size()) : step.label;
}

// A wake-up that finds nobody asleep changes nothing, and is how a lost one looks; condvar(9)'s
// name or the kernel's own label for it tells it.
bool wakes(const std::string& statement) {
  return statement.starts_with("cv_broadcast") || statement.starts_with("KQ_FLUX_WAKEUP");
}

void add_functions(std::vector<Source>& functions, const lang::Block& block) {
  for (const auto& statement : block) {
    if (statement->kind == lang::StatementKind::call && statement->anchor.line > 0) {
      const Source source = source_of(statement->anchor);
      if (std::find(functions.begin(), functions.end(), source) == functions.end())
        functions.push_back(source);
    }
    for (const lang::Block& inner : statement->blocks)
      add_functions(functions, inner);
  }
}

class Teller {
public:
  Teller(const Witness& witness, const TellOptions& options)
      : witness_(witness), options_(options), full_(options.full) {
    for (std::size_t i = 0; i < witness.variables.size(); ++i)
      variables_[witness.variables[i].name] = i;
  }

  StepTexts tell() {
    StepTexts texts;
    for (std::size_t i = 0; i < witness_.steps.size(); ++i) {
      const WitnessStep& step = witness_.steps[i];
      StepText text = text_of(step); // also of what is not told: it knows who sleeps
      text.number = i + 1;
      if (!is_asked_for(i)) {
        ++texts.filtered;
        continue;
      }
      Thread& thread = threads_[step.thread];
      const Lines chain = split(step.chain, " > ");
      if (!full_ && options_.only.empty() && !thread.chain.empty() &&
          i + 1 < witness_.steps.size() && !tells(step, text)) {
        ++texts.left_out;
        continue;
      }
      head(text, step, thread.chain, chain);
      thread.chain = chain;
      if (!text.calls.empty() && !text.file.empty() && thread.file == text.file)
        text.file.clear();
      else if (!text.calls.empty())
        thread.file = text.file;
      texts.steps.push_back(std::move(text));
    }
    return texts;
  }

private:
  struct Thread {
    Lines chain;        // of the last step that was told
    std::string file;   // that was told last
    std::string asleep; // on which condition variable, or empty
  };

  bool begins_function(const Source& source) const {
    return std::find(options_.functions.begin(), options_.functions.end(), source) !=
           options_.functions.end();
  }

  static bool begins_call(const WitnessStep& step) { return step.label == step.chain + ".enter"; }
  static bool is_end_of_call(const WitnessStep& step) {
    return begins_call(step) || step.label == step.chain + ".return";
  }

  bool is_asked_for(std::size_t i) const {
    const WitnessStep& step = witness_.steps[i];
    if (witness_.kind == lang::ViolationKind::check && i + 1 == witness_.steps.size())
      return true;
    if (i + 1 < options_.first || i + 1 > options_.last)
      return false;
    return options_.only.empty() ||
           std::any_of(options_.only.begin(), options_.only.end(),
                       [&](const std::string& name) { return is_about(step, name); });
  }

  bool is_about(const WitnessStep& step, const std::string& name) const {
    const auto takes = [&](const Held& held) {
      return held.lock == name || class_of(held.lock) == name;
    };
    const std::vector<Held> taken = without(step.held_after, step.held_before);
    const std::vector<Held> released = without(step.held_before, step.held_after);
    return step.thread == name || std::any_of(taken.begin(), taken.end(), takes) ||
           std::any_of(released.begin(), released.end(), takes) ||
           std::any_of(step.changes.begin(), step.changes.end(), [&](const Change& change) {
             return change.variable == name || object_of(change.variable) == name ||
                    field_of(change.variable) == name;
           });
  }

  std::string class_of(const std::string& name) const {
    for (const Lock& lock : witness_.locks)
      if (lock.name == name)
        return lock.lock_class;
    return "";
  }

  bool tells(const WitnessStep& step, const StepText& text) const {
    return (options_.locks && step.held_before != step.held_after) || !text.changes.empty() ||
           is_end_of_call(step) || wakes(statement_of(step, split(step.chain, " > ")));
  }

  // The heading: what of the chain is new, behind the function that called it.
  static void head(StepText& text, const WitnessStep& step, const Lines& before, const Lines& now) {
    const auto [old_end, new_end] =
        std::mismatch(before.begin(), before.end(), now.begin(), now.end());
    const bool deeper = old_end == before.end();
    if (begins_call(step) || before.empty()) {
      text.calls = now;
    } else if (new_end == now.end() && !deeper) {
      text.calls = {now.back()};
      text.back = now.size() > 1;
    } else if (new_end != now.end()) {
      const auto caller = deeper || new_end == now.begin() ? new_end : new_end - 1;
      text.calls.assign(caller, now.end());
    }
  }

  std::size_t column_of(const std::string& name) const {
    const auto found = std::find(witness_.threads.begin(), witness_.threads.end(), name);
    if (found == witness_.threads.end())
      throw std::out_of_range("the witness has no thread " + name);
    return static_cast<std::size_t>(found - witness_.threads.begin());
  }

  StepText text_of(const WitnessStep& step) {
    StepText text;
    text.column = column_of(step.thread);
    text.file = step.source.file.substr(step.source.file.rfind('/') + 1);
    text.line = begins_function(step.source) || !options_.statements.empty() ? 0 : step.source.line;
    if (const auto found = options_.statements.find(step.label);
        found != options_.statements.end()) {
      text.line = found->second.line;
      text.statement = found->second.text;
    }
    text.changes = full_ ? all_changes(step) : telling_changes(step);
    for (const Named& report : step.reports)
      text.changes.push_back("* " + report.name + ": " + report.value);
    const Lines marks = options_.locks ? marks_of(step) : Lines();
    const std::string waits = sleep_of(step);
    if (full_) {
      text.lines = {step.label};
      for (const std::string& sign : marks)
        text.lines.push_back("  " + sign);
      return text;
    }
    text.lines = {line_of(step, marks, waits, !text.changes.empty())};
    return text;
  }

  static Lines marks_of(const WitnessStep& step) {
    Lines marks;
    for (const Held& held : without(step.held_before, step.held_after))
      marks.push_back(mark('-', held));
    for (const Held& held : without(step.held_after, step.held_before))
      marks.push_back(mark('+', held));
    return marks;
  }

  // "sleeps on C", "woken", or empty.
  std::string sleep_of(const WitnessStep& step) {
    std::string& asleep = threads_[step.thread].asleep;
    std::string text = asleep.empty() ? "" : "woken";
    asleep.clear();
    for (const Change& change : step.changes) {
      const std::string condition = condition_of(change.variable);
      if (condition.empty() || !has(split(change.to, "|"), step.thread))
        continue;
      asleep = condition;
      text = "sleeps on " + condition;
    }
    return text;
  }

  static std::string line_of(const WitnessStep& step, const Lines& marks, const std::string& waits,
                             bool changes) {
    std::string statement = statement_of(step, split(step.chain, " > "));
    if (marks.empty())
      return statement;
    // A dot: one of several steps that make up a primitive; which one is not told by the lock.
    const bool only_a_lock =
        marks.size() == 1 && !changes && statement.find('.') == std::string::npos;
    if (waits.empty() && only_a_lock)
      return marks.front();
    return (waits.empty() ? statement : waits) + " (" + join(marks, ", ") + ")";
  }

  // The condition variable that the variable's sleepers are of, or empty.
  std::string condition_of(const std::string& variable) const {
    for (const Lock& lock : witness_.locks)
      if (lock.kind == "condition variable" && variable == lock.name + ".waiters")
        return lock.name;
    return "";
  }

  Lines all_changes(const WitnessStep& step) const {
    Lines lines;
    for (const Change& change : step.changes)
      lines.push_back(change.variable + ": " + change.from + " -> " + change.to);
    return lines;
  }

  Role role_of(const Change& change) const {
    const auto found = variables_.find(change.variable);
    return found == variables_.end() ? Role::value : witness_.variables[found->second].role;
  }

  bool is_initial(const Change& change) const {
    const auto found = variables_.find(change.variable);
    return found != variables_.end() && change.to == witness_.initial.at(found->second);
  }

  // Objects that the step frees, and locks that it takes or releases, whose fields say no more.
  std::set<std::string> told_elsewhere(const WitnessStep& step) const {
    std::set<std::string> names;
    for (const std::vector<Held>& list :
         {without(step.held_before, step.held_after), without(step.held_after, step.held_before)})
      for (const Held& held : list)
        names.insert(held.lock);
    for (const Change& change : step.changes)
      if (change.variable.ends_with(allocated) && change.to == "false")
        names.insert(object_of(change.variable));
    return names;
  }

  std::string line_of(const Change& change) const {
    if (change.variable.ends_with(allocated))
      return object_of(change.variable) + (change.to == "true" ? " is allocated" : " is freed");
    return change.variable + ": " + change.from + " -> " + change.to;
  }

  Lines telling_changes(const WitnessStep& step) const {
    const std::set<std::string> elsewhere = told_elsewhere(step);
    Lines lines;
    Lines ghosts;
    for (const Change& change : step.changes) {
      const bool is_field = !change.variable.ends_with(allocated);
      const std::string condition = condition_of(change.variable);
      switch (role_of(change)) {
      case Role::value:
        if (!condition.empty())
          append_woken(lines, condition, change);
        else if (!is_field || !elsewhere.contains(object_of(change.variable)))
          lines.push_back(line_of(change));
        break;
      case Role::local:
        if (!is_initial(change) && !steers(change.to) &&
            change.variable.starts_with(step.thread + "."))
          lines.push_back(line_of({local_name(step, change), change.from, change.to}));
        break;
      case Role::ghost:
        ghosts.push_back(line_of(change));
        break;
      case Role::counter:
      case Role::lock:
        break;
      }
    }
    const bool told = !lines.empty() || step.held_before != step.held_after ||
                      !step.reports.empty() || is_end_of_call(step);
    return told ? lines : ghosts;
  }

  static void append_woken(Lines& lines, const std::string& condition, const Change& change) {
    Lines woken;
    const Lines still = split(change.to, "|");
    for (const std::string& sleeper : split(change.from, "|"))
      if (!has(still, sleeper) && sleeper != "0")
        woken.push_back(sleeper);
    if (!woken.empty())
      lines.push_back("wakes " + join(woken, ", ") + " (" + condition + ")");
  }

  static std::string local_name(const WitnessStep& step, const Change& change) {
    const std::string name = change.variable.substr(step.thread.size() + 1);
    const std::string path = split(step.chain, " > ").back() + ".";
    return name.starts_with(path) ? name.substr(path.size()) : name;
  }

  static constexpr const char* allocated = ".allocated";

  const Witness& witness_;
  const TellOptions& options_;
  bool full_;
  std::map<std::string, std::size_t> variables_;
  std::map<std::string, Thread> threads_;
};

} // namespace

StepTexts step_texts(const Witness& witness, const TellOptions& options) {
  return Teller(witness, options).tell();
}

std::vector<Source> functions_of(const lang::Spec& spec) {
  std::vector<Source> functions;
  for (lang::ThreadId thread = 0; thread < spec.thread_count(); ++thread)
    add_functions(functions, spec.body(thread));
  return functions;
}

std::vector<std::string> names_in(const Witness& witness) {
  std::set<std::string> names(witness.threads.begin(), witness.threads.end());
  for (const Lock& lock : witness.locks) {
    names.insert(lock.name);
    names.insert(lock.lock_class);
  }
  for (const Variable& variable : witness.variables)
    for (const std::string& name :
         {variable.name, object_of(variable.name), field_of(variable.name)})
      names.insert(name);
  return {names.begin(), names.end()};
}

} // namespace interlock::witnesses
