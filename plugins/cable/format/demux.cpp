// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/format/demux.hpp"

#include "plugins/cable/format/units.hpp"

namespace civicast::cable {

void split_sound(const AVPacket &pes, const formats::HouseFormat &house, std::deque<Unit> &to) {
  std::size_t at = 0;
  const auto size = static_cast<std::size_t>(pes.size);
  for (std::int64_t pts = pes.pts; at < size; pts += house.sound_ticks()) {
    const std::size_t length = sound_frame_bytes(house.sound.codec, pes.data + at, size - at);
    if (length == 0 || at + length > size) throw std::runtime_error("damaged sound");
    PacketPtr frame = share(pes);
    frame->data += at;
    frame->size = static_cast<int>(length);
    to.push_back({false, pts, pts, std::move(frame)});
    at += length;
  }
}

Demux::Demux(const std::string &path, const formats::HouseFormat &house) : house_(house) {
  AVFormatContext *format = avformat_alloc_context();
  if (!format) throw std::bad_alloc();
  // The bytes are only carried: the parser's and the timestamp guesser's opinions are not wanted.
  format->flags |= AVFMT_FLAG_NOPARSE | AVFMT_FLAG_NOFILLIN;
  const AVInputFormat *mpegts = av_find_input_format("mpegts");
  const int result = avformat_open_input(&format, path.c_str(), mpegts, nullptr);
  if (result < 0) throw std::runtime_error(av_words(result));
  format_.reset(format);
  for (unsigned i = 0; i < format_->nb_streams; ++i) {
    AVStream &stream = *format_->streams[i];
    const bool is_video = stream.codecpar->codec_type == AVMEDIA_TYPE_VIDEO;
    const bool is_audio = stream.codecpar->codec_type == AVMEDIA_TYPE_AUDIO;
    if (is_video && video_ < 0) video_ = static_cast<int>(i);
    if (is_audio && audio_ < 0) audio_ = static_cast<int>(i);
  }
}

const AVCodecParameters *Demux::video() const {
  return video_ < 0 ? nullptr : format_->streams[video_]->codecpar;
}
const AVCodecParameters *Demux::audio() const {
  return audio_ < 0 ? nullptr : format_->streams[audio_]->codecpar;
}

Unit Demux::next() {
  for (;;) {
    if (!sounds_.empty()) {
      Unit unit = std::move(sounds_.front());
      sounds_.pop_front();
      return unit;
    }
    PacketPtr packet = make_packet();
    const int result = av_read_frame(format_.get(), packet.get());
    if (result == AVERROR_EOF) return {};
    if (result < 0) throw std::runtime_error(av_words(result));
    if (packet->flags & AV_PKT_FLAG_CORRUPT) throw std::runtime_error("damaged transport packets");
    // What the demuxer noted beside the bytes would be copied with every reference.
    av_packet_free_side_data(packet.get());
    if (packet->stream_index == video_) {
      const std::int64_t pts = packet->pts;
      const std::int64_t dts = packet->dts == AV_NOPTS_VALUE ? pts : packet->dts;
      return {true, pts, dts, std::move(packet)};
    }
    if (packet->stream_index == audio_) split_sound(*packet, house_, sounds_);
  }
}

void Demux::seek(std::int64_t pts) {
  sounds_.clear();
  const int result = av_seek_frame(format_.get(), video_, pts, AVSEEK_FLAG_BACKWARD);
  if (result < 0) throw std::runtime_error(av_words(result));
}

}  // namespace civicast::cable
