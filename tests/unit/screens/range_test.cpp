// SPDX-License-Identifier: Apache-2.0
#include "plugins/screens/range.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace civicast::screens;

TEST_CASE("a range of bytes is read as RFC 9110 says") {
  struct Row {
    const char *header;
    Range::Kind kind;
    std::uint64_t first, last;
  };
  const std::vector<Row> rows{
      {"", Range::whole, 0, 99},
      {"bytes=0-", Range::part, 0, 99},
      {"bytes=0-0", Range::part, 0, 0},
      {"bytes=10-19", Range::part, 10, 19},
      {"bytes=90-500", Range::part, 90, 99},
      {"bytes=-10", Range::part, 90, 99},
      {"bytes=-500", Range::part, 0, 99},
      {"bytes=99-", Range::part, 99, 99},
      {"bytes=100-", Range::outside, 0, 0},
      {"bytes=-0", Range::outside, 0, 0},
      {"bytes=20-10", Range::whole, 0, 99},
      {"bytes=0-1,5-6", Range::whole, 0, 99},
      {"bytes=", Range::whole, 0, 99},
      {"bytes=-", Range::whole, 0, 99},
      {"bytes=a-b", Range::whole, 0, 99},
      {"items=0-1", Range::whole, 0, 99},
      {"bytes=99999999999999999999-", Range::whole, 0, 99},
  };
  for (const Row &row : rows) {
    INFO(row.header);
    const Range range = read_range(row.header, 100);
    CHECK(range.kind == row.kind);
    if (row.kind == Range::outside) continue;
    CHECK(range.first == row.first);
    CHECK(range.last == row.last);
  }
}
