# SPDX-License-Identifier: Apache-2.0
# What a plugin author needs: `cmake --install BUILD --component sdk` installs this, the command
# line and the runner, and nothing else. Its version is the contract's, not the product's.
include(CMakePackageConfigHelpers)

file(READ ${CMAKE_CURRENT_SOURCE_DIR}/include/civicast/channel.h contract)
foreach(part MAJOR MINOR)
  if(NOT contract MATCHES "#define CIV_ABI_${part} ([0-9]+)")
    message(FATAL_ERROR "channel.h defines no CIV_ABI_${part}")
  endif()
  set(abi_${part} ${CMAKE_MATCH_1})
endforeach()

set(config_folder lib/cmake/Civicast)
configure_package_config_file(cmake/CivicastConfig.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/CivicastConfig.cmake INSTALL_DESTINATION ${config_folder})
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/CivicastConfigVersion.cmake
  VERSION ${abi_MAJOR}.${abi_MINOR} COMPATIBILITY SameMajorVersion)

set_target_properties(civicast_sdk PROPERTIES EXPORT_NAME sdk)
set_target_properties(civicast-runner PROPERTIES EXPORT_NAME runner)
install(TARGETS civicast_sdk EXPORT CivicastTargets)
install(TARGETS civicast-runner EXPORT CivicastTargets RUNTIME DESTINATION bin COMPONENT sdk)
install(EXPORT CivicastTargets NAMESPACE Civicast:: DESTINATION ${config_folder} COMPONENT sdk)
install(FILES
  ${CMAKE_CURRENT_BINARY_DIR}/CivicastConfig.cmake
  ${CMAKE_CURRENT_BINARY_DIR}/CivicastConfigVersion.cmake
  cmake/CivicastChannel.cmake cmake/plugin.map
  DESTINATION ${config_folder} COMPONENT sdk)
install(DIRECTORY include/civicast DESTINATION include COMPONENT sdk
        FILES_MATCHING PATTERN "*.h" PATTERN "*.hpp")
install(FILES README.md DESTINATION share/doc/civicast COMPONENT sdk)
install(FILES wire/PROTOCOL.md DESTINATION share/doc/civicast/wire COMPONENT sdk)
