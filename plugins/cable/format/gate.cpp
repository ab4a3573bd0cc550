// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/format/gate.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

constexpr std::int64_t kSoundAndTablesRate = 260'000;  ///< bit/s: Layer II in its packets, PSI, PCR
constexpr std::int64_t kMaxLagUs = 600'000;            ///< of the muxer's delay of 700 ms
constexpr std::int64_t kMaxEndLagUs = 120'000;         ///< what a clip may leave to the next one
constexpr std::int64_t kPesHeaderBytes = 22;
constexpr std::size_t kKnownClips = 4096;

/// What an H.264 access unit begins with (ITU-T H.264 §7.4.1.2.3).
struct Opening {
  bool has_delimiter = false, has_parameters = false, is_idr = false;
};

Opening opening_of(const AVPacket &packet) {
  Opening found;
  const std::uint8_t *bytes = packet.data;
  bool is_first = true;
  for (int i = 0; i + 3 < packet.size; ++i) {
    if (bytes[i] != 0 || bytes[i + 1] != 0 || bytes[i + 2] != 1) continue;
    const int type = bytes[i + 3] & 0x1F;
    if (is_first) found.has_delimiter = type == 9;
    is_first = false;
    if (type == 7) found.has_parameters = true;
    if (type == 5) found.is_idr = true;
    if (type == 5 || type == 1) break;  // the picture itself
    i += 3;
  }
  return found;
}

void check_picture_format(const AVPacket &first) {
  const AVCodec *codec = avcodec_find_decoder(AV_CODEC_ID_H264);
  const CodecPtr context(avcodec_alloc_context3(codec));
  const ParserPtr parser(av_parser_init(AV_CODEC_ID_H264));
  if (!context || !parser) throw std::bad_alloc();
  parser->flags |= PARSER_FLAG_COMPLETE_FRAMES;
  std::uint8_t *out = nullptr;
  int out_size = 0;
  av_parser_parse2(parser.get(), context.get(), &out, &out_size, first.data, first.size, 0, 0, 0);
  const std::string size = std::to_string(parser->width) + "×" + std::to_string(parser->height);
  if (parser->width != 1280 || parser->height != 720)
    throw Flaw("media.size", "画面不是 1280×720。 · The picture is not 1280×720.", size);
}

/// One walk through a file.
class Inspection {
 public:
  explicit Inspection(std::int64_t rate) : video_rate_(rate - kSoundAndTablesRate) {}

  void picture(const Unit &unit) {
    if (frames_ == 0) {
      origin_ = unit.pts;
      check_picture_format(*unit.packet);
    }
    check_time(unit);
    check_structure(opening_of(*unit.packet));
    check_rate(unit.packet->size);
    ++frames_;
  }

  void sound(const Unit &unit) {
    if (sounds_ == 0) first_sound_ = unit.pts;
    if (unit.pts != first_sound_ + sounds_ * kAudioTicks)
      throw Flaw("media.sound_gap", "声音时间戳不连续。 · The sound has a gap in its times.",
                 "sound frame " + std::to_string(sounds_));
    ++sounds_;
  }

  std::int64_t end() const {
    if (frames_ == 0) throw Flaw("media.empty", "文件里没有画面。 · There is no picture in it.");
    if (sounds_ == 0) throw Flaw("media.silent", "文件里没有声音。 · There is no sound in it.");
    if (std::abs(first_sound_ - origin_) > kAudioTicks / 2)
      throw Flaw("media.sound_offset",
                 "声音与画面不同时开始。 · Sound and picture do not begin together.",
                 std::to_string(first_sound_ - origin_) + " ticks");
    const std::int64_t missing = frames_ * kVideoTicks - sounds_ * kAudioTicks;
    if (std::abs(missing) > 2 * kAudioTicks)
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
    const bool is_gop_start = frames_ % kGopFrames == 0;
    if (opening.is_idr != is_gop_start || opening.has_parameters < is_gop_start)
      throw Flaw("media.gop",
                 "画面组不是固定的 25 帧（IDR 开头，带参数集）。 · Its groups of pictures are not "
                 "25 long, each opened by an IDR picture with parameter sets.",
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

  std::int64_t video_rate_;
  std::int64_t origin_ = 0, frames_ = 0;
  std::int64_t first_sound_ = 0, sounds_ = 0;
  std::int64_t lag_us_ = 0;
};

std::int64_t walk(const std::string &path, std::int64_t rate) {
  Demux demux(path);
  if (!demux.video() || demux.video()->codec_id != AV_CODEC_ID_H264)
    throw Flaw("media.picture_codec", "画面不是 H.264。 · The picture is not H.264.");
  const AVCodecID sound = demux.audio() ? demux.audio()->codec_id : AV_CODEC_ID_NONE;
  if (sound != AV_CODEC_ID_MP2 && sound != AV_CODEC_ID_MP3)  // libavformat names both by one type
    throw Flaw("media.sound_codec",
               "声音不是 MPEG-1 Layer II。 · The sound is not MPEG-1 Layer II.");
  Inspection inspection(rate);
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
    frames = walk(path, rate_);
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
