// The steps of a witness that are told, for machines.
#pragma once

#include "witnesses/step_text.hpp"

#include <nlohmann/json.hpp>

namespace interlock::witnesses {

// {filter {only [name], steps {first, last (null: to the end)}, locks, full}, length, left_out,
// not_asked_for, steps [{step (from 1), thread, label, chain, file, revision, function, line (null:
// not known), statement (null: no C beside it), does [line], changes [line]}]}.  step_texts() says
// which steps are told.
nlohmann::ordered_json steps_json(const Witness& witness, const TellOptions& options);

} // namespace interlock::witnesses
