// SPDX-License-Identifier: Apache-2.0
// Verifies a bundle, without a station: every leaf, every proof, the signature, and the count.
#pragma once

#include <optional>
#include <string>

#include "host/affidavit/bundle.hpp"

namespace civicast::affidavit {

struct Verified {
  Statement statement;
  std::string key_line;  ///< of the key that signed
};

/// `key_line`: the public key as its owner published it; without it the bundle's own is taken, and
/// whoever asks must compare it. Every fault found, at most 20 of them.
Result<Verified, Faults> verify(const Parts &parts, const std::optional<std::string> &key_line);

}  // namespace civicast::affidavit
