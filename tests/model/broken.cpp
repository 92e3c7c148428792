// The one test of all pairs of a sound kernel and a broken one.
#include "support/broken.hpp"

namespace interlock::tests {

TEST_P(BrokenKernel, ViolatesWhatTheSoundOneKeeps) {
  expect_sound_sibling(GetParam());
  expect_violation(GetParam());
}

} // namespace interlock::tests
