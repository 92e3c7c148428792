// What an event that is handed over must satisfy, and what it settles; see promises.hpp.
#include "actions/promises.hpp"

namespace interlock::actions {

using lang::assign;
using lang::Check;
using lang::choose;

namespace {

// Adds `target := value`.
void put(Updates& updates, const Expr& target, const Expr& value) {
  updates.push_back(assign(target, value));
}

} // namespace

void Promises::check_notes(std::vector<Check>& checks, std::size_t kqueue, std::size_t process,
                           const states::Knote& event) const {
  const Expr watch = watches_.watch(kqueue, process);
  const Expr other = event.kn_id() != kernel_.pid(process).ref();
  const std::string who = "an event for " + plan_.processes[process].name + ": ";
  const Expr notes = event.kn_fflags();
  const auto require = [&](const char* flag, const Expr& condition, const std::string& message) {
    checks.push_back(
        {property::kevent_contract, other || !note(notes, flag) || condition, who + message});
  };
  std::vector<Expr> forks;
  std::vector<Expr> errors;
  Expr fork_missing(false);
  for (const std::size_t child : children(process)) {
    const Expr of_child = watches_.watch(kqueue, child);
    forks.push_back(open(watches_.fork_due(of_child)));
    errors.push_back(open(watches_.error_due(of_child)));
    fork_missing = fork_missing || is(watches_.fork_due(of_child), "must");
  }
  require("NOTE_FORK", lang::any_of(forks),
          "NOTE_FORK without a fork that was asked for and not yet reported");
  require("NOTE_TRACKERR", lang::any_of(errors), "NOTE_TRACKERR although tracking did not fail");
  require("NOTE_CHILD", open(watches_.child_due(watch)), "NOTE_CHILD that is not due");
  if (plan_.processes[process].parent)
    require("NOTE_CHILD",
            event.kn_data() == kernel_.pid(*plan_.processes[process].parent).as_data(),
            "NOTE_CHILD whose data is not the parent's pid");
  require("NOTE_EXIT", open(watches_.exit_due(watch)), "NOTE_EXIT that is not due");
  require("NOTE_EXIT", event.kn_data() == kernel_.pid(process).status(),
          "NOTE_EXIT whose data is not the exit status");
  require("NOTE_EXIT", !is(watches_.child_due(watch), "must") || note(notes, "NOTE_CHILD"),
          "NOTE_EXIT before the process' NOTE_CHILD");
  require("NOTE_FORK", !is(watches_.child_due(watch), "must") || note(notes, "NOTE_CHILD"),
          "NOTE_FORK before the process' NOTE_CHILD");
  require("NOTE_EXIT", !fork_missing || note(notes, "NOTE_FORK"),
          "NOTE_EXIT although a NOTE_FORK is still due");
  std::vector<Expr> registered;
  for (const std::string& name : kernel_.types().udata->names) {
    const Expr value = kernel_.udata(name);
    registered.push_back(event.kn_udata() == value &&
                         (watches_.udata(watch) & watches_.udata_set(value)) != 0);
  }
  checks.push_back({property::kevent_contract, other || lang::any_of(registered),
                    who + "udata is not what was registered"});
}

lang::TypeRef Promises::process_set() const {
  std::vector<std::string> names;
  for (const states::KernelPlan::Process& process : plan_.processes)
    names.push_back(process.name);
  return lang::flags_type("processes", std::move(names));
}

Expr Promises::disabled_now(std::size_t kqueue) const {
  const lang::TypeRef set = process_set();
  Expr result = lang::literal(set, 0);
  for (const auto& [queue, process] : watches_.all())
    if (queue == kqueue)
      result =
          result | choose(watches_.disabled(watches_.watch(queue, process)),
                          lang::literal(set, lang::Value{1} << process), lang::literal(set, 0));
  return result;
}

std::vector<Check> Promises::delivery_checks(std::size_t kqueue, const states::Knote& event,
                                             const Expr& disabled_before) const {
  std::vector<Check> checks;
  std::vector<Expr> known;
  for (const auto& [queue, process] : watches_.all())
    if (queue == kqueue)
      known.push_back(event.kn_id() == kernel_.pid(process).ref());
  checks.push_back({property::kevent_contract, lang::any_of(known),
                    "an event for a process that nobody registered"});
  checks.push_back({property::kevent_contract, event.kn_fflags() != 0,
                    "an event without fflags: nothing that was asked for has happened"});
  for (const auto& [queue, process] : watches_.all())
    if (queue == kqueue)
      check_notes(checks, queue, process, event);
  if (disabled_before.empty())
    return checks;
  for (const auto& [queue, process] : watches_.all())
    if (queue == kqueue) {
      const Expr bit = lang::literal(process_set(), lang::Value{1} << process);
      checks.push_back({property::kevent_contract,
                        event.kn_id() != kernel_.pid(process).ref() ||
                            !watches_.disabled(watches_.watch(queue, process)) ||
                            (disabled_before & bit) == 0,
                        "an event for " + plan_.processes[process].name +
                            " although it was disabled before the call and still is"});
    }
  return checks;
}

Updates Promises::delivered(std::size_t kqueue, const states::Knote& event) const {
  Updates updates;
  const Expr notes = event.kn_fflags();
  // FreeBSD's knote for NOTE_CHILD has EV_EOF too, and is not the one that follows the child.
  const Expr exit =
      note(notes, "NOTE_EXIT") || (event.flag("EV_EOF") && !note(notes, "NOTE_CHILD"));
  for (const auto& [queue, process] : watches_.all()) {
    if (queue != kqueue)
      continue;
    const Expr watch = watches_.watch(queue, process);
    const Expr here = event.kn_id() == kernel_.pid(process).ref();
    const Expr over = here && (exit || (watches_.oneshot(watch) && !note(notes, "NOTE_CHILD")));
    const Expr adding = watches_.adding(watch) != 0;
    const Expr ends = over && !adding;
    // A registration that ends while a call is adding it is not certain to exist afterwards.
    put(updates, watches_.common(watch),
        choose(over && adding, watches_.no_note(), watches_.common(watch)));
    put(updates, watches_.mixed(watch), watches_.mixed(watch) || (over && adding));
    const auto settle = [&](const Expr& due, const char* flag) {
      put(updates, due, choose(here && note(notes, flag), closed(due), due));
    };
    settle(watches_.child_due(watch), "NOTE_CHILD");
    const Expr exit_due = watches_.exit_due(watch);
    put(updates, exit_due,
        choose((here && note(notes, "NOTE_EXIT")) || ends, closed(exit_due),
               choose(over, weaker(exit_due), exit_due)));
    put(updates, watches_.must(watch), choose(ends, watches_.no_note(), watches_.must(watch)));
    put(updates, watches_.may(watch), choose(ends, watches_.no_note(), watches_.may(watch)));
    // One NOTE_FORK may stand for several forks: for all that have returned, and for one under way
    // unless it cannot be told which.
    const std::vector<std::size_t> forked = children(process);
    for (const std::size_t child : forked) {
      const Expr of_child = watches_.watch(queue, child);
      const Expr due = watches_.fork_due(of_child);
      Expr only(true);
      for (const std::size_t sibling : forked)
        if (sibling != child)
          only = only && !open(watches_.fork_due(watches_.watch(queue, sibling)));
      const Expr returned = watches_.forking(kernel_.pid(child).ref()) == watches_.phase("after");
      const Expr settled = choose(returned || only, closed(due), weaker(due));
      put(updates, due,
          choose(here && note(notes, "NOTE_FORK"), settled,
                 choose(ends, closed(due), choose(over, weaker(due), due))));
      const Expr error_due = watches_.error_due(of_child);
      put(updates, error_due,
          choose((here && note(notes, "NOTE_TRACKERR")) || ends, closed(error_due), error_due));
    }
  }
  return updates;
}

} // namespace interlock::actions
