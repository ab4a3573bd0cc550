// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cable/send/stream.hpp"

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

std::int64_t feed_all(Output &output, const std::vector<std::uint8_t> &bytes) {
  std::int64_t errors = 0;
  for (Feed feed(bytes); !feed.is_over();) errors += output.send(feed.next());
  return errors;
}

}  // namespace civicast::cable
