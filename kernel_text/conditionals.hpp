// Which lines of a file a kernel is compiled from: #if, #ifdef and their kin.
#pragma once

#include "kernel_text/token.hpp"

#include <cstdint>
#include <map>
#include <set>

namespace interlock::kernel_text {

// Macros of a kernel's configuration: DIAGNOSTIC, KTRACE, __FreeBSD_version.  What is absent is not
// defined, and counts as 0.
using Macros = std::map<std::string, std::int64_t>;

struct Selected {
  Tokens tokens; // of the lines that are compiled, without directives
  // Names that a condition asked about and `macros` does not have, and the file does not define.
  std::set<std::string> undefined;
};

// Evaluates the conditionals.  #define and #undef of the file count from where they stand; a
// function-like macro counts as defined.  Included files are not read.  Throws SourceError for an
// #else without its #if and the like, and for a condition that is no constant expression.
Selected select(const std::string& file, const Tokens& tokens, const Macros& macros);

} // namespace interlock::kernel_text
