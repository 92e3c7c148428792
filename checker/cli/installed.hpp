// What is installed beside the program.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>
#include <vector>

namespace interlock::checker::cli {

// share/interlock/NAME beside the folder of the program; empty where that is not there.
std::filesystem::path installed(const std::string& name);

// --configs PATH..., by default the folder configs here, or else the installed one.
void add_configs_option(CLI::App& command, std::vector<std::string>& configs);

} // namespace interlock::checker::cli
