// The rows: words, what reads them, who has them, and help.
#include "systems/call_table.hpp"

#include "systems/call_reader.hpp"

#include <algorithm>

namespace interlock::systems {

namespace {

const std::vector<CallForm>& all() {
  using Kind = ScenarioCall::Kind;
  static const std::vector<std::string> everywhere{"dragonfly", "freebsd", "netbsd"};
  static const std::vector<CallForm> forms{
      {"fork", "", "PROCESS", Kind::fork, &CallReader::process, false, everywhere,
       "fork(2): makes the process and starts its thread"},
      {"vfork",
       "",
       "PROCESS",
       Kind::vfork,
       &CallReader::process,
       false,
       {"dragonfly", "freebsd"},
       "vfork(2): the same, and waits until the process has exited"},
      {"vfork",
       "",
       "PROCESS",
       Kind::vfork,
       &CallReader::process,
       false,
       {"netbsd"},
       "vfork(2): the same, and waits until that process exits or calls exec"},
      {"exec",
       "",
       "",
       Kind::exec,
       &CallReader::exec,
       false,
       {"netbsd"},
       "execve(2) of a single-threaded process, as far as vfork(2) is concerned"},
      {"exit", "", "[STATUS]", Kind::exit, &CallReader::exit, false, everywhere,
       "_exit(2) of a single-threaded process; its last call"},
      {"wait4",
       "",
       "",
       Kind::wait4,
       &CallReader::nothing,
       false,
       {"dragonfly", "freebsd"},
       "wait4(2) for any child; as many as the process forks"},
      {"wait4",
       "",
       "",
       Kind::wait4,
       &CallReader::nothing,
       false,
       {"netbsd"},
       "wait4(2) for any child; as many as the process forks. A process called init waits for "
       "orphans, too"},
      {"kill",
       "",
       "PROCESS",
       Kind::kill,
       &CallReader::process,
       false,
       {"dragonfly"},
       "kill(2) with SIGTSTP, which the process catches"},
      {"kill",
       "",
       "PROCESS",
       Kind::kill,
       &CallReader::process,
       false,
       {"freebsd"},
       "kill(2) with a signal that PROCESS catches: it ends a sigsuspend"},
      {"killpg",
       "",
       "PROCESS",
       Kind::killpg,
       &CallReader::process,
       false,
       {"dragonfly"},
       "kill(2) with SIGINT, caught, of the group that all processes are in"},
      {"sigsuspend",
       "",
       "",
       Kind::sigsuspend,
       &CallReader::nothing,
       false,
       {"freebsd"},
       "sigsuspend(2): waits for a signal"},
      {"ptrace",
       "attach",
       "PROCESS",
       Kind::ptrace,
       &CallReader::process,
       false,
       {"freebsd"},
       "ptrace(2), PT_ATTACH: the process becomes a child of the caller's; that it stops is left "
       "out"},
      {"kevent", "add", "proc PROCESS NOTES [oneshot] [udata NAME] [on KQUEUE]", Kind::change,
       &CallReader::add, true, everywhere,
       "kevent(2) with EV_ADD; NOTES is a list of exit, fork, track"},
      {"kevent", "modify", "proc PROCESS NOTES [oneshot] [udata NAME] [on KQUEUE]", Kind::change,
       &CallReader::add, true, everywhere, "EV_ADD for what is registered already"},
      {"kevent", "delete", "proc PROCESS [on KQUEUE]", Kind::change, &CallReader::remove, true,
       everywhere, "kevent(2) with EV_DELETE"},
      {"kevent", "enable", "proc PROCESS NOTES [udata NAME] [on KQUEUE]", Kind::change,
       &CallReader::enable, true, everywhere,
       "kevent(2) with EV_ENABLE, which stores fflags and udata too"},
      {"kevent", "disable", "proc PROCESS NOTES [udata NAME] [on KQUEUE]", Kind::change,
       &CallReader::disable, true, everywhere,
       "kevent(2) with EV_DISABLE, which stores fflags and udata too"},
      {"kevent", "wait", "[COUNT] [poll|timeout] [on KQUEUE]", Kind::wait, &CallReader::wait, true,
       everywhere,
       "kevent(2) for up to COUNT events (1): for ever, with timeout 0, or with a timeout that "
       "may expire"},
      {"kevent", "loop", "[COUNT] [on KQUEUE]", Kind::wait, &CallReader::loop, true, everywhere,
       "kevent wait again and again; a thread's last call"},
      {"close", "", "KQUEUE", Kind::close, &CallReader::close, true, everywhere,
       "close(2) of the kqueue's descriptor"},
  };
  return forms;
}

} // namespace

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

std::vector<const CallForm*> call_forms(const std::string& system, bool kqueue) {
  std::vector<const CallForm*> forms;
  for (const CallForm& form : all())
    if ((kqueue || !form.needs_kqueue) &&
        std::find(form.systems.begin(), form.systems.end(), system) != form.systems.end())
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
