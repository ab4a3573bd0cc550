// SPDX-License-Identifier: Apache-2.0
// Where a signal may be cut, judged by a reading of the packets that is this test's own.
#include <catch2/catch.hpp>

#include "plugins/cable/send/cutter.hpp"
#include "tests/unit/cable/send/net.hpp"
#include "tests/unit/cable/send/stream.hpp"

namespace civicast::cable {
namespace {

class Pieces final : public Cutter::Sink {
 public:
  void entry(std::int64_t pts, std::int64_t at_ns) override {
    pieces.emplace_back();
    entries.emplace_back(pts, at_ns);
  }
  void picture(std::int64_t) override { ++pictures; }
  void bytes(const std::uint8_t *bytes, std::size_t size) override {
    std::vector<std::uint8_t> &to = pieces.empty() ? before : pieces.back();
    to.insert(to.end(), bytes, bytes + size);
  }
  std::vector<std::uint8_t> joined() const {
    std::vector<std::uint8_t> out = before;
    for (const auto &piece : pieces) out.insert(out.end(), piece.begin(), piece.end());
    return out;
  }
  std::vector<std::uint8_t> before;  ///< the first entry
  std::vector<std::vector<std::uint8_t>> pieces;
  std::vector<std::pair<std::int64_t, std::int64_t>> entries;
  int pictures = 0;
};

TEST_CASE(
    "The pieces are the signal, and each begins with tables and a picture that stands alone") {
  const std::vector<std::uint8_t> &stream = slate_stream(8);
  Pieces pieces;
  Cutter cutter(pieces);
  std::int64_t at_ns = 0;
  for (Feed feed(stream, 1); !feed.is_over(); ++at_ns)
    for (const iovec &part : feed.next())
      cutter.feed(static_cast<const std::uint8_t *>(part.iov_base), part.iov_len, at_ns);
  cutter.flush();
  CHECK(pieces.joined() == stream);
  // The slate is one second long and begins anew each second.
  REQUIRE(pieces.entries.size() >= 7);
  std::size_t position = pieces.before.size();
  for (std::size_t i = 0; i < pieces.pieces.size(); ++i) {
    const std::vector<std::uint8_t> &piece = pieces.pieces[i];
    INFO("piece " << i);
    check_entry(piece);
    // The instant is that of the datagram in which the piece begins.
    CHECK(pieces.entries[i].second == static_cast<std::int64_t>(position / 1316));
    if (i > 0) CHECK(pieces.entries[i].first - pieces.entries[i - 1].first == 90'000);
    position += piece.size();
  }
  CHECK(pieces.pictures + static_cast<int>(pieces.entries.size()) >= 190);
}

TEST_CASE("Packets of any kind pass unchanged, though there is no place to cut") {
  for (const unsigned seed : {1U, 2U, 3U}) {
    INFO("seed " << seed);
    std::vector<std::uint8_t> bytes;
    for (const auto &one : some_datagrams(500, seed))
      bytes.insert(bytes.end(), one.begin(), one.end());
    Pieces pieces;
    Cutter cutter(pieces);
    cutter.feed(bytes.data(), bytes.size(), 0);
    cutter.flush();
    CHECK(pieces.joined() == bytes);
  }
}

}  // namespace
}  // namespace civicast::cable
