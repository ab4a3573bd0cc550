# SPDX-License-Identifier: Apache-2.0
# Rooms: each is one static library that can include only itself and the rooms it links.
#
# Every include names its file from the top of the house ("host/ledger/ledger.hpp"). A room's
# include directory holds only that room, so an include of a room that is not linked fails.

# civicast_room(PATH SOURCES… [SEES TARGETS…])   e.g. civicast_room(host/ledger a.cpp SEES sdk_base)
# makes the target PATH with "/" as "_" (host_ledger).
function(civicast_room path)
  cmake_parse_arguments(ROOM "" "" "SEES" ${ARGN})
  string(REPLACE "/" "_" target ${path})
  set(door ${CMAKE_BINARY_DIR}/rooms/${target})
  get_filename_component(parent ${door}/${path} DIRECTORY)
  file(MAKE_DIRECTORY ${parent})
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/${path} ${door}/${path} SYMBOLIC)
  if(ROOM_UNPARSED_ARGUMENTS)
    add_library(${target} STATIC ${ROOM_UNPARSED_ARGUMENTS})
    target_include_directories(${target} PUBLIC ${door})
    target_link_libraries(${target} PUBLIC ${ROOM_SEES})
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  else()
    add_library(${target} INTERFACE)
    target_include_directories(${target} INTERFACE ${door})
    target_link_libraries(${target} INTERFACE ${ROOM_SEES})
  endif()
endfunction()

# civicast_test(NAME SOURCES… SEES TARGETS…): a Catch2 program, each TEST_CASE one CTest test.
# LABELS name what it needs: none for a unit test, e2e, bench, browser.
function(civicast_test name)
  cmake_parse_arguments(TEST "" "" "SEES;LABELS" ${ARGN})
  add_executable(${name} ${TEST_UNPARSED_ARGUMENTS})
  target_link_libraries(${name} PRIVATE ${TEST_SEES} civicast_test_main)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  set(properties TIMEOUT 900)
  if(TEST_LABELS)
    list(APPEND properties LABELS "${TEST_LABELS}")
  endif()
  catch_discover_tests(${name} TEST_PREFIX "${name}: " PROPERTIES ${properties})
endfunction()
