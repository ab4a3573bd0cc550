// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/format/units.hpp"

#include <array>

namespace civicast::cable {
namespace {

using formats::SoundCodec;
using formats::VideoCodec;

/// Calls `see(bytes behind the start code)` for each, until it returns false.
template <class See>
void each_start_code(const std::uint8_t *bytes, std::size_t size, See &&see) {
  for (std::size_t i = 0; i + 3 < size; ++i) {
    if (bytes[i] != 0 || bytes[i + 1] != 0 || bytes[i + 2] != 1) continue;
    if (!see(bytes + i + 3, size - i - 3)) return;
    i += 3;
  }
}

/// ITU-T H.264 §7.4.1.2.3: 9 delimiter, 7 and 8 parameter sets, 5 IDR, 1 another picture.
Opening h264_opening(const std::uint8_t *bytes, std::size_t size) {
  Opening found;
  bool is_first = true, has_picture_set = false;
  each_start_code(bytes, size, [&](const std::uint8_t *unit, std::size_t) {
    const int type = unit[0] & 0x1F;
    if (is_first) found.has_delimiter = type == 9;
    is_first = false;
    if (type == 7) found.has_parameters = true;
    if (type == 8) has_picture_set = true;
    found.is_entry = type == 5;
    return type != 5 && type != 1;
  });
  found.has_parameters &= has_picture_set;
  return found;
}

/// ITU-T H.265 §7.4.2.2: 35 delimiter, 32 to 34 parameter sets, 19 and 20 IDR, below 32 a picture.
Opening hevc_opening(const std::uint8_t *bytes, std::size_t size) {
  Opening found;
  bool is_first = true;
  int sets = 0;
  each_start_code(bytes, size, [&](const std::uint8_t *unit, std::size_t) {
    const int type = unit[0] >> 1 & 0x3F;
    if (is_first) found.has_delimiter = type == 35;
    is_first = false;
    if (type >= 32 && type <= 34) sets |= 1 << (type - 32);
    found.is_entry = type == 19 || type == 20;
    return type >= 32;
  });
  found.has_parameters = sets == 7;
  return found;
}

/// ISO/IEC 13818-2 §6.2: B3 sequence header, B8 group of pictures, 00 picture.
Opening mpeg2_opening(const std::uint8_t *bytes, std::size_t size) {
  Opening found;
  found.has_delimiter = true;
  bool is_closed = false;
  each_start_code(bytes, size, [&](const std::uint8_t *unit, std::size_t left) {
    if (unit[0] == 0xB3) found.has_parameters = true;
    if (unit[0] == 0xB8 && left > 4) is_closed = unit[4] & 0x40;
    if (unit[0] != 0x00 || left < 3) return unit[0] != 0x00;
    const bool is_intra = (unit[2] >> 3 & 7) == 1;
    found.is_entry = is_intra && is_closed;
    return false;
  });
  return found;
}

/// ISO/IEC 11172-3 §2.4.2.3.
std::size_t layer2_bytes(const std::uint8_t *bytes, std::size_t size) {
  constexpr std::array<int, 16> kKilobits{0,   32,  48,  56,  64,  80,  96,  112,
                                          128, 160, 192, 224, 256, 320, 384, 0};
  if (size < 4 || bytes[0] != 0xFF || (bytes[1] & 0xFE) != 0xFC) return 0;
  if ((bytes[2] >> 2 & 3) != 1) return 0;  // 48 kHz
  return static_cast<std::size_t>(kKilobits[bytes[2] >> 4]) * 3;
}

/// ISO/IEC 14496-3 §1.A.2.2: an ADTS frame, its header included.
std::size_t adts_bytes(const std::uint8_t *bytes, std::size_t size) {
  if (size < 7 || bytes[0] != 0xFF || (bytes[1] & 0xF6) != 0xF0) return 0;
  if ((bytes[2] >> 2 & 15) != 3) return 0;  // 48 kHz
  if ((bytes[6] & 3) != 0) return 0;        // one block of 1024 samples
  return static_cast<std::size_t>((bytes[3] & 3) << 11 | bytes[4] << 3 | bytes[5] >> 5);
}

/// ETSI TS 102 366 §4.4.1.
std::size_t ac3_bytes(const std::uint8_t *bytes, std::size_t size) {
  constexpr std::array<int, 19> kKilobits{32,  40,  48,  56,  64,  80,  96,  112, 128, 160,
                                          192, 224, 256, 320, 384, 448, 512, 576, 640};
  if (size < 5 || bytes[0] != 0x0B || bytes[1] != 0x77) return 0;
  const auto code = static_cast<std::size_t>(bytes[4] & 0x3F);
  if (bytes[4] >> 6 != 0 || code / 2 >= kKilobits.size()) return 0;  // 48 kHz
  return static_cast<std::size_t>(kKilobits[code / 2]) * 4;          // 32 ms
}

}  // namespace

Opening opening_of(VideoCodec codec, const std::uint8_t *bytes, std::size_t size) {
  switch (codec) {
    case VideoCodec::hevc:
      return hevc_opening(bytes, size);
    case VideoCodec::mpeg2:
      return mpeg2_opening(bytes, size);
    case VideoCodec::h264:
      break;
  }
  return h264_opening(bytes, size);
}

std::size_t sound_frame_bytes(SoundCodec codec, const std::uint8_t *bytes, std::size_t size) {
  switch (codec) {
    case SoundCodec::aac:
      return adts_bytes(bytes, size);
    case SoundCodec::ac3:
      return ac3_bytes(bytes, size);
    case SoundCodec::mp2:
      break;
  }
  return layer2_bytes(bytes, size);
}

}  // namespace civicast::cable
