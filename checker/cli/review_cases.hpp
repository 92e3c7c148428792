// What a review found, as cases of a report.
#pragma once

#include "cli/before_after.hpp"
#include "kernel_text/change.hpp"
#include "reports/report.hpp"

namespace interlock::checker::cli {

// The counterexample of a new violation in lines of the new text, without the rest of the finding.
reports::Finding story_of_new_text(const witnesses::Witness& witness,
                                   const kernel_text::NewPlaces& places);

// Of a config that a change concerns: failed where it has a new violation, wrong where there is no
// answer.  `changes` are the lines of the new text that have changed, `reproduce` the command.
reports::Case case_of_config(const BeforeAfter& each, const kernel_text::NewPlaces& places,
                             const std::vector<reports::Place>& changes,
                             const std::string& reproduce);

// Of a change that was not translated, at its line of the new text, and of a text or a config that
// cannot be read.
reports::Case case_of_untranslated(const kernel_text::Change& change, const reports::Place& place,
                                   const std::string& reproduce);
reports::Case case_of_complaint(const std::string& complaint, const std::string& reproduce);

// Where the new text of a file has a change: its line there, or that of the statement before what
// is gone, or of the function.
reports::Place place_in_new_text(const kernel_text::Change& change, const kernel_text::File& before,
                                 const kernel_text::File& after, const std::string& system);

} // namespace interlock::checker::cli
