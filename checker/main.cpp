// The program `interlock`.
#include "checker/cli/commands.hpp"

int main(int argc, char** argv) { return interlock::checker::cli::run_program(argc, argv); }
