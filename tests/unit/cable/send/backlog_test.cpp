// SPDX-License-Identifier: Apache-2.0
// The queue between a sender that never waits and a thread that may.
#include <catch2/catch.hpp>

#include <cstring>
#include <thread>

#include "plugins/cable/send/backlog.hpp"
#include "tests/unit/cable/send/net.hpp"

namespace civicast::cable {
namespace {

TEST_CASE("What has no room is told at once, and what has room is kept") {
  Backlog backlog(5, 1);
  auto datagrams = some_datagrams(4);
  CHECK(backlog.put(parts_of(datagrams), 10) == 0);
  CHECK(backlog.put(parts_of(datagrams), 20) == 3);
  CHECK(backlog.put(parts_of(datagrams), 30) == 4);
  REQUIRE(backlog.wait(0) == 5);
  CHECK(backlog.at(3).at_ns == 10);
  CHECK(backlog.at(4).at_ns == 20);
  CHECK(std::equal(datagrams[0].begin(), datagrams[0].end(), backlog.at(4).bytes));
  backlog.release(2);
  CHECK(backlog.put(parts_of(datagrams), 40) == 2);
  CHECK(backlog.wait(0) == 5);
}

TEST_CASE("Nothing is lost, doubled or turned around between two threads") {
  Backlog backlog(97, 7);
  auto datagrams = some_datagrams(3);
  constexpr std::uint32_t kCount = 60'000;
  std::uint32_t next_out = 0;
  bool is_in_order = true;
  std::thread taker([&] {
    for (;;) {
      const std::size_t count = backlog.wait(10'000);
      for (std::size_t i = 0; i < count; ++i) {
        std::uint32_t number = 0;
        std::memcpy(&number, backlog.at(i).bytes, sizeof number);
        is_in_order &= number == next_out++ && backlog.at(i).size == 7 * 188;
      }
      backlog.release(count);
      if (count == 0 && backlog.is_closed()) return;
    }
  });
  std::uint32_t next_in = 0;
  while (next_in < kCount) {
    for (std::uint32_t i = 0; i < 3; ++i) {
      const std::uint32_t number = next_in + i;
      std::memcpy(datagrams[i].data(), &number, sizeof number);
    }
    next_in += 3 - static_cast<std::uint32_t>(backlog.put(parts_of(datagrams), 0));
  }
  backlog.close();
  taker.join();
  CHECK(is_in_order);
  CHECK(next_out == next_in);
}

}  // namespace
}  // namespace civicast::cable
