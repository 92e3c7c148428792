# The libraries that Interlock uses, all of them from the system's packages.
find_package(Threads REQUIRED)
find_package(nlohmann_json 3.11 REQUIRED)
find_package(CLI11 2.1 REQUIRED)

# Debian's libxxhash-dev ships no CMake package; XXH_INLINE_ALL makes xxhash.h all that is needed.
find_path(INTERLOCK_XXHASH_INCLUDE_DIR xxhash.h REQUIRED)
add_library(interlock_xxhash INTERFACE)
target_include_directories(interlock_xxhash SYSTEM INTERFACE "${INTERLOCK_XXHASH_INCLUDE_DIR}")
target_compile_definitions(interlock_xxhash INTERFACE XXH_INLINE_ALL)

# Debian's libz3-dev ships a library, headers and a pkg-config file, but no CMake package.
find_path(INTERLOCK_Z3_INCLUDE_DIR z3++.h PATH_SUFFIXES z3 REQUIRED)
find_library(INTERLOCK_Z3_LIBRARY z3 REQUIRED)
add_library(interlock_z3 INTERFACE)
target_include_directories(interlock_z3 SYSTEM INTERFACE "${INTERLOCK_Z3_INCLUDE_DIR}")
target_link_libraries(interlock_z3 INTERFACE "${INTERLOCK_Z3_LIBRARY}")

mark_as_advanced(INTERLOCK_XXHASH_INCLUDE_DIR INTERLOCK_Z3_INCLUDE_DIR INTERLOCK_Z3_LIBRARY)
