// interlock help patches
#pragma once

namespace interlock::checker::cli {

extern const char* const patches_help;

} // namespace interlock::checker::cli
