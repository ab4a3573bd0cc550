// SPDX-License-Identifier: Apache-2.0
// An item: a placement, programme or filler that the host has handed to this channel.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {

/// In rising order of right: where two items overlap, the greater is shown.
enum class Kind { filler, programme, placement, bulletin };

struct Item {
  std::string id;
  Kind kind = Kind::placement;
  std::string asset, title;
  std::string break_id;      ///< of a placement: the break into which it was planned
  std::string path, sha256;  ///< of the house file; a live item may have none
  std::string live;          ///< a URL: shown as it comes, the house file while it does not
  std::int64_t start_ns = 0, end_ns = 0;
  std::int64_t clip_frames = 0;  ///< how many frames its house file has
  /// The house file as it was when the gate let it pass; -1: not known.
  std::int64_t file_bytes = -1, file_changed_ns = -1;

  std::int64_t start_frame() const { return frame_near(start_ns); }
  std::int64_t end_frame() const { return frame_near(end_ns); }
  std::int64_t frames() const { return end_frame() - start_frame(); }
  /// A programme or filler may be looped, cut, and joined in progress; the others are whole or not.
  bool is_elastic() const { return kind == Kind::filler || kind == Kind::programme; }
  /// A bulletin is whole or not, too, but it begins as soon as it is there.
  bool begins_at_any_frame() const { return is_elastic() || kind == Kind::bulletin; }
};

using ItemPtr = std::shared_ptr<const Item>;

constexpr std::string_view word(Kind kind) {
  switch (kind) {
    case Kind::filler:
      return "filler";
    case Kind::programme:
      return "programme";
    case Kind::bulletin:
      return "bulletin";
    case Kind::placement:
      break;
  }
  return "placement";
}

constexpr Kind kind_of(std::string_view name) {
  for (const Kind kind : {Kind::filler, Kind::programme, Kind::bulletin})
    if (word(kind) == name) return kind;
  return Kind::placement;
}

}  // namespace civicast::cable
