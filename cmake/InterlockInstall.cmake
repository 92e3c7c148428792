# What `cmake --install` puts where; parts that a source tree does not have are left out.
if(TARGET interlock)
  install(TARGETS interlock RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()
if(IS_DIRECTORY "${PROJECT_SOURCE_DIR}/schemas")
  install(DIRECTORY schemas/ DESTINATION "${CMAKE_INSTALL_DATADIR}/interlock/schemas"
          FILES_MATCHING PATTERN "*.json")
endif()
if(EXISTS "${PROJECT_SOURCE_DIR}/completions/interlock.bash")
  install(FILES completions/interlock.bash RENAME interlock
          DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions")
endif()
if(EXISTS "${PROJECT_SOURCE_DIR}/completions/_interlock")
  install(FILES completions/_interlock
          DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
endif()
