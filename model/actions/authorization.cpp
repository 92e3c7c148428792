// One step that draws the answer, or gives the one that was drawn; see authorization.hpp.
#include "actions/authorization.hpp"

namespace interlock::actions {

void authorize(Steps& s, const states::Authorization& authorization, const std::string& check,
               std::size_t subject, const Expr& object, const Body& denied) {
  // Without the choice the steps have their labels alone: there is no variable that they could set.
  const auto answer = [&](const std::string& label, bool allows) {
    Step step;
    if (authorization.denies()) {
      const Expr caller = authorization.set_of(subject);
      const Expr shown_to = authorization.shown_to(object);
      const Expr hidden_from = authorization.hidden_from(object);
      const Expr& same = allows ? shown_to : hidden_from;
      const Expr& opposite = allows ? hidden_from : shown_to;
      step.guard = (opposite & caller) == 0;
      step.updates = {lang::assign(same, same | caller)};
    }
    s.step(check + label, std::move(step));
  };
  s.where(authorization.denies(), [&] {
    s.either({[&] { answer("_allows", true); },
              [&] {
                answer("_denies", false);
                denied();
              }});
  });
}

} // namespace interlock::actions
