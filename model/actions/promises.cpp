// The contract's bookkeeping, one function per rule; see promises.hpp.
#include "actions/promises.hpp"

namespace interlock::actions {

using lang::assign;
using lang::choose;

namespace {

// Adds `target := value`.
void put(Updates& updates, const Expr& target, const Expr& value) {
  updates.push_back(assign(target, value));
}

} // namespace

std::vector<std::size_t> Promises::children(std::size_t process) const {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < plan_.processes.size(); ++i)
    if (plan_.processes[i].parent == process)
      result.push_back(i);
  return result;
}

Expr Promises::weaker(const Expr& due) const {
  return choose(is(due, "must"), watches_.due("may"), due);
}

Expr Promises::possible(const Expr& watch, const Expr& due) const {
  // Where nothing is registered, what an earlier registration has settled is open again.
  const Expr again = is(due, "done") && watches_.may(watch) == 0;
  return choose(is(due, "no") || again, watches_.due("may"), due);
}

bool Promises::asks(const Request& request, const char* name) const {
  return (request.notes.node().value & kernel_.note(name).node().value) != 0;
}

Expr Promises::closed(const Expr& due) const {
  return choose(open(due), watches_.due("done"), due);
}

Expr Promises::wanted(const Expr& parent, const char* name) const {
  return choose(note(watches_.must(parent), name), watches_.due("must"),
                choose(note(watches_.may(parent), name), watches_.due("may"), watches_.due("no")));
}

void Promises::change_children(Updates& updates, const Request& request) const {
  const Expr parent = watches_.watch(request.kqueue, request.process);
  for (const std::size_t child : children(request.process)) {
    const Expr watch = watches_.watch(request.kqueue, child);
    const Expr during = watches_.forking(kernel_.pid(child).ref()) == watches_.phase("during");
    const Expr both =
        asks(request, "NOTE_TRACK") ? watches_.must(watch) & request.notes : watches_.no_note();
    put(updates, watches_.must(watch), choose(during, both, watches_.must(watch)));
    put(updates, watches_.may(watch),
        choose(during, watches_.may(watch) | request.notes, watches_.may(watch)));
    put(updates, watches_.udata(watch),
        choose(during, watches_.udata(watch) | watches_.udata_set(request.udata),
               watches_.udata(watch)));
    // The fork may meet the old registration or the new one.
    const auto either = [&](const Expr& due, const char* name) {
      put(updates, due,
          choose(during, asks(request, name) ? possible(parent, due) : weaker(due), due));
    };
    either(watches_.fork_due(watch), "NOTE_FORK");
    either(watches_.child_due(watch), "NOTE_TRACK");
  }
}

Updates Promises::change_begins(const Request& request, Change change) const {
  const Expr watch = watches_.watch(request.kqueue, request.process);
  Updates updates;
  put(updates, watches_.must(watch), watches_.must(watch) & request.notes);
  put(updates, watches_.may(watch), watches_.may(watch) | request.notes);
  put(updates, watches_.udata(watch), watches_.udata(watch) | watches_.udata_set(request.udata));
  put(updates, watches_.adding(watch), watches_.adding(watch) + 1);
  const Expr first = watches_.adding(watch) == 0 && watches_.deleting(watch) == 0;
  put(updates, watches_.common(watch),
      choose(first, request.notes, watches_.common(watch) & request.notes));
  // What a fork under way gives to its child stays possible when this call fails.
  const std::optional<std::size_t> parent = plan_.processes[request.process].parent;
  const bool inherits = parent && watches_.has(request.kqueue, *parent);
  const Expr born =
      watches_.forking(kernel_.pid(request.process).ref()) == watches_.phase("during");
  put(updates, watches_.mixed(watch), inherits ? !first || born : !first);
  put(updates, watches_.revived(watch), watches_.deleting(watch) != 0);
  if (request.oneshot)
    put(updates, watches_.oneshot(watch), Expr(true));
  if (change != Change::disable)
    put(updates, watches_.disabled(watch), Expr(false));
  // An exit that is under way may meet the old registration or the new one.
  const Expr exit_due = watches_.exit_due(watch);
  put(updates, exit_due,
      choose(watches_.exiting(kernel_.pid(request.process).ref()),
             asks(request, "NOTE_EXIT") ? possible(watch, exit_due) : weaker(exit_due), exit_due));
  change_children(updates, request);
  return updates;
}

