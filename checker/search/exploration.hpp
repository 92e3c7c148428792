// Exploration: one search of a specification's states, with its store, limits and counts.
#pragma once

#include "engine/compiled_spec.hpp"
#include "search/explore.hpp"
#include "search/limits.hpp"

#include <new>

namespace interlock::checker {

class Exploration {
public:
  // All outlive this.  The clock starts here.
  Exploration(const lang::Spec& spec, const CompiledSpec& model, const CheckOptions& options);

  // Explores, once; the listeners hear of everything.  A limit of `options`, memory that runs out
  // and an interruption end it early, and so does a listener.
  template <Listener... L> void run(L&... listeners) {
    Listeners all(listeners..., counting_, time_, progress_);
    try {
      full_ = explore(model_, seen_, all);
    } catch (const std::bad_alloc&) {
      out_of_memory_ = true;
    }
  }

  const SeenSet& seen() const { return seen_; }
  // The first state of every level that is complete, and behind them the end of the last.
  const std::vector<StateNumber>& levels() const { return counting_.levels(); }
  // Which limit ended it, in words; empty where none did.
  std::string limit() const;
  bool interrupted() const { return time_.interrupted(); }
  // So far, without `cut`.
  Statistics statistics() const;

private:
  const CompiledSpec& model_;
  const CheckOptions& options_;
  Clock clock_;
  SeenSet seen_;
  Counting counting_;
  TimeLimit time_;
  ProgressReport progress_;
  Full full_ = Full::no;
  bool out_of_memory_ = false;
};

} // namespace interlock::checker
