// SPDX-License-Identifier: Apache-2.0
#include "tests/tools/ts/pictures.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>

namespace civicast::tests {
namespace {

/// A NAL unit's bits, without its emulation prevention bytes (H.264 §7.4.1); zeros beyond the end.
class Bits {
 public:
  explicit Bits(const std::vector<std::uint8_t> &bytes) : bytes_(bytes) {}
  unsigned next(int count) {
    unsigned value = 0;
    for (; count > 0; --count, ++at_) {
      const std::size_t byte = at_ / 8;
      const unsigned bit = byte < bytes_.size() ? bytes_[byte] >> (7 - at_ % 8) & 1U : 0U;
      value = value << 1 | bit;
    }
    return value;
  }
  bool flag() { return next(1) != 0; }
  /// Exp-Golomb (§9.1).
  unsigned golomb() {
    int zeros = 0;
    while (zeros < 31 && next(1) == 0) ++zeros;
    return (1U << zeros) - 1 + next(zeros);
  }
  int signed_golomb() {
    const auto code = static_cast<int>(golomb());
    return code % 2 ? (code + 1) / 2 : -code / 2;
  }

 private:
  const std::vector<std::uint8_t> &bytes_;
  std::size_t at_ = 0;
};

std::vector<std::uint8_t> without_prevention(const std::uint8_t *bytes, std::size_t size) {
  std::vector<std::uint8_t> out;
  int zeros = 0;
  for (std::size_t i = 0; i < size; ++i) {
    if (zeros >= 2 && bytes[i] == 3) {
      zeros = 0;
      continue;
    }
    zeros = bytes[i] == 0 ? zeros + 1 : 0;
    out.push_back(bytes[i]);
  }
  return out;
}

void skip_scaling_lists(Bits &in, int lists) {
  for (int list = 0; list < lists; ++list) {
    if (!in.flag()) continue;
    int last = 8, next = 8;
    for (int i = 0; i < (list < 6 ? 16 : 64); ++i) {
      if (next != 0) next = (last + in.signed_golomb() + 256) % 256;
      last = next == 0 ? last : next;
    }
  }
}

/// The next 00 00 01 at or behind `at`; `size` if there is none.
std::size_t start_code(const std::uint8_t *bytes, std::size_t at, std::size_t size) {
  while (at + 3 <= size) {
    const void *one = std::memchr(bytes + at + 2, 1, size - at - 2);
    if (!one) break;
    const auto found = static_cast<std::size_t>(static_cast<const std::uint8_t *>(one) - bytes);
    if (bytes[found - 1] == 0 && bytes[found - 2] == 0) return found - 2;
    at = found - 1;
  }
  return size;
}

}  // namespace

void PictureReader::unit(const std::vector<std::uint8_t> &bytes) {
  Found found;
  const std::size_t size = bytes.size();
  for (std::size_t at = start_code(bytes.data(), 0, size); at < size;) {
    const std::size_t next = start_code(bytes.data(), at + 3, size);
    if (at + 4 < next) piece(&bytes[at + 3], next - at - 3, found);
    at = next;
  }
  ++report_.units;
  report_.frames += found.frames;
  report_.fields += found.top_fields + found.bottom_fields;
  const bool is_frame = found.frames == 1 && found.top_fields + found.bottom_fields == 0;
  const bool is_pair = found.frames == 0 && found.top_fields == 1 && found.bottom_fields == 1;
  if (!is_frame && !is_pair) ++report_.uneven_units;
}

void PictureReader::piece(const std::uint8_t *bytes, std::size_t size, Found &found) {
  if (type_ == 0x02) mpeg2(bytes, size, found);
  if (type_ == 0x1B) h264(bytes, size, found);
  if (type_ == 0x24) h265(bytes, size, found);
}

/// ISO/IEC 13818-2 §6.2.3: a picture header, then its coding extension.
void PictureReader::mpeg2(const std::uint8_t *bytes, std::size_t size, Found &found) {
  if (bytes[0] == 0x00 && size >= 3) {
    const int coding_type = bytes[2] >> 3 & 7;
    if (coding_type == 1) ++report_.entries;
  }
  if (bytes[0] != 0xB5 || size < 6 || bytes[1] >> 4 != 8) return;
  const int structure = bytes[3] & 3;
  const bool is_progressive = bytes[5] & 0x80;
  if (structure == 1) ++found.top_fields;
  if (structure == 2) ++found.bottom_fields;
  if (structure != 3) return;
  ++found.frames;
  if (!is_progressive) ++report_.interlaced_frames;
}

void PictureReader::h264(const std::uint8_t *bytes, std::size_t size, Found &found) {
  const int type = bytes[0] & 0x1F;
  constexpr std::size_t kHeadBytes = 64;  // no slice header's beginning is longer
  if (type == 7) h264_sequence(without_prevention(bytes + 1, size - 1));
  if (type == 8) {
    const auto raw = without_prevention(bytes + 1, std::min(size - 1, kHeadBytes));
    Bits in(raw);
    const unsigned set = in.golomb();
    if (set < sequence_of_.size())
      sequence_of_[set] = static_cast<std::uint8_t>(std::min(in.golomb(), 31U));
  }
  if (type == 1 || type == 5)
    h264_slice(without_prevention(bytes + 1, std::min(size - 1, kHeadBytes)), type == 5, found);
}

/// §7.3.2.1.1, up to frame_mbs_only_flag.
void PictureReader::h264_sequence(const std::vector<std::uint8_t> &bytes) {
  Bits in(bytes);
  const unsigned profile = in.next(8);
  in.next(16);
  const unsigned id = in.golomb();
  if (id >= sequences_.size()) return;
  Sequence &sequence = sequences_[id];
  sequence = {};
  constexpr unsigned kHigh[] = {100, 110, 122, 244, 44, 83, 86, 118, 128};
  if (std::find(std::begin(kHigh), std::end(kHigh), profile) != std::end(kHigh)) {
    const unsigned chroma = in.golomb();
    if (chroma == 3) sequence.has_planes = in.flag();
    in.golomb();
    in.golomb();
    in.flag();
    if (in.flag()) skip_scaling_lists(in, chroma == 3 ? 12 : 8);
  }
  sequence.frame_number_bits = static_cast<int>(in.golomb()) + 4;
  const unsigned order = in.golomb();
  if (order == 0) in.golomb();
  if (order == 1) {
    in.flag();
    in.signed_golomb();
    in.signed_golomb();
    for (unsigned left = std::min(in.golomb(), 255U); left > 0; --left) in.signed_golomb();
  }
  in.golomb();  // reference frames
  in.flag();
  in.golomb();  // width
  in.golomb();  // height
  sequence.is_frames_only = in.flag();
}

/// §7.3.3, up to bottom_field_flag.
void PictureReader::h264_slice(const std::vector<std::uint8_t> &bytes, bool is_idr, Found &found) {
  Bits in(bytes);
  if (in.golomb() != 0) return;  // not the picture's first slice
  const unsigned slice_type = in.golomb();
  const unsigned set = in.golomb();
  const Sequence &sequence = sequences_[set < 256 ? sequence_of_[set] : 0];
  if (sequence.has_planes) in.next(2);
  in.next(std::min(sequence.frame_number_bits, 16));
  const bool is_field = !sequence.is_frames_only && in.flag();
  const bool is_bottom = is_field && in.flag();
  if (is_idr || slice_type % 5 == 2) ++report_.entries;
  if (is_field) {
    ++(is_bottom ? found.bottom_fields : found.top_fields);
  } else {
    ++found.frames;
    if (!sequence.is_frames_only) ++report_.interlaced_frames;
  }
}

/// H.265 §7.3.1.2 and §7.3.6.1.
void PictureReader::h265(const std::uint8_t *bytes, std::size_t size, Found &found) {
  const int type = bytes[0] >> 1 & 0x3F;
  const bool is_first_slice = size > 2 && (bytes[2] & 0x80);
  if (type >= 32 || !is_first_slice) return;
  ++found.frames;
  if (type >= 16 && type <= 23) ++report_.entries;
}

}  // namespace civicast::tests