Updates Promises::change_succeeds(const Request& request, Change change) const {
  const Expr watch = watches_.watch(request.kqueue, request.process);
  // Of changes that overlapped, any may have been the last: what they share is certain, and what
  // any of them asked for is possible, until the next change.
  const Expr last = watches_.adding(watch) == 1;
  const Expr alone = last && !watches_.mixed(watch);
  const Expr exit_due = watches_.exit_due(watch);
  Updates updates;
  put(updates, watches_.adding(watch), watches_.adding(watch) - 1);
  // A disable beside another change may have been the last or not: nothing is certain then.
  const bool disable = change == Change::disable;
  put(updates, watches_.must(watch),
      disable ? choose(alone, request.notes, watches_.no_note())
              : choose(last, watches_.common(watch), watches_.must(watch)));
  put(updates, watches_.may(watch), choose(alone, request.notes, watches_.may(watch)));
  put(updates, watches_.udata(watch),
      choose(alone, watches_.udata_set(request.udata), watches_.udata(watch)));
  if (disable) {
    put(updates, watches_.disabled(watch), watches_.disabled(watch) || alone);
    put(updates, watches_.common(watch), choose(alone, watches_.common(watch), watches_.no_note()));
  }
  // The process was found, so it had not exited: its exit comes after the registration.
  const Expr late = last && note(watches_.common(watch), "NOTE_EXIT") &&
                    watches_.exiting(kernel_.pid(request.process).ref()) &&
                    (is(exit_due, "no") || is(exit_due, "may"));
  const Expr found = choose(late, watches_.due("must"), exit_due);
  put(updates, exit_due, disable ? choose(alone, found, weaker(exit_due)) : found);
  return updates;
}

Updates Promises::change_fails(const Request& request) const {
  const Expr watch = watches_.watch(request.kqueue, request.process);
  const Expr nothing =
      watches_.adding(watch) == 1 && !watches_.mixed(watch) && watches_.must(watch) == 0;
  Updates updates;
  put(updates, watches_.adding(watch), watches_.adding(watch) - 1);
  put(updates, watches_.may(watch), choose(nothing, watches_.no_note(), watches_.may(watch)));
  put(updates, watches_.udata(watch), choose(nothing, watches_.no_udata(), watches_.udata(watch)));
  return updates;
}

Updates Promises::delete_begins(std::size_t kqueue, std::size_t process) const {
  const Expr watch = watches_.watch(kqueue, process);
  Updates updates;
  put(updates, watches_.deleting(watch), watches_.deleting(watch) + 1);
  put(updates, watches_.must(watch), watches_.no_note());
  put(updates, watches_.common(watch), watches_.no_note());
  put(updates, watches_.mixed(watch), Expr(true));
  put(updates, watches_.revived(watch),
      watches_.adding(watch) != 0 || (watches_.deleting(watch) != 0 && watches_.revived(watch)));
  put(updates, watches_.exit_due(watch), weaker(watches_.exit_due(watch)));
  put(updates, watches_.child_due(watch), weaker(watches_.child_due(watch)));
  for (const std::size_t child : children(process)) {
    const Expr other = watches_.watch(kqueue, child);
    const Expr during = watches_.forking(kernel_.pid(child).ref()) == watches_.phase("during");
    put(updates, watches_.fork_due(other), weaker(watches_.fork_due(other)));
    put(updates, watches_.error_due(other), weaker(watches_.error_due(other)));
    put(updates, watches_.child_due(other),
        choose(during, weaker(watches_.child_due(other)), watches_.child_due(other)));
    put(updates, watches_.must(other), choose(during, watches_.no_note(), watches_.must(other)));
  }
  return updates;
}

Updates Promises::delete_succeeds(std::size_t kqueue, std::size_t process) const {
  const Expr watch = watches_.watch(kqueue, process);
  const Expr gone = watches_.adding(watch) == 0 && !watches_.revived(watch);
  Updates updates;
  put(updates, watches_.deleting(watch), watches_.deleting(watch) - 1);
  put(updates, watches_.may(watch), choose(gone, watches_.no_note(), watches_.may(watch)));
  put(updates, watches_.udata(watch), choose(gone, watches_.no_udata(), watches_.udata(watch)));
  put(updates, watches_.oneshot(watch), Expr(false));
  put(updates, watches_.disabled(watch), Expr(false));
  put(updates, watches_.exit_due(watch),
      choose(gone, closed(watches_.exit_due(watch)), watches_.exit_due(watch)));
  put(updates, watches_.child_due(watch),
      choose(gone, closed(watches_.child_due(watch)), watches_.child_due(watch)));
  for (const std::size_t child : children(process)) {
    const Expr other = watches_.watch(kqueue, child);
    put(updates, watches_.fork_due(other),
        choose(gone, closed(watches_.fork_due(other)), watches_.fork_due(other)));
    put(updates, watches_.error_due(other),
        choose(gone, closed(watches_.error_due(other)), watches_.error_due(other)));
  }
  return updates;
}

Updates Promises::delete_fails(std::size_t kqueue, std::size_t process) const {
  const Expr watch = watches_.watch(kqueue, process);
  return {assign(watches_.deleting(watch), watches_.deleting(watch) - 1)};
}

Updates Promises::wait_begins(std::size_t kqueue) const {
  const Expr readers = watches_.readers(kqueue);
  return {assign(readers, readers + 1)};
}

