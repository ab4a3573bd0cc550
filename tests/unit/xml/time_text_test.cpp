// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "host/base/time_text.hpp"

using namespace civicast;

TEST_CASE("a clock time is two digits each, from 00:00 to 24:00") {
  CHECK(parse_clock_ms("00:00") == 0);
  CHECK(parse_clock_ms("19:00") == 68'400'000);
  CHECK(parse_clock_ms("19:00:30") == 68'430'000);
  CHECK(parse_clock_ms("19:00:30.480") == 68'430'480);
  CHECK(parse_clock_ms("24:00:00") == 86'400'000);
  for (const char *text : {"", "7:00", "19", "19:60", "19:00:60", "24:00:01", "25:00", "19:00:30.4",
                           "-1:00", "19:00 ", "19：00", "19:00:", "99:99"})
    CHECK_FALSE(parse_clock_ms(text));
}

TEST_CASE("a length is numbers with units, largest first, at most a day") {
  CHECK(parse_length_ms("0s") == 0);
  CHECK(parse_length_ms("15s") == 15'000);
  CHECK(parse_length_ms("480ms") == 480);
  CHECK(parse_length_ms("2m") == 120'000);
  CHECK(parse_length_ms("1h30m") == 5'400'000);
  CHECK(parse_length_ms("12s480ms") == 12'480);
  CHECK(parse_length_ms("24h") == 86'400'000);
  for (const char *text : {"", "15", "s", "-15s", "15 s", "15s2m", "1.5s", "15秒", "24h1ms", "1m1m",
                           "999999999999s", "15S"})
    CHECK_FALSE(parse_length_ms(text));
}

TEST_CASE("what is written is read back") {
  for (const std::int64_t ms : {0LL, 480LL, 15'000LL, 5'400'000LL, 12'480LL, 86'400'000LL}) {
    CHECK(parse_length_ms(length_text(ms)) == ms);
    CHECK(parse_clock_ms(clock_text(ms)) == ms);
  }
}
