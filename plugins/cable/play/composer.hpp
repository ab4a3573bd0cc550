// SPDX-License-Identifier: Apache-2.0
// The composer: which picture and which sound go out as the next frame. One thread.
//
// The ladder of what is shown: the item that the schedule names; when its file is missing, ends
// early or is damaged, or when there is no item, the slate, which cannot fail.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plugins/cable/book/journal.hpp"
#include "plugins/cable/format/clip.hpp"
#include "plugins/cable/format/slate.hpp"
#include "plugins/cable/play/schedule.hpp"

namespace civicast::cable {

/// An item's time on air.
struct Run {
  ItemPtr item;
  Progress progress;
  int slot = -1;              ///< in the journal
  bool is_started = false;    ///< its first packet has left
  bool is_resumed = false;    ///< its next picture follows the last one of another sender
  std::int64_t last_end = 0;  ///< ring position behind its last picture so far
};
using RunPtr = std::shared_ptr<Run>;

class Composer {
 public:
  Composer(const formats::HouseFormat &house, Schedule &schedule, const Slate &slate)
      : house_(house), schedule_(schedule), slate_(slate) {}

  /// What an earlier sender had on air and left open. `is_exact`: it was left at a frame, and goes
  /// on with the very next one; else it was killed, and what is shown of it from now on joins.
  void resume(const ItemPtr &item, const Progress &progress, int slot, bool is_exact);

  struct Picture {
    const AVPacket *packet = nullptr;  ///< valid until the next call
    RunPtr run;                        ///< null: the slate
  };
  /// The picture of the session's frame `out_frame`, planned for `plan_frame`.
  Picture picture(std::int64_t out_frame, std::int64_t plan_frame);
  /// The session's sound frame `audio_frame`, which goes with the picture given last.
  const AVPacket &sound(std::int64_t audio_frame);

  /// The runs whose time was over when the last picture was asked for. Empties the list.
  std::vector<RunPtr> ended() { return std::exchange(ended_, {}); }
  /// The items that never came on air and no longer can. Empties the list.
  std::vector<ItemPtr> expired() { return std::exchange(expired_, {}); }
  const std::vector<RunPtr> &open_runs() const { return runs_; }

 private:
  RunPtr run_of(const ItemPtr &item, std::int64_t plan_frame);
  const AVPacket *from_clip(Run &run, std::int64_t position);
  bool enter(Run &run, std::int64_t position);
  bool resume_clip(Run &run, std::int64_t position);
  void prepare(std::int64_t plan_frame);

  const formats::HouseFormat &house_;
  Schedule &schedule_;
  const Slate &slate_;
  std::vector<RunPtr> runs_, ended_;
  std::vector<ItemPtr> expired_;
  std::map<std::string, std::unique_ptr<Clip>> prepared_;
  std::unique_ptr<Clip> clip_;
  std::string clip_owner_;     ///< the id of the item that clip_ was opened for
  bool is_from_clip_ = false;  ///< the last picture
  bool was_slate_ = false;
  std::int64_t clip_origin_ = 0;  ///< the out frame at which the clip's frame 0 stands
  std::int64_t slate_origin_ = 0;
};

}  // namespace civicast::cable
