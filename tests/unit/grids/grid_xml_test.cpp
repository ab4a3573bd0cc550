// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/grids/read.hpp"

using namespace civicast;
using namespace civicast::grids;

namespace {

/// "3 grid.slots_overlap": the line and the kind of the only fault.
std::string only_fault(const std::string &text) {
  const auto grid = read(text);
  if (grid) return "none";
  if (grid.fault().size() != 1) {
    for (const Fault &fault : grid.fault()) UNSCOPED_INFO(fault.text());
    return std::to_string(grid.fault().size()) + " faults";
  }
  const auto &where = grid.fault()[0].where();
  CHECK(where.substr(0, where.find(':')) == "grids/cable.xml");
  return where.substr(where.find(':') + 1) + " " + std::string(grid.fault()[0].kind().name);
}

std::string of_days(const std::string &days) {
  return "<grid channel='cable'>\n" + days + "</grid>";
}

}  // namespace

TEST_CASE("what overlaps is told once for a pair of lines, however often it happens") {
  CHECK(only_fault(daily("<break at='19:00' length='2m'/>\n<break at='19:01' length='2m'/>\n")) ==
        "3 grid.slots_overlap");
  CHECK(only_fault(daily("<repeat every='30s'><break length='15s'/></repeat>\n"
                         "<repeat every='30s'><break length='15s'/></repeat>\n")) ==
        "3 grid.slots_overlap");
  CHECK(only_fault(daily("<repeat every='30s'><break length='0s'/></repeat>\n"
                         "<break at='12:00' length='0s'/>\n")) == "3 grid.slots_overlap");
  CHECK(only_fault(daily("<break at='19:00' length='2m'/>\n<break at='19:02' length='2m'/>\n")) ==
        "none");
}

TEST_CASE("a long item overlaps with everything inside it, not only with the next") {
  const auto grid =
      read(daily("<programme at='10:00' length='2h' asset='film'/>\n"
                 "<break at='10:30' length='1m'/>\n<break at='11:30' length='1m'/>\n"));
  REQUIRE_FALSE(grid.ok());
  CHECK(grid.fault().size() == 2);
}

TEST_CASE("each mistake in a grid has its fault and its line") {
  CHECK(only_fault(daily("<break at='19:00' length='-5s'/>\n")) == "2 xml.bad_value");
  CHECK(only_fault(daily("<break at='19:00'/>\n")) == "2 xml.missing_attribute");
  CHECK(only_fault(daily("<break length='15s'/>\n")) == "2 xml.missing_attribute");
  CHECK(only_fault(daily("<break at='19:00' length='15s' max='-1'/>\n")) == "2 xml.bad_value");
  CHECK(only_fault(daily("<break at='19:00' length='15s' carries='psa 广告'/>\n")) ==
        "2 xml.bad_value");
  CHECK(only_fault(daily("<programme at='19:00' length='0s' asset='film'/>\n")) ==
        "2 grid.programme_without_length");
  CHECK(only_fault(daily("<programme at='19:00' length='12s' asset='Film'/>\n")) ==
        "2 xml.bad_value");
  CHECK(only_fault(daily("<break at='23:59:50' length='15s'/>\n")) == "2 grid.beyond_midnight");
  CHECK(only_fault(daily("<break at='24:00' length='0s'/>\n")) == "2 grid.beyond_midnight");
  CHECK(only_fault(daily("<break at='05:00' length='15s'/>\n", "06:00")) == "2 grid.outside_hours");
  CHECK(only_fault(daily("<break at='21:59:50' length='15s'/>\n", "06:00", "22:00")) ==
        "2 grid.outside_hours");
  CHECK(only_fault(daily("<breaks at='19:00' length='15s'/>\n")) == "2 xml.unknown_element");
  CHECK(only_fault(daily("<break at='19:00' length='15s' every='2m'/>\n")) ==
        "2 xml.unknown_attribute");
}

TEST_CASE("each mistake in a repeat has its fault and its line") {
  const auto repeat = [](const std::string &attributes, const std::string &inside) {
    return only_fault(
        daily("\n<repeat " + attributes + ">" + inside + "</repeat>\n", "06:00", "22:00"));
  };
  const std::string spot = "<break length='15s'/>";
  CHECK(repeat("every='30s'", spot) == "none");
  CHECK(repeat("every='10s'", spot) == "3 grid.cycle_too_long");
  CHECK(repeat("every='0s'", "<break length='0s'/>") == "3 grid.repeat_too_fast");
  CHECK(repeat("every='500ms'", "<break length='0s'/>") == "3 grid.repeat_too_fast");
  CHECK(repeat("every='-30s'", spot) == "3 xml.bad_value");
  CHECK(repeat("every='17h'", spot) == "3 grid.repeat_never");
  CHECK(repeat("every='30s' from='05:00'", spot) == "3 grid.outside_hours");
  CHECK(repeat("every='30s' from='12:00' to='08:00'", spot) == "3 grid.hours_reversed");
  CHECK(repeat("every='30s'", "") == "3 xml.missing_element");
  CHECK(repeat("every='30s'", "<break at='10:00' length='15s'/>") == "3 xml.unknown_attribute");
  CHECK(repeat("every='1s'", "<break length='0s'/>") == "1 grid.too_many_slots");
}

