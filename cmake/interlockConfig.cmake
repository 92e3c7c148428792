# find_package(interlock): the target interlock::program is a command line for a specification of
# one's own; see program/program.hpp and the examples.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
find_dependency(nlohmann_json)
find_dependency(CLI11)
include("${CMAKE_CURRENT_LIST_DIR}/interlockTargets.cmake")
