// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/ts/psi.hpp"

#include <algorithm>
#include <stdexcept>

#include "plugins/cable/ts/crc32.hpp"
#include "plugins/cable/ts/packet.hpp"

namespace civicast::cable {
namespace {

constexpr std::size_t kCrcBytes = 4;
constexpr int kAssociationTable = 0x00, kMapTable = 0x02;

std::size_t number(Bytes bytes, std::size_t at, int mask) {
  return static_cast<std::size_t>((bytes[at] & mask) << 8 | bytes[at + 1]);
}

}  // namespace

Bytes section_in(const std::uint8_t *packet) {
  const std::size_t start = payload_at(packet);
  if (!starts_unit(packet) || start >= 188) return {};
  const std::size_t at = start + 1 + packet[start];
  if (at + 3 > 188) return {};
  const Bytes rest(packet + at, 188 - at);
  const std::size_t size = 3 + number(rest, 1, 0x0F);
  return size <= rest.size() ? rest.first(size) : Bytes{};
}

bool is_intact(Bytes section) {
  return section.size() > kCrcBytes && crc32_of(section) == 0;
}

std::optional<int> map_pid_of(Bytes association) {
  if (association.size() < 8 + kCrcBytes || association[0] != kAssociationTable) return {};
  for (std::size_t at = 8; at + 4 <= association.size() - kCrcBytes; at += 4)
    if (association[at] || association[at + 1])  // programme 0 is the network's table
      return static_cast<int>(number(association, at + 2, 0x1F));
  return {};
}

std::optional<ProgramMap> read_map(Bytes section) {
  if (section.size() < 12 + kCrcBytes || section[0] != kMapTable) return {};
  ProgramMap map;
  map.version = section[5] >> 1 & 0x1F;
  map.clock_pid = static_cast<int>(number(section, 8, 0x1F));
  const std::size_t end = section.size() - kCrcBytes;
  const std::size_t length = number(section, 10, 0x0F);
  std::size_t at = 12 + length;
  if (at > end) return {};
  map.descriptors = section.subspan(12, length);
  while (at + 5 <= end) {
    const std::size_t size = number(section, at + 3, 0x0F);
    if (at + 5 + size > end) return {};
    map.streams.push_back({section[at], static_cast<int>(number(section, at + 1, 0x1F)),
                           section.subspan(at + 5, size)});
    at += 5 + size;
  }
  return at == end ? std::optional(map) : std::nullopt;
}

bool has_descriptor(Bytes descriptors, int tag, Bytes head) {
  while (descriptors.size() >= 2 && std::size_t{2} + descriptors[1] <= descriptors.size()) {
    const Bytes body = descriptors.subspan(2, descriptors[1]);
    const bool begins_so =
        std::equal(head.begin(), head.end(), body.begin(),
                   body.begin() + static_cast<std::ptrdiff_t>(std::min(head.size(), body.size())));
    if (descriptors[0] == tag && begins_so) return true;
    descriptors = descriptors.subspan(2 + body.size());
  }
  return false;
}

void put_section(std::uint8_t *packet, int pid, int counter, Bytes section) {
  packet[0] = 0x47;
  packet[1] = static_cast<std::uint8_t>(0x40 | pid >> 8);
  packet[2] = static_cast<std::uint8_t>(pid);
  packet[3] = static_cast<std::uint8_t>(0x10 | (counter & 0x0F));
  if (!replace_section(packet, section)) throw std::length_error("a section is too long");
}

bool replace_section(std::uint8_t *packet, Bytes section) {
  const std::size_t start = payload_at(packet);
  if (start + 1 + section.size() > 188) return false;
  packet[start] = 0;
  std::uint8_t *const end = std::copy(section.begin(), section.end(), packet + start + 1);
  std::fill(end, packet + 188, std::uint8_t{0xFF});
  return true;
}

}  // namespace civicast::cable
