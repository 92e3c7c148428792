// A specification of a test: declared and finished in one place.
#pragma once

#include "lang/spec_builder.hpp"

#include <memory>

namespace interlock::tests {

// The builder stays when the specification is finished, so that a test can go on to write
// expressions over what is declared.
class Draft {
public:
  const lang::Spec& finish() {
    spec_ = std::make_unique<const lang::Spec>(lang::SpecBuilder(builder).finish());
    return *spec_;
  }
  const lang::Spec& spec() const { return *spec_; } // once it is finished

  lang::SpecBuilder builder;

private:
  std::unique_ptr<const lang::Spec> spec_;
};

} // namespace interlock::tests
