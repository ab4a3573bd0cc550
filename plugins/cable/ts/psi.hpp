// SPDX-License-Identifier: Apache-2.0
// Sections and the packets that carry them (ISO/IEC 13818-1 §2.4.4): the association and the map of
// programs, read from any bytes, and a section put into a packet.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace civicast::cable {

using Bytes = std::span<const std::uint8_t>;

/// What fits into one packet without an adaptation field, behind the pointer.
constexpr std::size_t kSectionInPacket = 183;

/// The section that begins in `packet`, if it also ends there; else empty. Bytes of the packet.
Bytes section_in(const std::uint8_t *packet);

/// Its CRC is right. For sections that carry one.
bool is_intact(Bytes section);

/// The PID of the first programme's map, from a programme association section.
std::optional<int> map_pid_of(Bytes association);

struct ProgramMap {
  int version = 0;
  int clock_pid = 0;  ///< 0x1FFF: the programme has no clock
  Bytes descriptors;
  struct Stream {
    int type = 0, pid = 0;
    Bytes descriptors;
  };
  std::vector<Stream> streams;
};
/// Points into `section`. Nothing if lengths contradict each other.
std::optional<ProgramMap> read_map(Bytes section);

/// Tag and length, then so many bytes, over and over: is there one with this tag whose bytes begin
/// with `head`?
bool has_descriptor(Bytes descriptors, int tag, Bytes head = {});

/// A whole packet: pointer 0, the section, stuffing. `section` has at most kSectionInPacket bytes.
void put_section(std::uint8_t *packet, int pid, int counter, Bytes section);

/// The same behind whatever header and adaptation field the packet has; false if there is no room.
bool replace_section(std::uint8_t *packet, Bytes section);

}  // namespace civicast::cable
