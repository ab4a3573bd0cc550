// SPDX-License-Identifier: Apache-2.0
// What is wrong with a file or an input.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace civicast::cable {

/// A stable code, a sentence in Chinese and English, and the detail.
struct Flaw : std::runtime_error {
  Flaw(std::string flaw_code, const std::string &sentence, std::string flaw_detail = {})
      : std::runtime_error(sentence), code(std::move(flaw_code)), detail(std::move(flaw_detail)) {}
  std::string code, detail;
};

}  // namespace civicast::cable
