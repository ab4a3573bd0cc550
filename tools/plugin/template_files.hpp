// SPDX-License-Identifier: Apache-2.0
// The files of sdk/template, by path ("test/unit.cpp.in"), as they were when this was built.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace civicast::plugin {

const std::map<std::string, std::string_view, std::less<>> &template_files();

}  // namespace civicast::plugin
