// What a config says has to happen in some run ("sometimes"): looked for where nothing is violated,
// so that what holds is not said of nothing.
#pragma once

#include "cli/search.hpp"
#include "verdict/report.hpp"

#include <functional>

namespace interlock::checker::cli {

// One for each of the config's, in its order.  `found` hears of each state that was found, with the
// config of which it is the counterexample: the one that says that there is no such state.
std::vector<Example>
examples_of(const LoadedConfig& loaded, const CheckResult& result, const SearchOptions& options,
            const std::function<void(Example&, const LoadedConfig&, const CheckResult&)>& found);

} // namespace interlock::checker::cli
