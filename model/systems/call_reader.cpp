// One function for each shape of operands.
#include "systems/call_reader.hpp"

#include "text/printable.hpp"

#include <algorithm>

namespace interlock::systems {

CallReader::CallReader(const Vocabulary& vocabulary, const Processes& processes,
                       const std::vector<states::KernelPlan::Kqueue>& kqueues)
    : vocabulary_(vocabulary), processes_(&processes), kqueues_(&kqueues) {
  for (const states::KernelPlan::Kqueue& kqueue : kqueues)
    kqueue_names_.push_back(kqueue.name);
}

ScenarioCall CallReader::read(const Text& text, std::size_t thread) {
  caller_ = processes_->of_threads[thread];
  return read(text);
}

ScenarioCall CallReader::read(const Text& text) {
  Words words(text);
  const CallForm& row = form(words);
  ScenarioCall call;
  // An entry of the setup stands behind its thread's name, which is blank here.
  call.text = text.text.substr(std::min(text.text.find_first_not_of(' '), text.text.size()));
  call.pointer = text.pointer;
  call.kind = row.kind;
  if (row.read != nullptr)
    (this->*row.read)(words, call);
  words.end();
  return call;
}

std::vector<std::string> CallReader::words_of(const char* CallForm::*place,
                                              const std::string& first) const {
  std::vector<std::string> words;
  for (const CallForm* form : vocabulary_.calls)
    if (*(form->*place) != '\0' && (first.empty() || first == form->word) &&
        std::find(words.begin(), words.end(), form->*place) == words.end())
      words.emplace_back(form->*place);
  return words;
}

const CallForm& CallReader::form(Words& words) const {
  const std::vector<std::string> firsts = words_of(&CallForm::word, "");
  const std::string word = firsts[words.choice("system call of " + vocabulary_.system, firsts)];
  const std::vector<std::string> operations = words_of(&CallForm::operation, word);
  const std::string operation =
      operations.empty() ? "" : operations[words.choice(word + " operation", operations)];
  return **std::find_if(
      vocabulary_.calls.begin(), vocabulary_.calls.end(),
      [&](const CallForm* form) { return form->word == word && form->operation == operation; });
}

// --- operands ---

void CallReader::process(Words& words, ScenarioCall& call) {
  if (processes_ == nullptr)
    words.take("process");
  else
    call.process = words.choice("process", processes_->names, processes_hint);
}

void CallReader::require_single_threaded(const Words& words, const char* what) const {
  if (processes_ != nullptr && processes_->thread_count(caller_) != 1)
    words.refuse("process " + processes_->names[caller_] + " has several threads; " + what +
                 " is modelled for single-threaded processes");
}

void CallReader::exec(Words& words, ScenarioCall&) { require_single_threaded(words, "exec"); }

void CallReader::exit(Words& words, ScenarioCall& call) {
  require_single_threaded(words, "exit1()");
  if (!words.done())
    call.status = words.number("exit status", 0, 255);
}

void CallReader::wait4(Words& words, ScenarioCall& call) {
  call.reap.nohang = words.accept("nohang");
  if (call.reap.nohang || words.done())
    return;
  process(words, call);
  call.reap.process = call.process;
  call.reap.nohang = words.accept("nohang");
}

void CallReader::await(Words& words, ScenarioCall& call) {
  call.awaits = words.take("THREAD.CALL, such as child.exit");
  while (!words.done())
    call.awaits += " " + words.take("the rest of the call");
}

void CallReader::test(Words& words, ScenarioCall& call) {
  call.answer = answer_words()[words.choice("answer", answer_words())];
}

void CallReader::watched_process(Words& words, ScenarioCall& call) {
  words.choice("filter", {"proc"});
  process(words, call);
}

void CallReader::notes(Words& words, ScenarioCall& call) {
  std::vector<std::string> allowed = note_words();
  allowed.emplace_back("none");
  const std::vector<std::string> named = words.list("event of a process", allowed);
  call.notes = "0";
  if (named == std::vector<std::string>{"none"})
    return;
  call.notes.clear();
  for (const std::string& note : named) {
    if (note == "none")
      words.refuse("'none' stands alone: no event of the process");
    std::string name = "NOTE_" + note;
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    call.notes += (call.notes.empty() ? "" : "|") + name;
  }
}

void CallReader::add(Words& words, ScenarioCall& call) {
  call.add = true;
  watched_process(words, call);
  notes(words, call);
  call.oneshot = words.accept("oneshot");
  call.dispatch = words.accept("dispatch");
  take_udata(words, call);
  take_kqueue(words, call);
}

void CallReader::remove(Words& words, ScenarioCall& call) {
  call.remove = true;
  watched_process(words, call);
  take_kqueue(words, call);
}

void CallReader::enable(Words& words, ScenarioCall& call) {
  call.enable = true;
  watched_process(words, call);
  notes(words, call);
  take_udata(words, call);
  take_kqueue(words, call);
}

void CallReader::disable(Words& words, ScenarioCall& call) {
  enable(words, call);
  call.enable = false;
  call.disable = true;
}

void CallReader::take_udata(Words& words, ScenarioCall& call) {
  // The contract keeps a set of them in 31 flags, beside 0 and the addresses of 16 threads.
  constexpr std::size_t most = 14;
  if (!words.accept("udata"))
    return;
  call.udata = words.take("a name for udata");
  if (call.udata.find_first_of("().") != std::string::npos ||
      text::one_line(call.udata) != call.udata)
    words.refuse("a name for udata has no ( ) . and no control characters");
  if (call.udata == "0" || std::find(udata_.begin(), udata_.end(), call.udata) != udata_.end())
    return;
  if (udata_.size() == most)
    words.refuse("at most " + std::to_string(most) + " names for udata are supported");
  udata_.push_back(call.udata);
}

std::size_t CallReader::kqueue(Words& words) const {
  if (kqueues_ != nullptr)
    return words.choice("kqueue", kqueue_names_);
  words.take("kqueue");
  return 0;
}

void CallReader::take_kqueue(Words& words, ScenarioCall& call) const {
  if (words.accept("on"))
    call.kqueue = kqueue(words);
  else if (kqueue_names_.size() > 1)
    words.refuse("there are several kqueues: say which one with 'on KQUEUE'");
  if (kqueues_ == nullptr)
    return;
  const states::KernelPlan::Kqueue& kqueue = (*kqueues_)[call.kqueue];
  if (kqueue.process != caller_)
    words.refuse("kqueue " + kqueue.name + " belongs to process " +
                 processes_->names[kqueue.process] +
                 ", and kqueues are not inherited by fork(2); declare the kqueues under "
                 "/scenario/kqueues");
}

void CallReader::wait(Words& words, ScenarioCall& call) {
  if (words.next_is_number("a number of events"))
    call.most = words.number("number of events", 1, 7);
  if (words.accept("poll"))
    call.timeout = actions::Timeout::poll;
  else if (words.accept("timeout"))
    call.timeout = actions::Timeout::finite;
  if (call.loops && call.timeout != actions::Timeout::forever)
    words.refuse("'kevent loop' waits for ever");
  take_kqueue(words, call);
}

void CallReader::loop(Words& words, ScenarioCall& call) {
  call.loops = true;
  wait(words, call);
}

void CallReader::close(Words& words, ScenarioCall& call) {
  call.kqueue = kqueue(words);
  if (kqueues_ != nullptr && (*kqueues_)[call.kqueue].process != caller_)
    words.refuse("kqueue " + kqueue_names_[call.kqueue] + " belongs to another process");
}

} // namespace interlock::systems
