// A scope of the thread rather than an argument of every function that adds to a specification.
#include "lang/checkpoint.hpp"

namespace interlock::lang {

namespace {

thread_local const std::function<void()>* current = nullptr;

} // namespace

Checkpoints::Checkpoints(std::function<void()> ask) : ask_(std::move(ask)), before_(current) {
  current = &ask_;
}

Checkpoints::~Checkpoints() { current = before_; }

void checkpoint() {
  if (current != nullptr && *current)
    (*current)();
}

} // namespace interlock::lang
