// A kernel's primitives as patches may insert them.
#pragma once

#include "actions/steps.hpp"
#include "lang/patch.hpp"

namespace interlock::systems {

// A primitive works on some kinds of locks only: an rwlock that is taken as if it were a mutex has
// no meaning.
using LockKinds = std::vector<states::LockKind>;

// The lock that an operand of a patch names.  Throws lang::SpecError when it is of no such kind.
states::Lock lock_of(const states::Kernel& kernel, const lang::Expr& reference,
                     const LockKinds& kinds);

// Collects the primitives of the kernel whose steps a Path builds.
template <class Path> class PrimitiveTable {
public:
  using Build = std::function<void(Path&, const std::vector<lang::Expr>&)>;

  // `make` gives a path for a thread.
  explicit PrimitiveTable(std::function<Path(lang::ThreadId)> make) : make_(std::move(make)) {}

  void add(const char* name, std::size_t operands, const char* text, Build build) {
    primitives_[name] = {operands, text,
                         [make = make_, build = std::move(build)](
                             lang::Steps& steps, const std::vector<lang::Expr>& values) {
                           Path path = make(steps.thread());
                           build(path, values);
                           steps.append(path.take());
                         }};
  }
  // One that takes a lock of these kinds and nothing else.
  template <class Owner>
  void on_lock(const char* name, const char* text, const LockKinds& kinds,
               void (Owner::*primitive)(const states::Lock&)) {
    add(name, 1, text, [kinds, primitive](Path& path, const std::vector<lang::Expr>& values) {
      (path.*primitive)(lock_of(path.kernel(), values[0], kinds));
    });
  }
  lang::Primitives take() { return std::move(primitives_); }

private:
  std::function<Path(lang::ThreadId)> make_;
  lang::Primitives primitives_;
};

} // namespace interlock::systems
