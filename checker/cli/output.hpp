// Files that the program writes, and how wide its text may be.
#pragma once

#include <filesystem>
#include <string>

namespace interlock::checker::cli {

// Writes a file as a whole or not at all: a temporary file beside it that is renamed.  Makes the
// folders on the way.  Throws std::system_error, naming the file; nothing is left behind then.
void write_file(const std::filesystem::path& path, const std::string& text);

// Columns of text for standard output: a terminal's own, but at least 100; 160 for anything else.
std::size_t output_width();

} // namespace interlock::checker::cli
