// The program `interlock`.
#include "cli/commands.hpp"

int main(int argc, char** argv) { return interlock::checker::cli::run_program(argc, argv); }
