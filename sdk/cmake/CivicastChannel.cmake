# SPDX-License-Identifier: Apache-2.0
# civicast_add_channel(NAME SOURCES…): a channel plugin, C or C++, that exports exactly one symbol,
# in <build>/plugins/NAME/ with the source folder's plugin.json beside it. `cmake --install` puts
# that folder where civicastd looks: <prefix>/plugins/NAME/.
#
# Set CIVICAST_PLUGINS_FOLDER to have it elsewhere; it is then not installed.

function(civicast_add_channel name)
  set(map ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map)
  set(folder ${CMAKE_BINARY_DIR}/plugins/${name})
  if(CIVICAST_PLUGINS_FOLDER)
    set(folder ${CIVICAST_PLUGINS_FOLDER}/${name})
  endif()
  add_library(${name} MODULE ${ARGN})
  if(NOT CIVICAST_PLUGINS_FOLDER)
    install(TARGETS ${name} LIBRARY DESTINATION plugins/${name} COMPONENT plugins)
    install(FILES ${CMAKE_CURRENT_SOURCE_DIR}/plugin.json
            DESTINATION plugins/${name} COMPONENT plugins)
  endif()
  target_link_libraries(${name} PRIVATE Civicast::sdk)
  if(CMAKE_CXX_COMPILER_LOADED)
    target_compile_features(${name} PRIVATE cxx_std_17)
  endif()
  set_target_properties(${name} PROPERTIES
    PREFIX "" C_VISIBILITY_PRESET hidden CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${folder}
    LINK_DEPENDS ${map})
  target_link_options(${name} PRIVATE -Wl,--version-script=${map} -Wl,--no-undefined)
  configure_file(${CMAKE_CURRENT_SOURCE_DIR}/plugin.json ${folder}/plugin.json COPYONLY)
  # What `civicast plugin check` opens it with and hands it, where the usual will not do.
  if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/check.json)
    configure_file(${CMAKE_CURRENT_SOURCE_DIR}/check.json ${folder}/check.json COPYONLY)
  endif()
endfunction()
