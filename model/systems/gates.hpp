// Gates: a call of a scenario that begins only when others have returned, or is made only if the
// one before has answered so.  No step of a kernel has to do with it; it is how a scenario says
// which interleavings it is about, and what its programs do.
#pragma once

#include "lang/spec_builder.hpp"
#include "systems/reader.hpp"

namespace interlock::systems {

class Gates {
public:
  // Declares a variable for each call that another one comes after, and for each that is asked.
  Gates(lang::SpecBuilder& spec, const ReadScenario& read);

  // When the call of a thread may begin; empty: at any time.
  lang::Expr before(const CallPlace& place) const;
  // What is true when it has returned; empty: nobody asks.
  lang::Expr after(const CallPlace& place) const;

  // What is true when it has answered what it is asked for; empty: nobody asks.
  lang::Expr answered(const CallPlace& place) const;

  // What comes after what, for whoever reads a verdict.
  std::vector<std::string> texts() const;

private:
  const lang::SpecBuilder& spec_;
  const ReadScenario& read_;
  std::map<CallPlace, lang::VariableId> returned_;
  std::map<CallPlace, lang::VariableId> answered_;
};

} // namespace interlock::systems
