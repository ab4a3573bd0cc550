// SPDX-License-Identifier: Apache-2.0
#include "host/library/decode.hpp"

#include "host/library/faults.hpp"
#include "host/library/library.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::library {
namespace {

// Beyond this a decoder's picture buffers times its threads would take gigabytes.
constexpr std::int64_t threaded_pixels = 4096 * 2304;

}  // namespace

Result<av::Codec> open_decoder(const AVStream &stream, const std::string &shown) {
  const AVCodecParameters &parameters = *stream.codecpar;
  const AVCodec *kind = avcodec_find_decoder(parameters.codec_id);
  const char *name = avcodec_get_name(parameters.codec_id);
  const Fault unsupported(faults::media_codec_unsupported, {{"file", shown}, {"codec", name}});
  if (kind == nullptr) return unsupported;
  av::Codec codec(avcodec_alloc_context3(kind));
  if (!codec) throw std::bad_alloc();
  av::must(avcodec_parameters_to_context(codec.get(), &parameters), "decoder");
  codec->pkt_timebase = stream.time_base;
  codec->max_pixels = std::int64_t{max_picture_side} * max_picture_side;
  const auto pixels = std::int64_t{parameters.width} * parameters.height;
  codec->thread_count = pixels > threaded_pixels ? 1 : 0;
  const int code = avcodec_open2(codec.get(), kind, nullptr);
  if (code == AVERROR(ENOMEM)) throw std::bad_alloc();
  if (code < 0) return Fault(unsupported).with_detail(av::reason(code));
  return codec;
}

Result<std::unique_ptr<Decoded>> Decoded::open(const std::filesystem::path &file,
                                               const std::string &shown, int stream) {
  auto input = Input::open(file, shown);
  if (!input) return std::move(input).fault();
  if (auto looked = (*input)->look(); !looked) return std::move(looked).fault();
  if (stream >= static_cast<int>((*input)->format().nb_streams))
    return Fault(faults::media_changed, {{"file", shown}});
  (*input)->only(stream);
  auto codec = open_decoder((*input)->stream(stream), shown);
  if (!codec) return std::move(codec).fault();
  return std::unique_ptr<Decoded>(new Decoded(std::move(*input), std::move(*codec), stream));
}

Decoded::Decoded(std::unique_ptr<Input> input, av::Codec codec, int stream)
    : input_(std::move(input)), codec_(std::move(codec)), stream_(stream) {}

void Decoded::lost() {
  if (frames_ > 0) ++losses_since_;
}

void Decoded::feed() {
  const bool more = input_->read(*packet_);
  if (more) ++packets_;
  if (!more) is_drained_ = true;
  const int code = avcodec_send_packet(codec_.get(), more ? packet_.get() : nullptr);
  if (code == AVERROR(ENOMEM)) throw std::bad_alloc();
  if (code < 0 && code != AVERROR_EOF) lost();
}

bool Decoded::next(AVFrame &frame) {
  for (;;) {
    av_frame_unref(&frame);
    const int code = avcodec_receive_frame(codec_.get(), &frame);
    if (code == 0) break;
    if (code == AVERROR(ENOMEM)) throw std::bad_alloc();
    if (code == AVERROR_EOF) return false;
    if (code == AVERROR(EAGAIN)) {
      if (is_drained_) return false;
      feed();
    } else {
      lost();
    }
  }
  const bool is_whole = frame.decode_error_flags == 0 && (frame.flags & AV_FRAME_FLAG_CORRUPT) == 0;
  if (!is_whole) lost();
  if (is_whole) {
    losses_inside_ += losses_since_;
    losses_since_ = 0;
  }
  ++frames_;
  set_time(frame);
  return true;
}

void Decoded::set_time(AVFrame &frame) {
  const AVRational base = stream().time_base;
  const std::int64_t stamp = frame.best_effort_timestamp;
  frame.pts = stamp == AV_NOPTS_VALUE ? next_ns_ : av_rescale_q(stamp, base, av::ns_base);
  std::int64_t length =
      frame.pkt_duration > 0 ? av_rescale_q(frame.pkt_duration, base, av::ns_base) : 0;
  if (frame.nb_samples > 0 && frame.sample_rate > 0)
    length = av_rescale(frame.nb_samples, ns_per_s, frame.sample_rate);
  const AVRational rate = stream().avg_frame_rate;
  if (length == 0 && rate.num > 0 && rate.den > 0)
    length = av_rescale(ns_per_s, rate.den, rate.num);
  next_ns_ = frame.pts + length;
}

Result<void> Decoded::judge(std::int64_t allowed_losses) const {
  const Fault damaged(
      faults::media_damaged,
      {{"file", input_->shown()}, {"part", avcodec_get_name(stream().codecpar->codec_id)}});
  if (frames_ == 0) return damaged;
  if (losses_inside_ > allowed_losses || losses_since_ > allowed_losses + 1)
    return Fault(damaged).with_detail(std::to_string(losses_inside_) + " losses inside, " +
                                      std::to_string(losses_since_) + " at the end");
  return {};
}

}  // namespace civicast::library
