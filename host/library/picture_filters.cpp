// SPDX-License-Identifier: Apache-2.0
#include "host/library/picture_filters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "host/library/house.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::library {
namespace {

/// EXIF's orientations as filters; from 5 on width and height change places.
constexpr std::array<const char *, 9> turns = {"",
                                               "",
                                               "hflip,",
                                               "hflip,vflip,",
                                               "vflip,",
                                               "transpose=cclock_flip,",
                                               "transpose=clock,",
                                               "transpose=clock_flip,",
                                               "transpose=cclock,"};
// Above 33 a second two pictures come as the fields of one; film and 30 a second stay whole.
constexpr std::int64_t fast_frame_ns = 30 * ns_per_ms;
constexpr int fields_per_s = 2 * house_fps;
// 702 to 720 samples of a line of standard definition are held to be the whole line.
constexpr double line_slack = 0.97;

int even(double size, int limit, int step) {
  return std::clamp(static_cast<int>(std::lround(size / step)) * step, step, limit);
}

/// What the file does not say follows the custom of the trade: HD is BT.709, SD is BT.601.
const char *matrix_of(const AVFrame &frame) {
  if (frame.colorspace == AVCOL_SPC_BT709) return "bt709";
  if (frame.colorspace == AVCOL_SPC_BT2020_NCL || frame.colorspace == AVCOL_SPC_BT2020_CL)
    return "bt2020";
  if (frame.colorspace == AVCOL_SPC_UNSPECIFIED)
    return std::max(frame.width, frame.height) > 1024 ? "bt709" : "bt601";
  return "bt601";
}

bool is_near_house_rate(const Cadence &cadence) {
  return std::abs(cadence.source_frame_ns - formats::picture_ns) < ns_per_ms;
}

std::string rate_text(int rate, const Cadence &cadence) {
  return fmt::format("fps={}:start_time={:.3f},", rate,
                     static_cast<double>(cadence.first_picture) / house_fps);
}

std::string scale_text(const AVFrame &sample, int orientation, const Box &box,
                       const formats::Video &format, bool by_fields) {
  const bool is_turned = orientation > 4;
  return fmt::format(
      "scale={}:{}:flags=bicubic+accurate_rnd+full_chroma_int:in_color_matrix={}"
      ":out_color_matrix={}:out_range=tv{},format=yuv420p,",
      is_turned ? box.height : box.width, is_turned ? box.width : box.height, matrix_of(sample),
      format.colour == formats::Colour::bt709 ? "bt709" : "bt601", by_fields ? ":interl=1" : "");
}

/// Along lines only: fields must not be mixed.
std::string soften_text(const Cadence &cadence) {
  return cadence.softness > 0 ? fmt::format("gblur=sigma={:.2f}:sigmaV=0.01,", cadence.softness)
                              : "";
}

std::string place_text(int orientation, const Box &box, const formats::Video &format) {
  return fmt::format("{}setsar={}/{},pad={}:{}:{}:{}:black,",
                     turns[static_cast<std::size_t>(orientation)], format.pixel_width,
                     format.pixel_height, format.width, format.height, box.x, box.y);
}

/// Fifty whole pictures a second become fields. Lines are smoothed against their neighbours unless
/// the source had no finer ones: a line that stands in one field only would flicker.
std::string weave_text(const AVFrame &sample, const Box &box, const formats::Video &format,
                       Treatment how) {
  const bool is_fine = how == Treatment::fields_of_fast || box.height < sample.height;
  return fmt::format("tinterlace=mode=interleave_{}{},",
                     format.scan == formats::Scan::top_first ? "top" : "bottom",
                     is_fine ? ":flags=vlpf" : "");
}

}  // namespace

Box fit(int width, int height, AVRational pixel_aspect, const formats::Video &format) {
  const double stretch = pixel_aspect.num > 0 && pixel_aspect.den > 0 ? av_q2d(pixel_aspect) : 1.0;
  const double house_stretch = double(format.pixel_width) / format.pixel_height;
  const double shown_width = width * stretch / house_stretch;
  double factor = std::min(format.width / shown_width, format.height / double(height));
  const int step = format.is_interlaced() ? 4 : 2;
  if (format.is_interlaced() && height == format.height && factor > line_slack) factor = 1;
  Box box;
  box.width = even(shown_width * factor, format.width, 2);
  box.height = even(height * factor, format.height, step);
  box.x = (format.width - box.width) / 4 * 2;
  box.y = (format.height - box.height) / (2 * step) * step;
  return box;
}

Treatment treatment(const AVFrame &sample, int orientation, const Cadence &cadence, const Box &box,
                    const formats::Video &format) {
  const bool has_fields = sample.interlaced_frame != 0;
  if (!format.is_interlaced()) return has_fields ? Treatment::deinterlaced : Treatment::whole;
  if (!cadence.is_moving) return has_fields ? Treatment::deinterlaced : Treatment::whole;
  if (!has_fields)
    return cadence.source_frame_ns < fast_frame_ns ? Treatment::fields_of_fast : Treatment::whole;
  const bool is_upright = orientation <= 2;
  const bool keeps_lines = is_upright && sample.height == box.height;
  return keeps_lines && is_near_house_rate(cadence) ? Treatment::fields_kept
                                                    : Treatment::fields_remade;
}

std::string picture_filters(const AVFrame &sample, int orientation, const Cadence &cadence,
                            const Box &box, const formats::Video &format) {
  const AVRational aspect = sample.sample_aspect_ratio;
  const Treatment how = treatment(sample, orientation, cadence, box, format);
  std::string text =
      fmt::format("buffer@in=video_size={}x{}:pix_fmt={}:time_base=1/1000000:pixel_aspect={}/{},",
                  sample.width, sample.height, sample.format, aspect.num, std::max(1, aspect.den));
  const std::string place = soften_text(cadence) + place_text(orientation, box, format);
  switch (how) {
    case Treatment::whole:
    case Treatment::deinterlaced: {
      // Pictures that will be dropped need no scaling.
      const bool is_fast =
          how == Treatment::whole && cadence.source_frame_ns < formats::picture_ns - ns_per_ms;
      const std::string rate = cadence.is_moving ? rate_text(house_fps, cadence) : "";
      if (how == Treatment::deinterlaced) text += "bwdif=mode=send_frame:deint=interlaced,";
      if (is_fast) text += rate;
      text += scale_text(sample, orientation, box, format, false) + place;
      if (!is_fast) text += rate;
      break;
    }
    case Treatment::fields_kept:
      text +=
          fmt::format("fieldorder={},", format.scan == formats::Scan::top_first ? "tff" : "bff");
      text += scale_text(sample, orientation, box, format, true) + place +
              rate_text(house_fps, cadence);
      break;
    case Treatment::fields_remade:
    case Treatment::fields_of_fast:
      if (how == Treatment::fields_remade) text += "bwdif=mode=send_field:deint=interlaced,";
      text += rate_text(fields_per_s, cadence) +
              scale_text(sample, orientation, box, format, false) + place +
              weave_text(sample, box, format, how);
  }
  return text + "buffersink@out";
}

}  // namespace civicast::library
