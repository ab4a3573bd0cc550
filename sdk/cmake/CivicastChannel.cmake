# SPDX-License-Identifier: Apache-2.0
# civicast_add_channel(NAME SOURCES…): a channel plugin in <build>/plugins/NAME/, its plugin.json
# beside it, exporting exactly one symbol. Set CIVICAST_PLUGINS_FOLDER to have it elsewhere.

function(civicast_add_channel name)
  set(map ${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map)
  if(NOT CIVICAST_PLUGINS_FOLDER)
    set(CIVICAST_PLUGINS_FOLDER ${CMAKE_BINARY_DIR}/plugins)
  endif()
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE Civicast::sdk)
  target_compile_features(${name} PRIVATE cxx_std_17)
  set_target_properties(${name} PROPERTIES
    PREFIX "" CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${CIVICAST_PLUGINS_FOLDER}/${name}
    LINK_DEPENDS ${map})
  target_link_options(${name} PRIVATE -Wl,--version-script=${map} -Wl,--no-undefined)
  configure_file(${CMAKE_CURRENT_SOURCE_DIR}/plugin.json
                 ${CIVICAST_PLUGINS_FOLDER}/${name}/plugin.json COPYONLY)
endfunction()
