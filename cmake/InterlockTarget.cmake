# How a folder becomes a target, and how the arrows between the folders are enforced.
#
# Every library has an include root of its own in the build folder, with a single entry: a symbolic
# link named as the folder that leads to the folder. `#include "states/lock.hpp"` is therefore found
# only by a target that links interlock_states, directly or through what it links.

# Warnings, language level and sanitizers of a target that compiles sources.
function(interlock_compile_options target)
  target_compile_features(${target} PRIVATE cxx_std_20)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  target_compile_options(${target} PRIVATE
    $<$<COMPILE_LANGUAGE:CXX>:-Wall -Wextra -Wconversion>
    # g++ 12 reports overlapping copies inside std::string's operator+ (GCC bug 105651).
    $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-Wno-restrict>
    # Hand-written assembly must not make the stack of the whole program executable.
    $<$<COMPILE_LANGUAGE:ASM>:-Wa,--noexecstack>)

  if(CMAKE_UNITY_BUILD)
    interlock_compile_standalone(${target})
  endif()

  if(INTERLOCK_SANITIZE)
    list(JOIN INTERLOCK_SANITIZE "," sanitizers)
    set(options -fno-omit-frame-pointer)
    # What runs on one thread has nothing to race with, and takes several times as long when it is
    # instrumented. tests/harness/threads_test.cpp sees that threads are started nowhere else.
    if(NOT "thread" IN_LIST INTERLOCK_SANITIZE OR target MATCHES "^(interlock|test)_harness$")
      list(APPEND options -fsanitize=${sanitizers} -fno-sanitize-recover=all)
    endif()
    if("undefined" IN_LIST INTERLOCK_SANITIZE)
      # AddressSanitizer reports a null pointer that is followed. Checked at each use, both of these
      # double the time of the build; a pointer that is not aligned comes of a cast, and these cast.
      list(APPEND options -fno-sanitize=null)
      if(NOT target MATCHES "^(interlock|test)_(engine|harness|locks|files)$")
        list(APPEND options -fno-sanitize=alignment)
      endif()
    endif()
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:${options}>)
    target_link_options(${target} PRIVATE -fsanitize=${sanitizers})
  else()
    # Instrumented code draws false warnings from the optimiser, so -Werror is for plain builds.
    set_target_properties(${target} PROPERTIES COMPILE_WARNING_AS_ERROR ON)
  endif()
endfunction()

# interlock_add_library(NAME [SUBFOLDERS folder...] [EXCLUDE file...] [LINKS target...])
#
# Makes the library interlock_NAME of the *.cpp and *.S of the current source folder and of the
# given subfolders; its headers are "NAME/...". LINKS are public: who links the library may include
# the headers of what it links. A folder that has only headers, or nothing yet, gives an interface
# library.
function(interlock_add_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SUBFOLDERS;EXCLUDE;LINKS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "interlock_add_library(${name}): unknown ${arg_UNPARSED_ARGUMENTS}")
  endif()

  set(patterns *.hpp *.cpp *.S)
  foreach(subfolder IN LISTS arg_SUBFOLDERS)
    list(APPEND patterns ${subfolder}/*.hpp ${subfolder}/*.cpp ${subfolder}/*.S)
  endforeach()
  file(GLOB files CONFIGURE_DEPENDS RELATIVE "${CMAKE_CURRENT_SOURCE_DIR}" ${patterns})
  if(arg_EXCLUDE)
    list(REMOVE_ITEM files ${arg_EXCLUDE})
  endif()
  set(compiled ${files})
  list(FILTER compiled INCLUDE REGEX "\\.(cpp|S)$")

  set(target interlock_${name})
  if(compiled)
    add_library(${target} STATIC ${files})
    interlock_compile_options(${target})
    set(reach PUBLIC)
  else()
    add_library(${target} INTERFACE)
    set(reach INTERFACE)
  endif()

  set(include_root "${PROJECT_BINARY_DIR}/include/${name}")
  file(MAKE_DIRECTORY "${include_root}")
  file(CREATE_LINK "${CMAKE_CURRENT_SOURCE_DIR}" "${include_root}/${name}" SYMBOLIC)
  target_include_directories(${target} ${reach}
    "$<BUILD_INTERFACE:${include_root}>"
    "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}/interlock>")
  target_link_libraries(${target} ${reach} ${arg_LINKS})
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name})
  set_property(GLOBAL APPEND PROPERTY INTERLOCK_LIBRARIES ${target})
endfunction()
