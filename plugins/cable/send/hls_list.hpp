// SPDX-License-Identifier: Apache-2.0
// The list of an HLS presentation (RFC 8216): which segments there are, and how it is written.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace civicast::cable {

struct HlsSegment {
  std::int64_t sequence = 0;
  std::int64_t ticks = 0;  ///< 90 kHz: how long
  std::int64_t at_ms = 0;  ///< UTC, of its first picture
  bool is_break = false;   ///< does not follow from the one before
  bool operator==(const HlsSegment &) const = default;
};

class HlsList {
 public:
  /// `target_s`: what EXT-X-TARGETDURATION says at least; it never shrinks.
  HlsList(int target_s, std::size_t keep) : target_s_(target_s), keep_(keep) {}

  void add(const HlsSegment &segment);
  const std::deque<HlsSegment> &segments() const { return segments_; }
  std::string text() const;
  /// Goes on where `text`, which an earlier process wrote, ends; false: it is not of our making.
  bool take_up(const std::string &text);

  static std::string name(std::int64_t sequence);  ///< "segment-0000000012.ts"
  /// The number in such a name.
  static std::optional<std::int64_t> sequence_in(const std::string &name);

 private:
  int target_s_;
  std::size_t keep_;
  std::int64_t breaks_gone_ = 0;  ///< EXT-X-DISCONTINUITY-SEQUENCE
  std::deque<HlsSegment> segments_;
};

}  // namespace civicast::cable
