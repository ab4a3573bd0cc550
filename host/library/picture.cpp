// SPDX-License-Identifier: Apache-2.0
#include "host/library/picture.hpp"

#include <fmt/format.h>

#include "host/library/house.hpp"

namespace civicast::library {

PictureGraph::PictureGraph(const AVFrame &sample, int orientation, const Cadence &cadence,
                           const formats::Video &format)
    : width_(sample.width),
      height_(sample.height),
      format_(sample.format),
      aspect_(sample.sample_aspect_ratio),
      has_fields_(sample.interlaced_frame != 0) {
  const AVRational turned{aspect_.den, aspect_.num};
  box_ = orientation > 4 ? fit(height_, width_, turned, format)
                         : fit(width_, height_, aspect_, format);
  graph_ = av::graph(picture_filters(sample, orientation, cadence, box_, format));
  in_ = av::end_of(graph_, "buffer@in");
  out_ = av::end_of(graph_, "buffersink@out");
}

bool PictureGraph::accepts(const AVFrame &frame) const {
  return frame.width == width_ && frame.height == height_ && frame.format == format_ &&
         frame.sample_aspect_ratio.num == aspect_.num &&
         frame.sample_aspect_ratio.den == aspect_.den &&
         (has_fields_ || frame.interlaced_frame == 0);
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
      house_picture.width, house_picture.height, house_picture.format, box.width, box.height, box.x,
      box.y));
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
