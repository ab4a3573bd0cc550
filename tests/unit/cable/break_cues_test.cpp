// SPDX-License-Identifier: Apache-2.0
// Breaks are announced where they will be. The sections are read here by hand, from the standard.
#include <catch2/catch.hpp>

#include <map>
#include <nlohmann/json.hpp>

#include "tests/unit/cable/rig.hpp"

namespace civicast::cable {
namespace {

constexpr int kCuePid = 0x1F4;

/// ANSI/SCTE 35 §9.7.3, as far as this channel writes it.
struct Splice {
  std::uint32_t event = 0;
  bool is_cancel = false, is_out = false;
  std::int64_t pts = -1, duration = -1;
  bool operator==(const Splice &) const = default;
};

std::int64_t bits33(const std::uint8_t *at) {
  return (std::int64_t{at[0]} & 1) << 32 | std::int64_t{at[1]} << 24 | at[2] << 16 | at[3] << 8 |
         at[4];
}

Splice splice_of(const std::uint8_t *packet) {
  const std::uint8_t *section = packet + 5;
  REQUIRE(packet[4] == 0);  // pointer_field
  REQUIRE(section[0] == 0xFC);
  REQUIRE(section[13] == 0x05);  // splice_insert
  const std::uint8_t *insert = section + 14;
  Splice out;
  out.event =
      static_cast<std::uint32_t>(insert[0]) << 24 | insert[1] << 16 | insert[2] << 8 | insert[3];
  out.is_cancel = insert[4] & 0x80;
  if (out.is_cancel) return out;
  out.is_out = insert[5] & 0x80;
  REQUIRE((insert[5] & 0x50) == 0x40);  // the whole programme, not immediate
  REQUIRE((insert[6] & 0x80) != 0);     // the time is given
  out.pts = bits33(insert + 6);
  if (insert[5] & 0x20) out.duration = bits33(insert + 11);
  return out;
}

/// Each cue once, in order, and how often it came.
std::vector<std::pair<Splice, int>> cues_in(const std::vector<std::uint8_t> &bytes) {
  std::vector<std::pair<Splice, int>> found;
  for (std::size_t at = 0; at + 188 <= bytes.size(); at += 188) {
    const std::uint8_t *packet = &bytes[at];
    if (((packet[1] & 0x1F) << 8 | packet[2]) != kCuePid) continue;
    const Splice splice = splice_of(packet);
    const auto same = std::find_if(found.begin(), found.end(),
                                   [&](const auto &pair) { return pair.first == splice; });
    if (same == found.end())
      found.emplace_back(splice, 1);
    else
      ++same->second;
  }
  return found;
}

struct CueRig : Rig {
  CueRig() : Rig({the_house(), {}, {}, CueSettings{}}) { output.bytes = &bytes; }
  void plan_in(const std::string &of_break, const std::string &id, std::int64_t after_ms) {
    Item item;
    item.id = id;
    item.break_id = of_break;
    item.path = house_file({.frames = 75});
    item.sha256 = std::string(64, 'a');
    item.start_ns = start_ns + after_ms * 1'000'000;
    item.end_ns = item.start_ns + frame_ns(75);
    item.clip_frames = 75;
    schedule.add(std::make_shared<const Item>(item));
  }
  std::int64_t pts_of(const std::string &id, const char *which) const {
    return nlohmann::json::parse(facts.final_of(id).proof).at(which).get<std::int64_t>();
  }
  std::vector<std::uint8_t> bytes;
};

}  // namespace

TEST_CASE("A break is announced with the PTS of its first picture, its length, and its end") {
  CueRig rig;
  rig.plan_in("noon", "p", 12'000);
  rig.plan_in("noon", "q", 15'000);
  rig.plan_in("later", "r", 24'000);
  rig.run_for_ms(30'000);
  const auto cues = cues_in(rig.bytes);
  REQUIRE(cues.size() == 4);
  const auto &[out, copies] = cues[0];
  CHECK(out.is_out);
  CHECK(out.pts == rig.pts_of("p", "first_pts"));
  CHECK(out.duration == 150 * kVideoTicks);
  CHECK(copies == 3);
  const auto &[in, in_copies] = cues[1];
  CHECK_FALSE(in.is_out);
  CHECK(in.event == out.event);
  CHECK(in.pts == rig.pts_of("q", "last_pts") + kVideoTicks);
  CHECK(in_copies == 3);
  CHECK(cues[2].first.pts == rig.pts_of("r", "first_pts"));
  CHECK(cues[2].first.event != out.event);
  CHECK(rig.engine->status().cues.missed == 0);
  CHECK(rig.output.check.report().is_clean());
}

TEST_CASE("A break that is taken back after it was announced is cancelled") {
  CueRig rig;
  rig.plan_in("noon", "p", 12'000);
  rig.run_for_ms(8000);
  CHECK(rig.schedule.remove("p") == Schedule::Removal::removed);
  rig.run_for_ms(8000);
  const auto cues = cues_in(rig.bytes);
  REQUIRE(cues.size() >= 2);
  CHECK(cues.back().first.is_cancel);
  CHECK(cues.back().first.event == cues.front().first.event);
}

TEST_CASE("When the plan jumps, what was announced is cancelled and announced anew") {
  CueRig rig;
  rig.plan_in("noon", "p", 14'000);
  rig.run_for_ms(7500);
  rig.clock.utc_ns -= 5'000'000'000;  // the break is twelve seconds away again
  rig.run_for_ms(20'000);
  REQUIRE(rig.facts.final_of("p").fact == CIV_AIRED);
  const auto cues = cues_in(rig.bytes);
  const auto is_cancel = [](const auto &pair) { return pair.first.is_cancel; };
  CHECK(std::count_if(cues.begin(), cues.end(), is_cancel) == 1);
  const auto last_out =
      std::find_if(cues.rbegin(), cues.rend(), [](const auto &pair) { return pair.first.is_out; });
  REQUIRE(last_out != cues.rend());
  CHECK(last_out->first.pts == rig.pts_of("p", "first_pts"));
  CHECK(rig.output.check.report().is_clean());
}

TEST_CASE("A placement that comes too late to be announced is counted as missed, and airs") {
  CueRig rig;
  rig.run_for_ms(5000);
  rig.plan_in("noon", "p", 7000);
  rig.run_for_ms(8000);
  CHECK(rig.facts.final_of("p").fact == CIV_AIRED);
  CHECK(rig.engine->status().cues.missed > 0);
  CHECK(rig.output.check.report().is_clean());
}

}  // namespace civicast::cable
