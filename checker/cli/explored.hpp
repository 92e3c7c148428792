// One of the configs that a comparison is of: what it asks of it, kept or explored now.
#pragma once

#include "cli/kept_answers.hpp"

#include <memory>
#include <set>

namespace interlock::checker::cli {

// Lines that a whole exploration gives.
struct ExploredTexts {
  std::set<std::string> texts;
  std::string limit; // not empty: why some may be missing
};

// Members throw as load_within() does.
class Explored {
public:
  // `loaded` may be empty: it is filled with the built config once an answer wants it.  All three
  // have to live as long.
  Explored(Config config, std::unique_ptr<LoadedConfig>& loaded, const SearchOptions& options,
           KeptAnswers& kept);

  const Answer& answer();
  // With the trace, found anew or followed; of an answer that is a violation.
  CheckResult counterexample();
  ExploredTexts lock_orders(); // "p_mtx -> kq_lock"
  ExploredTexts behaviours();  // sequences of delivered events

private:
  LoadedConfig& loaded();
  void explore();
  std::optional<lang::Trace> kept_trace();
  ExploredTexts texts(const std::string& kind, const std::function<ExploredTexts()>& explore);

  Config config_;
  std::unique_ptr<LoadedConfig>& loaded_;
  const SearchOptions& options_;
  KeptAnswers& kept_;
  std::string content_;
  std::optional<Answer> answer_;
  std::optional<CheckResult> result_; // where it was explored now
};

} // namespace interlock::checker::cli
