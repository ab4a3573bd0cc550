// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cable/ts/signal.hpp"

#include <cstring>
#include <fstream>
#include <stdexcept>

#include "tests/unit/cable/rig.hpp"

namespace civicast::cable {
namespace {

Signal make() {
  std::vector<std::uint8_t> bytes;
  Rig rig;
  rig.output.bytes = &bytes;
  rig.plan("spot", house_file({.frames = 75}), 4000, 75);
  rig.run_for_ms(12'000);
  Signal signal(bytes.size() / 188);
  std::memcpy(signal.data(), bytes.data(), signal.size() * 188);
  return signal;
}

std::uint8_t *unit_in(std::uint8_t *packet) {
  const std::size_t start = payload_at(packet);
  const bool is_unit = starts_unit(packet) && start + 19 <= 188 && packet[start] == 0 &&
                       packet[start + 1] == 0 && packet[start + 2] == 1;
  return is_unit ? packet + start : nullptr;
}

std::int64_t read(const std::uint8_t *b) {
  return std::int64_t{b[0] >> 1 & 7} << 30 | (b[1] << 7 | b[2] >> 1) << 15 |
         (b[3] << 7 | b[4] >> 1);
}

void move(std::uint8_t *b, std::int64_t ticks) {
  const std::int64_t stamp = wrapped(read(b) + ticks, kClockWrap);
  b[0] = static_cast<std::uint8_t>((b[0] & 0xF1) | (stamp >> 30 & 7) << 1);
  b[1] = static_cast<std::uint8_t>(stamp >> 22);
  b[2] = static_cast<std::uint8_t>(stamp >> 14 | 1);
  b[3] = static_cast<std::uint8_t>(stamp >> 7);
  b[4] = static_cast<std::uint8_t>(stamp << 1 | 1);
}

}  // namespace

const Signal &real_signal() {
  static const Signal signal = make();
  return signal;
}

std::size_t find(const Signal &signal, std::size_t from,
                 const std::function<bool(const std::uint8_t *)> &is) {
  for (std::size_t i = from; i < signal.size(); ++i)
    if (is(signal[i].data())) return i;
  throw std::logic_error("no such packet in the signal");
}

Stamps stamps_of(const std::uint8_t *packet) {
  Packet copy;
  std::memcpy(copy.data(), packet, copy.size());
  const std::uint8_t *unit = unit_in(copy.data());
  if (!unit || !(unit[7] & 0x80)) return {};
  const std::int64_t pts = read(unit + 9);
  return {pts, (unit[7] & 0x40) ? read(unit + 14) : pts};
}

void move_stamps(std::uint8_t *packet, std::int64_t ticks) {
  std::uint8_t *unit = unit_in(packet);
  if (!unit) throw std::logic_error("no unit begins here");
  if (unit[7] & 0x80) move(unit + 9, ticks);
  if (unit[7] & 0x40) move(unit + 14, ticks);
}

void take_stamps(std::uint8_t *packet) {
  std::uint8_t *unit = unit_in(packet);
  if (!unit) throw std::logic_error("no unit begins here");
  unit[7] = static_cast<std::uint8_t>(unit[7] & 0x3F);
}

void move_clock(std::uint8_t *packet, std::int64_t ticks) {
  write_clock(packet + 6, wrapped(read_clock(packet + 6) + ticks, kSystemWrap));
}

tests::TsReport judged(const Signal &signal) {
  tests::TsCheck check;
  for (const Packet &packet : signal) check.feed(packet.data(), packet.size());
  return check.report();
}

void write(const Signal &signal, const std::string &path) {
  std::ofstream out(path, std::ios::binary);
  for (const Packet &packet : signal)
    out.write(reinterpret_cast<const char *>(packet.data()), std::ssize(packet));
  if (!out) throw std::runtime_error(path);
}

}  // namespace civicast::cable
