// A file of kernel C from disk to functions.
#pragma once

#include "kernel_text/conditionals.hpp"
#include "kernel_text/tree.hpp"

#include <filesystem>

namespace interlock::kernel_text {

// Reads a file of at most 8 MiB.  Throws SourceError, naming the file, where it is none, cannot be
// read, or is no C from the first bracket on; what is wrong within a function is in File::errors.
File read(const std::filesystem::path& path, const Macros& macros);

// The same for a text.
File read_text(const std::string& name, const std::string& text, const Macros& macros);

} // namespace interlock::kernel_text
