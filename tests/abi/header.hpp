// SPDX-License-Identifier: Apache-2.0
// channel.h as text: what it declares, and whether a later one only appends.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace civicast::test {

/// Members and enumerators as they are declared, types and arguments included, comments not.
struct Header {
  std::map<std::string, std::vector<std::string>> structs, enums;
  std::vector<std::string> macros, functions;
};

Header read_header(const std::string &text);
/// The names that members such as "civ_text code, at" or "void (*log)(int)" declare.
std::vector<std::string> names_in(const std::vector<std::string> &members);

/// What was in `old` and is not the same in `now`; empty: it only appends.
std::vector<std::string> changes(const Header &old, const Header &now);
/// The same of two outputs of layout.c.
std::vector<std::string> layout_changes(const std::string &old, const std::string &now);

}  // namespace civicast::test
