// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/format/demux.hpp"

namespace civicast::cable {

Demux::Demux(const std::string &path, const formats::HouseFormat &house) : sorter_(house) {
  AVFormatContext *format = avformat_alloc_context();
  if (!format) throw std::bad_alloc();
  // The bytes are only carried: the parser's and the timestamp guesser's opinions are not wanted.
  format->flags |= AVFMT_FLAG_NOPARSE | AVFMT_FLAG_NOFILLIN;
  const AVInputFormat *mpegts = av_find_input_format("mpegts");
  const int result = avformat_open_input(&format, path.c_str(), mpegts, nullptr);
  if (result < 0) throw std::runtime_error(av_words(result));
  format_.reset(format);
  sorter_.find_streams(*format_);
}

const AVCodecParameters *Demux::video() const {
  return sorter_.video() ? sorter_.video()->codecpar : nullptr;
}
const AVCodecParameters *Demux::audio() const {
  return sorter_.audio() ? sorter_.audio()->codecpar : nullptr;
}

Unit Demux::next() {
  for (;;) {
    if (Unit unit = sorter_.take()) return unit;
    PacketPtr packet = make_packet();
    const int result = av_read_frame(format_.get(), packet.get());
    if (result == AVERROR_EOF) return {};
    if (result < 0) throw std::runtime_error(av_words(result));
    if (packet->flags & AV_PKT_FLAG_CORRUPT) throw std::runtime_error("damaged transport packets");
    sorter_.put(std::move(packet));
  }
}

void Demux::seek(std::int64_t pts) {
  sorter_.clear();
  const int result =
      av_seek_frame(format_.get(), sorter_.video()->index, pts, AVSEEK_FLAG_BACKWARD);
  if (result < 0) throw std::runtime_error(av_words(result));
}

}  // namespace civicast::cable
