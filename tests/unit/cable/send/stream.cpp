// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cable/send/stream.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

#include "tests/unit/cable/rig.hpp"

namespace civicast::cable {

const std::vector<std::uint8_t> &slate_stream(int seconds) {
  static std::map<int, std::vector<std::uint8_t>> made;
  std::vector<std::uint8_t> &bytes = made[seconds];
  if (!bytes.empty()) return bytes;
  Rig rig;
  rig.output.bytes = &bytes;
  rig.run_for_ms(std::int64_t{1000} * seconds);
  return bytes;
}

std::vector<iovec> Feed::next() {
  constexpr std::size_t kDatagram = 7 * 188;
  std::vector<iovec> out;
  while (out.size() < at_once_ && at_ < bytes_.size()) {
    const std::size_t size = std::min(kDatagram, bytes_.size() - at_);
    out.push_back({const_cast<std::uint8_t *>(&bytes_[at_]), size});
    at_ += size;
  }
  return out;
}

void check_entry(const std::vector<std::uint8_t> &bytes) {
  REQUIRE(bytes.size() >= 188);
  REQUIRE(bytes.size() % 188 == 0);
  std::vector<int> pids;
  for (std::size_t at = 0; at < bytes.size(); at += 188) {
    const std::uint8_t *p = &bytes[at];
    REQUIRE(p[0] == 0x47);
    const int pid = (p[1] & 0x1F) << 8 | p[2];
    const bool has_payload = p[3] & 0x10;
    if (pid == 0x100 || pid == 0x101) {
      if (!has_payload) continue;
      CHECK(pid == 0x100);
      CHECK((p[1] & 0x40) != 0);  // the picture begins here
      CHECK((p[3] & 0x20) != 0);
      CHECK((p[5] & 0x40) != 0);  // random access indicator
      break;
    }
    if (pid == 0 || pid == 0x1000) pids.push_back(pid);
  }
  REQUIRE(pids.size() >= 2);
  CHECK(pids[0] == 0);
  CHECK(pids[1] == 0x1000);
}

std::int64_t feed_all(Output &output, const std::vector<std::uint8_t> &bytes) {
  std::int64_t errors = 0;
  for (Feed feed(bytes); !feed.is_over();) errors += output.send(feed.next());
  return errors;
}

}  // namespace civicast::cable
