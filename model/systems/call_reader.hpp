// Reads the system calls of a scenario: words become processes, kqueues, events and flags.
#pragma once

#include "systems/call_parser.hpp"
#include "systems/processes.hpp"
#include "systems/reader.hpp"

namespace interlock::systems {

class CallReader {
public:
  // All must outlive the reader.
  CallReader(const Vocabulary& vocabulary, const Processes& processes,
             const std::vector<states::KernelPlan::Kqueue>& kqueues);
  // Of calls alone: every name of a process or a kqueue will do.
  explicit CallReader(const Vocabulary& vocabulary) : vocabulary_(vocabulary) {}

  // Throws ScenarioError for a call that makes no sense to that thread.
  ScenarioCall read(const Text& text, std::size_t thread);
  // Throws ScenarioError for a call that no thread can make.
  ScenarioCall read(const Text& text);
  // The row of the table, by the words up to the operation.  Throws ScenarioError.
  const CallForm& form(Words& words) const;
  // The names that calls give to udata, in the order of their first use.
  const std::vector<std::string>& udata() const { return udata_; }

  // The operands of one call, by the table (call_table.cpp).
  void process(Words& words, ScenarioCall& call);
  void exec(Words& words, ScenarioCall& call);
  void exit(Words& words, ScenarioCall& call);
  void wait4(Words& words, ScenarioCall& call);
  void await(Words& words, ScenarioCall& call);
  void test(Words& words, ScenarioCall& call);
  void add(Words& words, ScenarioCall& call);
  void remove(Words& words, ScenarioCall& call);
  void enable(Words& words, ScenarioCall& call);
  void disable(Words& words, ScenarioCall& call);
  void wait(Words& words, ScenarioCall& call);
  void loop(Words& words, ScenarioCall& call);
  void close(Words& words, ScenarioCall& call);

private:
  // The words of the first or the second place of the forms.
  std::vector<std::string> words_of(const char* CallForm::*place, const std::string& first) const;
  void require_single_threaded(const Words& words, const char* what) const;
  void watched_process(Words& words, ScenarioCall& call);
  void notes(Words& words, ScenarioCall& call);
  void take_udata(Words& words, ScenarioCall& call);
  void take_kqueue(Words& words, ScenarioCall& call) const;
  std::size_t kqueue(Words& words) const;

  const Vocabulary& vocabulary_;
  const Processes* processes_ = nullptr;                             // null: any name will do
  const std::vector<states::KernelPlan::Kqueue>* kqueues_ = nullptr; // null: any name will do
  std::vector<std::string> kqueue_names_;
  std::vector<std::string> udata_;
  std::size_t caller_ = 0; // the process of the thread whose call is read
};

} // namespace interlock::systems
