// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/play/preview.hpp"

extern "C" {
#include <libavutil/audio_fifo.h>
#include <libavutil/dict.h>
}

#include <chrono>
#include <filesystem>

#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

constexpr std::size_t kMaxQueue = 400;  // about six seconds
constexpr std::size_t kWakeAt = 67;
constexpr AVRational kTicks{1, 90'000};

struct FreeFifo {
  void operator()(AVAudioFifo *f) const { av_audio_fifo_free(f); }
};

/// MPEG-1 Layer II in, AAC out. Times follow the input, so a drop leaves a gap and no drift.
class SoundMaker {
 public:
  SoundMaker() {
    const AVCodec *mp2 = avcodec_find_decoder_by_name("mp2float");
    const AVCodec *aac = avcodec_find_encoder(AV_CODEC_ID_AAC);
    if (!mp2 || !aac) throw std::runtime_error("libavcodec lacks mp2float or aac");
    decoder_.reset(avcodec_alloc_context3(mp2));
    encoder_.reset(avcodec_alloc_context3(aac));
    if (!decoder_ || !encoder_) throw std::bad_alloc();
    av_must(avcodec_open2(decoder_.get(), mp2, nullptr), "mp2");
    encoder_->sample_rate = 48'000;
    encoder_->sample_fmt = AV_SAMPLE_FMT_FLTP;
    encoder_->ch_layout = AV_CHANNEL_LAYOUT_STEREO;
    encoder_->bit_rate = 128'000;
    encoder_->time_base = {1, 48'000};
    av_must(avcodec_open2(encoder_.get(), aac, nullptr), "aac");
    fifo_.reset(av_audio_fifo_alloc(AV_SAMPLE_FMT_FLTP, 2, 8192));
    frame_.reset(av_frame_alloc());
    if (!fifo_ || !frame_) throw std::bad_alloc();
  }

  const AVCodecContext &encoder() const { return *encoder_; }

  template <class Sink>
  void feed(const AVPacket &packet, std::int64_t ticks, Sink &&sink) {
    if (avcodec_send_packet(decoder_.get(), &packet) < 0) return;  // damaged: silence in a preview
    while (avcodec_receive_frame(decoder_.get(), frame_.get()) >= 0) {
      if (frame_->ch_layout.nb_channels != 2) continue;
      const std::int64_t held = av_audio_fifo_size(fifo_.get());
      next_sample_ = av_rescale(ticks, 8, 15) - held;  // 48 kHz out of 90 kHz
      auto **data = reinterpret_cast<void **>(frame_->extended_data);
      av_must(av_audio_fifo_write(fifo_.get(), data, frame_->nb_samples), "fifo");
    }
    while (av_audio_fifo_size(fifo_.get()) >= encoder_->frame_size) encode(sink);
  }

 private:
  template <class Sink>
  void encode(Sink &sink) {
    FramePtr frame(av_frame_alloc());
    if (!frame) throw std::bad_alloc();
    frame->nb_samples = encoder_->frame_size;
    frame->format = encoder_->sample_fmt;
    frame->sample_rate = encoder_->sample_rate;
    av_must(av_channel_layout_copy(&frame->ch_layout, &encoder_->ch_layout), "layout");
    av_must(av_frame_get_buffer(frame.get(), 0), "sound");
    auto **data = reinterpret_cast<void **>(frame->extended_data);
    av_must(av_audio_fifo_read(fifo_.get(), data, frame->nb_samples), "fifo");
    frame->pts = next_sample_;
    next_sample_ += frame->nb_samples;
    av_must(avcodec_send_frame(encoder_.get(), frame.get()), "aac");
    PacketPtr packet = make_packet();
    while (avcodec_receive_packet(encoder_.get(), packet.get()) >= 0) sink(*packet);
  }

  CodecPtr decoder_, encoder_;
  std::unique_ptr<AVAudioFifo, FreeFifo> fifo_;
  FramePtr frame_;
  std::int64_t next_sample_ = 0;
};

}  // namespace

/// The HLS muxer and what feeds it; all on the preview's thread.
class Preview::Writer {
 public:
  explicit Writer(const std::string &folder) {
    const std::string list = folder + "/live.m3u8";
    av_must(avformat_alloc_output_context2(&format_, nullptr, "hls", list.c_str()), "hls");
    AVStream *video = avformat_new_stream(format_, nullptr);
    AVStream *audio = avformat_new_stream(format_, nullptr);
    if (!video || !audio) throw std::bad_alloc();
    video->codecpar->codec_type = AVMEDIA_TYPE_VIDEO;
    video->codecpar->codec_id = AV_CODEC_ID_H264;
    video->codecpar->width = 1280;
    video->codecpar->height = 720;
    video->time_base = kTicks;
    av_must(avcodec_parameters_from_context(audio->codecpar, &sound_.encoder()), "aac");
    audio->time_base = {1, 48'000};
    AVDictionary *options = nullptr;
    av_dict_set(&options, "hls_time", "2", 0);
    av_dict_set(&options, "hls_list_size", "6", 0);
    av_dict_set(&options, "hls_flags", "delete_segments+temp_file+omit_endlist", 0);
    // Names from the clock: a browser that outlives a restart must not be served an old segment.
    av_dict_set(&options, "hls_start_number_source", "epoch", 0);
    av_dict_set(&options, "hls_segment_filename", (folder + "/live%d.ts").c_str(), 0);
    const int result = avformat_write_header(format_, &options);
    av_dict_free(&options);
    if (result < 0) avformat_free_context(std::exchange(format_, nullptr));
    av_must(result, "hls header");
  }
  ~Writer() {
    if (!format_) return;
    av_write_trailer(format_);
    avformat_free_context(format_);
  }
  Writer(const Writer &) = delete;
  Writer &operator=(const Writer &) = delete;

  void write(Entry &entry) {
    if (!entry.is_video) {
      sound_.feed(*entry.packet, entry.ticks, [&](AVPacket &aac) {
        av_packet_rescale_ts(&aac, {1, 48'000}, format_->streams[1]->time_base);
        put(aac, 1);
      });
      return;
    }
    AVPacket &packet = *entry.packet;
    packet.pts = packet.dts = entry.ticks;
    packet.duration = kVideoTicks;
    packet.flags = is_idr(packet) ? AV_PKT_FLAG_KEY : 0;
    av_packet_rescale_ts(&packet, kTicks, format_->streams[0]->time_base);
    put(packet, 0);
  }

  static bool is_idr(const AVPacket &packet) {
    for (int i = 0; i + 3 < packet.size; ++i) {
      if (packet.data[i] || packet.data[i + 1] || packet.data[i + 2] != 1) continue;
      const int type = packet.data[i + 3] & 0x1F;
      if (type == 5) return true;
      if (type == 1) return false;
    }
    return false;
  }

 private:
  void put(AVPacket &packet, int stream) {
    packet.stream_index = stream;
    av_must(av_interleaved_write_frame(format_, &packet), "hls");
  }
  SoundMaker sound_;
  AVFormatContext *format_ = nullptr;
};

Preview::Preview(std::string folder) : folder_(std::move(folder)), thread_([this] { run(); }) {}

Preview::~Preview() {
  {
    const std::scoped_lock lock(mutex_);
    is_closing_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Preview::push(const AVPacket &packet, bool is_video, std::int64_t ticks) {
  {
    const std::scoped_lock lock(mutex_);
    if (queue_.size() >= kMaxQueue) {
      ++drops_;
      return;
    }
    queue_.push_back({share(packet), is_video, ticks});
    if (queue_.size() < kWakeAt) return;  // a second's worth at a time: few wake-ups
  }
  wake_.notify_one();
}

void Preview::picture(const AVPacket &packet, std::int64_t out_frame) {
  push(packet, true, out_frame * kVideoTicks);
}

void Preview::sound(const AVPacket &packet, std::int64_t audio_frame) {
  push(packet, false, audio_frame * kAudioTicks);
}

void Preview::run() {
  std::unique_ptr<Writer> writer;
  std::error_code ignored;  // the writer says what is wrong with the folder
  std::filesystem::remove_all(folder_, ignored);
  std::filesystem::create_directories(folder_, ignored);
  std::unique_lock lock(mutex_);
  for (;;) {
    if (queue_.empty()) wake_.wait(lock, [&] { return is_closing_ || queue_.size() >= kWakeAt; });
    if (is_closing_) return;
    Entry entry = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    try {
      // A new list begins with a picture that stands alone.
      if (!writer && entry.is_video && Writer::is_idr(*entry.packet))
        writer = std::make_unique<Writer>(folder_);
      if (writer) writer->write(entry);
    } catch (const std::exception &) {
      writer.reset();  // a full disk, a missing folder: begun anew at the next GOP
      ++drops_;
    }
    lock.lock();
  }
}

}  // namespace civicast::cable
