// SPDX-License-Identifier: Apache-2.0
// What a channel is handed, and what it has to show of it: the plan and nothing but the plan says
// which frame of which file belongs at a plan frame. No code of the plugin's.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host/playlists/playlist.hpp"
#include "tests/tools/ts/access_units.hpp"
#include "tests/unit/cable_air/grid.hpp"

namespace civicast::air {

struct Clip {
  std::string path, sha256;
  std::int64_t frames = 0;
};

/// House files whose every frame can be told from every other one.
struct Clips {
  /// Four spots of 3, 3, 1.2 and 1.92 s, a filler and a programme.
  Clips();
  std::map<std::string, Clip> by_asset;
  tests::KnownFrames known;
};
const Clips &clips();

struct Plan {
  std::vector<playlists::Item> items;  ///< by start; a filler under everything is the first
  std::int64_t start_ns = 0, end_ns = 0;

  const playlists::Item *find(const std::string &id) const;
  /// Instants at which one item of the plan ends and another one begins.
  std::vector<std::int64_t> joins() const;
};

/// A filler that has begun some time before `now_ns` and lasts as long as any test.
playlists::Item long_filler(std::int64_t now_ns);
/// On that, breaks of one to three spots each and, over a third of it, a programme. The starts are
/// whole plan frames.
Plan make_plan(const playlists::Item &filler, std::int64_t start_ns, std::int64_t seconds,
               unsigned seed);

inline std::int64_t first_frame(const playlists::Item &item) {
  return item.start_ns / kFrameNs;
}
inline std::int64_t end_frame(const playlists::Item &item) {
  return item.end_ns / kFrameNs;
}

/// The rules, as host/decisions/0006 and 0012 have them:
///   a placement is shown from its first frame on or not at all: a sender that begins in the middle
///     of it shows what lies under it;
///   a programme or filler is entered at the group of pictures in front of the planned picture and
///     runs that much behind, until it is entered again: after a spot, at its end, by a new sender;
///   where nothing can be shown there is the slate.
class Showing {
 public:
  Showing(const Plan &plan, const std::map<std::string, Clip> &by_asset)
      : plan_(&plan), clips_(&by_asset) {}

  struct Expected {
    const playlists::Item *item = nullptr;  ///< null: the slate
    std::int64_t frame = 0;                 ///< of its file
    bool is(const std::optional<tests::FrameName> &name) const {
      return item ? name && name->id == item->asset && name->frame == frame : !name;
    }
  };
  /// For the plan frame that is shown next. A sender that began anew has shown none.
  Expected next(std::int64_t plan_frame);
  /// Two that are in the same state will always expect the same.
  bool operator==(const Showing &) const = default;
  void begin_anew() {
    last_ = nullptr;
    last_frame_ = -1;
  }

 private:
  const playlists::Item *due(std::int64_t plan_frame) const;

  const Plan *plan_;
  const std::map<std::string, Clip> *clips_;
  const playlists::Item *last_ = nullptr;
  std::int64_t last_frame_ = -1;  ///< of the plan
  std::int64_t behind_ = 0;       ///< how much later than planned the elastic item runs
};

}  // namespace civicast::air
