// interlock help bash-completion, interlock help zsh-completion
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace interlock::checker::cli {

// Scripts for the shells that complete the commands, options and words that the parser knows.
std::string bash_completion(const CLI::App& app);
std::string zsh_completion(const CLI::App& app);

} // namespace interlock::checker::cli
