// Files that the program writes.
#pragma once

#include <filesystem>
#include <string>

namespace interlock::checker::cli {

// Writes a file as a whole or not at all: a temporary file beside it that is renamed.  Makes the
// folders on the way.  Throws std::system_error, naming the file; nothing is left behind then.
void write_file(const std::filesystem::path& path, const std::string& text);

} // namespace interlock::checker::cli
