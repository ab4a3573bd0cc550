// SPDX-License-Identifier: Apache-2.0
// RTP: the fields of RFC 3550 and RFC 2250, and that they follow from the stream alone.
#include <catch2/catch.hpp>

#include "plugins/cable/send/rtp.hpp"
#include "tests/unit/cable/send/net.hpp"
#include "tests/unit/cable/send/stream.hpp"

namespace civicast::cable {
namespace {

constexpr std::int64_t kRate = 4'000'000;

/// An independent reading of a header.
struct Header {
  explicit Header(const Datagram &d)
      : version(d.bytes[0] >> 6),
        rest(d.bytes[0] & 0x3F),
        marker(d.bytes[1] >> 7),
        type(d.bytes[1] & 0x7F),
        sequence(static_cast<std::uint16_t>(d.bytes[2] << 8 | d.bytes[3])),
        timestamp(std::uint32_t{d.bytes[4]} << 24 | std::uint32_t{d.bytes[5]} << 16 |
                  std::uint32_t{d.bytes[6]} << 8 | d.bytes[7]),
        source(std::uint32_t{d.bytes[8]} << 24 | std::uint32_t{d.bytes[9]} << 16 |
               std::uint32_t{d.bytes[10]} << 8 | d.bytes[11]) {}
  int version, rest, marker, type;
  std::uint16_t sequence;
  std::uint32_t timestamp, source;
};

Address to(const Receiver &receiver) {
  return parse_address("rtp://127.0.0.1:" + std::to_string(receiver.port()));
}

std::vector<Datagram> send_all(RtpOutput &output, Receiver &receiver,
                               const std::vector<std::uint8_t> &bytes) {
  std::vector<Datagram> came;
  for (Feed feed(bytes); !feed.is_over();) {
    const auto batch = feed.next();
    CHECK(output.send(batch) == 0);
    for (Datagram &one : receiver.take(batch.size())) came.push_back(std::move(one));
  }
  return came;
}

/// Datagrams with one clock, which stands in packet `packet` of datagram `datagram`.
std::vector<std::uint8_t> with_clock(std::size_t count, std::size_t datagram, std::size_t packet,
                                     std::int64_t ticks) {
  std::vector<std::uint8_t> out;
  for (const auto &one : some_datagrams(count)) out.insert(out.end(), one.begin(), one.end());
  std::uint8_t *at = &out[(datagram * 7 + packet) * 188];
  const std::int64_t base = ticks / 300, extension = ticks % 300;
  at[3] = 0x30;
  at[4] = 7;
  at[5] = 0x10;
  for (int i = 0; i < 4; ++i) at[6 + i] = static_cast<std::uint8_t>(base >> (25 - 8 * i));
  at[10] = static_cast<std::uint8_t>((base & 1) << 7 | 0x7E | extension >> 8);
  at[11] = static_cast<std::uint8_t>(extension);
  return out;
}

TEST_CASE("A datagram's header is that of MPEG-TS in RTP, and its time the stream's own") {
  Receiver receiver;
  RtpOutput output(to(receiver), kRate, source_of("cable"));
  const std::vector<std::uint8_t> &stream = slate_stream(4);
  const std::vector<Datagram> came = send_all(output, receiver, stream);
  REQUIRE(came.size() == stream.size() / 1316);
  const Header first(came[0]);
  for (std::size_t i = 0; i < came.size(); ++i) {
    const Header header(came[i]);
    REQUIRE(came[i].bytes.size() == 12 + 1316);
    REQUIRE(std::equal(came[i].bytes.begin() + 12, came[i].bytes.end(),
                       stream.begin() + static_cast<std::ptrdiff_t>(i * 1316)));
    REQUIRE(header.version == 2);
    REQUIRE(header.rest == 0);
    REQUIRE(header.type == 33);
    REQUIRE(header.marker == (i == 0 ? 1 : 0));  // this stream announces that its clock is new
    REQUIRE(header.source == first.source);
    REQUIRE(header.sequence == static_cast<std::uint16_t>(first.sequence + i));
    // 7 packets of 4 Mb/s are 236.88 ticks.
    const double expected = static_cast<double>(i) * 1316 * 8 * 90'000 / kRate;
    REQUIRE(std::abs(header.timestamp - first.timestamp - expected) < 1.5);
  }
  CHECK(first.source == source_of("cable"));
  CHECK(first.source != source_of("cable2"));
}

TEST_CASE("Two RTP destinations get identical bytes, also when one began later") {
  Receiver one, two, late;
  RtpOutput first(to(one), kRate, 7), second(to(two), kRate, 7);
  const std::vector<std::uint8_t> &stream = slate_stream(4);
  const std::vector<Datagram> a = send_all(first, one, stream), b = send_all(second, two, stream);
  REQUIRE(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) REQUIRE(a[i].bytes == b[i].bytes);
  // A sender that takes over in the middle of the stream goes on with the same headers.
  const std::size_t from = a.size() / 2;
  RtpOutput successor(to(late), kRate, 7);
  const std::vector<std::uint8_t> tail(stream.begin() + static_cast<std::ptrdiff_t>(from * 1316),
                                       stream.end());
  std::int64_t errors = 0;
  for (Feed feed(tail); !feed.is_over();) errors += successor.send(feed.next());
  CHECK(errors == 0);
  const std::vector<Datagram> c = late.take(a.size() - from);
  REQUIRE(c.size() == a.size() - from);
  for (std::size_t i = 0; i < c.size(); ++i) {
    INFO(i);
    CHECK(c[i].bytes == a[from + i].bytes);
  }
}

TEST_CASE("Sequence numbers wrap after 65535, and timestamps after 2^32, without a gap") {
  Receiver receiver;
  RtpOutput output(to(receiver), kRate, 7);
  // A clock shortly before the wrap of its 33 bits.
  const std::int64_t ticks = ((std::int64_t{1} << 33) - 2000) * 300;
  const std::vector<std::uint8_t> bytes = with_clock(65'700, 0, 0, ticks);
  Header last(send_all(output, receiver, {bytes.begin(), bytes.begin() + 4 * 1316}).back());
  int sequence_wraps = 0, timestamp_wraps = 0;
  std::vector<std::uint8_t> rest(bytes.begin() + 4 * 1316, bytes.end());
  for (const Datagram &datagram : send_all(output, receiver, rest)) {
    const Header header(datagram);
    REQUIRE(header.sequence == static_cast<std::uint16_t>(last.sequence + 1));
    const std::uint32_t step = header.timestamp - last.timestamp;
    REQUIRE((step == 236 || step == 237));
    sequence_wraps += header.sequence < last.sequence;
    timestamp_wraps += header.timestamp < last.timestamp;
    last = header;
  }
  CHECK(sequence_wraps >= 1);
  CHECK(timestamp_wraps == 1);
}

TEST_CASE("What comes before the stream's first clock is sent with the time that it has") {
  constexpr std::int64_t kTicks = 27'000'000 * std::int64_t{100};
  Receiver receiver;
  RtpOutput output(to(receiver), kRate, 7);
  const std::vector<std::uint8_t> bytes = with_clock(40, 30, 2, kTicks);
  CHECK(feed_all(output, bytes) == 0);
  const std::vector<Datagram> came = receiver.take(40);
  REQUIRE(came.size() == 40);
  for (std::size_t i = 0; i < came.size(); ++i) {
    REQUIRE(std::equal(came[i].bytes.begin() + 12, came[i].bytes.end(),
                       bytes.begin() + static_cast<std::ptrdiff_t>(i * 1316)));
    const double ahead = (30.0 - static_cast<double>(i)) * 1316 + 2 * 188 + 10;
    const double expected = 9'000'000 - ahead * 8 * 90'000 / kRate;
    REQUIRE(std::abs(Header(came[i]).timestamp - expected) < 1.5);
  }
}

TEST_CASE("A stream that shows no clock is sent all the same") {
  Receiver receiver;
  RtpOutput output(to(receiver), kRate, 7);
  auto datagrams = some_datagrams(100);
  std::vector<std::uint8_t> bytes;
  for (const auto &one : datagrams) bytes.insert(bytes.end(), one.begin(), one.end());
  CHECK(feed_all(output, bytes) == 0);
  const std::vector<Datagram> came = receiver.take(100);
  REQUIRE(came.size() == 100);
  CHECK(Header(came[0]).sequence == 0);
  CHECK(Header(came[99]).sequence == 99);
}

}  // namespace
}  // namespace civicast::cable
