// Starting the program, and what it printed; see program.hpp.
#include "program.hpp"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <sched.h>
#include <sstream>
#include <sys/wait.h>
#include <unistd.h>

namespace interlock::tests {

namespace fs = std::filesystem;

namespace {

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string config(const std::string& patches, const std::string& property,
                   const std::string& expect) {
  return "{\n  \"system\": \"netbsd\", \"revision\": \"kern_event-1.129\",\n"
         "  \"scenario\": {\"threads\": {\"p\": [\"exit\"], \"w\": [\"kevent add proc p "
         "exit\"]}},\n"
         "  \"properties\": [\"" +
         property + "\"]" + (patches.empty() ? "" : ",\n  \"patches\": [" + patches + "]") +
         (expect.empty() ? "" : ",\n  \"expect\": " + expect) + "\n}\n";
}

constexpr const char* reversed_locks =
    "{\"move\": \"exit1.mutex_enter_p_lock\", \"before\": \"exit1.mutex_enter_proc_lock\"}";

// Does the process catch the signal?  From SigCgt in proc(5); false for a process that has ended.
bool catches(pid_t process, int signal) {
  const std::string status = text_of("/proc/" + std::to_string(process) + "/status");
  const std::size_t at = status.find("SigCgt:");
  if (at == std::string::npos)
    return false;
  const unsigned long long caught = std::stoull(status.substr(at + 7, 24), nullptr, 16);
  return (caught >> (signal - 1) & 1) != 0;
}

bool has_ended(pid_t process) {
  siginfo_t info{};
  return waitid(P_PID, static_cast<id_t>(process), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
         info.si_pid == process;
}

} // namespace

void Workplace::write(const std::string& name, const std::string& text) const {
  const fs::path path = folder_.path() / name;
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

std::string Workplace::read(const std::string& name) const {
  return text_of(folder_.path() / name);
}

bool Workplace::has(const std::string& name) const { return fs::exists(folder_.path() / name); }

std::vector<std::string> Workplace::files() const {
  std::vector<std::string> names;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder_.path()))
    names.push_back(entry.path().lexically_relative(folder_.path()).string());
  std::sort(names.begin(), names.end());
  return names;
}

pid_t Workplace::start(const std::vector<std::string>& arguments) const {
  const std::string out = (printed_.path() / "out").string();
  const std::string err = (printed_.path() / "err").string();
  std::vector<std::string> words{INTERLOCK_BINARY};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  // What a run keeps for later ones is this test's own too.
  std::string cache = "XDG_CACHE_HOME=" + (printed_.path() / "cache").string();
  std::vector<char*> environment{cache.data()};
  for (char** entry = environ; *entry != nullptr; ++entry)
    if (!std::string_view(*entry).starts_with("XDG_CACHE_HOME="))
      environment.push_back(*entry);
  environment.push_back(nullptr);
  const pid_t child = fork();
  if (child < 0)
    throw std::system_error(errno, std::generic_category(), "fork");
  if (child == 0) { // only async-signal-safe calls from here on
    const auto redirect = [](const std::string& path, int to) {
      const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
      return file >= 0 && dup2(file, to) == to;
    };
    const bool ready = chdir(folder_.path().c_str()) == 0 && redirect(out, STDOUT_FILENO) &&
                       redirect(err, STDERR_FILENO);
    alarm(60);
    if (ready)
      execve(argv[0], argv.data(), environment.data());
    _exit(99);
  }
  return child;
}

Finished Workplace::finish(pid_t child) const {
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      throw std::system_error(errno, std::generic_category(), "waitpid");
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
          text_of(printed_.path() / "out"), text_of(printed_.path() / "err")};
}

Finished Workplace::run(const std::vector<std::string>& arguments) const {
  return finish(start(arguments));
}

Finished Workplace::run_and_send(const std::vector<int>& signals,
                                 const std::vector<std::string>& arguments) const {
  const pid_t child = start(arguments);
  for (const int signal : signals)
    while (!has_ended(child) && !catches(child, signal))
      sched_yield();
  kill(child, SIGSTOP); // so that all of them are there before it sees the first
  int status = 0;
  if (waitpid(child, &status, WUNTRACED) == child && !WIFSTOPPED(status))
    throw std::runtime_error("the program ended before it got a signal");
  for (const int signal : signals)
    kill(child, signal);
  kill(child, SIGCONT);
  return finish(child);
}

std::string holds_config(const std::string& expect) { return config("", "no-deadlock", expect); }

std::string deadlock_config(const std::string& expect) {
  return config(reversed_locks, "no-deadlock", expect);
}

std::string reversal_config() { return config(reversed_locks, "lock-order", ""); }

std::string harmless_reversal_config() {
  std::string text = reversal_config();
  return text.replace(text.find("proc p exit"), 11, "proc w exit");
}

std::string safety_config(const std::string& expect) {
  return config("{\"drop\": \"exit1.mutex_exit_proc_lock\"}", "locks-held-on-return", expect);
}

std::string kern_event_of_a_tree() {
  return "\n\nvoid filt_procdetach(struct knote *kn)\n"
         "{\n"
         "  kn->kn_hook = 0;\n"
         "}\n"
         "static int filt_procattach(struct knote *kn)\n"
         "{\n"
         "  mutex_enter(&proc_lock);\n"
         "  p = proc_find(kn->kn_id);\n"
         "  mutex_enter(p->p_lock);\n"
         "  mutex_exit(&proc_lock);\n"
         "  SLIST_INSERT_HEAD(&p->p_klist, kn, kn_selnext);\n"
         "  mutex_exit(p->p_lock);\n"
         "}\n";
}

std::string endless_config() {
  return R"({
  "system": "netbsd", "revision": "kern_event-1.129",
  "scenario": {"threads": {
    "p": ["fork a", "fork b", "fork c", "exit"], "a": ["exit"], "b": ["exit"], "c": ["exit"],
    "w": ["kevent add proc p exit,fork,track", "kevent loop"]}},
  "properties": ["no-deadlock"]
})";
}

} // namespace interlock::tests
