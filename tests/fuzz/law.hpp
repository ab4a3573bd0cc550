// SPDX-License-Identifier: Apache-2.0
// What a fuzzer holds true of every input. Broken, it ends the process, so that the input is kept.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace civicast::fuzz {

inline void must_hold(bool is_so, const char *law, const std::string &about = {}) {
  if (is_so) return;
  std::fprintf(stderr, "broken: %s%s%s\n", law, about.empty() ? "" : ": ", about.c_str());
  std::abort();
}

}  // namespace civicast::fuzz
