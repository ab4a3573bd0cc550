// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/format/gate.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "plugins/cable/format/demux.hpp"
#include "plugins/cable/format/picture_check.hpp"
#include "plugins/cable/format/rate_check.hpp"
#include "plugins/cable/format/units.hpp"
#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

constexpr std::size_t kKnownClips = 4096;

using formats::HouseFormat;

/// One walk through a file.
class Inspection {
 public:
  explicit Inspection(const HouseFormat &house)
      : house_(house), ticks_(house.sound_ticks()), rate_(house) {}

  void picture(const Unit &unit) {
    if (frames_ == 0) {
      origin_ = unit.pts;
      check_picture(house_.video, *unit.packet);
    }
    check_time(unit);
    check_structure(opening_of(house_.video.codec, unit.packet->data,
                               static_cast<std::size_t>(unit.packet->size)));
    if (!rate_.add(unit.packet->size)) throw too_fat(at());
    ++frames_;
  }

  void sound(const Unit &unit) {
    if (sounds_ == 0) first_sound_ = unit.pts;
    if (unit.pts != first_sound_ + sounds_ * ticks_)
      throw Flaw("media.sound_gap", "声音时间戳不连续。 · The sound has a gap in its times.",
                 "sound frame " + std::to_string(sounds_));
    ++sounds_;
  }

  std::int64_t end() const {
    if (frames_ == 0) throw Flaw("media.empty", "文件里没有画面。 · There is no picture in it.");
    if (sounds_ == 0) throw Flaw("media.silent", "文件里没有声音。 · There is no sound in it.");
    if (std::abs(first_sound_ - origin_) > ticks_ / 2)
      throw Flaw("media.sound_offset",
                 "声音与画面不同时开始。 · Sound and picture do not begin together.",
                 std::to_string(first_sound_ - origin_) + " ticks");
    const std::int64_t missing = frames_ * kVideoTicks - sounds_ * ticks_;
    if (std::abs(missing) > 2 * ticks_)
      throw Flaw("media.sound_length",
                 "声音与画面不一样长。 · Sound and picture are not equally long.",
                 std::to_string(missing) + " ticks");
    if (!rate_.may_end()) throw too_fat("at its end");
    return frames_;
  }

 private:
  std::string at() const { return "picture " + std::to_string(frames_); }
  Flaw too_fat(const std::string &where) const {
    return {"media.rate_too_high",
            "码率超出频道容量。 · Its bit rate does not fit into the channel's signal.",
            where + ", behind by " + std::to_string(rate_.lag_us()) + " us"};
  }

  void check_time(const Unit &unit) const {
    if (unit.pts != unit.dts)
      throw Flaw("media.reordered",
                 "画面有重排（B 帧），不能逐帧剪切。 · Its pictures are reordered (B frames), so "
                 "it cannot be cut at every picture.",
                 at());
    if (unit.pts != origin_ + frames_ * kVideoTicks)
      throw Flaw("media.gap", "画面时间戳不连续。 · The pictures have a gap in their times.", at());
  }

  void check_structure(const Opening &opening) const {
    const bool is_gop_start = frames_ % house_.video.gop_pictures == 0;
    const std::string group = std::to_string(house_.video.gop_pictures);
    if (opening.is_entry != is_gop_start || opening.has_parameters < is_gop_start)
      throw Flaw("media.gop",
                 "画面组不是固定的 " + group +
                     " 帧（封闭，IDR 开头，带参数集）。 · Its groups of pictures are not " + group +
                     " long, closed, and each opened by an IDR picture with parameter sets.",
                 at());
    if (!opening.has_delimiter)
      throw Flaw("media.delimiter",
                 "缺少存取单元分隔符（AUD）。 · Its pictures have no access unit delimiter.", at());
  }

  const HouseFormat &house_;
  std::int64_t ticks_;  ///< of one sound frame
  std::int64_t origin_ = 0, frames_ = 0;
  std::int64_t first_sound_ = 0, sounds_ = 0;
  RateCheck rate_;
};

std::int64_t walk(const std::string &path, const HouseFormat &house) {
  Demux demux(path, house);
  check_codecs(house, demux.video(), demux.audio());
  Inspection inspection(house);
  while (const Unit unit = demux.next()) {
    if (unit.is_video)
      inspection.picture(unit);
    else
      inspection.sound(unit);
  }
  return inspection.end();
}

}  // namespace

Gate::Answer Gate::inspect(const std::string &path, const std::string &sha256) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode))
    throw Flaw("media.missing", "找不到成品文件。 · The house file is missing.", path);
  Answer answer{0, info.st_size, info.st_mtim.tv_sec * 1'000'000'000 + info.st_mtim.tv_nsec};
  const auto at = known_.find(path);
  if (at != known_.end() && at->second.sha256 == sha256 &&
      at->second.answer.size_bytes == answer.size_bytes &&
      at->second.answer.changed_ns == answer.changed_ns)
    return at->second.answer;
  try {
    answer.frames = walk(path, house_);
  } catch (const Flaw &) {
    throw;
  } catch (const std::runtime_error &e) {
    throw Flaw("media.damaged", "成品文件已损坏。 · The house file is damaged.", e.what());
  }
  if (known_.size() >= kKnownClips) known_.clear();
  known_[path] = {sha256, answer};
  return answer;
}

}  // namespace civicast::cable
