// SPDX-License-Identifier: Apache-2.0
// Law: whatever packets come, in pieces of any length, the cutter hands on every one of them once
// and in order, and keeps no more than a few back.
//
// Input: pieces, each a byte for its number of packets; of each packet the first 40 bytes.
#include "plugins/cable/send/cutter.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "tests/fuzz/input.hpp"
#include "tests/fuzz/law.hpp"

using namespace civicast;
using fuzz::must_hold;

namespace {

constexpr std::size_t kPacket = 188, kMostHeld = 2001 * kPacket;

class Joined final : public cable::Cutter::Sink {
 public:
  void entry(std::int64_t pts, std::int64_t) override {
    must_hold(pts >= -1 && pts < std::int64_t{1} << 33, "33 bits");
    starts_entry_ = true;
  }
  void picture(std::int64_t pts) override {
    must_hold(pts >= -1 && pts < std::int64_t{1} << 33, "33 bits");
  }
  void bytes(const std::uint8_t *data, std::size_t size) override {
    must_hold(size % kPacket == 0, "whole packets");
    if (std::exchange(starts_entry_, false))
      must_hold((data[1] & 0x1F) == 0 && data[2] == 0, "an entry begins with a PAT");
    all.insert(all.end(), data, data + size);
  }
  std::vector<std::uint8_t> all;

 private:
  bool starts_entry_ = false;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  fuzz::Input input(data, size);
  Joined joined;
  cable::Cutter cutter(joined);
  std::vector<std::uint8_t> fed;
  while (!input.is_empty()) {
    std::vector<std::uint8_t> piece;
    for (std::size_t count = input.byte() % 16; count > 0; --count) {
      const std::string_view head = input.bytes(40);
      const std::size_t at = piece.size();
      piece.resize(at + kPacket, 0xFF);
      std::copy(head.begin(), head.end(), piece.begin() + static_cast<std::ptrdiff_t>(at));
    }
    cutter.feed(piece.data(), piece.size(), 0);
    fed.insert(fed.end(), piece.begin(), piece.end());
    must_hold(fed.size() - joined.all.size() <= kMostHeld, "little is held back");
  }
  cutter.flush();
  must_hold(joined.all == fed, "what came in came out");
  return 0;
}