Updates Promises::wait_ends(std::size_t kqueue) const {
  const Expr readers = watches_.readers(kqueue);
  return {assign(readers, readers - 1)};
}

Updates Promises::fork_begins(std::size_t child) const {
  Updates updates;
  put(updates, watches_.forking(kernel_.pid(child).ref()), watches_.phase("during"));
  const std::size_t process = *plan_.processes[child].parent;
  for (std::size_t kqueue = 0; kqueue < plan_.kqueues.size(); ++kqueue) {
    if (!watches_.has(kqueue, process))
      continue;
    const Expr parent = watches_.watch(kqueue, process);
    const Expr watch = watches_.watch(kqueue, child);
    const auto inherited = [&](const Expr& notes) {
      return choose(note(notes, "NOTE_TRACK"), notes, watches_.no_note());
    };
    put(updates, watches_.fork_due(watch), wanted(parent, "NOTE_FORK"));
    put(updates, watches_.child_due(watch), wanted(parent, "NOTE_TRACK"));
    // An EV_ADD of the child's pid may be under way already.
    put(updates, watches_.must(watch),
        choose(watches_.adding(watch) != 0, watches_.no_note(), inherited(watches_.must(parent))));
    put(updates, watches_.mixed(watch), watches_.mixed(watch) || watches_.adding(watch) != 0);
    put(updates, watches_.may(watch), watches_.may(watch) | inherited(watches_.may(parent)));
    put(updates, watches_.udata(watch), watches_.udata(watch) | watches_.udata(parent));
    put(updates, watches_.oneshot(watch), watches_.oneshot(parent));
  }
  return updates;
}

Updates Promises::fork_ends(std::size_t child) const {
  return {assign(watches_.forking(kernel_.pid(child).ref()), watches_.phase("after"))};
}

Updates Promises::exit_begins(std::size_t process) const {
  Updates updates;
  put(updates, watches_.exiting(kernel_.pid(process).ref()), Expr(true));
  for (std::size_t kqueue = 0; kqueue < plan_.kqueues.size(); ++kqueue)
    if (watches_.has(kqueue, process)) {
      const Expr watch = watches_.watch(kqueue, process);
      // A process that exits closes its own kqueues: nobody is left to read its events there.
      put(updates, watches_.exit_due(watch),
          plan_.kqueues[kqueue].process == process ? weaker(wanted(watch, "NOTE_EXIT"))
                                                   : wanted(watch, "NOTE_EXIT"));
    }
  return updates;
}

Updates Promises::close_begins(std::size_t kqueue) const {
  Updates updates;
  for (const auto& [queue, process] : watches_.all()) {
    if (queue != kqueue)
      continue;
    const Expr watch = watches_.watch(queue, process);
    put(updates, watches_.must(watch), watches_.no_note());
    put(updates, watches_.fork_due(watch), weaker(watches_.fork_due(watch)));
    put(updates, watches_.child_due(watch), weaker(watches_.child_due(watch)));
    put(updates, watches_.exit_due(watch), weaker(watches_.exit_due(watch)));
    put(updates, watches_.error_due(watch), weaker(watches_.error_due(watch)));
  }
  return updates;
}

Updates Promises::close_ends(std::size_t kqueue) const {
  Updates updates;
  for (const auto& [queue, process] : watches_.all()) {
    if (queue != kqueue)
      continue;
    const Expr watch = watches_.watch(queue, process);
    put(updates, watches_.may(watch), watches_.no_note());
    put(updates, watches_.fork_due(watch), closed(watches_.fork_due(watch)));
    put(updates, watches_.child_due(watch), closed(watches_.child_due(watch)));
    put(updates, watches_.exit_due(watch), closed(watches_.exit_due(watch)));
    put(updates, watches_.error_due(watch), closed(watches_.error_due(watch)));
  }
  return updates;
}

Updates Promises::tracking_fails(const Expr& kqueue, std::size_t child) const {
  Updates updates;
  const std::size_t process = *plan_.processes[child].parent;
  for (std::size_t queue = 0; queue < plan_.kqueues.size(); ++queue) {
    if (!watches_.has(queue, process))
      continue;
    const Expr here = kqueue == kernel_.kqueue(queue).ref();
    const Expr parent = watches_.watch(queue, process);
    const Expr watch = watches_.watch(queue, child);
    put(updates, watches_.error_due(watch),
        choose(here, wanted(parent, "NOTE_TRACK"), watches_.error_due(watch)));
    put(updates, watches_.child_due(watch),
        choose(here, closed(watches_.child_due(watch)), watches_.child_due(watch)));
    put(updates, watches_.must(watch), choose(here, watches_.no_note(), watches_.must(watch)));
    put(updates, watches_.may(watch), choose(here, watches_.no_note(), watches_.may(watch)));
  }
  return updates;
}

} // namespace interlock::actions
