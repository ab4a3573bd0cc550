// SPDX-License-Identifier: Apache-2.0
// A signal that the engine has made, packet by packet, and ways to find one's way in it and to
// damage it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "plugins/cable/ts/packet.hpp"
#include "plugins/cable/ts/psi.hpp"
#include "tests/tools/ts/ts_check.hpp"

namespace civicast::cable {

constexpr std::int64_t kSignalRate = 4'000'000;
constexpr int kVideo = 0x100, kAudio = 0x101, kMap = 0x1000;

using Signal = std::vector<Packet>;

/// Twelve seconds: slate, from the fourth second a spot of three seconds, slate.
const Signal &real_signal();
/// So many packets are one second and a bit less.
constexpr std::size_t kSecond = static_cast<std::size_t>(kSignalRate / kPacketBits);

/// The first packet at or behind `from` of which `is` is true. Throws when there is none.
std::size_t find(const Signal &signal, std::size_t from,
                 const std::function<bool(const std::uint8_t *)> &is);

/// Of a PES packet that begins in `packet`: its PTS and its DTS; -1: it has none.
struct Stamps {
  std::int64_t pts = -1, dts = -1;
};
Stamps stamps_of(const std::uint8_t *packet);
/// Moves those that are there.
void move_stamps(std::uint8_t *packet, std::int64_t ticks);
void take_stamps(std::uint8_t *packet);
void move_clock(std::uint8_t *packet, std::int64_t ticks);

tests::TsReport judged(const Signal &signal);
void write(const Signal &signal, const std::string &path);

}  // namespace civicast::cable
