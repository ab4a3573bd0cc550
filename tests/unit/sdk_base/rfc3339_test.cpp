// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "sdk/base/rfc3339.hpp"

using civicast::parse_rfc3339;
using civicast::rfc3339;

TEST_CASE("an instant is written with nine decimals, in UTC") {
  CHECK(rfc3339(0) == "1970-01-01T00:00:00.000000000Z");
  CHECK(rfc3339(1'795'444'560'123'456'789) == "2026-11-23T14:36:00.123456789Z");
  CHECK(rfc3339(-1) == "1969-12-31T23:59:59.999999999Z");
}

TEST_CASE("what was written is read back as it was") {
  const auto instant =
      GENERATE(as<std::int64_t>{}, 0, -1, 1, 1'795'444'560'123'456'789, -6'000'000'000'000'000'000);
  CHECK(parse_rfc3339(rfc3339(instant)) == instant);
}

TEST_CASE("an offset is honoured, decimals are optional") {
  CHECK(parse_rfc3339("1970-01-01T08:00:00+08:00") == 0);
  CHECK(parse_rfc3339("1970-01-01 00:00:00.5Z") == 500'000'000);
}

TEST_CASE("what is not an instant is nothing") {
  const auto text = GENERATE(as<std::string>{}, "", "2026", "2026-02-30T00:00:00Z",
                             "2026-01-01T24:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00Zx",
                             "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.0123456789Z",
                             "-026-01-01T00:00:00Z", "2026-01-01T00:00:00+24:00");
  CHECK_FALSE(parse_rfc3339(text).has_value());
}
