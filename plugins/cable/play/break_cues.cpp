// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/play/break_cues.hpp"

#include <algorithm>

#include "plugins/cable/ts/crc32.hpp"
#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

constexpr std::int64_t kAheadFrames = 250;  // 10 s: the window opens 8 s before
/// What is planned behind that tells how long a break is.
constexpr std::int64_t kPlannedFrames = kAheadFrames + 25 * 600;

/// The same for every sender and after every restart; of another start another one.
std::uint32_t event_of(const std::string &id, std::int64_t start) {
  const std::string name = id + "@" + std::to_string(start);
  return crc32_of({reinterpret_cast<const std::uint8_t *>(name.data()), name.size()}) & 0x7FFF'FFFF;
}

}  // namespace

/// Placements of one break that follow each other without a gap.
std::vector<BreakCues::Break> BreakCues::breaks(std::int64_t plan_frame) const {
  std::vector<Break> found;
  for (const ItemPtr &item : schedule_.placements_until(plan_frame + kPlannedFrames)) {
    const std::string &id = item->break_id.empty() ? item->id : item->break_id;
    Break *last = found.empty() ? nullptr : &found.back();
    if (last && last->id == id && last->end == item->start_frame())
      last->end = item->end_frame();
    else
      found.push_back({id, item->start_frame(), item->end_frame()});
  }
  return found;
}

void BreakCues::insert(const Cue &cue, const CueWindow &window, std::int64_t written) {
  if (is_continuation_ && window.last < written) return;
  cues_.insert(cue, window);
}

void BreakCues::announce(const Break &next, const SplicePoint &point, std::int64_t written) {
  Announced known{event_of(next.id, next.start), next.start, next.end, point.pts};
  Cue cue;
  cue.event_id = known.event;
  cue.pts = point.pts;
  cue.duration_ticks = (next.end - next.start) * kVideoTicks;
  insert(cue, point.window, written);
  announced_[next.id] = known;
}

void BreakCues::announce_return(Announced &known, const Break &next, const SplicePoint &point,
                                std::int64_t written) {
  Cue cue;
  cue.event_id = known.event;
  cue.is_out = false;
  cue.pts = point.pts;
  insert(cue, point.window, written);
  known.end = next.end;
  known.is_return_told = true;
}

void BreakCues::cancel(const Announced &known, std::int64_t written, std::int64_t turn) {
  Cue cue;
  cue.event_id = known.event;
  cue.is_cancel = true;
  insert(cue, {written, std::max(written, turn)}, written);
}

void BreakCues::look(std::int64_t plan_frame, std::int64_t written, const PointOf &point_of) {
  const std::vector<Break> ahead = breaks(plan_frame);
  std::erase_if(announced_, [&](const auto &pair) {
    const Announced &known = pair.second;
    if (known.end <= plan_frame) return true;
    if (known.start <= plan_frame) return false;
    const SplicePoint point = point_of(known.start);
    const bool still_comes = std::any_of(ahead.begin(), ahead.end(), [&](const Break &each) {
      return each.id == pair.first && each.start == known.start && point.pts == known.pts;
    });
    // Taken back, or the plan has jumped: then it stands elsewhere in the signal.
    if (!still_comes) cancel(known, written, point.turn);
    return !still_comes;
  });
  for (const Break &each : ahead) {
    auto known = announced_.find(each.id);
    const bool is_near = each.start - plan_frame <= kAheadFrames;
    if (known == announced_.end() && is_near && each.start > plan_frame) {
      announce(each, point_of(each.start), written);
      known = announced_.find(each.id);
    }
    if (known == announced_.end() || each.end - plan_frame > kAheadFrames) continue;
    if (!known->second.is_return_told)
      announce_return(known->second, each, point_of(each.end), written);
  }
  is_continuation_ = false;
  remember(ahead, plan_frame);
}

void BreakCues::remember(const std::vector<Break> &ahead, std::int64_t plan_frame) {
  next_.clear();
  for (const Break &each : ahead) {
    if (each.start <= plan_frame) continue;
    if (next_.size() == kMostAhead) return;
    next_.push_back({each.id, each.start, each.end, announced_.count(each.id) > 0});
  }
}

}  // namespace civicast::cable
