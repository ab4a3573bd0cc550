// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include <stdexcept>
#include <string>
#include <vector>

#include "plugins/cable/ts/crc32.hpp"
#include "plugins/cable/ts/cue.hpp"
#include "plugins/cable/ts/packet.hpp"

namespace civicast::cable {
namespace {

/// As cue messages are printed in manuals.
std::string base64(const std::vector<std::uint8_t> &bytes) {
  constexpr char kLetters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    const std::size_t left = bytes.size() - at;
    const unsigned three =
        bytes[at] << 16U | (left > 1 ? bytes[at + 1] << 8U : 0U) | (left > 2 ? bytes[at + 2] : 0U);
    for (unsigned i = 0; i < 4; ++i) out += i <= left ? kLetters[three >> (18 - 6 * i) & 63] : '=';
  }
  return out;
}

std::string hex(const std::vector<std::uint8_t> &bytes, std::size_t from, std::size_t to) {
  std::string out;
  for (std::size_t i = from; i < to; ++i) {
    constexpr char kDigits[] = "0123456789ABCDEF";
    out += {kDigits[bytes.at(i) >> 4], kDigits[bytes.at(i) & 15]};
  }
  return out;
}

}  // namespace

TEST_CASE("A splice_insert is, to the byte, what others have published for the same message") {
  // Manuals and logs of several makers' encoders. They differ in what they tell of the avail.
  Cue cue{.event_id = 1, .pts = 756'296'448, .duration_ticks = 19'125'000, .auto_return = true};
  cue.program_id = 1;
  cue.avail = cue.avails = 1;
  CHECK(base64(section_of(cue)) == "/DAlAAAAAAAAAP/wFAUAAAABf+/+LRQrAP4BI9MIAAEBAQAAfxV6SQ==");
  cue.event_id = 4;
  cue.pts = 2'468'792'008;
  cue.duration_ticks = 21'690'000;
  CHECK(base64(section_of(cue)) == "/DAlAAAAAAAAAP/wFAUAAAAEf+/+kybGyP4BSvaQAAEBAQAArky/3g==");
  cue.event_id = 1000;
  cue.pts = 5'525'641'644;
  cue.duration_ticks = 8'100'000;
  CHECK(base64(section_of(cue)) == "/DAlAAAAAAAAAP/wFAUAAAPof+//SVqZrP4Ae5igAAEBAQAAQcfnVA==");
  const Cue plain{
      .event_id = 552'015, .pts = 8'079'935'651, .duration_ticks = 1'440'000, .auto_return = true};
  CHECK(base64(section_of(plain)) == "/DAlAAAAAAAAAP/wFAUACGxPf+//4ZoIo/4AFfkAAAAAAAAAgJ61+A==");
  const Cue back{.event_id = 1, .is_out = false, .pts = 296'190'000, .program_id = 1};
  CHECK(base64(section_of(back)) == "/DAgAAAAAAAAAP/wDwUAAAABf0/+EaeAMAABAAAAAJlXlzg=");
  Cue now{.event_id = 1, .duration_ticks = 5'400'000, .auto_return = true, .program_id = 1};
  now.is_immediate = true;
  CHECK(base64(section_of(now)) == "/DAgAAAAAAAAAP/wDwUAAAABf//+AFJlwAABAAAAAMOOklg=");
}

TEST_CASE("The command of the standard's own example comes out of the same break") {
  // SCTE 35 §14.2; its section also has an avail descriptor, which ours leave out.
  const Cue cue{.event_id = 0x4800008F,
                .pts = 0x07369C02E,
                .duration_ticks = 0x00052CCF5,
                .auto_return = true};
  CHECK(hex(section_of(cue), 13, 34) == "054800008F7FEFFE7369C02EFE0052CCF500000000");
}

TEST_CASE("The heartbeat is the published splice_null") {
  CHECK(base64(heartbeat_section()) == "/DARAAAAAAAAAP/wAAAAAHpPv/8=");
}

TEST_CASE("A cancellation names its event and nothing else") {
  const Cue cue{.event_id = 0xA1B2C3D4, .pts = 5, .duration_ticks = 7, .is_cancel = true};
  const std::vector<std::uint8_t> section = section_of(cue);
  CHECK(hex(section, 0, 19) == "FC301600000000000000FFF00505A1B2C3D4FF");
  CHECK(section.size() == 25);
  CHECK(crc32_of(section) == 0);
}

TEST_CASE("The time of a splice wraps with the clock of 33 bits") {
  const auto at = [](std::int64_t pts) { return section_of(Cue{.event_id = 9, .pts = pts}); };
  CHECK(at(kClockWrap) == at(0));
  CHECK(at(5 * kClockWrap + 90'001) == at(90'001));
  CHECK(at(-1) == at(kClockWrap - 1));
  CHECK(hex(at(kClockWrap - 1), 20, 25) == "FFFFFFFFFF");
  CHECK(hex(at(0), 20, 25) == "FE00000000");
}

TEST_CASE("A break that 33 bits cannot measure is not told as a shorter one") {
  CHECK_THROWS_AS(section_of(Cue{.duration_ticks = kClockWrap}), std::invalid_argument);
  CHECK_THROWS_AS(section_of(Cue{.duration_ticks = -1}), std::invalid_argument);
  CHECK_NOTHROW(section_of(Cue{.duration_ticks = kClockWrap - 1}));
}

TEST_CASE("The CRC is that of the catalogues") {
  // CRC-32/MPEG-2 of "123456789".
  const std::vector<std::uint8_t> digits{'1', '2', '3', '4', '5', '6', '7', '8', '9'};
  CHECK(crc32_of(digits) == 0x0376E6E7);
}

}  // namespace civicast::cable
