// SPDX-License-Identifier: Apache-2.0
// The verdict on what was handed over the border.
#pragma once

#include <civicast/channel.hpp>

#include <functional>
#include <string>

#include "tests/unit/cable/fake_host.hpp"

namespace civicast::cable {

inline civ_verdict verdict_of(const std::function<void()> &call, std::string *code = nullptr) {
  try {
    call();
  } catch (const Trouble &trouble) {
    if (code) *code = trouble.code;
    return trouble.verdict;
  }
  return CIV_DONE;
}

}  // namespace civicast::cable
