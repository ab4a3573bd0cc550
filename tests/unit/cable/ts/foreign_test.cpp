// SPDX-License-Identifier: Apache-2.0
// What decoders that we did not write make of our cues: Wireshark's and FFmpeg's.
#include <catch2/catch.hpp>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <sstream>

#include "plugins/cable/ts/cue.hpp"
#include "plugins/cable/ts/cue_inserter.hpp"
#include "tests/tools/ts/spot_count.hpp"
#include "tests/unit/cable/rig.hpp"
#include "tests/unit/cable/ts/signal.hpp"

namespace civicast::cable {
namespace {

using Rows = std::vector<std::vector<std::string>>;

/// Each line that a program prints, cut at its commas. The program must end well.
Rows said(const std::string &command) {
  std::FILE *pipe = ::popen((command + " 2>/dev/null").c_str(), "r");
  REQUIRE(pipe);
  std::string text;
  char piece[4096];
  while (const std::size_t size = std::fread(piece, 1, sizeof piece, pipe))
    text.append(piece, size);
  INFO(command);
  REQUIRE(::pclose(pipe) == 0);
  Rows rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string> &row = rows.emplace_back();
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, ',');) row.push_back(cell);
  }
  return rows;
}

/// As Wireshark prints times.
std::string hex(std::int64_t number) {
  char text[24];
  std::snprintf(text, sizeof text, "0x%016llx", static_cast<unsigned long long>(number));
  return text;
}

std::string tshark(const std::string &file, const std::string &filter, const std::string &fields) {
  std::string out = "tshark -n -r '" + file + "' -Y '" + filter + "' -T fields -E separator=,";
  std::istringstream names(fields);
  for (std::string name; names >> name;) out += " -e " + name;
  return out;
}

/// A signal in which a spot begins in the tenth second, with its cue, and what is known of both.
struct Broadcast {
  Signal signal;
  Cue cue;
  CueInserter::Counters counters;
  std::string spot = house_file({.frames = 75});
};

constexpr std::int64_t kSpotFrame = 225;

Broadcast broadcast(std::optional<std::int64_t> first_dts) {
  Broadcast out;
  std::vector<std::uint8_t> bytes;
  Rig rig({the_house(), first_dts});
  rig.output.bytes = &bytes;
  rig.plan("spot", out.spot, kSpotFrame * 40, 75);
  rig.run_for_ms(14'000);
  const std::int64_t pts =
      nlohmann::json::parse(rig.facts.final_of("spot").proof).at("first_pts").get<std::int64_t>();
  out.cue = {.event_id = 0x40000001, .pts = pts, .duration_ticks = 75 * 3600, .auto_return = true};
  out.cue.program_id = 77;
  out.cue.avail = 1;
  out.cue.avails = 2;
  CueInserter cues({}, kSignalRate, nullptr);
  cues.insert(out.cue, arm_window(packet_of(kSpotFrame, kSignalRate), kMuxDelayTicks, kSignalRate));
  for (std::size_t at = 0; at + 188 <= bytes.size(); at += 188) {
    Packet &packet = out.signal.emplace_back();
    std::copy_n(bytes.data() + at, 188, packet.data());
    cues.pass(packet.data(), static_cast<std::int64_t>(at / 188));
  }
  out.counters = cues.counters();
  return out;
}

/// The PTS of the spot's first picture, found by looking at the pictures.
std::int64_t first_pts_seen(const Broadcast &air, const std::string &file) {
  const tests::SpotCount seen = tests::count_spots(file, {{"spot", air.spot}});
  INFO(seen.json());
  REQUIRE(seen.complete.at("spot") == 1);
  std::int64_t unit = 0;
  for (const Packet &packet : air.signal)
    if (const Stamps stamps = stamps_of(packet.data());
        pid_of(packet.data()) == kVideo && stamps.pts >= 0)
      if (unit++ == seen.spots.front().start_frame) return stamps.pts;
  return -1;
}

}  // namespace

