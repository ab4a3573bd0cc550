// SPDX-License-Identifier: Apache-2.0
#include "host/library/picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "host/library/house.hpp"

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

int even(double size, int limit) {
  return std::clamp(static_cast<int>(std::lround(size / 2)) * 2, 2, limit);
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

std::string fps_text(const PictureGraph::Cadence &cadence) {
  return fmt::format("fps={}:start_time={:.3f},", house_fps,
                     static_cast<double>(cadence.first_picture) / house_fps);
}

std::string graph_text(const AVFrame &sample, int orientation, const Box &box, bool deinterlaces,
                       const PictureGraph::Cadence &cadence) {
  const bool is_turned = orientation > 4;
  const AVRational aspect = sample.sample_aspect_ratio;
  std::string text =
      fmt::format("buffer@in=video_size={}x{}:pix_fmt={}:time_base=1/1000000:pixel_aspect={}/{},",
                  sample.width, sample.height, sample.format, aspect.num, std::max(1, aspect.den));
  if (deinterlaces) text += "bwdif=mode=send_frame:deint=interlaced,";
  if (cadence.is_moving && cadence.is_fast_source) text += fps_text(cadence);
  text += fmt::format(
      "scale={}:{}:flags=bicubic+accurate_rnd+full_chroma_int:in_color_matrix={}"
      ":out_color_matrix=bt709:out_range=tv,format=yuv420p,",
      is_turned ? box.height : box.width, is_turned ? box.width : box.height, matrix_of(sample));
  text += turns[static_cast<std::size_t>(orientation)];
  text += fmt::format("setsar=1,pad={}:{}:{}:{}:black,", house_width, house_height, box.x, box.y);
  if (cadence.is_moving && !cadence.is_fast_source) text += fps_text(cadence);
  return text + "buffersink@out";
}

}  // namespace

Box fit(int width, int height, AVRational pixel_aspect) {
  const double stretch = pixel_aspect.num > 0 && pixel_aspect.den > 0 ? av_q2d(pixel_aspect) : 1.0;
  const double shown_width = width * stretch;
  const double factor = std::min(house_width / shown_width, house_height / double(height));
  Box box;
  box.width = even(shown_width * factor, house_width);
  box.height = even(height * factor, house_height);
  box.x = (house_width - box.width) / 4 * 2;
  box.y = (house_height - box.height) / 4 * 2;
  return box;
}

PictureGraph::PictureGraph(const AVFrame &sample, int orientation, const Cadence &cadence)
    : width_(sample.width),
      height_(sample.height),
      format_(sample.format),
      aspect_(sample.sample_aspect_ratio),
      deinterlaces_(sample.interlaced_frame != 0) {
  const AVRational turned{aspect_.den, aspect_.num};
  box_ = orientation > 4 ? fit(height_, width_, turned) : fit(width_, height_, aspect_);
  graph_ = av::graph(graph_text(sample, orientation, box_, deinterlaces_, cadence));
  in_ = av::end_of(graph_, "buffer@in");
  out_ = av::end_of(graph_, "buffersink@out");
}

bool PictureGraph::accepts(const AVFrame &frame) const {
  return frame.width == width_ && frame.height == height_ && frame.format == format_ &&
         frame.sample_aspect_ratio.num == aspect_.num &&
         frame.sample_aspect_ratio.den == aspect_.den &&
         (deinterlaces_ || frame.interlaced_frame == 0);
}

void PictureGraph::put(AVFrame &frame, std::int64_t pts_us) {
  frame.pts = pts_us;
  av::must(av_buffersrc_add_frame_flags(in_, &frame, AV_BUFFERSRC_FLAG_KEEP_REF), "picture");
}

void PictureGraph::end(std::int64_t end_us) {
  av::must(av_buffersrc_close(in_, end_us, 0), "picture");
}

bool PictureGraph::take(AVFrame &picture, bool &again) {
  return av::take(out_, picture, again);
}

std::string jpeg(const AVFrame &house_picture, const Box &box) {
  const auto graph = av::graph(fmt::format(
      "buffer@in=video_size={}x{}:pix_fmt={}:time_base=1/25:pixel_aspect=1/1,crop={}:{}:{}:{},"
      "scale=in_color_matrix=bt709:in_range=tv:out_color_matrix=bt601:out_range=pc,"
      "format=yuvj420p,buffersink@out",
      house_width, house_height, house_picture.format, box.width, box.height, box.x, box.y));
  const av::Frame shared = av::share(house_picture);
  av::must(av_buffersrc_add_frame(av::end_of(graph, "buffer@in"), shared.get()), "jpeg");
  const av::Frame cropped = av::new_frame();
  av::must(av_buffersink_get_frame(av::end_of(graph, "buffersink@out"), cropped.get()), "jpeg");

  const AVCodec *kind = avcodec_find_encoder(AV_CODEC_ID_MJPEG);
  const av::Codec codec(avcodec_alloc_context3(kind));
  if (!codec) throw std::bad_alloc();
  codec->width = box.width;
  codec->height = box.height;
  codec->pix_fmt = AV_PIX_FMT_YUVJ420P;
  codec->color_range = AVCOL_RANGE_JPEG;
  codec->time_base = {1, house_fps};
  codec->flags |= AV_CODEC_FLAG_QSCALE;
  codec->global_quality = 3 * FF_QP2LAMBDA;
  codec->thread_count = 1;
  av::must(avcodec_open2(codec.get(), kind, nullptr), "jpeg encoder");
  cropped->quality = codec->global_quality;
  cropped->pict_type = AV_PICTURE_TYPE_NONE;
  av::must(avcodec_send_frame(codec.get(), cropped.get()), "jpeg encoder");
  const av::Packet packet = av::new_packet();
  av::must(avcodec_receive_packet(codec.get(), packet.get()), "jpeg encoder");
  return {reinterpret_cast<const char *>(packet->data), static_cast<std::size_t>(packet->size)};
}

}  // namespace civicast::library
