// SPDX-License-Identifier: Apache-2.0
// The fields of one transport packet (ISO/IEC 13818-1 §2.4.3), read and written in place. Each
// function is safe on any 188 bytes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "plugins/cable/ts/timeline.hpp"

namespace civicast::cable {

using Packet = std::array<std::uint8_t, 188>;

constexpr int kNullPid = 0x1FFF, kAssociationPid = 0;
/// As libavformat numbers the programme map, the pictures and the sound.
constexpr int kMapPid = 0x1000, kVideoPid = 0x100, kAudioPid = 0x101;
constexpr std::size_t kPids = 0x2000;
constexpr std::int64_t kPacketBits = kPacketBytes * 8;
constexpr std::int64_t kSystemClock = 27'000'000;       ///< Hz
constexpr std::int64_t kSystemWrap = kClockWrap * 300;  ///< of its ticks

constexpr int pid_of(const std::uint8_t *packet) {
  return (packet[1] & 0x1F) << 8 | packet[2];
}
constexpr bool starts_unit(const std::uint8_t *packet) {
  return packet[1] & 0x40;
}
constexpr bool has_payload(const std::uint8_t *packet) {
  return packet[3] & 0x10;
}
constexpr int counter_of(const std::uint8_t *packet) {
  return packet[3] & 0x0F;
}
constexpr void set_counter(std::uint8_t *packet, int counter) {
  packet[3] = static_cast<std::uint8_t>((packet[3] & 0xF0) | (counter & 0x0F));
}
/// The discontinuity indicator.
constexpr bool is_announced_break(const std::uint8_t *packet) {
  return (packet[3] & 0x20) && packet[4] > 0 && (packet[5] & 0x80);
}
constexpr bool has_clock(const std::uint8_t *packet) {
  return (packet[3] & 0x20) && packet[4] >= 7 && (packet[5] & 0x10);
}
/// Where the payload begins; 188 if there is none.
constexpr std::size_t payload_at(const std::uint8_t *packet) {
  if (!has_payload(packet)) return 188;
  const std::size_t at = (packet[3] & 0x20) ? std::size_t{5} + packet[4] : 4;
  return at < 188 ? at : 188;
}

/// §2.4.3.5: 33 bits at 90 kHz, 6 reserved, 9 bits at 27 MHz. `field` is six bytes.
constexpr std::int64_t read_clock(const std::uint8_t *field) {
  const std::int64_t base = std::int64_t{field[0]} << 25 | std::int64_t{field[1]} << 17 |
                            std::int64_t{field[2]} << 9 | std::int64_t{field[3]} << 1 |
                            field[4] >> 7;
  return base * 300 + ((field[4] & 1) << 8 | field[5]);
}

constexpr void write_clock(std::uint8_t *field, std::int64_t ticks) {
  const std::int64_t base = ticks / 300, extension = ticks % 300;
  field[0] = static_cast<std::uint8_t>(base >> 25);
  field[1] = static_cast<std::uint8_t>(base >> 17);
  field[2] = static_cast<std::uint8_t>(base >> 9);
  field[3] = static_cast<std::uint8_t>(base >> 1);
  field[4] = static_cast<std::uint8_t>((base & 1) << 7 | 0x7E | extension >> 8);
  field[5] = static_cast<std::uint8_t>(extension);
}

/// Into [0, wrap).
constexpr std::int64_t wrapped(std::int64_t ticks, std::int64_t wrap) {
  return (ticks % wrap + wrap) % wrap;
}

constexpr Packet null_packet() {
  Packet packet{};
  for (std::uint8_t &byte : packet) byte = 0xFF;
  packet[0] = 0x47;
  packet[1] = 0x1F;
  packet[3] = 0x10;
  return packet;
}

}  // namespace civicast::cable