TEST_CASE(
    "Wireshark reads each field of a cue, and its time is the first picture's, at the wrap too") {
  for (const bool is_at_wrap : {false, true}) {
    const Broadcast air =
        broadcast(is_at_wrap ? std::optional(kClockWrap - 6 * std::int64_t{90'000}) : std::nullopt);
    CAPTURE(is_at_wrap, air.cue.pts);
    REQUIRE(air.counters.sent == 3);
    const TempFolder folder;
    const std::string file = folder / "air.ts";
    write(air.signal, file);
    if (is_at_wrap) CHECK(air.cue.pts < 10 * 90'000);  // and the cue lies before the wrap
    CHECK(first_pts_seen(air, file) == air.cue.pts);

    const Rows rows = said(tshark(
        file, "scte35_si",
        "frame.number mp2t.pid mp2t.cc scte35.tier scte35_si.event_id scte35_si.cancelled "
        "scte35_si.out_of_net scte35_si.psf scte35_si.splice_immediate scte35_si.splice_time.pts "
        "scte35_si.break.auto_return scte35_si.break.duration scte35_si.upid scte35_si.avail "
        "scte35_si.avails_expected"));
    REQUIRE(rows.size() == 3);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const std::vector<std::string> expected{
          "0x000001f4", std::to_string(i), "4095", "0x40000001", "0",      "1", "1",
          "0",          hex(air.cue.pts),  "1",    hex(270'000), "0x004d", "1", "2"};
      const std::vector<std::string> found(rows[i].begin() + 1, rows[i].end());
      CHECK(found == expected);
    }

    const tests::TsReport report = judged(air.signal);
    INFO(report.json());
    CHECK(report.is_clean());
    REQUIRE(report.cues.size() == 3);
    for (const tests::CueSection &cue : report.cues) {
      REQUIRE(cue.arm_ticks);
      CHECK(*cue.arm_ticks <= 8 * 90'000);
      CHECK(*cue.arm_ticks >= 5 * 90'000);
    }
  }
}

TEST_CASE("Wireshark reads the return, the cue for now, and the cancellation") {
  CueInserter cues({.copies = 1}, kSignalRate, nullptr);
  const std::int64_t at = static_cast<std::int64_t>(kSecond);
  cues.insert({.event_id = 1, .is_out = false, .pts = 2}, {at, 9 * at});
  cues.insert({.event_id = 3, .is_immediate = true}, {2 * at, 9 * at});
  cues.insert({.event_id = 4, .is_cancel = true}, {3 * at, 9 * at});
  Signal signal = real_signal();
  for (std::size_t i = 0; i < signal.size(); ++i)
    cues.pass(signal[i].data(), static_cast<std::int64_t>(i));
  const TempFolder folder;
  const std::string file = folder / "air.ts";
  write(signal, file);
  const Rows rows = said(tshark(file, "scte35_si",
                                "scte35_si.event_id scte35_si.cancelled scte35_si.out_of_net "
                                "scte35_si.splice_immediate scte35_si.splice_time.pts "
                                "scte35_si.upid mpeg_sect.crc.invalid"));
  REQUIRE(rows.size() == 3);
  CHECK(rows[0] == std::vector<std::string>{"0x00000001", "0", "0", "0", hex(2), "0x0000"});
  CHECK(rows[1] == std::vector<std::string>{"0x00000003", "0", "1", "1", "", "0x0000"});
  CHECK(rows[2] == std::vector<std::string>{"0x00000004", "1", "", "", "", ""});
}

TEST_CASE("Wireshark finds the cues' stream in the map, and no packet of any PID missing") {
  const Broadcast air = broadcast({});
  const TempFolder folder;
  const std::string file = folder / "air.ts";
  write(air.signal, file);
  const Rows maps = said(tshark(file, "mpeg_pmt.stream.type==0x86",
                                "mpeg_pmt.version mpeg_descr.registration.format_identifier"));
  REQUIRE(maps.size() > 100);
  for (const auto &map : maps) {
    CHECK(map == maps.front());
    CHECK(map.back() == "0x43554549");
  }
  CHECK(said(tshark(file, "mpeg_pmt && !(mpeg_pmt.stream.type==0x86)", "frame.number")).empty());
  CHECK(said(tshark(file, "mp2t.cc.drop", "frame.number mp2t.pid")).empty());
  CHECK(said(tshark(file, "mpeg_sect.crc.invalid", "frame.number")).empty());
}

TEST_CASE("FFmpeg demuxes the cues as SCTE-35, each at the clock of its place") {
  const Broadcast air = broadcast({});
  const TempFolder folder;
  const std::string file = folder / "air.ts";
  write(air.signal, file);
  const Rows streams =
      said("ffprobe -v error -show_entries stream=codec_name,id -of csv=p=0 '" + file + "'");
  CHECK(std::find(streams.begin(), streams.end(), std::vector<std::string>{"scte_35", "0x1f4"}) !=
        streams.end());
  const Rows packets = said(
      "ffprobe -v error -select_streams d -show_entries packet=pts,size "
      "-of csv=p=0 '" +
      file + "'");
  const tests::TsReport report = judged(air.signal);
  REQUIRE(packets.size() == 3);
  REQUIRE(report.cues.size() == 3);
  for (std::size_t i = 0; i < packets.size(); ++i) {
    CHECK(packets[i].at(1) == std::to_string(section_of(air.cue).size()));
    // FFmpeg stamps it with the clock reference before it: at most 40 ms old.
    const std::int64_t clock = air.cue.pts - report.cues[i].arm_ticks.value();
    const std::int64_t age = clock - std::stoll(packets[i].at(0));
    CHECK(age >= 0);
    CHECK(age <= 40 * 90);
  }
}

}  // namespace civicast::cable
