// Building a specification can take long: a chance to give it up.
#pragma once

#include <functional>

namespace interlock::lang {

// For as long as it lives, what this thread builds calls `ask` now and then; what that throws ends
// the building.  `ask` must not build anything.
class Checkpoints {
public:
  explicit Checkpoints(std::function<void()> ask);
  ~Checkpoints();
  Checkpoints(const Checkpoints&) = delete;
  Checkpoints& operator=(const Checkpoints&) = delete;

private:
  std::function<void()> ask_;
  const std::function<void()>* before_;
};

// Called by what builds, at least once for each variable, program point and action.
void checkpoint();

} // namespace interlock::lang
