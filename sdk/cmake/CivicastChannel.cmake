# SPDX-License-Identifier: Apache-2.0
# civicast_add_channel(NAME SOURCES…): a channel plugin in <build>/plugins/NAME/, its plugin.json
# beside it, exporting exactly one symbol.
set(CIVICAST_PLUGIN_MAP ${CMAKE_CURRENT_LIST_DIR}/plugin.map)

function(civicast_add_channel name)
  add_library(${name} MODULE ${ARGN})
  target_link_libraries(${name} PRIVATE Civicast::sdk)
  target_compile_features(${name} PRIVATE cxx_std_17)
  set_target_properties(${name} PROPERTIES
    PREFIX "" CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins/${name}
    LINK_DEPENDS ${CIVICAST_PLUGIN_MAP})
  target_link_options(${name} PRIVATE -Wl,--version-script=${CIVICAST_PLUGIN_MAP} -Wl,--no-undefined)
  configure_file(${CMAKE_CURRENT_SOURCE_DIR}/plugin.json
                 ${CMAKE_BINARY_DIR}/plugins/${name}/plugin.json COPYONLY)
endfunction()
