// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "host/exchange/bxf.hpp"
#include "host/exchange/faults.hpp"
#include "host/exchange/uuid5.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/base/disk.hpp"

using namespace civicast;
using namespace civicast::exchange;
using namespace std::chrono_literals;

namespace {

constexpr Date monday = 2026y / 11 / 23;

const Zone &zone() {
  static const Zone found = *Zone::find("Asia/Shanghai");
  return found;
}

Reading read(const std::string &text) {
  Reading reading = read_bxf(text, "b.xml", zone());
  for (const auto *faults : {&reading.faults, &reading.remarks})
    for (const Fault &fault : *faults) CHECK(fault.text().find('{') == std::string::npos);
  return reading;
}

Event spot() {
  Event event;
  event.start = LocalTime{monday, 68'430'480};  // 19:00:30:12
  event.length_ms = 15'000;
  event.spot = "values-fuqiang";
  event.advertiser = "values";
  event.title = "图说我们的价值观：富强 & <\"'>";
  event.ad_type = "PSA";
  event.id = urn_of("event", "placement-1");
  return event;
}

Event programme() {
  Event event = spot();
  event.kind = EventKind::programme;
  event.start->ms = 68'445'480;
  event.length_ms = 3'600'000;
  event.spot = "prog-xianjie";
  event.advertiser.clear();
  event.ad_type.clear();
  event.title = "仙姐在线";
  event.id = urn_of("event", "programme-1");
  return event;
}

Event run(const Event &planned, airings::Status status, std::int64_t late_ms,
          std::int64_t length_ms) {
  Event event;
  event.spot = planned.spot;
  event.title = planned.title;
  event.id = planned.id;
  event.status = status;
  if (length_ms > 0)
    event.actual = {LocalTime{planned.start->date, planned.start->ms + late_ms}, length_ms, 0};
  else
    event.start = planned.start;
  event.note = "evidence: measured";
  return event;
}

BxfHead head() {
  return {"cable", "成华有线电视", "chenghua", monday, zone().instant(monday, 86'400)};
}

std::vector<Event> planned_day() {
  return {spot(), programme()};
}

std::vector<Event> run_day() {
  return {run(spot(), airings::Status::aired_without_discrepancy, 40, 15'000),
          run(programme(), airings::Status::preempted, 0, 0)};
}

std::vector<Event> without_places(std::vector<Event> events) {
  for (Event &event : events) event.at.clear();
  return events;
}

void must_be_golden(const std::string &text, const std::string &name) {
  const auto golden = read_file(std::string(CIVICAST_GOLDEN "/") + name, 1 << 20);
  REQUIRE(golden.ok());
  CHECK(text == *golden);
}

std::string replaced(std::string text, const std::string &what, const std::string &by) {
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + by.size()))
    text.replace(at, what.size(), by);
  return text;
}

/// An as-run of one event, as another system might write it.
std::string as_run(const std::string &detail,
                   const std::string &name_space = "http://smpte-ra.org/schemas/2021/2008/BXF") {
  return "<?xml version=\"1.0\"?>\n<BxfMessage xmlns=\"" + name_space +
         "\" messageType=\"Information\">\n<BxfData action=\"add\">\n"
         "<Schedule ScheduleStart=\"2026-11-23T00:00:00\">\n<Channel ShortName=\"CABLE\"/>\n"
         "<AsRun><BasicAsRun>\n<AsRunEventId><EventId>urn:uuid:ABCCDDDD-1111-22E3-9AFF-0038338391F1"
         "</EventId></AsRunEventId>\n<Content><ContentId><HouseNumber>JFMC1201</HouseNumber>"
         "</ContentId><Name>Super Sale</Name></Content>\n<AsRunDetail>\n" +
         detail + "</AsRunDetail>\n</BasicAsRun></AsRun>\n</Schedule></BxfData></BxfMessage>\n";
}

std::string detail(const std::string &status = "Aired Without Discrepancy",
                   const std::string &start = "19:00:30:12",
                   const std::string &length = "00:00:15:00") {
  return "<Status>" + status +
         "</Status>\n<Type>Primary</Type>\n<StartDateTime><SmpteDateTime "
         "broadcastDate=\"2026-11-23\"><SmpteTimeCode>" +
         start +
         "</SmpteTimeCode></SmpteDateTime></StartDateTime>\n<Duration><SmpteDuration>"
         "<SmpteTimeCode>" +
         length + "</SmpteTimeCode></SmpteDuration></Duration>\n";
}

}  // namespace

TEST_CASE("a golden schedule and a golden as-run are written to the byte") {
  must_be_golden(write_bxf_schedule(planned_day(), head(), zone()), "schedule.xml");
  must_be_golden(write_bxf_as_run(run_day(), head(), zone()), "as_run.xml");
}

TEST_CASE("what is written is read again as it was") {
  const Reading schedule = read(write_bxf_schedule(planned_day(), head(), zone()));
  CHECK(schedule.faults.empty());
  CHECK(schedule.remarks.empty());
  CHECK_FALSE(schedule.is_as_run);
  CHECK(schedule.channel == "cable");
  CHECK(without_places(schedule.events) == planned_day());
  const Reading as_run = read(write_bxf_as_run(run_day(), head(), zone()));
  CHECK(as_run.faults.empty());
  CHECK(as_run.is_as_run);
  CHECK(without_places(as_run.events) == run_day());
}

TEST_CASE("the ten words of an as-run are read in any case") {
  for (int i = 1; i <= 10; ++i) {
    const auto status = static_cast<airings::Status>(i);
    const std::string word(bxf_word(status));
    INFO(word);
    CHECK(bxf_status(word) == status);
    const Reading reading = read(as_run(detail(word)));
    REQUIRE(reading.events.size() == 1);
    CHECK(reading.events.front().status == status);
  }
  CHECK(bxf_status("DID NOT AIR") == airings::Status::did_not_air);
  CHECK_FALSE(bxf_status("Aired"));
  CHECK(bxf_word(airings::Status::none) == "Unknown");
}

TEST_CASE("BXF is read as it comes from elsewhere") {
  const Reading usual = read(as_run(detail()));
  CHECK(usual.faults.empty());
  CHECK(usual.channel == "CABLE");
  REQUIRE(usual.events.size() == 1);
  CHECK(usual.events.front().spot == "JFMC1201");
  CHECK(usual.events.front().at == "b.xml:6");
  const auto is_usual = [&](const std::string &text) {
    const Reading reading = read(text);
    for (const Fault &fault : reading.faults) FAIL_CHECK(fault.text());
    CHECK(without_places(reading.events) == without_places(usual.events));
  };
  const std::string text = as_run(detail());
  for (const char *year : {"2007", "2008", "2012", "2017", "2023"})
    is_usual(as_run(detail(), std::string("http://smpte-ra.org/schemas/2021/") + year + "/BXF"));
  const std::string prefixed = replaced(replaced(text, "<", "<ns1:"), "<ns1:/", "</ns1:");
  is_usual(replaced(prefixed, "<ns1:?xml", "<?xml"));
  is_usual(replaced(text, "broadcastDate", "BroadcastDate"));
  is_usual(replaced(text, "HouseNumber", "houseNumber"));
  is_usual(replaced(text, "12</Smpte", "12 </Smpte"));
  is_usual(replaced(text, "\n", "\r\n"));
  is_usual("\xEF\xBB\xBF" + text);
  std::string wide = "\xFF\xFE";
  for (const char c : text) (wide += c) += '\0';
  is_usual(wide);
}

TEST_CASE("a frame number beyond the frame rate is accepted and flagged") {
  const Reading reading = read(as_run(detail("Aired with Duration Discrepancy", "15:52:01:26")));
  CHECK(reading.faults.empty());
  REQUIRE(reading.events.size() == 1);
  CHECK(reading.events.front().actual.start->ms == 57'121'960);
  REQUIRE(reading.remarks.size() == 1);
  CHECK(reading.remarks.front().is(exchange::faults::bxf_frame_beyond));
  CHECK(reading.remarks.front().where() == "b.xml:12");
  CHECK(reading.remarks.front().sentence(Lang::en).find("15:52:01:26") != std::string::npos);
  const std::string ntsc = replaced(as_run(detail("Unknown", "15:52:01:26")), "<SmpteDateTime ",
                                    "<SmpteDateTime frameRate=\"29.97\" ");
  CHECK(read(ntsc).remarks.empty());
}

TEST_CASE("times in UTC are those of the station's wall clock") {
  const std::string text = as_run(
      "<Status>Aired Without Discrepancy</Status><Type>Primary</Type><StartDateTime><UtcDateTime>"
      "2026-11-23T17:30:00.480Z</UtcDateTime></StartDateTime><Duration><UtcDuration>PT15S"
      "</UtcDuration></Duration>");
  const Reading reading = read(text);
  REQUIRE(reading.events.size() == 1);
  CHECK(reading.events.front().actual.start == LocalTime{2026y / 11 / 24, 5'400'480});
  CHECK(reading.events.front().actual.length_ms == 15'000);
}

TEST_CASE("one word against an airing is enough") {
  const Reading reading = read(
      as_run(replaced(detail(), "</Status>", "</Status><Status>Technical Difficulty</Status>")));
  REQUIRE(reading.events.size() == 1);
  CHECK(reading.events.front().status == airings::Status::technical_difficulty);
}

TEST_CASE("secondary events are counted, not read") {
  const std::string schedule = write_bxf_schedule(planned_day(), head(), zone());
  const Reading reading =
      read(replaced(schedule, "eventType=\"Primary\"", "eventType=\"Comment\""));
  CHECK(reading.events.empty());
  REQUIRE(reading.remarks.size() == 1);
  CHECK(reading.remarks.front().is(exchange::faults::bxf_secondary_skipped));
  CHECK(read(as_run(replaced(detail(), ">Primary<", ">NonPrimary<"))).events.empty());
}

TEST_CASE("an event is read from its end as from its length") {
  const std::string schedule = write_bxf_schedule({spot()}, head(), zone());
  const auto from = schedule.find("<Duration>");
  const auto to = schedule.find("</LengthOption>");
  const std::string text =
      schedule.substr(0, from) +
      "<EndDateTime><SmpteDateTime broadcastDate=\"2026-11-24\"><SmpteTimeCode>00:00:00:00"
      "</SmpteTimeCode></SmpteDateTime></EndDateTime>" +
      schedule.substr(to);
  const Reading reading = read(text);
  REQUIRE(reading.events.size() == 1);
  CHECK(reading.events.front().length_ms == ms_per_day - spot().start->ms);
}

TEST_CASE("a complete as-run carries its plan with it") {
  const std::string schedule = write_bxf_schedule({spot()}, head(), zone());
  const auto from = schedule.find("<ScheduleElements>");
  const auto to = schedule.find("</ScheduledEvent>");
  const std::string text =
      "<BxfMessage><BxfData><Schedule><AsRun><CompleteAsRun>" + schedule.substr(from, to - from) +
      "<AsRunDetail>" + detail() +
      "</AsRunDetail></CompleteAsRun></AsRun></Schedule></BxfData></BxfMessage>";
  const Reading reading = read(text);
  for (const Fault &fault : reading.faults) FAIL_CHECK(fault.text());
  REQUIRE(reading.events.size() == 1);
  CHECK(reading.is_as_run);
  CHECK(reading.events.front().start == spot().start);
  CHECK(reading.events.front().actual.length_ms == 15'000);
}

TEST_CASE("what is wrong in an event is told with its line, and the rest is read") {
  struct Case {
    std::string what, by;
    const FaultKind &kind;
    std::string says;
  };
  const std::vector<Case> cases = {
      {"<Status>Aired Without Discrepancy</Status>", "", exchange::faults::bxf_field_missing,
       "Status"},
      {"Aired Without Discrepancy", "Aired", exchange::faults::bxf_field_wrong, "Aired"},
      {"19:00:30:12", "19:00", exchange::faults::bxf_field_wrong, "HH:MM:SS:FF"},
      {"2026-11-23\"", "Monday\"", exchange::faults::bxf_field_wrong, "Monday"},
      {"StartDateTime", "BeginDateTime", exchange::faults::bxf_field_missing, "StartDateTime"},
      {"<SmpteDuration>", "<SmpteDuration frameRate=\"0\">", exchange::faults::bxf_field_wrong,
       "frameRate"},
      {"Duration>", "Length>", exchange::faults::bxf_field_missing, "Duration"},
      {"AsRunDetail", "AsRunDetails", exchange::faults::bxf_field_missing, "AsRunDetail"},
      {"BasicAsRun", "BriefAsRun", exchange::faults::bxf_field_missing, "BasicAsRun"},
  };
  const std::string good = as_run(detail());
  const auto from = good.find("<AsRun>"), to = good.find("</Schedule>");
  const std::string event = good.substr(from, to - from);
  for (const Case &one : cases) {
    INFO(one.what << " → " << one.by);
    const Reading reading = read(good.substr(0, from) + event + replaced(event, one.what, one.by) +
                                 event + good.substr(to));
    CHECK(reading.events.size() == 2);
    REQUIRE(reading.faults.size() == 1);
    INFO(reading.faults.front().text());
    CHECK(reading.faults.front().is(one.kind));
    CHECK(reading.faults.front().where().substr(0, 6) == "b.xml:");
    CHECK(reading.faults.front().sentence(Lang::zh).find(one.says) != std::string::npos);
  }
}

TEST_CASE("what is no XML is refused with its line") {
  for (const char *bad :
       {"<a>\n<b></a>", "<a", "<a b=1/>", "<!DOCTYPE a [<!ENTITY b \"c\">]>\n<a>&b;</a>",
        "<a>&unknown;</a>", "<a>\xff</a>", "<a>\xc4\xe3</a>"}) {
    INFO(bad);
    const Reading reading = read(bad);
    CHECK(reading.events.empty());
    REQUIRE(reading.faults.size() == 1);
    CHECK(reading.faults.front().is(exchange::faults::bxf_malformed));
  }
}

TEST_CASE("a file that asks for removals is refused") {
  const Reading reading = read(replaced(as_run(detail()), "action=\"add\"", "action=\"remove\""));
  CHECK(reading.events.empty());
  REQUIRE(reading.faults.size() == 1);
  CHECK(reading.faults.front().is(exchange::faults::bxf_removal));
}

TEST_CASE("however deep a file is nested, it is read or refused") {
  std::string deep;
  for (int i = 0; i < 200'000; ++i) deep += "<a>";
  for (int i = 0; i < 200'000; ++i) deep += "</a>";
  CHECK(read(deep).events.empty());
  CHECK(read("<BxfMessage>" + deep + "</BxfMessage>").events.empty());
}

TEST_CASE("a file is named by its day, whom it is for, and a UUID that stays") {
  const std::string name = bxf_file_name(head(), true);
  CHECK(name.substr(0, 38) == "BXF[20261123][Automation][Traffic][" + name.substr(35, 3));
  CHECK(name.size() == 35 + 36 + 5);
  CHECK(name == bxf_file_name(head(), true));
  CHECK(bxf_file_name(head(), false).substr(0, 35) == "BXF[20261123][Traffic][Automation][");
}
