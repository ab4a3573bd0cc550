// SPDX-License-Identifier: Apache-2.0
#include "host/library/sound.hpp"

extern "C" {
#include <libavutil/channel_layout.h>
}

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace civicast::library {
namespace {

// Codecs drop a frame at an odd join; a hundredth of them is damage.
constexpr std::int64_t frames_per_allowed_loss = 100;
constexpr double silence_lkfs = -69;
constexpr double fade_s = 0.5;

std::string layout_text(const AVFrame &frame) {
  AVChannelLayout layout = {};
  if (frame.ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
    av_channel_layout_default(&layout, frame.ch_layout.nb_channels);
  else
    av::must(av_channel_layout_copy(&layout, &frame.ch_layout), "channel layout");
  char text[128] = {};
  av_channel_layout_describe(&layout, text, sizeof text);
  av_channel_layout_uninit(&layout);
  return text;
}

std::string source_text(const AVFrame &sample) {
  return fmt::format(
      "abuffer@in=sample_rate={}:sample_fmt={}:channel_layout={}:time_base=1/1000000,"
      "aresample=out_sample_rate=48000:async=1:first_pts=0,"
      "aformat=sample_fmts=fltp:channel_layouts=stereo,",
      sample.sample_rate, av_get_sample_fmt_name(static_cast<AVSampleFormat>(sample.format)),
      layout_text(sample));
}

std::string tap_text(const SoundTap &tap, std::size_t number) {
  std::string text = fmt::format(";[tap{}]", number);
  if (tap.left_out > 0) text += fmt::format("atrim=start_sample={},asetpts=N/SR/TB,", tap.left_out);
  if (tap.samples > 0) text += fmt::format("apad=whole_len={},", tap.samples);
  return text + fmt::format("aformat=sample_fmts={},abuffersink@out{}",
                            av_get_sample_fmt_name(tap.format), number);
}

void put(AVFilterContext *in, EvenSound &even, const AVFrame &frame, std::int64_t begin_ns) {
  const av::Frame same = even.even(frame);
  same->pts = (frame.pts - begin_ns) / 1000;
  av::must(av_buffersrc_add_frame(in, same.get()), "sound");
}

double number_in(const AVFrame &frame, const char *key) {
  const AVDictionaryEntry *entry = av_dict_get(frame.metadata, key, nullptr, 0);
  return entry == nullptr ? -HUGE_VAL : std::atof(entry->value);
}

/// Takes what the meter says so far; true peaks come as amplitudes.
void read_meter(AVFilterContext *out, AVFrame &frame, double &lkfs, double &peak) {
  for (bool again = false; av::take(out, frame, again); av_frame_unref(&frame)) {
    // A last frame too short to be metered says nothing.
    if (const double integrated = number_in(frame, "lavfi.r128.I"); std::isfinite(integrated))
      lkfs = integrated;
    for (const char *key : {"lavfi.r128.true_peaks_ch0", "lavfi.r128.true_peaks_ch1"})
      peak = std::max(peak, number_in(frame, key));
  }
}

}  // namespace

double gain_db(const Loudness &loudness) {
  if (!loudness.lkfs) return 0;
  return std::min(house_lkfs - *loudness.lkfs, house_peak_dbtp - loudness.peak_dbtp);
}

av::Frame EvenSound::even(const AVFrame &frame) {
  if (!first_) {
    first_ = av::share(frame);
    av_frame_unref(first_.get());
    first_->format = frame.format;
    first_->sample_rate = frame.sample_rate;
    av::must(av_channel_layout_copy(&first_->ch_layout, &frame.ch_layout), "channel layout");
  }
  const auto is_like = [&frame](const AVFrame &other) {
    return frame.format == other.format && frame.sample_rate == other.sample_rate &&
           av_channel_layout_compare(&frame.ch_layout, &other.ch_layout) == 0;
  };
  if (is_like(*first_)) return av::share(frame);
  if (!resampler_ || !is_like(*last_)) {
    last_ = av::share(frame);
    resampler_.reset(swr_alloc());
  }
  av::Frame converted = av::new_frame();
  converted->format = first_->format;
  converted->sample_rate = first_->sample_rate;
  av::must(av_channel_layout_copy(&converted->ch_layout, &first_->ch_layout), "channel layout");
  av::must(swr_convert_frame(resampler_.get(), converted.get(), &frame), "resampler");
  return converted;
}

Sound::Sound(SoundSource source, std::int64_t pictures, std::vector<SoundTap> taps)
    : source_(std::move(source)), pictures_(pictures), taps_(std::move(taps)) {
  const bool has_first = source_.decoded && source_.decoded->next(*frame_);
  build(has_first ? frame_.get() : nullptr);
  if (has_first) put(in_, even_, *frame_, source_.begin_ns);
}

void Sound::build(const AVFrame *sample) {
  const std::int64_t samples = pictures_ * samples_per_picture;
  std::string text = sample == nullptr ? "anullsrc=sample_rate=48000:channel_layout=stereo,"
                                         "aformat=sample_fmts=fltp,"
                                       : source_text(*sample);
  if (source_.gain_db != 0)
    text += fmt::format("volume={:.4f}dB:precision=double,", source_.gain_db);
  if (source_.gain_db != 0) text += "aformat=sample_fmts=fltp,";
  if (source_.fades_out) {
    const double end_s = static_cast<double>(pictures_) / house_fps;
    text += fmt::format("afade=type=out:start_time={:.3f}:duration={},",
                        std::max(0.0, end_s - fade_s), fade_s);
  }
  text += fmt::format("apad=whole_len={0},atrim=end_sample={0},asplit={1}", samples, taps_.size());
  for (std::size_t i = 0; i < taps_.size(); ++i) text += fmt::format("[tap{}]", i);
  for (std::size_t i = 0; i < taps_.size(); ++i) text += tap_text(taps_[i], i);
  graph_ = av::graph(text);
  if (sample != nullptr) in_ = av::end_of(graph_, "abuffer@in");
  for (std::size_t i = 0; i < taps_.size(); ++i) {
    sinks_.push_back(av::end_of(graph_, fmt::format("abuffersink@out{}", i).c_str()));
    av_buffersink_set_frame_size(sinks_[i], static_cast<unsigned>(taps_[i].frame_samples));
  }
}

void Sound::feed() {
  if (source_.decoded->next(*frame_))
    put(in_, even_, *frame_, source_.begin_ns);
  else
    av::must(av_buffersrc_add_frame(in_, nullptr), "sound");
}

bool Sound::next(std::size_t tap, AVFrame &frame) {
  for (;;) {
    av_frame_unref(&frame);
    bool again = false;
    if (av::take(sinks_.at(tap), frame, again)) return true;
    if (!again) return false;
    if (in_ != nullptr) feed();
  }
}

Result<void> Sound::judge() const {
  if (!source_.decoded) return {};
  return source_.decoded->judge(source_.decoded->frames() / frames_per_allowed_loss);
}

Result<Heard> measure(Decoded &decoded, const std::function<void(std::int64_t)> &tick) {
  const av::Frame frame = av::new_frame();
  const av::Frame metered = av::new_frame();
  EvenSound even;
  av::Graph graph;
  AVFilterContext *in = nullptr;
  AVFilterContext *out = nullptr;
  double lkfs = silence_lkfs - 1;
  double peak = 0;
  Heard heard;
  while (decoded.next(*frame)) {
    if (!graph) {
      graph = av::graph(source_text(*frame) +
                        "ebur128=metadata=1:peak=true:framelog=verbose,abuffersink@out");
      in = av::end_of(graph, "abuffer@in");
      out = av::end_of(graph, "abuffersink@out");
      heard.begin_ns = frame->pts;
    }
    put(in, even, *frame, heard.begin_ns);
    read_meter(out, *metered, lkfs, peak);
    heard.end_ns = decoded.time_ns();
    tick(heard.end_ns - heard.begin_ns);
  }
  if (decoded.packets() == 0) return heard;
  auto judged = decoded.judge(decoded.frames() / frames_per_allowed_loss);
  if (!judged) return std::move(judged).fault();
  av::must(av_buffersrc_add_frame(in, nullptr), "sound");
  read_meter(out, *metered, lkfs, peak);
  if (lkfs > silence_lkfs) heard.loudness.lkfs = lkfs;
  heard.loudness.peak_dbtp = peak > 0 ? 20 * std::log10(peak) : -HUGE_VAL;
  return heard;
}

}  // namespace civicast::library
