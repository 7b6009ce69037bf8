# Changes with every commit, and with it only the one file that shows it.
# Where there is no checkout, as in an image, it is given by -DHEADROOM_REVISION=.
if(NOT HEADROOM_REVISION)
  execute_process(
    COMMAND git describe --always --dirty --exclude=*
    WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
    OUTPUT_VARIABLE HEADROOM_REVISION
    OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(NOT HEADROOM_REVISION)
  set(HEADROOM_REVISION unknown)
endif()
if(EXISTS ${PROJECT_SOURCE_DIR}/.git/logs/HEAD)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/.git/logs/HEAD)
endif()
configure_file(build_info.h.in build_info/build_info.h @ONLY)
add_library(headroom_build_info INTERFACE)
target_include_directories(headroom_build_info INTERFACE ${CMAKE_CURRENT_BINARY_DIR}/build_info)
