// Ghost state of kevent(2)'s contract: for each kqueue and process, what is registered and which
// events are promised.  No guard reads it; model/actions/promises.* updates it where user calls
// begin and end.
#pragma once

#include "states/kernel.hpp"

#include <map>

namespace interlock::states {

// A registration that a call of the scenario may make, before following NOTE_TRACK.
struct Registration {
  std::size_t kqueue = 0;
  std::size_t process = 0;
};

// The events of one kqueue for one process.  See specs.md, "kevent's contract", for the rules.
class Watches {
public:
  // Declares the ghosts for every registration, and for all descendants of its process.
  Watches(const Kernel& kernel, const std::vector<Registration>& registrations);

  // Whether a kqueue can ever hold events for a process.
  bool has(std::size_t kqueue, std::size_t process) const {
    return numbers_.contains({kqueue, process});
  }
  Expr watch(std::size_t kqueue, std::size_t process) const;
  std::vector<std::pair<std::size_t, std::size_t>> all() const; // kqueue, process; in object order

  // A field of a watch.
  Expr must(const Expr& watch) const { return read(must_, watch); } // notes certainly asked for
  Expr may(const Expr& watch) const { return read(may_, watch); }   // notes possibly asked for
  Expr udata(const Expr& watch) const {
    return read(udata_, watch);
  } // the values an event may carry
  Expr oneshot(const Expr& watch) const { return read(oneshot_, watch); }
  Expr disabled(const Expr& watch) const { return read(disabled_, watch); }
  Expr adding(const Expr& watch) const { return read(adding_, watch); } // EV_ADD calls under way
  Expr deleting(const Expr& watch) const { return read(deleting_, watch); } // EV_DELETE calls
  // Changes that overlap: what all of them ask for, and that there were several.
  Expr common(const Expr& watch) const { return read(common_, watch); }
  Expr mixed(const Expr& watch) const { return read(mixed_, watch); }
  // A change overlaps the EV_DELETE that is under way, and may come after it.
  Expr revived(const Expr& watch) const { return read(revived_, watch); }
  // Events due: the fork by which this watch's process was made, for its parent's watch; NOTE_CHILD
  // and NOTE_EXIT of this watch's process.
  Expr fork_due(const Expr& watch) const { return read(fork_due_, watch); }
  Expr child_due(const Expr& watch) const { return read(child_due_, watch); }
  Expr exit_due(const Expr& watch) const { return read(exit_due_, watch); }
  // Tracking this watch's process failed: NOTE_TRACKERR is due at its parent's watch.
  Expr error_due(const Expr& watch) const { return read(error_due_, watch); }
  // Of a process: its fork, its exit is under way or over.
  Expr forking(const Expr& pid) const { return read(forking_, pid); }
  Expr exiting(const Expr& pid) const { return read(exiting_, pid); }
  // Of a kqueue, by number: how many threads wait in kevent(2) for events.
  Expr readers(std::size_t kqueue) const {
    return read(readers_, kernel_.descriptor(kqueue).ref());
  }

  // Literals.
  Expr due(const char* name) const; // "no", "may", "must", "done"
  Expr udata_set(const Expr& udata_literal) const;
  Expr no_udata() const { return lang::literal(udata_set_, 0); }
  Expr no_note() const { return lang::literal(kernel_.types().note, 0); }
  Expr phase(const char* name) const; // of forking: "before", "during", "after"

  const Kernel& kernel() const { return kernel_; }

private:
  Expr read(VariableId variable, const Expr& object) const {
    return kernel_.spec().read(variable, object);
  }

  const Kernel& kernel_;
  std::map<std::pair<std::size_t, std::size_t>, std::uint32_t> numbers_;
  PoolId pool_ = 0;
  TypeRef udata_set_, due_, phase_;
  VariableId must_ = 0, may_ = 0, udata_ = 0, oneshot_ = 0, disabled_ = 0, adding_ = 0,
             deleting_ = 0, common_ = 0, mixed_ = 0, revived_ = 0, fork_due_ = 0, child_due_ = 0,
             exit_due_ = 0, error_due_ = 0, forking_ = 0, exiting_ = 0, readers_ = 0;
};

} // namespace interlock::states
