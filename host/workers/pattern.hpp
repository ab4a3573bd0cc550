// SPDX-License-Identifier: Apache-2.0
// Regular expressions that strangers wrote. RE2's: matching takes time linear in the text and
// bounded memory whatever the expression, and never recurses; std::regex does none of the three.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace civicast::workers {

/// Whether `expression` is one that can be matched: no back references, no looking around, and
/// not so large that it takes more than 256 KiB.
bool is_pattern(const std::string &expression);

/// Each compiled once. Every expression that it is given must be a pattern.
class Patterns {
 public:
  Patterns();
  ~Patterns();
  bool occurs_in(std::string_view text, const std::string &expression);
  bool is_all_of(std::string_view text, const std::string &expression);

 private:
  const re2::RE2 &at(const std::string &expression);
  std::map<std::string, std::unique_ptr<re2::RE2>> compiled_;
};

}  // namespace civicast::workers
