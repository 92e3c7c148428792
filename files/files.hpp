// Whole files: every file that the program writes is written here.
#pragma once

#include <filesystem>
#include <string>

namespace interlock::files {

// Writes the text to what `path` names, and makes the folders on the way to it:
// - a regular file, or one that is not there yet: as a whole or not at all, on the disk when this
//   returns.  The text waits in a file without a name, so that a kill leaves nothing behind; the
//   mode of a file that is replaced stays.
// - a symbolic link: what it leads to, or would lead to; the link stays.
// - a FIFO or a character device, and a link to a descriptor (/dev/stdout): the text goes through.
// Anything else (a folder, a socket, a disk) is refused.
//
// Throws std::system_error, naming the file; EINTR where a signal came while a FIFO or device kept
// the program waiting.
void write(const std::filesystem::path& path, const std::string& text);

// The whole file.  Throws std::system_error, naming the file.
std::string read(const std::filesystem::path& path);

} // namespace interlock::files
