// SPDX-License-Identifier: Apache-2.0
// Sends a text to several addresses at once, and waits no longer than it says.
#pragma once

#include <atomic>
#include <string>
#include <vector>

namespace civicast::witness {

struct Letter {
  std::string url, body;
};
struct Delivered {
  long status = 0;  ///< 0: nobody answered
  std::string type, body;
  std::string error;  ///< why nobody answered
};

/// One answer for each letter. Gives up after ten seconds, at 64 KiB of an answer, and soon after
/// `is_stopping` is set; follows no redirections.
std::vector<Delivered> post_all(const std::vector<Letter> &letters,
                                const std::atomic<bool> &is_stopping);

}  // namespace civicast::witness
