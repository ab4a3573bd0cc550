// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/ts/ring.hpp"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace civicast::cable {

PacketRing::PacketRing() : bytes_(static_cast<std::size_t>(kCapacity) * 188) {}

void PacketRing::append(const std::uint8_t *bytes, std::size_t size) {
  const std::int64_t end = written_bytes_ + static_cast<std::int64_t>(size);
  if (end > (released_ + kCapacity) * 188) throw std::length_error("the packet ring is full");
  while (size > 0) {
    const std::size_t at = static_cast<std::size_t>(written_bytes_) % bytes_.size();
    const std::size_t part = std::min(size, bytes_.size() - at);
    std::memcpy(&bytes_[at], bytes, part);
    bytes += part;
    size -= part;
    written_bytes_ += static_cast<std::int64_t>(part);
  }
}

}  // namespace civicast::cable
