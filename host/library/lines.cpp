// SPDX-License-Identifier: Apache-2.0
#include "host/library/lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "host/library/decode.hpp"

namespace civicast::library {
namespace {

constexpr int pictures_looked_at = 100;
// Nobody has made interlaced pictures with more lines.
constexpr int most_lines = 1152;
constexpr int least_votes = 8;

/// Codecs whose every frame says how it was coded: to be believed before the container.
bool says_itself(AVCodecID codec) {
  switch (codec) {
    case AV_CODEC_ID_MPEG1VIDEO:
    case AV_CODEC_ID_MPEG2VIDEO:
    case AV_CODEC_ID_H264:
    case AV_CODEC_ID_VC1:
    case AV_CODEC_ID_DVVIDEO:
      return true;
    default:
      return false;
  }
}

/// The first letter is the field that is stored first, the second the one that is shown first.
std::optional<Lines> declared(AVFieldOrder order) {
  switch (order) {
    case AV_FIELD_PROGRESSIVE:
      return Lines::as_frames_say;
    case AV_FIELD_TT:
    case AV_FIELD_BT:
      return Lines::top_first;
    case AV_FIELD_BB:
    case AV_FIELD_TB:
      return Lines::bottom_first;
    case AV_FIELD_UNKNOWN:
      break;
  }
  return std::nullopt;
}

/// libavfilter's judge of fields and its votes so far.
class Jury {
 public:
  explicit Jury(const AVFrame &sample)
      : width_(sample.width), height_(sample.height), format_(sample.format) {
    graph_ = av::graph(
        fmt::format("buffer@in=video_size={}x{}:pix_fmt={}:time_base=1/1000000:pixel_aspect=1/1,"
                    "idet,buffersink@out",
                    width_, height_, format_));
    in_ = av::end_of(graph_, "buffer@in");
    out_ = av::end_of(graph_, "buffersink@out");
  }

  bool can_see(const AVFrame &frame) const {
    return frame.width == width_ && frame.height == height_ && frame.format == format_;
  }

  void look(AVFrame &frame) {
    frame.pts = seen_++;
    av::must(av_buffersrc_add_frame_flags(in_, &frame, AV_BUFFERSRC_FLAG_KEEP_REF), "idet");
    for (bool again = false; av::take(out_, *judged_, again);) {
      tops_ = votes("tff");
      bottoms_ = votes("bff");
      wholes_ = votes("progressive");
    }
  }

  Lines verdict() const {
    const long fields = std::max(tops_, bottoms_);
    if (fields < least_votes || fields <= 2 * (wholes_ + std::min(tops_, bottoms_)))
      return Lines::as_frames_say;
    return tops_ > bottoms_ ? Lines::top_first : Lines::bottom_first;
  }

 private:
  long votes(const std::string &kind) const {
    const AVDictionaryEntry *entry =
        av_dict_get(judged_->metadata, ("lavfi.idet.multiple." + kind).c_str(), nullptr, 0);
    return entry == nullptr ? 0 : std::lround(std::atof(entry->value));
  }

  int width_, height_, format_;
  av::Graph graph_;
  AVFilterContext *in_ = nullptr;
  AVFilterContext *out_ = nullptr;
  av::Frame judged_ = av::new_frame();
  std::int64_t seen_ = 0;
  long tops_ = 0, bottoms_ = 0, wholes_ = 0;
};

Lines looked_at(Decoded &decoded) {
  const av::Frame frame = av::new_frame();
  std::optional<Jury> jury;
  for (int n = 0; n < pictures_looked_at && decoded.next(*frame); ++n) {
    if (frame->interlaced_frame != 0) return Lines::as_frames_say;
    if (!jury) jury.emplace(*frame);
    if (!jury->can_see(*frame)) break;
    jury->look(*frame);
  }
  return jury ? jury->verdict() : Lines::as_frames_say;
}

}  // namespace

Result<Lines> find_lines(const std::filesystem::path &file, const std::string &shown,
                         const Media &media) {
  auto decoded = Decoded::open(file, shown, media.video);
  if (!decoded) return std::move(decoded).fault();
  const AVCodecParameters &codec = *(*decoded)->stream().codecpar;
  if (codec.height > most_lines) return Lines::as_frames_say;
  const auto said = declared(codec.field_order);
  if (said && says_itself(codec.codec_id)) return Lines::as_frames_say;
  if (said) return *said;
  return looked_at(**decoded);
}

void tell_lines(AVFrame &frame, Lines lines) {
  if (lines == Lines::as_frames_say) return;
  frame.interlaced_frame = 1;
  frame.top_field_first = lines == Lines::top_first;
}

}  // namespace civicast::library
