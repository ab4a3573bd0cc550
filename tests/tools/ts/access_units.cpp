// SPDX-License-Identifier: Apache-2.0
#include "tests/tools/ts/access_units.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace civicast::tests {
namespace {

constexpr int kPacket = 188;

/// ISO/IEC 13818-1 table 2-22: the stream ids of video.
bool opens_video(const std::uint8_t *payload, int size) {
  return size >= 9 && !payload[0] && !payload[1] && payload[2] == 1 && (payload[3] & 0xF0) == 0xE0;
}

/// §2.4.3.7: 33 bits in five bytes, with markers between.
std::int64_t read_stamp(const std::uint8_t *b) {
  return std::int64_t{b[0] & 0x0E} << 29 | b[1] << 22 | (b[2] & 0xFE) << 14 | b[3] << 7 | b[4] >> 1;
}

}  // namespace

void UnitReader::feed(const std::uint8_t *bytes, std::size_t size) {
  for (; size >= kPacket; bytes += kPacket, size -= kPacket) packet(bytes);
}

void UnitReader::packet(const std::uint8_t *p) {
  const std::int64_t index = next_packet_++;
  if (p[0] != 0x47) return;
  const bool has_field = (p[3] & 0x20) && p[4] > 0, has_payload = p[3] & 0x10;
  if (has_field && (p[5] & 0x10) && p[4] >= 7) clock(p);
  const int start = (p[3] & 0x20) ? 5 + p[4] : 4, size = kPacket - start;
  if (!has_payload || size <= 0) return;
  const int pid = (p[1] & 0x1F) << 8 | p[2];
  const bool is_start = (p[1] & 0x40) && opens_video(p + start, size);
  if (pid_ < 0 && is_start) pid_ = pid;
  if (pid != pid_) return;
  const int counter = p[3] & 0x0F;
  const bool is_announced = has_field && (p[5] & 0x80);
  if (counter_ >= 0 && (is_announced || counter != ((counter_ + 1) & 0x0F))) {
    close(true);
    ++session_;
  }
  counter_ = counter;
  if (is_start) {
    close(false);
    unit_ = {index, index, session_};
    begin(p + start, size);
  } else if (is_open_) {
    unit_.last_packet = index;
    add(p + start, size);
  }
}

void UnitReader::clock(const std::uint8_t *p) {
  if (!on_clock_) return;
  const std::int64_t base =
      std::int64_t{p[6]} << 25 | p[7] << 17 | p[8] << 9 | p[9] << 1 | p[10] >> 7;
  on_clock_({next_packet_ - 1, base * 300 + ((p[10] & 1) << 8 | p[11]), (p[5] & 0x80) != 0});
}

void UnitReader::begin(const std::uint8_t *payload, int size) {
  is_open_ = true;
  unit_.hash = 0xCBF29CE484222325;
  const int head = 9 + payload[8], flags = payload[7] >> 6;
  if (head > size) return;
  if (flags & 2 && payload[8] >= 5) unit_.pts = unit_.dts = read_stamp(payload + 9);
  if (flags == 3 && payload[8] >= 10) unit_.dts = read_stamp(payload + 14);
  add(payload + head, size - head);
}

void UnitReader::add(const std::uint8_t *bytes, int size) {
  unit_.es_bytes += size;
  for (const std::uint8_t *end = bytes + size; bytes < end; ++bytes)
    unit_.hash = (unit_.hash ^ *bytes) * 0x100000001B3;
}

void UnitReader::close(bool is_cut) {
  if (!is_open_) return;
  is_open_ = false;
  unit_.is_cut = is_cut;
  on_unit_(unit_);
}

std::int64_t KnownFrames::add(const std::string &id, const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  std::int64_t frames = 0;
  UnitReader reader([&](const AccessUnit &unit) {
    const auto [at, is_new] = names_.emplace(unit.hash, FrameName{id, frames++});
    if (!is_new)
      throw std::runtime_error("frame " + std::to_string(frames - 1) + " of " + id + " is frame " +
                               std::to_string(at->second.frame) + " of " + at->second.id);
  });
  reader.feed(reinterpret_cast<const std::uint8_t *>(bytes.data()), bytes.size());
  reader.finish();
  if (frames == 0) throw std::runtime_error("no video in " + path);
  return frames;
}

const FrameName *KnownFrames::name_of(const AccessUnit &unit) const {
  const auto found = names_.find(unit.hash);
  return found == names_.end() ? nullptr : &found->second;
}

}  // namespace civicast::tests
