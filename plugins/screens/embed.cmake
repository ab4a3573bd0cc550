# SPDX-License-Identifier: Apache-2.0
# Writes OUT, a C++ source that holds every file of FILES (see player_files.hpp).
set(arrays "")
set(rows "")
set(number 0)
foreach(file ${FILES})
  get_filename_component(name ${file} NAME)
  file(READ ${file} hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(APPEND arrays "const unsigned char file_${number}[] = {${bytes}};\n")
  string(APPEND rows
    "      {\"${name}\", {reinterpret_cast<const char *>(file_${number}), ${size}}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${OUT} "// SPDX-License-Identifier: Apache-2.0\n// Made by embed.cmake.\n"
  "#include \"plugins/screens/player_files.hpp\"\n\nnamespace civicast::screens {\nnamespace {\n${arrays}"
  "}  // namespace\n\nconst std::map<std::string, std::string_view, std::less<>> &player_files() {\n"
  "  static const std::map<std::string, std::string_view, std::less<>> files{\n${rows}  };\n  return files;\n}\n"
  "}  // namespace civicast::screens\n")
