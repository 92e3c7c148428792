// What an exploration says about itself.
#include "search/exploration.hpp"

#include "text/numbers.hpp"

namespace interlock::checker {

namespace {

constexpr double bytes_per_mebibyte = 1024.0 * 1024.0;

} // namespace

Exploration::Exploration(const lang::Spec& spec, const CompiledSpec& model,
                         const CheckOptions& options)
    : model_(model), options_(options),
      seen_(model.bytes(), {options.max_states, options.max_bytes}),
      counting_(spec.actions().size()), time_(options, clock_),
      progress_(options, clock_, counting_) {}

std::string Exploration::limit() const {
  const std::string stored = std::to_string(seen_.size()) + " states";
  if (out_of_memory_)
    return "memory ran out after " + stored + " (" +
           std::to_string(static_cast<std::uint64_t>(static_cast<double>(seen_.bytes()) /
                                                     bytes_per_mebibyte)) +
           " MiB)";
  if (full_ == Full::bytes)
    return "the states need more than the limit of " + std::to_string(options_.max_bytes) +
           " bytes";
  if (full_ != Full::no)
    return options_.max_states != 0 && seen_.size() >= options_.max_states
               ? "there are more states than the limit of " + std::to_string(options_.max_states)
               : "there are more states than can be numbered; " + stored + " are stored";
  if (time_.expired())
    return "the limit of " + text::in_words(options_.max_seconds) + " seconds was reached";
  return {};
}

Statistics Exploration::statistics() const {
  Statistics statistics;
  statistics.states = seen_.size();
  statistics.transitions = counting_.transitions();
  statistics.depth = counting_.depth();
  statistics.state_bits = model_.layout().bits();
  statistics.bytes_per_state =
      seen_.size() == 0 ? 0
                        : static_cast<double>(seen_.bytes()) / static_cast<double>(seen_.size());
  statistics.action_counts = counting_.action_counts();
  statistics.seconds = clock_.seconds();
  return statistics;
}

} // namespace interlock::checker
