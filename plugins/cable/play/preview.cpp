// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/play/preview.hpp"

extern "C" {
#include <libavutil/dict.h>
}

#include <chrono>
#include <filesystem>

#include "plugins/cable/format/units.hpp"
#include "plugins/cable/play/preview_picture.hpp"
#include "plugins/cable/play/preview_sound.hpp"
#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {
namespace {

constexpr std::size_t kMaxQueue = 400;  // about six seconds
constexpr std::size_t kWakeAt = 67;
constexpr AVRational kTicks{1, 90'000};

bool plays_in_a_browser(const formats::Video &video) {
  return video.codec == formats::VideoCodec::h264 && !video.is_interlaced();
}

}  // namespace

/// The HLS muxer and what feeds it; all on the preview's thread.
class Preview::Writer {
 public:
  Writer(const std::string &folder, const formats::HouseFormat &house) : sound_(house.sound.codec) {
    if (!plays_in_a_browser(house.video)) picture_.emplace(house.video);
    const std::string list = folder + "/live.m3u8";
    av_must(avformat_alloc_output_context2(&format_, nullptr, "hls", list.c_str()), "hls");
    AVStream *video = avformat_new_stream(format_, nullptr);
    AVStream *audio = avformat_new_stream(format_, nullptr);
    if (!video || !audio) throw std::bad_alloc();
    video->codecpar->codec_type = AVMEDIA_TYPE_VIDEO;
    video->codecpar->codec_id = AV_CODEC_ID_H264;
    video->codecpar->width = picture_ ? PictureMaker::kWidth : house.video.width;
    video->codecpar->height = picture_ ? PictureMaker::kHeight : house.video.height;
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
    const auto put_sound = [&](AVPacket &aac) {
      av_packet_rescale_ts(&aac, {1, 48'000}, format_->streams[1]->time_base);
      put(aac, 1);
    };
    const auto put_picture = [&](AVPacket &packet) {
      packet.duration = kVideoTicks;
      av_packet_rescale_ts(&packet, kTicks, format_->streams[0]->time_base);
      put(packet, 0);
    };
    if (!entry.is_video) return sound_.feed(*entry.packet, entry.ticks, put_sound);
    AVPacket &packet = *entry.packet;
    packet.pts = packet.dts = entry.ticks;
    if (picture_) return picture_->feed(packet, put_picture);
    packet.flags = entry.is_entry ? AV_PKT_FLAG_KEY : 0;
    put_picture(packet);
  }

 private:
  void put(AVPacket &packet, int stream) {
    packet.stream_index = stream;
    av_must(av_interleaved_write_frame(format_, &packet), "hls");
  }
  SoundMaker sound_;
  std::optional<PictureMaker> picture_;  ///< none: browsers play the pictures as they are
  AVFormatContext *format_ = nullptr;
};

Preview::Preview(std::string folder, const formats::HouseFormat &house)
    : folder_(std::move(folder)), house_(house), thread_([this] { run(); }) {}

Preview::~Preview() {
  {
    const std::scoped_lock lock(mutex_);
    is_closing_ = true;
  }
  wake_.notify_all();
  thread_.join();
}

void Preview::push(const AVPacket &packet, bool is_video, std::int64_t ticks) {
  const auto size = static_cast<std::size_t>(packet.size);
  const bool is_entry = is_video && opening_of(house_.video.codec, packet.data, size).is_entry;
  {
    const std::scoped_lock lock(mutex_);
    if (queue_.size() >= kMaxQueue) {
      ++drops_;
      return;
    }
    queue_.push_back({share(packet), is_video, is_entry, ticks});
    if (queue_.size() < kWakeAt) return;  // a second's worth at a time: few wake-ups
  }
  wake_.notify_one();
}

void Preview::picture(const AVPacket &packet, std::int64_t out_frame) {
  push(packet, true, out_frame * kVideoTicks);
}

void Preview::sound(const AVPacket &packet, std::int64_t audio_frame) {
  push(packet, false, audio_frame * house_.sound_ticks());
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
      if (!writer && entry.is_entry) writer = std::make_unique<Writer>(folder_, house_);
      if (writer) writer->write(entry);
    } catch (const std::exception &) {
      writer.reset();  // a full disk, a missing folder: begun anew at the next GOP
      ++drops_;
    }
    lock.lock();
  }
}

}  // namespace civicast::cable
