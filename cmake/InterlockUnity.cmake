# Where several sources are compiled as one (all presets but `dev`: most of a build's time goes to
# the same headers), the sources that have to stand alone: each has a name of its own in an anonymous
# namespace, or a `using`, that a source beside it means otherwise. Parallel files of the three
# kernels say the same names on purpose.
set(INTERLOCK_STANDALONE
  checker/campaigns/tables_systems.cpp
  checker/cli/gate_cases.cpp
  checker/cli/review_cases.cpp
  checker/cli/source_check.cpp
  checker/reports/report.cpp
  harness/machine.cpp
  kernel_text/expressions.cpp
  kernel_text/model_skeleton.cpp
  kernel_text/patch_text.cpp
  kernel_text/source_skeleton.cpp
  model/systems/call_table.cpp
  model/systems/dragonfly.cpp
  model/systems/freebsd.cpp
  model/systems/netbsd.cpp
  model/systems/processes.cpp
  model/systems/reader.cpp
  tests/cli/source_test.cpp
  tests/cli/stopping_test.cpp
  tests/cli/story_test.cpp
  tests/corpus/freebsd_coverage_test.cpp
  tests/docs/links_test.cpp
  tests/harness/replay_test.cpp
  tests/locks/netbsd_test.cpp
  tests/model/kevent_contract_test.cpp
  tests/model/knote_protocol_test.cpp
  tests/verdict/comparison_test.cpp)
foreach(source IN LISTS INTERLOCK_STANDALONE)
  if(NOT EXISTS "${PROJECT_SOURCE_DIR}/${source}")
    message(FATAL_ERROR "InterlockUnity.cmake names ${source}, which is not there.")
  endif()
endforeach()

# Takes the sources of TARGET that have to stand alone out of its unity build.
function(interlock_compile_standalone target)
  get_target_property(sources ${target} SOURCES)
  list(TRANSFORM sources PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/" REGEX "^[^/]")
  foreach(source IN LISTS sources)
    file(RELATIVE_PATH name "${PROJECT_SOURCE_DIR}" "${source}")
    if(name IN_LIST INTERLOCK_STANDALONE OR name MATCHES "_(netbsd|freebsd|dragonfly)[a-z_]*\\.cpp$"
       OR name MATCHES "/(netbsd|freebsd|dragonfly)_primitives\\.cpp$")
      set_source_files_properties("${source}" PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
  endforeach()
endfunction()
