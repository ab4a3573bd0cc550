// SPDX-License-Identifier: Apache-2.0
#include "tests/tools/ts/fingerprint.hpp"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <stdexcept>

namespace civicast::tests {
namespace {

struct Free {
  void operator()(AVFormatContext *p) const { avformat_close_input(&p); }
  void operator()(AVCodecContext *p) const { avcodec_free_context(&p); }
  void operator()(AVPacket *p) const { av_packet_free(&p); }
  void operator()(AVFrame *p) const { av_frame_free(&p); }
  void operator()(SwsContext *p) const { sws_freeContext(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

class Shrinker {
 public:
  Fingerprint shrink(const AVFrame &frame) {
    const auto format = static_cast<AVPixelFormat>(frame.format);
    sws_.reset(sws_getCachedContext(sws_.release(), frame.width, frame.height, format, kPrintWidth,
                                    kPrintHeight, AV_PIX_FMT_GRAY8, SWS_AREA, nullptr, nullptr,
                                    nullptr));
    if (!sws_) throw std::runtime_error("libswscale cannot shrink the picture");
    Fingerprint print(static_cast<std::size_t>(kPrintWidth) * kPrintHeight);
    std::uint8_t *const to[] = {print.data()};
    const int stride[] = {kPrintWidth};
    sws_scale(sws_.get(), frame.data, frame.linesize, 0, frame.height, to, stride);
    return print;
  }

 private:
  Owned<SwsContext> sws_;
};

}  // namespace

double difference(const Fingerprint &a, const Fingerprint &b) {
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += std::abs(int{a[i]} - int{b[i]});
  return static_cast<double>(sum) / static_cast<double>(a.size());
}

void decode_pictures(const std::string &path, const std::function<void(DecodedPicture)> &sink) {
  AVFormatContext *raw = nullptr;
  if (avformat_open_input(&raw, path.c_str(), nullptr, nullptr) < 0)
    throw std::runtime_error("cannot open " + path);
  const Owned<AVFormatContext> format(raw);
  if (avformat_find_stream_info(raw, nullptr) < 0) throw std::runtime_error("cannot read " + path);
  const AVCodec *codec = nullptr;
  const int stream = av_find_best_stream(raw, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
  if (stream < 0 || !codec) throw std::runtime_error("no picture in " + path);
  const Owned<AVCodecContext> decoder(avcodec_alloc_context3(codec));
  const Owned<AVPacket> packet(av_packet_alloc());
  const Owned<AVFrame> frame(av_frame_alloc());
  avcodec_parameters_to_context(decoder.get(), raw->streams[stream]->codecpar);
  decoder->thread_count = 1;  // with more, a damaged picture may be blamed on its neighbour
  if (avcodec_open2(decoder.get(), codec, nullptr) < 0)
    throw std::runtime_error("cannot decode " + path);
  Shrinker shrinker;
  const auto drain = [&] {
    while (avcodec_receive_frame(decoder.get(), frame.get()) >= 0) {
      const bool is_damaged =
          frame->decode_error_flags != 0 || (frame->flags & AV_FRAME_FLAG_CORRUPT);
      sink({shrinker.shrink(*frame), frame->pkt_pos, is_damaged});
    }
  };
  for (int failures = 0; failures < 1000;) {
    const int result = av_read_frame(raw, packet.get());
    if (result == AVERROR_EOF) break;
    failures = result < 0 ? failures + 1 : 0;
    if (result >= 0 && packet->stream_index == stream &&
        avcodec_send_packet(decoder.get(), packet.get()) >= 0)
      drain();
    av_packet_unref(packet.get());
  }
  avcodec_send_packet(decoder.get(), nullptr);
  drain();
}

}  // namespace civicast::tests
