// interlock help man
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace interlock::checker::cli {

// The manual page, in troff with the man macros: what the help of every command says.
std::string man_page(const CLI::App& app);

} // namespace interlock::checker::cli
