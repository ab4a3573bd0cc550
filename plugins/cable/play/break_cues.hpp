// SPDX-License-Identifier: Apache-2.0
// Which breaks lie ahead, and the cues that tell equipment downstream of them: one out of the
// network some seconds before a break's first picture, one back before the first picture behind it.
// A break that was announced and does not come is cancelled. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "plugins/cable/play/schedule.hpp"
#include "plugins/cable/ts/cue.hpp"
#include "plugins/cable/ts/cue_inserter.hpp"

namespace civicast::cable {

/// Where a plan frame will stand in the signal, as things are now.
struct SplicePoint {
  std::int64_t pts = 0;   ///< as sent, 33 bits
  std::int64_t turn = 0;  ///< position of the packet with which it begins
  CueWindow window;       ///< for a cue that announces it
};

class BreakCues {
 public:
  using PointOf = std::function<SplicePoint(std::int64_t plan_frame)>;

  /// `is_continuation`: what is too late to be announced was announced by an earlier sender.
  BreakCues(CueInserter &cues, const Schedule &schedule, bool is_continuation)
      : cues_(cues), schedule_(schedule), is_continuation_(is_continuation) {}

  /// Some times a second. `written`: position of the next packet.
  void look(std::int64_t plan_frame, std::int64_t written, const PointOf &point_of);

  /// A break that has not begun; plan frames.
  struct Ahead {
    std::string id;
    std::int64_t start = 0, end = 0;
    bool is_announced = false;
  };
  static constexpr std::size_t kMostAhead = 5;
  /// The next ones, as look() has found them last.
  const std::vector<Ahead> &ahead() const { return next_; }

 private:
  struct Break {
    std::string id;
    std::int64_t start = 0, end = 0;  ///< plan frames
  };
  struct Announced {
    std::uint32_t event = 0;
    std::int64_t start = 0, end = 0, pts = 0;
    bool is_return_told = false;
  };
  std::vector<Break> breaks(std::int64_t plan_frame) const;
  void announce(const Break &next, const SplicePoint &point, std::int64_t written);
  void announce_return(Announced &known, const Break &next, const SplicePoint &point,
                       std::int64_t written);
  void cancel(const Announced &known, std::int64_t written, std::int64_t turn);
  void remember(const std::vector<Break> &ahead, std::int64_t plan_frame);
  void insert(const Cue &cue, const CueWindow &window, std::int64_t written);

  CueInserter &cues_;
  const Schedule &schedule_;
  bool is_continuation_;
  std::map<std::string, Announced> announced_;  ///< by break
  std::vector<Ahead> next_;
};

}  // namespace civicast::cable
