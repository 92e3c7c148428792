// What a replay says of itself: its outcome, and what really ran, in words.
#include "harness/replay.hpp"

namespace interlock::harness {

namespace {

// Such as ` 32 to take locks (2 in vain),`; nothing where none ran.
std::string part(std::uint64_t all, std::uint64_t in_vain, const std::string& purpose) {
  if (all == 0)
    return {};
  return " " + std::to_string(all) + " " + purpose +
         (in_vain == 0 ? "" : " (" + std::to_string(in_vain) + " in vain)") + ",";
}

std::string listed(const std::string& parts) {
  return parts.empty() ? " none" : parts.substr(0, parts.size() - 1);
}

std::string ran_text(const ReplayReport& report) {
  const auto count = [&](Count what) { return report.counts[static_cast<std::size_t>(what)]; };
  const std::string compared =
      part(count(Count::acquire), count(Count::acquire_failed) + count(Count::acquire_again),
           "to take locks") +
      part(count(Count::change_bits), count(Count::change_bits_failed),
           "on sets of readers or waiters") +
      part(count(Count::try_lock), count(Count::try_lock_failed), "on locks that stay held") +
      part(count(Count::claim_turn), count(Count::claim_turn_failed), "for the turn");
  const std::string exchanged = part(count(Count::release), 0, "to give locks back") +
                                part(count(Count::hand_on_turn), 0, "to hand on the turn");
  return "ran on " + std::to_string(report.threads) +
         (report.threads == 1 ? " thread" : " threads") + ": lock cmpxchg" + listed(compared) +
         "; xchg" + listed(exchanged);
}

} // namespace

std::string outcome_name(ReplayOutcome outcome) {
  switch (outcome) {
  case ReplayOutcome::reproduced:
    return "reproduced";
  case ReplayOutcome::followed:
    return "followed";
  case ReplayOutcome::diverged:
    return "diverged";
  case ReplayOutcome::out_of_time:
    break;
  }
  return "out-of-time";
}

std::string lines_of(const ReplayReport& report) {
  return report.text + "\n" + ran_text(report) + "\n" + report.not_checked;
}

} // namespace interlock::harness
