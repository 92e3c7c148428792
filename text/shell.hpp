// Commands that a user can paste.
#pragma once

#include <string>
#include <vector>

namespace interlock::text {

// The words as a POSIX shell reads them: quoted where that is necessary.
std::string shell_line(const std::vector<std::string>& words);

} // namespace interlock::text
