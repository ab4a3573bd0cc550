// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/format/unit_sorter.hpp"

#include <utility>

#include "plugins/cable/format/units.hpp"

namespace civicast::cable {

void UnitSorter::find_streams(const AVFormatContext &input) {
  for (unsigned i = 0; i < input.nb_streams; ++i) {
    const AVStream *stream = input.streams[i];
    const AVMediaType type = stream->codecpar->codec_type;
    if (type == AVMEDIA_TYPE_VIDEO && !video_) video_ = stream;
    if (type == AVMEDIA_TYPE_AUDIO && !audio_) audio_ = stream;
  }
}

void UnitSorter::put(PacketPtr packet) {
  // What the demuxer noted beside the bytes would be copied with every reference.
  av_packet_free_side_data(packet.get());
  if (video_ && packet->stream_index == video_->index) {
    const std::int64_t pts = packet->pts;
    const std::int64_t dts = packet->dts == AV_NOPTS_VALUE ? pts : packet->dts;
    waiting_.push_back({true, pts, dts, std::move(packet)});
  } else if (audio_ && packet->stream_index == audio_->index) {
    split_sound(*packet);
  }
}

void UnitSorter::split_sound(const AVPacket &pes) {
  std::size_t at = 0;
  const auto size = static_cast<std::size_t>(pes.size);
  for (std::int64_t pts = pes.pts; at < size; pts += house_.sound_ticks()) {
    const std::size_t length = sound_frame_bytes(house_.sound.codec, pes.data + at, size - at);
    if (length == 0 || at + length > size) throw std::runtime_error("damaged sound");
    PacketPtr frame = share(pes);
    frame->data += at;
    frame->size = static_cast<int>(length);
    waiting_.push_back({false, pts, pts, std::move(frame)});
    at += length;
  }
}

Unit UnitSorter::take() {
  if (waiting_.empty()) return {};
  Unit unit = std::move(waiting_.front());
  waiting_.pop_front();
  return unit;
}

}  // namespace civicast::cable
