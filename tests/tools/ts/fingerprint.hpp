// SPDX-License-Identifier: Apache-2.0
// Pictures as small grey images that can be compared: from a video, a transport stream or a still.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace civicast::tests {

constexpr int kPrintWidth = 96, kPrintHeight = 54;
using Fingerprint = std::vector<std::uint8_t>;

/// Mean absolute difference of two pictures, 0…255.
double difference(const Fingerprint &a, const Fingerprint &b);

struct DecodedPicture {
  Fingerprint print;
  std::int64_t pos_bytes = -1;  ///< where its packet begins in the file
  bool is_damaged = false;      ///< the decoder had to invent parts of it
};

/// Decodes the first video of `path` and hands over every picture. Junk in the file is skipped.
/// Throws std::runtime_error when there is nothing to decode.
void decode_pictures(const std::string &path, const std::function<void(DecodedPicture)> &sink);

}  // namespace civicast::tests
