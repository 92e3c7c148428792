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
install(DIRECTORY specs DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT program)
install(FILES LICENSE RENAME copyright DESTINATION "${CMAKE_INSTALL_DOCDIR}" COMPONENT program)

# --- cpack -G DEB --config build/release/CPackConfig.cmake ---

set(CPACK_PACKAGE_NAME interlock)
set(CPACK_PACKAGE_CONTACT "Interlock <interlock@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY
    "model checker for the locking of fork, exit and kqueue in the BSD kernels")
set(CPACK_GENERATOR DEB)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_COMPONENTS_ALL program)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME interlock)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SHLIBDEPS ON)
# `interlock review --git` calls it.
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS git)
include(CPack)
