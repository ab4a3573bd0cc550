// SPDX-License-Identifier: Apache-2.0
// Frames: a length of four bytes, big end first, and so many bytes of one JSON object.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "sdk/base/result.hpp"

namespace civicast::wire {

inline constexpr std::size_t max_frame_bytes = 1024 * 1024;

/// `text` as a frame. Longer than max_frame_bytes is a breakdown (std::length_error).
std::string frame(std::string_view text);

/// Cuts a stream of bytes into frames. Holds at most one frame and what was fed with it.
class FrameReader {
 public:
  void feed(std::string_view bytes) { bytes_.append(bytes); }

  /// The next whole frame's text, valid until the next call of feed or next; nothing when more
  /// bytes are needed. After a fault the stream is lost: close it.
  Result<std::optional<std::string_view>> next();

  /// Bytes fed and not handed out yet; after next() found nothing, less than one frame's.
  std::size_t kept_bytes() const { return bytes_.size() - taken_; }

 private:
  std::string bytes_;
  std::size_t taken_ = 0;
};

}  // namespace civicast::wire
