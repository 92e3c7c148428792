// What an exception means to the caller of the program.
#pragma once

#include "verdict/exit_codes.hpp"

#include <string>

namespace interlock::checker::cli {

struct Failure {
  ExitCode code = ExitCode::internal;
  std::string message;  // a line for each error of a config
  std::size_t line = 0; // of the first one in its file; 0: not known
};

// Of the exception that is being handled.  The message names the file where the exception does not
// do so itself.
Failure current_failure(const std::string& file = "");

// Says it on stderr, line by line, behind all that was printed before; gives the code.
ExitCode say(const Failure& failure);

} // namespace interlock::checker::cli
