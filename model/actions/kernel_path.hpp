// What the paths of every kernel know: the revision, what the scenario and its environment ask for,
// the lives of processes, and who may watch whom; and what the kernel does for each system call.
#pragma once

#include "actions/authorization.hpp"
#include "actions/calls.hpp"

#include <map>
#include <variant>

namespace interlock::actions {

// Revision and Environment are the kernel's own.
template <class RevisionType, class EnvironmentType> struct Context {
  using Revision = RevisionType;
  using Environment = EnvironmentType;

  Revision revision;
  Environment environment;
  const states::Lives* lives = nullptr;
  const states::Authorization* authorization = nullptr;
  // Threads of a process in the plan; the first runs when the process is forked.
  std::vector<std::vector<lang::ThreadId>> threads_of;
  // Kqueues that some call closes; the files of the others need no reference counts.
  std::vector<bool> closable;
  bool vforks = false; // some call is vfork: P_PPWAIT matters
};

// Builds the body of one thread out of a kernel's primitives.
template <class Primitives, class Proc, class ContextType> class KernelPath : public Primitives {
public:
  using Context = ContextType;

  // `more` is what the primitives want besides.
  template <class Kernel, class... More>
  KernelPath(Kernel& kernel, lang::ThreadId thread, const Context& context, More... more)
      : Primitives(kernel, thread, more...), context_(context) {}

  const Context& context() const { return context_; }
  const typename Context::Revision& revision() const { return context_.revision; }
  const typename Context::Environment& environment() const { return context_.environment; }
  const states::Lives& lives() const { return *context_.lives; }
  const states::Authorization& authorization() const { return *context_.authorization; }
  std::size_t process() { return this->kernel().plan().threads[this->thread()].process; }
  // l_proc of the running thread.
  Proc curproc() {
    return {this->kernel(), this->spec().read(this->kernel().l_proc, this->self())};
  }

private:
  const Context& context_;
};

// What a kernel does between entry and return of each system call; null, or not there, for one that
// it does not have.
template <class Path> struct KernelCalls {
  using OfKqueue = void (*)(Path& s, std::size_t kqueue, const Expr& result);
  // What promises nothing to users of kevent(2); some are about a process.  The result is errno.
  using Plain = std::variant<void (*)(Path& s, const Expr& result),
                             void (*)(Path& s, std::size_t process, const Expr& result)>;

  void (*fork)(Path& s, std::size_t child, Fork kind) = nullptr;
  void (*exit)(Path& s) = nullptr;
  void (*wait4)(Path& s, const ReapCall& reap, const ReapResult& result) = nullptr;
  std::map<CallKind, Plain> plain = {};
  void (*kevent_change)(Path& s, const ChangeCall& change, const Expr& result) = nullptr;
  void (*kevent_wait)(Path& s, const WaitCall& wait, const WaitResult& result) = nullptr;
  // May a wait that collects nothing be made again (ERESTART)?  Null: it never is.
  bool (*restarts)(const Path& s, const WaitCall& wait) = nullptr;
  OfKqueue close = nullptr;
  // kevent(2) has a reference to the kqueue's file: how it is had, with EBADF as the result when
  // the descriptor is closed; the label of the test of that; and how it is given back.
  OfKqueue take_file = nullptr;
  const char* file_test = "";
  void (*drop_file)(Path& s, std::size_t kqueue) = nullptr;
};

// kevent(2) with a change: the kernel's kqueue_register(), with a struct kevent of the kernel's.
template <auto kqueue_register, class Kevent, class Path>
void register_change(Path& s, const ChangeCall& change, const Expr& result) {
  kqueue_register(s, s.kernel().kqueue(change.request.kqueue),
                  Kevent{kevent_of(s.kernel(), change)}, result);
}

// Runs `body` with a reference to the kqueue's file, unless the descriptor is closed already.
template <class Path>
void with_file(Path& s, const KernelCalls<Path>& calls, std::size_t kqueue, const Expr& result,
               const Body& body) {
  if (!s.context().closable[kqueue]) {
    body();
    return;
  }
  calls.take_file(s, kqueue, result);
  s.label(calls.file_test).if_(result == error("0"), [&] {
    body();
    calls.drop_file(s, kqueue);
  });
}

} // namespace interlock::actions
