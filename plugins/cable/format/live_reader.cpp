// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/format/live_reader.hpp"

extern "C" {
#include <libavutil/dict.h>
}

#include <algorithm>
#include <array>
#include <string_view>

#include "plugins/cable/format/picture_check.hpp"

namespace civicast::cable {
namespace {

constexpr std::chrono::seconds kOpening{8}, kSilence{3};
constexpr std::array<std::string_view, 4> kSchemes{"udp://", "srt://", "http://", "https://"};

bool is_list(const std::string &url) {
  return url.rfind("http", 0) == 0;
}

}  // namespace

bool is_live_url(const std::string &url) {
  return std::any_of(kSchemes.begin(), kSchemes.end(), [&](std::string_view scheme) {
    return url.size() > scheme.size() && url.compare(0, scheme.size(), scheme) == 0;
  });
}

int LiveReader::is_over(void *self) {
  const auto &reader = *static_cast<LiveReader *>(self);
  return reader.is_closing_ || std::chrono::steady_clock::now() > reader.deadline_;
}

void LiveReader::wait_at_most(std::chrono::seconds time) {
  deadline_ = std::chrono::steady_clock::now() + time;
}

LiveReader::LiveReader(const std::string &url, const formats::HouseFormat &house,
                       const std::atomic<bool> &is_closing)
    : house_(house), is_closing_(is_closing), sorter_(house) {
  AVFormatContext *format = avformat_alloc_context();
  if (!format) throw std::bad_alloc();
  format->interrupt_callback = {is_over, this};
  // As files are read: the bytes are only carried. A list's segments are opened by libavformat.
  const bool is_bare = !is_list(url);
  if (is_bare) format->flags |= AVFMT_FLAG_NOPARSE | AVFMT_FLAG_NOFILLIN;
  format->probesize = 1 << 20;
  AVDictionary *options = nullptr;
  av_dict_set(&options, "protocol_whitelist", "udp,srt,http,https,tcp,tls,crypto", 0);
  if (is_bare) {
    av_dict_set(&options, "overrun_nonfatal", "1", 0);
    av_dict_set(&options, "fifo_size", "28000", 0);  // packets: 5 MB
  }
  wait_at_most(kOpening);
  const AVInputFormat *known = is_bare ? av_find_input_format("mpegts") : nullptr;
  const int result = avformat_open_input(&format, url.c_str(), known, &options);
  av_dict_free(&options);
  if (result < 0) throw std::runtime_error(av_words(result));
  input_.reset(format);
}

Unit LiveReader::next() {
  for (;;) {
    if (Unit unit = sorter_.take()) return unit;
    PacketPtr packet = make_packet();
    wait_at_most(kSilence);
    const int result = av_read_frame(input_.get(), packet.get());
    if (result < 0)
      throw std::runtime_error(result == AVERROR_EXIT ? "nothing has come for 3 s"
                                                      : av_words(result));
    if (!sorter_.has_both()) {
      sorter_.find_streams(*input_);
      if (!sorter_.has_both()) continue;
      check_codecs(house_, sorter_.video()->codecpar, sorter_.audio()->codecpar);
    }
    const bool is_damaged = packet->flags & AV_PKT_FLAG_CORRUPT;
    if (is_damaged || packet->pts == AV_NOPTS_VALUE) continue;  // its absence is noticed
    sorter_.put(std::move(packet));
  }
}

}  // namespace civicast::cable