TEST_CASE("each mistake in the days of a grid has its fault and its line") {
  const std::string hours = "<hours from='06:00' to='22:00'/>";
  CHECK(only_fault(of_days("<day weekdays='mon'>" + hours + "</day>\n")) == "none");
  CHECK(only_fault(of_days("")) == "1 xml.missing_element");
  CHECK(only_fault(of_days("<day weekdays='mon'/>\n")) == "2 xml.missing_element");
  CHECK(only_fault(of_days("<day weekdays='monday'>" + hours + "</day>\n")) == "2 xml.bad_value");
  CHECK(only_fault(of_days("<day>" + hours + "</day>\n")) == "2 xml.missing_attribute");
  CHECK(only_fault(of_days("<day weekdays='mon tue'>" + hours + "</day>\n<day weekdays='tue'>" +
                           hours + "</day>\n")) == "3 grid.weekday_twice");
  CHECK(only_fault(of_days("<day weekdays='mon'>" + hours +
                           "\n<hours from='21:00' to='23:00'/></day>")) == "3 grid.hours_overlap");
  CHECK(only_fault(of_days("<day weekdays='mon'><hours from='22:00' to='06:00'/></day>\n")) ==
        "2 grid.hours_reversed");
  const std::string day = "<day weekdays='mon'>" + hours + "</day>\n";
  CHECK(only_fault(of_days(day + "<exception date='2027-02-29'/>")) == "3 xml.bad_value");
  CHECK(only_fault(of_days(day + "<exception/>")) == "3 xml.missing_attribute");
  CHECK(
      only_fault(of_days(day + "<exception date='2027-02-17'/>\n<exception date='2027-02-17'/>")) ==
      "4 grid.date_twice");
  CHECK(only_fault(of_days(day + "<exception date='2027-02-10' last='2027-02-20'/>\n"
                                 "<exception date='2027-02-17'/>")) == "4 grid.date_twice");
  CHECK(only_fault(of_days(day + "<exception date='2027-02-17' last='2027-02-10'/>")) ==
        "3 grid.dates_reversed");
  CHECK(only_fault(of_days(day + "<exception date='2027-02-17' last='2029-02-10'/>")) ==
        "3 grid.dates_too_many");
}

TEST_CASE("a file that asks for endless breaks is refused before it takes the memory") {
  std::string inside;
  for (int i = 0; i < 2000; ++i)
    inside += "<repeat every='1s'><break length='0s'/><break length='500ms'/></repeat>\n";
  CHECK(only_fault(daily(inside)) == "1 grid.too_many_slots");
}

TEST_CASE("commercials that others put into a day's log are read, in order") {
  const auto grid = read(of_days(
      "<day weekdays='daily'><commercials from='12:00' to='24:00' length='18m'/>\n"
      "<hours from='06:00' to='24:00'/><commercials length='30m' from='06:00' to='12:00'/></day>\n"
      "<exception date='2026-11-28'><commercials length='24h'/></exception>\n"));
  REQUIRE(grid.ok());
  const Zone zone = *Zone::find("Asia/Shanghai");
  const auto usual = grid->day(*parse_date("2026-11-27"), zone);
  REQUIRE(usual.commercials.size() == 2);
  CHECK(usual.commercials[0].from_s == 6 * 3600);
  CHECK(usual.commercials[0].to_s == 12 * 3600);
  CHECK(usual.commercials[0].length_ns == 1'800'000'000'000);
  CHECK(usual.commercials[1].length_ns == 1'080'000'000'000);
  const auto other = grid->day(*parse_date("2026-11-28"), zone);
  REQUIRE(other.commercials.size() == 1);
  CHECK(other.commercials[0].from_s == 0);
  CHECK(other.commercials[0].to_s == 86'400);
}

TEST_CASE("each mistake in commercials has its fault and its line") {
  const auto of = [](const std::string &commercials) {
    return only_fault(of_days("<day weekdays='daily'><hours from='06:00' to='24:00'/>\n" +
                              commercials + "</day>\n"));
  };
  CHECK(of("<commercials length='1h'/>") == "none");
  CHECK(of("<commercials/>") == "3 xml.missing_attribute");
  CHECK(of("<commercials length='1000'/>") == "3 xml.bad_value");
  CHECK(of("<commercials length='1h' from='19'/>") == "3 xml.bad_value");
  CHECK(of("<commercials length='1h' class='psa'/>") == "3 xml.unknown_attribute");
  CHECK(of("<commercials length='1h'><break/></commercials>") == "3 xml.unknown_element");
  CHECK(of("<commercials length='1h' from='20:00' to='19:00'/>") == "3 grid.hours_reversed");
  CHECK(of("<commercials length='1m' from='20:00' to='20:00'/>") == "3 grid.hours_reversed");
  CHECK(of("<commercials length='1h' from='20:00:00.500'/>") == "3 grid.commercials_fraction");
  CHECK(of("<commercials length='2h' from='19:00' to='20:00'/>") == "3 grid.commercials_too_long");
  CHECK(of("<commercials length='1m' from='08:00' to='20:00'/>\n"
           "<commercials length='1m' from='19:00' to='21:00'/>") == "4 grid.commercials_overlap");
}
