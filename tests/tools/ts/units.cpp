// SPDX-License-Identifier: Apache-2.0
#include "tests/tools/ts/units.hpp"

#include <array>
#include <fstream>

namespace civicast::tests {
namespace {

constexpr int kPacket = 188;
/// H.264's PES packets are the ones with a stream id of video (ISO/IEC 13818-1 table 2-22).
bool opens_video(const std::uint8_t *payload, int size) {
  return size >= 9 && !payload[0] && !payload[1] && payload[2] == 1 && (payload[3] & 0xF0) == 0xE0;
}

class Walk {
 public:
  void packet(const std::uint8_t *p, std::int64_t at) {
    const int pid = (p[1] & 0x1F) << 8 | p[2];
    const bool has_payload = p[3] & 0x10;
    const int start = (p[3] & 0x20) ? 5 + p[4] : 4;
    if (p[0] != 0x47 || !has_payload || start >= kPacket) return;
    const bool is_unit_start = p[1] & 0x40;
    if (pid_ < 0 && is_unit_start && opens_video(p + start, kPacket - start)) pid_ = pid;
    if (pid != pid_) return;
    const int counter = p[3] & 0x0F;
    const bool is_announced = (p[3] & 0x20) && p[4] > 0 && (p[5] & 0x80);
    if (counter_ >= 0 && (is_announced || counter != ((counter_ + 1) & 0x0F))) {
      if (open_) open_->is_cut = true;
      open_ = nullptr;
      ++session_;
    }
    counter_ = counter;
    const int size = kPacket - start;
    if (is_unit_start && opens_video(p + start, size)) {
      open_ = &units_[at];
      *open_ = {next_index_++, session_, size - 9 - p[start + 8], false};
    } else if (open_) {
      open_->es_bytes += size;
    }
  }

  std::map<std::int64_t, VideoUnit> finish() {
    if (open_) open_->is_cut = true;
    return std::move(units_);
  }

 private:
  int pid_ = -1, counter_ = -1;
  std::int64_t next_index_ = 0, session_ = 0;
  VideoUnit *open_ = nullptr;
  std::map<std::int64_t, VideoUnit> units_;
};

}  // namespace

std::map<std::int64_t, VideoUnit> video_units(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  Walk walk;
  std::array<char, kPacket> packet{};
  for (std::int64_t at = 0; in.read(packet.data(), kPacket); at += kPacket)
    walk.packet(reinterpret_cast<const std::uint8_t *>(packet.data()), at);
  return walk.finish();
}

}  // namespace civicast::tests
