# SPDX-License-Identifier: Apache-2.0
# civicast_embed(OUT HEADER HEADER FUNCTION NAMESPACE::FUNCTION BASE FOLDER FILES FILES…): makes
# OUT, a C++ source in which FUNCTION, declared by HEADER as
#
#   const std::map<std::string, std::string_view, std::less<>> &FUNCTION();
#
# holds each file under its path below FOLDER. A program that carries its files need not find them.

function(civicast_embed out)
  cmake_parse_arguments(EMBED "" "HEADER;FUNCTION;BASE" "FILES" ${ARGN})
  set(script ${CMAKE_CURRENT_FUNCTION_LIST_FILE})
  add_custom_command(OUTPUT ${out}
    COMMAND ${CMAKE_COMMAND} -DOUT=${out} -DHEADER=${EMBED_HEADER} -DFUNCTION=${EMBED_FUNCTION}
            -DBASE=${EMBED_BASE} "-DFILES=${EMBED_FILES}" -P ${script}
    DEPENDS ${EMBED_FILES} ${script} VERBATIM)
endfunction()

if(NOT CMAKE_SCRIPT_MODE_FILE)
  return()
endif()

set(arrays "")
set(rows "")
set(number 0)
foreach(file ${FILES})
  file(RELATIVE_PATH name ${BASE} ${file})
  file(READ ${file} hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND arrays "const unsigned char file_${number}[] = {${bytes}};\n")
  string(APPEND rows
    "      {\"${name}\", {reinterpret_cast<const char *>(file_${number}), ${size}}},\n")
  math(EXPR number "${number} + 1")
endforeach()
set(type "std::map<std::string, std::string_view, std::less<>>")
file(WRITE ${OUT} "// SPDX-License-Identifier: Apache-2.0\n// Made by embed.cmake.\n"
  "#include \"${HEADER}\"\n\nnamespace {\n${arrays}}  // namespace\n\n"
  "const ${type} &${FUNCTION}() {\n  static const ${type} files{\n${rows}  };\n  return files;\n}\n")
