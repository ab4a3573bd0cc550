// SPDX-License-Identifier: Apache-2.0
// The composer: which picture and which sound go out as the next frame. One thread.
//
// The ladder of what is shown: the item that the schedule names; where its live input does not
// come, its file; where that is missing, ends early or is damaged, the item that it lies upon (a
// programme, a filler); where there is none, the filler that was good last; and in the end the
// slate, which is in memory and cannot fail.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "plugins/cable/book/journal.hpp"
#include "plugins/cable/format/clip.hpp"
#include "plugins/cable/format/live.hpp"
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
  CheckCounters before;       ///< the self check's at its first packet
  std::int64_t last_end = 0;  ///< ring position behind its last picture so far
  /// Entered in the middle it begins with a group of pictures, so many frames before the one that
  /// was planned.
  std::int64_t shift = 0;
  std::int64_t retry_frame = 0;  ///< its file failed: tried again at this out frame
};
using RunPtr = std::shared_ptr<Run>;

class Composer {
 public:
  Composer(const formats::HouseFormat &house, Schedule &schedule, const Slate &slate)
      : house_(house), schedule_(schedule), slate_(slate) {}

  /// What an earlier sender had on air and left open.
  struct Left {
    ItemPtr item;
    Progress progress;
    int slot = -1;
    /// Left at a frame, it goes on with the very next one; else that sender was killed, and what is
    /// shown from now on joins.
    bool is_exact = false;
    std::int64_t shift = 0;
  };
  void resume(const Left &left);

  enum class Shown { item, standby, slate };
  struct Picture {
    const AVPacket *packet = nullptr;  ///< valid until the next call
    RunPtr run;                        ///< of an item; else null
    Shown shown = Shown::slate;
  };
  /// The picture of the session's frame `out_frame`, planned for `plan_frame`.
  Picture picture(std::int64_t out_frame, std::int64_t plan_frame);
  /// The session's sound frame `audio_frame`, which goes with the picture given last.
  const AVPacket &sound(std::int64_t audio_frame);

  /// The runs whose time was over when the last picture was asked for. Empties the list.
  std::vector<RunPtr> ended() { return std::exchange(ended_, {}); }
  /// An item that never came on air and no longer can.
  struct Expired {
    ItemPtr item;
    bool is_preempted = false;  ///< a bulletin stood in its place
  };
  std::vector<Expired> expired() { return std::exchange(expired_, {}); }
  const std::vector<RunPtr> &open_runs() const { return runs_; }

  /// [playout] By URL.
  std::map<std::string, LiveInput::State> live_states() const;
  bool has_live() const { return !live_.empty(); }

 private:
  RunPtr run_of(const ItemPtr &item, std::int64_t plan_frame);
  void close_over(std::int64_t plan_frame);
  bool show_item(const ItemPtr &item, std::int64_t out_frame, std::int64_t plan_frame,
                 Picture &picture);
  bool show_live(const ItemPtr &item, std::int64_t out_frame, std::int64_t plan_frame,
                 Picture &picture);
  bool show_standby(std::int64_t out_frame, Picture &picture);
  void show_slate(std::int64_t out_frame, Picture &picture);
  std::unique_ptr<Clip> open(const Item &item, std::int64_t frame) const;
  const AVPacket *from_clip(Run &run, std::int64_t plan_frame);
  bool enter(Run &run, std::int64_t position);
  bool resume_clip(Run &run, std::int64_t position);
  void prepare(std::int64_t plan_frame);
  void prepare_live(const std::vector<ItemPtr> &coming);

  const formats::HouseFormat &house_;
  Schedule &schedule_;
  const Slate &slate_;
  std::vector<RunPtr> runs_, ended_;
  std::vector<Expired> expired_;
  std::map<std::string, std::unique_ptr<Clip>> prepared_;
  std::unique_ptr<Clip> clip_;
  std::map<std::string, std::unique_ptr<LiveInput>> live_;  ///< by URL
  std::vector<std::unique_ptr<LiveInput>> closing_;
  LiveInput *live_on_air_ = nullptr;  ///< the last picture was its
  Source *source_ = nullptr;          ///< of the last picture; null: the slate
  std::string clip_owner_;            ///< the id of the item that clip_ was opened for
  Shown shown_ = Shown::slate;
  bool is_bulletin_ = false;      ///< the last picture was a bulletin's
  std::int64_t clip_origin_ = 0;  ///< the out frame at which the clip's frame 0 stands
  std::int64_t slate_origin_ = 0;
  ItemPtr standby_item_;  ///< the filler that was good last
  std::unique_ptr<Clip> standby_;
  std::int64_t standby_retry_frame_ = 0;
};

}  // namespace civicast::cable
