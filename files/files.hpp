// Whole files: every file that the program writes is written here.
#pragma once

#include <atomic>
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
// Throws std::system_error, naming the file.  A FIFO or device may keep the program waiting: a
// signal whose handler sets `interrupted` ends that with EINTR.
void write(const std::filesystem::path& path, const std::string& text,
           const std::atomic<bool>* interrupted = nullptr);

// The whole file.  Throws std::system_error, naming the file.
std::string read(const std::filesystem::path& path);

} // namespace interlock::files
