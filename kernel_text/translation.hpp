// What a change of one function is for its paths.
#pragma once

#include "kernel_text/change.hpp"

namespace interlock::kernel_text {

struct TranslatedFunction {
  const File& old_file;
  const File& new_file;
  const Function& before;
  const Function& after;
};

// Whether the function's statements call another one.
bool calls(const Function& function, const std::string& callee);

// Adds to the result; the function is modelled, and differs.
void translate(const TranslatedFunction& function, const Modelled& modelled, const Models& models,
               Changes& result);

// Adds where the steps of a modelled function stand that does not differ.
void add_places(const TranslatedFunction& function, const Modelled& modelled, const Models& models,
                Changes& result);

} // namespace interlock::kernel_text
