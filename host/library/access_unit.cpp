// SPDX-License-Identifier: Apache-2.0
#include "host/library/access_unit.hpp"

#include <string_view>

namespace civicast::library {
namespace {

using formats::VideoCodec;

/// Calls `take` with the bytes behind each start code, in order.
template <class Take>
void each_unit(const AVPacket &packet, Take take) {
  const std::string_view bytes(reinterpret_cast<const char *>(packet.data),
                               static_cast<std::size_t>(packet.size));
  constexpr std::string_view start("\0\0\1", 3);
  for (auto at = bytes.find(start); at != std::string_view::npos; at = bytes.find(start, at + 3))
    if (at + 3 < bytes.size()) take(bytes.substr(at + 3));
}

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
}

AccessUnit h264_unit(const AVPacket &packet) {  // ITU-T H.264 table 7-1
  AccessUnit found;
  bool has_sps = false, has_pps = false, is_first = true;
  each_unit(packet, [&](std::string_view unit) {
    const unsigned type = byte_at(unit, 0) & 0x1F;
    if (is_first) found.has_delimiter = type == 9;
    is_first = false;
    has_sps = has_sps || type == 7;
    has_pps = has_pps || type == 8;
    found.opens_a_group = found.opens_a_group || type == 5;
    found.has_picture = found.has_picture || type == 1 || type == 5;
  });
  found.has_parameters = has_sps && has_pps;
  return found;
}

AccessUnit hevc_unit(const AVPacket &packet) {  // ITU-T H.265 table 7-1
  AccessUnit found;
  bool has_vps = false, has_sps = false, has_pps = false, is_first = true;
  each_unit(packet, [&](std::string_view unit) {
    const unsigned type = byte_at(unit, 0) >> 1 & 0x3F;
    if (is_first) found.has_delimiter = type == 35;
    is_first = false;
    has_vps = has_vps || type == 32;
    has_sps = has_sps || type == 33;
    has_pps = has_pps || type == 34;
    found.opens_a_group = found.opens_a_group || type == 19 || type == 20;
    found.has_picture = found.has_picture || type < 32;
  });
  found.has_parameters = has_vps && has_sps && has_pps;
  return found;
}

AccessUnit mpeg2_unit(const AVPacket &packet) {  // ITU-T H.262 §6.2
  AccessUnit found;
  bool is_closed = false;
  found.has_delimiter = true;
  each_unit(packet, [&](std::string_view unit) {
    const unsigned code = byte_at(unit, 0);
    if (code == 0xB3) found.has_parameters = true;
    if (code == 0xB8) is_closed = (byte_at(unit, 4) & 0x40) != 0;
    if (code != 0x00) return;
    const unsigned type = byte_at(unit, 2) >> 3 & 7;
    found.has_picture = true;
    found.opens_a_group = type == 1 && is_closed;
    found.has_backward = type == 3;
  });
  return found;
}

}  // namespace

AccessUnit access_unit(VideoCodec codec, const AVPacket &packet) {
  switch (codec) {
    case VideoCodec::h264:
      return h264_unit(packet);
    case VideoCodec::hevc:
      return hevc_unit(packet);
    case VideoCodec::mpeg2:
      break;
  }
  return mpeg2_unit(packet);
}

}  // namespace civicast::library
