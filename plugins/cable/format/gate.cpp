// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/format/gate.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "plugins/cable/format/codec_ids.hpp"
#include "plugins/cable/format/units.hpp"
#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

constexpr std::int64_t kTablesRate = 68'000;  ///< bit/s: PSI, PCR, and what packets cost the sound
constexpr std::int64_t kMaxLagUs = 600'000;   ///< of the muxer's delay of 700 ms
constexpr std::int64_t kMaxEndLagUs = 120'000;  ///< what a clip may leave to the next one
constexpr std::int64_t kPesHeaderBytes = 22;
constexpr std::size_t kKnownClips = 4096;

using formats::HouseFormat;

bool is_codec(formats::SoundCodec codec, AVCodecID id) {
  // libavformat names Layers II and III by one type.
  return id == codec_id_of(codec) || (codec == formats::SoundCodec::mp2 && id == AV_CODEC_ID_MP3);
}

/// The first picture as a decoder shows it. Throws Flaw when it cannot be decoded alone.
FramePtr first_picture(const formats::Video &video, const AVPacket &packet) {
  const AVCodec *codec = avcodec_find_decoder(codec_id_of(video.codec));
  const CodecPtr context(avcodec_alloc_context3(codec));
  FramePtr frame(av_frame_alloc());
  if (!context || !frame) throw std::bad_alloc();
  context->thread_count = 1;
  av_must(avcodec_open2(context.get(), codec, nullptr), "decoder");
  if (avcodec_send_packet(context.get(), &packet) < 0 ||
      avcodec_send_packet(context.get(), nullptr) < 0 ||
      avcodec_receive_frame(context.get(), frame.get()) < 0)
    throw Flaw("media.undecodable",
               "第一帧画面无法单独解码。 · The first picture cannot be decoded by itself.");
  return frame;
}

std::string shape_of(int width, int height, bool is_interlaced) {
  return std::to_string(width) + "×" + std::to_string(height) + (is_interlaced ? "i" : "p");
}

void check_picture_format(const formats::Video &video, const AVPacket &first) {
  const FramePtr frame = first_picture(video, first);
  const std::string wanted = shape_of(video.width, video.height, video.is_interlaced());
  const std::string found = shape_of(frame->width, frame->height, frame->interlaced_frame);
  if (found != wanted)
    throw Flaw("media.size", "画面不是 " + wanted + "。 · The picture is not " + wanted + ".",
               found);
  const bool is_top_first = video.scan == formats::Scan::top_first;
  if (video.is_interlaced() && (frame->top_field_first != 0) != is_top_first)
    throw Flaw("media.field_order", "场序与频道不符。 · Its fields are not in the channel's order.",
               is_top_first ? "bottom first" : "top first");
}

/// One walk through a file.
class Inspection {
 public:
  explicit Inspection(const HouseFormat &house)
      : house_(house),
        ticks_(house.sound_ticks()),
        video_rate_(house.rate_bits_per_s - house.sound.bits_per_s - kTablesRate) {}

  void picture(const Unit &unit) {
    if (frames_ == 0) {
      origin_ = unit.pts;
      check_picture_format(house_.video, *unit.packet);
    }
    check_time(unit);
    check_structure(opening_of(house_.video.codec, unit.packet->data,
                               static_cast<std::size_t>(unit.packet->size)));
    check_rate(unit.packet->size);
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
    if (lag_us_ > kMaxEndLagUs) throw too_fat("at its end");
    return frames_;
  }

 private:
  std::string at() const { return "picture " + std::to_string(frames_); }
  Flaw too_fat(const std::string &where) const {
    return {"media.rate_too_high",
            "码率超出频道容量。 · Its bit rate does not fit into the channel's signal.",
            where + ", behind by " + std::to_string(lag_us_) + " us"};
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

  /// How far the muxer's bytes lie behind the pictures' turns.
  void check_rate(int bytes) {
    const std::int64_t packets = ceil_div(bytes + kPesHeaderBytes, kPacketBytes - 4);
    lag_us_ = std::max<std::int64_t>(0, lag_us_ - kFrameNs / 1000);
    lag_us_ += packets * kPacketBytes * 8 * 1'000'000 / video_rate_;
    if (lag_us_ > kMaxLagUs) throw too_fat(at());
  }

  const HouseFormat &house_;
  std::int64_t ticks_;  ///< of one sound frame
  std::int64_t video_rate_;
  std::int64_t origin_ = 0, frames_ = 0;
  std::int64_t first_sound_ = 0, sounds_ = 0;
  std::int64_t lag_us_ = 0;
};

std::int64_t walk(const std::string &path, const HouseFormat &house) {
  Demux demux(path, house);
  const std::string video = formats::name_of(house.video.codec);
  const std::string sound = formats::name_of(house.sound.codec);
  if (!demux.video() || demux.video()->codec_id != codec_id_of(house.video.codec))
    throw Flaw("media.picture_codec",
               "画面编码不是 " + video + "。 · The picture is not " + video + ".");
  if (!demux.audio() || !is_codec(house.sound.codec, demux.audio()->codec_id))
    throw Flaw("media.sound_codec",
               "声音编码不是 " + sound + "。 · The sound is not " + sound + ".");
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

std::int64_t Gate::inspect(const std::string &path, const std::string &sha256) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode))
    throw Flaw("media.missing", "找不到成品文件。 · The house file is missing.", path);
  const std::int64_t changed_ns = info.st_mtim.tv_sec * 1'000'000'000 + info.st_mtim.tv_nsec;
  const auto at = known_.find(path);
  if (at != known_.end() && at->second.sha256 == sha256 && at->second.size_bytes == info.st_size &&
      at->second.changed_ns == changed_ns)
    return at->second.frames;
  std::int64_t frames = 0;
  try {
    frames = walk(path, house_);
  } catch (const Flaw &) {
    throw;
  } catch (const std::runtime_error &e) {
    throw Flaw("media.damaged", "成品文件已损坏。 · The house file is damaged.", e.what());
  }
  if (known_.size() >= kKnownClips) known_.clear();
  known_[path] = {sha256, info.st_size, changed_ns, frames};
  return frames;
}

}  // namespace civicast::cable
