// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "host/exchange/ccms.hpp"
#include "host/exchange/faults.hpp"
#include "sdk/base/disk.hpp"

using namespace civicast;
using namespace civicast::exchange;
using namespace std::chrono_literals;

namespace {

constexpr Date christmas_eve = 2026y / 12 / 24;

/// As a vendor's manual prints it: 77 bytes.
const std::string vendors_line =
    "LOI 1224 085900 0829 0100 001 001 000030 000000 00000000 000 00000002303 0000";

Event vendors_event() {
  Event event;
  event.start = LocalTime{christmas_eve, ((8 * 60 + 59) * 60) * ms_per_s};
  event.length_ms = 30 * ms_per_s;
  event.window = {8 * 60 + 29, 60};
  event.break_number = 1;
  event.position = 1;
  event.spot = "00000002303";
  return event;
}

/// The same, aired, with everything that a record can hold.
Event full_event() {
  Event event = vendors_event();
  event.actual = {LocalTime{christmas_eve, (9 * 60 * 60 + 2) * ms_per_s}, 29'960, 2};
  event.status = airings::Status::aired_without_discrepancy;
  event.code = 1;
  event.advertiser = "values";
  event.title = "富强 Prosperity";
  event.is_fill = true;
  event.id = "0193f9a0-0000-7000-8000-000000000001";
  return event;
}

const std::string full_line =
    "LOI 1224 085900 0829 0100 001 001 000030 090002 00002996 002 00000002303 0001 "
    "values                           富强 Prosperity    Fill        "
    "0193f9a0-0000-7000-8000-000000000001";

Reading read(const std::string &text, Date near = christmas_eve) {
  Reading reading = read_ccms(text, "C2401001.SCH", near);
  for (const Fault &fault : reading.faults) CHECK(fault.text().find('{') == std::string::npos);
  for (const Fault &fault : reading.remarks) CHECK(fault.text().find('{') == std::string::npos);
  return reading;
}

Event only(const std::string &text) {
  Reading reading = read(text);
  for (const Fault &fault : reading.faults) FAIL_CHECK(fault.text());
  REQUIRE(reading.events.size() == 1);
  reading.events.front().at.clear();
  return reading.events.front();
}

std::string with(std::string line, std::size_t byte, const std::string &text) {
  return line.replace(byte - 1, text.size(), text);
}

}  // namespace

TEST_CASE("a vendor's sample record is read, and written again to the byte") {
  REQUIRE(vendors_line.size() == 77);
  CHECK(only(vendors_line + "\r\n") == vendors_event());
  CHECK(*write_ccms({vendors_event()}, false) == vendors_line + "\r\n");
}

TEST_CASE("every column of a record stands at its byte") {
  const std::string line = *write_ccms({full_event()}, true);
  CHECK(line == full_line + "\r\n");
  // By byte, counted from 1, as the standard's table has them.
  const auto bytes = [&](std::size_t first, std::size_t last) {
    return line.substr(first - 1, last - first + 1);
  };
  CHECK(bytes(1, 3) == "LOI");
  CHECK(bytes(5, 8) == "1224");
  CHECK(bytes(10, 15) == "085900");
  CHECK(bytes(17, 20) == "0829");
  CHECK(bytes(22, 25) == "0100");
  CHECK(bytes(27, 29) == "001");
  CHECK(bytes(31, 33) == "001");
  CHECK(bytes(35, 40) == "000030");
  CHECK(bytes(42, 47) == "090002");
  CHECK(bytes(49, 56) == "00002996");
  CHECK(bytes(58, 60) == "002");
  CHECK(bytes(62, 72) == "00000002303");
  CHECK(bytes(74, 77) == "0001");
  CHECK(bytes(79, 110) == "values                          ");
  CHECK(bytes(133, 136) == "Fill");
  CHECK(bytes(145, 180) == "0193f9a0-0000-7000-8000-000000000001");
  for (const std::size_t blank : {4, 9, 16, 21, 26, 30, 34, 41, 48, 57, 61, 73, 78, 111, 132, 137})
    CHECK(bytes(blank, blank) == " ");
  CHECK(only(line) == full_event());
}

TEST_CASE("a schedule holds nothing of what became of it") {
  const std::string line = *write_ccms({full_event()}, false);
  CHECK(line.substr(41, 36) == "000000 00000000 000 00000002303 0000");
}

TEST_CASE("a golden day is written to the byte") {
  Event second = full_event();
  second.position = 2;
  second.start->ms += 30 * ms_per_s;
  second.spot = "guard-heart";
  second.actual = {};
  second.status.reset();
  second.code = 2;
  second.is_fill = false;
  const auto golden = read_file(CIVICAST_GOLDEN "/day.ver", 1 << 20);
  REQUIRE(golden.ok());
  CHECK(*write_ccms({full_event(), second}, true) == *golden);
}

TEST_CASE("records are read as they come from elsewhere") {
  const Event expected = vendors_event();
  const std::string lower = "loi" + vendors_line.substr(3);
  CHECK(only(vendors_line) == expected);
  CHECK(only(vendors_line + "\n") == expected);
  CHECK(only(vendors_line + "\r") == expected);
  CHECK(only(vendors_line + "     \r\n\r\n\n") == expected);
  CHECK(only("\xEF\xBB\xBF" + vendors_line + "\r\n") == expected);
  CHECK(only(lower + "\r\n") == expected);
  CHECK(only("REM what people like\r\n" + vendors_line + "\r\nEND\r\n") == expected);
  CHECK(only("NUL\r\n" + vendors_line + "\r\n\x1a") == expected);
  CHECK(only(vendors_line + "\x1a") == expected);
  CHECK(only(with(vendors_line, 42, "      ") + "\r\n") == expected);
  CHECK(only(with(vendors_line, 58, "   ") + "\r\n") == expected);
  CHECK(only(full_line + "   \n") == full_event());
}

TEST_CASE("a record without its status is read as not run, and told") {
  const Reading reading = read(vendors_line.substr(0, 72) + "\r\n");
  REQUIRE(reading.events.size() == 1);
  CHECK(reading.events.front().code == 0);
  REQUIRE(reading.remarks.size() == 1);
  CHECK(reading.remarks.front().is(exchange::faults::ccms_status_absent));
  CHECK(reading.remarks.front().where() == "C2401001.SCH:1");
}

TEST_CASE("what is wrong in a record is told with its line and bytes, and the rest is read") {
  struct Case {
    std::string line;
    const FaultKind &kind;
    std::string says;
  };
  const std::vector<Case> cases = {
      {"XYZ" + vendors_line.substr(3), exchange::faults::ccms_type_unknown, "XYZ"},
      {vendors_line.substr(0, 40), exchange::faults::ccms_line_short, "40"},
      {"LOI", exchange::faults::ccms_line_short, "3"},
      {vendors_line + std::string(1'000, 'x'), exchange::faults::ccms_line_long, "1077"},
      {with(vendors_line, 9, "1"), exchange::faults::ccms_shifted, "9"},
      {with(vendors_line, 73, "1"), exchange::faults::ccms_shifted, "73"},
      {" " + vendors_line, exchange::faults::ccms_type_unknown, " LO"},
      {with(vendors_line, 5, "1332"), exchange::faults::ccms_field_wrong, "5–8"},
      {with(vendors_line, 5, "0230"), exchange::faults::ccms_field_wrong, "0230"},
      {with(vendors_line, 10, "246000"), exchange::faults::ccms_field_wrong, "10–15"},
      {with(vendors_line, 10, "      "), exchange::faults::ccms_field_wrong, "HHMMSS"},
      {with(vendors_line, 17, "0869"), exchange::faults::ccms_field_wrong, "17–20"},
      {with(vendors_line, 22, "01x0"), exchange::faults::ccms_field_wrong, "22–25"},
      {with(vendors_line, 27, "-01"), exchange::faults::ccms_field_wrong, "27–29"},
      {with(vendors_line, 35, "000 30"), exchange::faults::ccms_field_wrong, "35–40"},
      {with(vendors_line, 49, "99999999"), exchange::faults::ccms_field_wrong, "49–56"},
      {with(vendors_line, 62, "           "), exchange::faults::ccms_field_wrong, "62–72"},
      {with(vendors_line, 62, "0000 002303"), exchange::faults::ccms_field_wrong, "62–72"},
      {with(vendors_line, 74, "OKAY"), exchange::faults::ccms_field_wrong, "74–77"},
  };
  for (const Case &one : cases) {
    INFO(one.line);
    const Reading reading = read(vendors_line + "\r\n" + one.line + "\r\n" + vendors_line + "\r\n");
    CHECK(reading.events.size() == 2);
    REQUIRE(reading.faults.size() == 1);
    const Fault &fault = reading.faults.front();
    INFO(fault.text());
    CHECK(fault.is(one.kind));
    CHECK(fault.where() == "C2401001.SCH:2");
    CHECK(fault.sentence(Lang::zh).find(one.says) != std::string::npos);
    CHECK(fault.sentence(Lang::en).find(one.says) != std::string::npos);
  }
}

TEST_CASE("however many lines are wrong, the list of faults has an end") {
  std::string text;
  for (int i = 0; i < 5'000; ++i) text += "what?\n";
  const Reading reading = read(text);
  CHECK(reading.events.empty());
  REQUIRE(reading.faults.size() == max_faults + 1);
  CHECK(reading.faults.back().is(exchange::faults::more_mistakes));
  CHECK(reading.faults.back().sentence(Lang::en).find("4800") != std::string::npos);
}

TEST_CASE("a record has no year and is of the nearest") {
  const std::string line = vendors_line + "\r\n";
  const auto date = [](const Reading &reading) { return reading.events.at(0).start->date; };
  CHECK(date(read(line, 2026y / 12 / 24)) == 2026y / 12 / 24);
  CHECK(date(read(line, 2027y / 1 / 3)) == 2026y / 12 / 24);
  CHECK(date(read(line, 2026y / 1 / 3)) == 2025y / 12 / 24);
  const std::string new_year = with(line, 5, "0101");
  CHECK(date(read(new_year, 2026y / 12 / 30)) == 2027y / 1 / 1);
  const std::string leap = with(line, 5, "0229");
  CHECK(date(read(leap, 2028y / 1 / 1)) == 2028y / 2 / 29);
  CHECK(read(leap, 2026y / 1 / 1).faults.size() == 1);
}

TEST_CASE("only 0001 is an airing, and a record that still says 0002 says nothing") {
  const auto status = [](const std::string &code, const std::string &length) {
    return only(with(with(vendors_line, 49, length), 74, code)).status;
  };
  using airings::Status;
  CHECK(status("0000", "00000000") == std::nullopt);
  CHECK(status("0001", "00003000") == Status::aired_without_discrepancy);
  CHECK(status("0002", "00000000") == std::nullopt);
  CHECK(status("0002", "00001200") == Status::technical_difficulty);
  CHECK(status("0010", "00000000") == Status::technical_difficulty);
  CHECK(status("0023", "00000000") == Status::did_not_air);
  CHECK(status("0014", "00000000") == Status::unknown);
  CHECK(status("0014", "00000100") == Status::technical_difficulty);
}

TEST_CASE("a file is named by its day, its channel and its head-end") {
  CHECK(ccms_file_name(2026y / 12 / 24, "01001", true) == "C2401001.VER");
  CHECK(ccms_file_name(2026y / 9 / 5, "36003", false) == "90536003.SCH");
  CHECK(ccms_file_name(2026y / 10 / 31, "U9001", false) == "A31U9001.SCH");
  CHECK(ccms_channel_of("C2401001.VER") == "01001");
  CHECK(ccms_channel_of("a31u9001.sch") == "U9001");
  CHECK(ccms_channel_of("monday.sch") == "");
  CHECK(ccms_channel_of("C2401001.TXT") == "");
}

TEST_CASE("what does not fit its column is refused, and words are cut between characters") {
  Event event = vendors_event();
  event.title = "二十四节气二十四节气";
  const std::string line = *write_ccms({event}, false);
  CHECK(line.substr(111, 20) == "二十四节气二  ");
  CHECK(line.find("Sch") == 132);

  const auto refused = [](const Event &bad) {
    const auto text = write_ccms({vendors_event(), bad}, true);
    REQUIRE_FALSE(text.ok());
    CHECK(text.fault().front().is(exchange::faults::ccms_cannot_say));
    return text.fault().front().sentence(Lang::en);
  };
  Event long_spot = vendors_event();
  long_spot.spot = "values-fuqiang";
  CHECK(refused(long_spot).find("62–72") != std::string::npos);
  Event blank_spot = vendors_event();
  blank_spot.spot = "a b";
  CHECK(refused(blank_spot).find("a b") != std::string::npos);
  Event many = vendors_event();
  many.break_number = 1'000;
  CHECK(refused(many).find("27–29") != std::string::npos);
  Event late = vendors_event();
  late.start->ms = ms_per_day;
  CHECK(refused(late).find("10–15") != std::string::npos);
}

TEST_CASE("a title cannot break a record into two") {
  Event event = vendors_event();
  event.title = "a\r\nLOI";
  event.id = "x\ny";
  const std::string text = *write_ccms({event}, false);
  CHECK(text.find('\n') == text.size() - 1);
  CHECK(read(text).events.size() == 1);
}
