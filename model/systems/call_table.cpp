// The rows: words, what reads them, who has them, and help.
#include "systems/call_table.hpp"

#include "systems/call_reader.hpp"

#include <algorithm>

namespace interlock::systems {

namespace {

using Kind = ScenarioCall::Kind;

std::vector<CallForm> calls_of_processes() {
  return {
      {.word = "fork",
       .operands = "PROCESS",
       .kind = Kind::fork,
       .read = &CallReader::process,
       .text = "fork(2): makes the process and starts its thread"},
      {.word = "vfork",
       .operands = "PROCESS",
       .kind = Kind::vfork,
       .read = &CallReader::process,
       .systems = {"dragonfly", "freebsd"},
       .text = "vfork(2): the same, and waits until the process has exited"},
      {.word = "vfork",
       .operands = "PROCESS",
       .kind = Kind::vfork,
       .read = &CallReader::process,
       .systems = {"netbsd"},
       .text = "vfork(2): the same, and waits until that process exits or calls exec"},
      {.word = "exec",
       .kind = Kind::exec,
       .read = &CallReader::exec,
       .systems = {"netbsd"},
       .text = "execve(2) of a single-threaded process, as far as vfork(2) is concerned"},
      {.word = "exit",
       .operands = "[STATUS]",
       .kind = Kind::exit,
       .read = &CallReader::exit,
       .text = "_exit(2) of a single-threaded process; its last call"},
      {.word = "wait4",
       .operands = "[PROCESS] [nohang]",
       .kind = Kind::wait4,
       .read = &CallReader::wait4,
       .text = "wait4(2) for any child, or for PROCESS; nohang: WNOHANG, which does not sleep. A "
               "process called init waits for orphans, too"},
  };
}

std::vector<CallForm> calls_about_signals() {
  return {
      {.word = "kill",
       .operands = "PROCESS",
       .kind = Kind::kill,
       .read = &CallReader::process,
       .systems = {"dragonfly"},
       .text = "kill(2) with SIGTSTP, which the process catches"},
      {.word = "kill",
       .operands = "PROCESS",
       .kind = Kind::kill,
       .read = &CallReader::process,
       .systems = {"freebsd"},
       .text = "kill(2) with a signal that PROCESS catches: it ends a sigsuspend"},
      {.word = "killpg",
       .operands = "PROCESS",
       .kind = Kind::killpg,
       .read = &CallReader::process,
       .text = "kill(2) with SIGINT, caught, of the group that all processes are in"},
      {.word = "sigsuspend",
       .kind = Kind::sigsuspend,
       .systems = {"freebsd"},
       .text = "sigsuspend(2): waits for a signal"},
      {.word = "ptrace",
       .operation = "attach",
       .operands = "PROCESS",
       .kind = Kind::ptrace,
       .read = &CallReader::process,
       .systems = {"freebsd"},
       .text = "ptrace(2), PT_ATTACH: the process becomes a child of the caller's; that it stops "
               "is left "
               "out"},
  };
}

std::vector<CallForm> calls_of_kqueues() {
  return {
      {.word = "kevent",
       .operation = "add",
       .operands = "proc PROCESS NOTES [oneshot] [dispatch] [udata NAME] [on KQUEUE]",
       .kind = Kind::change,
       .read = &CallReader::add,
       .text = "kevent(2) with EV_ADD; NOTES is a list of exit, fork, track, or none"},
      {.word = "kevent",
       .operation = "modify",
       .operands = "proc PROCESS NOTES [oneshot] [dispatch] [udata NAME] [on KQUEUE]",
       .kind = Kind::change,
       .read = &CallReader::add,
       .text = "EV_ADD for what is registered already"},
      {.word = "kevent",
       .operation = "delete",
       .operands = "proc PROCESS [on KQUEUE]",
       .kind = Kind::change,
       .read = &CallReader::remove,
       .text = "kevent(2) with EV_DELETE"},
      {.word = "kevent",
       .operation = "enable",
       .operands = "proc PROCESS NOTES [udata NAME] [on KQUEUE]",
       .kind = Kind::change,
       .read = &CallReader::enable,
       .text = "kevent(2) with EV_ENABLE, which stores fflags and udata too"},
      {.word = "kevent",
       .operation = "disable",
       .operands = "proc PROCESS NOTES [udata NAME] [on KQUEUE]",
       .kind = Kind::change,
       .read = &CallReader::disable,
       .text = "kevent(2) with EV_DISABLE, which stores fflags and udata too"},
      {.word = "kevent",
       .operation = "wait",
       .operands = "[COUNT] [poll|timeout] [on KQUEUE]",
       .kind = Kind::wait,
       .read = &CallReader::wait,
       .text =
           "kevent(2) for up to COUNT events (1): for ever, with timeout 0, or with a timeout that "
           "may expire"},
      {.word = "kevent",
       .operation = "loop",
       .operands = "[COUNT] [on KQUEUE]",
       .kind = Kind::wait,
       .read = &CallReader::loop,
       .text = "kevent wait again and again; a thread's last call"},
      {.word = "close",
       .operands = "KQUEUE",
       .kind = Kind::close,
       .read = &CallReader::close,
       .text = "close(2) of the kqueue's descriptor"},
  };
}

// What stands between calls.
std::vector<CallForm> between_calls() {
  return {
      {.word = "await",
       .operands = "THREAD.CALL",
       .kind = Kind::await,
       .read = &CallReader::await,
       .text = "no call: the next one begins only when that call of THREAD, by its text or its "
               "number, has returned"},
      {.word = "if",
       .operands = "ANSWER",
       .kind = Kind::test,
       .read = &CallReader::test,
       .text =
           "no call: the thread goes on only if its call before, of kevent, wait4 or close, has "
           "answered so: 0, an errno, nothing or something (found, without an error)"},
  };
}

const std::vector<CallForm>& all() {
  static const std::vector<CallForm> forms = [] {
    std::vector<CallForm> together;
    for (const auto& some :
         {calls_of_processes(), calls_about_signals(), calls_of_kqueues(), between_calls()})
      together.insert(together.end(), some.begin(), some.end());
    return together;
  }();
  return forms;
}

} // namespace

const std::vector<std::string>& answer_words() {
  static const std::vector<std::string> words = [] {
    std::vector<std::string> answers = actions::errno_names();
    answers.emplace_back(actions::answer_nothing);
    answers.emplace_back(actions::answer_something);
    return answers;
  }();
  return words;
}

const std::vector<std::string>& note_words() {
  static const std::vector<std::string> words{"exit", "fork", "track"};
  return words;
}

std::string CallForm::form() const {
  std::string text = word;
  for (const char* part : {operation, operands})
    text += *part == '\0' ? "" : std::string(" ") + part;
  return text;
}

bool CallForm::needs_kqueue() const {
  return kind == Kind::change || kind == Kind::wait || kind == Kind::close;
}

std::vector<const CallForm*> call_forms(const std::string& system, bool kqueue) {
  std::vector<const CallForm*> forms;
  for (const CallForm& form : all())
    if ((kqueue || !form.needs_kqueue()) &&
        (form.systems.empty() ||
         std::find(form.systems.begin(), form.systems.end(), system) != form.systems.end()))
      forms.push_back(&form);
  return forms;
}

std::vector<Entry> describe_calls(const std::string& system) {
  std::vector<Entry> entries;
  for (const CallForm* form : call_forms(system))
    entries.push_back({form->form(), form->text});
  return entries;
}

} // namespace interlock::systems
