// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "host/exchange/smpte_time.hpp"
#include "host/exchange/uuid5.hpp"

using namespace civicast::exchange;

TEST_CASE("a time code names a frame of the day") {
  CHECK(parse_time_code("00:00:00:00", 25)->ms == 0);
  CHECK(parse_time_code("19:00:30:12", 25)->ms == 68'430'480);
  CHECK(parse_time_code("23:59:59:24", 25)->ms == 86'399'960);
  CHECK(parse_time_code("24:00:00:00", 25)->ms == 86'400'000);
  for (const char separator : {':', ';', '.', ','})
    CHECK(parse_time_code(std::string("00:00:01") + separator + "05", 25)->ms == 1'200);
  CHECK(parse_time_code("00:00:00:15", 29.97)->ms == 501);
  CHECK(parse_time_code("00:00:00:49", 50)->ms == 980);
  CHECK(time_code(68'430'480) == "19:00:30:12");
  CHECK(time_code(68'430'519) == "19:00:30:12");
  CHECK(time_code(86'399'999) == "23:59:59:24");
}

TEST_CASE("a frame that a second does not have is its last one, and told") {
  const auto beyond = parse_time_code("15:52:01:26", 25);
  REQUIRE(beyond);
  CHECK(beyond->is_beyond);
  CHECK(beyond->ms == 57'121'960);
  CHECK_FALSE(parse_time_code("15:52:01:24", 25)->is_beyond);
  CHECK_FALSE(parse_time_code("15:52:01:29", 29.97)->is_beyond);
}

TEST_CASE("what is no time code is none") {
  for (const char *bad :
       {"", "19:00:30", "19:00:30:1", "25:00:00:00", "24:00:00:01", "19:60:00:00", "19:00:61:00",
        "1a:00:00:00", "19-00-00:00", "19:00:30:122", "19:00:30/12"})
    CHECK_FALSE(parse_time_code(bad, 25));
}

TEST_CASE("a duration of XML Schema is read up to a day") {
  CHECK(parse_xml_duration_ms("PT15S") == 15'000);
  CHECK(parse_xml_duration_ms("PT0.48S") == 480);
  CHECK(parse_xml_duration_ms("PT1H30M") == 5'400'000);
  CHECK(parse_xml_duration_ms("P0DT0H0M15S") == 15'000);
  CHECK(parse_xml_duration_ms("P1D") == 86'400'000);
  for (const char *bad : {"", "P", "PT", "15S", "PT15", "PTS", "PT1S2M", "P2D", "PT-1S", "P1Y",
                          "PT99999999999999S", "PT1.2.3S", "PTT1S"})
    CHECK_FALSE(parse_xml_duration_ms(bad));
}

TEST_CASE("a name has one UUID, the same everywhere") {
  // As Python's uuid.uuid5(uuid.NAMESPACE_DNS, "python.org") has it.
  CHECK(uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "python.org") ==
        "886313e1-3b8a-5372-9b90-0c9aee199e5d");
  CHECK(urn_of("event", "a") == urn_of("event", "a"));
  CHECK(urn_of("event", "a") != urn_of("event", "b"));
  CHECK(urn_of("event", "a") != urn_of("schedule", "a"));
  CHECK(urn_of("event", "a").size() == 45);
  CHECK(urn_of("event", "a")[9 + 14] == '5');
}
