// SPDX-License-Identifier: Apache-2.0
// The files of this folder that travel inside the program, by name ("house.json").
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace civicast::formats {

const std::map<std::string, std::string_view, std::less<>> &table_files();

}  // namespace civicast::formats
