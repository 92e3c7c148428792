# What `cmake --install` puts where, and the Debian packages that CPack makes of it.

# The manual page and the completions say what the program's own help says; a program with sanitizers
# may not run in every build, and is not installed.
if(NOT INTERLOCK_SANITIZE)
  set(share "${PROJECT_BINARY_DIR}/share")
  file(MAKE_DIRECTORY "${share}")
  set(texts)
  foreach(text man=interlock.1 bash-completion=interlock.bash zsh-completion=_interlock)
    string(REPLACE "=" ";" text ${text})
    list(GET text 0 topic)
    list(GET text 1 file)
    add_custom_command(OUTPUT "${share}/${file}"
      COMMAND interlock help ${topic} > "${share}/${file}"
      DEPENDS interlock VERBATIM)
    list(APPEND texts "${share}/${file}")
  endforeach()
  add_custom_target(interlock_texts ALL DEPENDS ${texts})
  install(FILES "${share}/interlock.1" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1"
          COMPONENT program)
  install(FILES "${share}/interlock.bash" RENAME interlock COMPONENT program
          DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
  # zsh looks into the first of a prefix like /usr/local, Debian's into the second of /usr.
  foreach(folder site-functions vendor-completions)
    install(FILES "${share}/_interlock" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/${folder}"
            COMPONENT program)
  endforeach()
endif()

install(TARGETS interlock RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT program)
install(DIRECTORY schemas configs DESTINATION "${CMAKE_INSTALL_DATADIR}/interlock"
        COMPONENT program FILES_MATCHING PATTERN "*.json")
install(FILES README.md CHANGELOG.md specs.md DESTINATION "${CMAKE_INSTALL_DOCDIR}"
        COMPONENT program)
install(DIRECTORY specs docs DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT program)
install(FILES LICENSE RENAME copyright DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT program)

# --- find_package(interlock): a specification of one's own, with the command line ---

get_property(libraries GLOBAL PROPERTY INTERLOCK_LIBRARIES)
set_target_properties(interlock_z3 PROPERTIES EXPORT_NAME z3)
set_target_properties(interlock_xxhash PROPERTIES EXPORT_NAME xxhash)
if(NOT INTERLOCK_SANITIZE)
  set(package "${CMAKE_INSTALL_LIBDIR}/cmake/interlock")
  install(TARGETS ${libraries} interlock_z3 interlock_xxhash EXPORT interlock
          ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}/interlock" COMPONENT development)
  install(EXPORT interlock NAMESPACE interlock:: DESTINATION "${package}"
          FILE interlockTargets.cmake COMPONENT development)
  install(FILES checker/program/program.hpp COMPONENT development
          DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/interlock/program")
  install(DIRECTORY model/lang COMPONENT development
          DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/interlock" FILES_MATCHING PATTERN "*.hpp")
  install(FILES cmake/interlockConfig.cmake DESTINATION "${package}" COMPONENT development)
  include(CMakePackageConfigHelpers)
  write_basic_package_version_file("${PROJECT_BINARY_DIR}/interlockConfigVersion.cmake"
                                   COMPATIBILITY SameMinorVersion)
  install(FILES "${PROJECT_BINARY_DIR}/interlockConfigVersion.cmake" DESTINATION "${package}"
          COMPONENT development)
  install(DIRECTORY examples DESTINATION "${CMAKE_INSTALL_DATADIR}/interlock"
          COMPONENT development)
endif()

# --- cpack -G DEB ---

set(CPACK_PACKAGE_NAME interlock)
set(CPACK_PACKAGE_CONTACT "Interlock <interlock@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY
    "model checker for the locking of fork, exit and kqueue in the BSD kernels")
set(CPACK_GENERATOR DEB)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL program development)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME interlock)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
# `interlock review --git` calls it.
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS git)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME interlock-dev)
set(CPACK_DEBIAN_DEVELOPMENT_DESCRIPTION
    "command line of Interlock for specifications of one's own (find_package)")
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS
    "cmake, make, g++, nlohmann-json3-dev, libcli11-dev, libz3-dev, libxxhash-dev")
include(CPack)
