// SPDX-License-Identifier: Apache-2.0
// What TsCheck has found, as JSON and as a verdict.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/tools/ts/ts_check.hpp"

namespace civicast::tests {
namespace {

nlohmann::ordered_json stream_json(const StreamReport &s) {
  nlohmann::ordered_json steps = nlohmann::json::object();
  for (const auto &[step, count] : s.steps) steps[std::to_string(step)] = count;
  return {{"pid", s.pid},
          {"codec", s.codec()},
          {"units", s.units},
          {"dts_steps", steps},
          {"lead_min_ticks", s.lead_min_ticks},
          {"lead_max_ticks", s.lead_max_ticks},
          {"late_units", s.late_units},
          {"pts_interval_max_ms", s.pts_interval_max_ms}};
}

nlohmann::ordered_json or_null(const std::optional<std::int64_t> &value) {
  return value ? nlohmann::ordered_json(*value) : nlohmann::ordered_json(nullptr);
}

nlohmann::ordered_json cue_json(const CueSection &c) {
  return {{"packet", c.packet},
          {"command", c.command},
          {"flaw", c.flaw},
          {"event_id", c.event_id},
          {"cancel", c.is_cancel},
          {"out", c.is_out},
          {"immediate", c.is_immediate},
          {"pts", or_null(c.pts)},
          {"duration", or_null(c.duration)},
          {"auto_return", c.auto_return},
          {"arm_ticks", or_null(c.arm_ticks)}};
}

nlohmann::ordered_json picture_json(const PictureReport &p) {
  return {{"units", p.units},     {"frames", p.frames},
          {"fields", p.fields},   {"interlaced_frames", p.interlaced_frames},
          {"entries", p.entries}, {"uneven_units", p.uneven_units}};
}

}  // namespace

const char *StreamReport::codec() const {
  const std::map<int, const char *> names{{0x02, "mpeg2video"}, {0x1B, "h264"}, {0x24, "hevc"},
                                          {0x03, "mp2"},        {0x04, "mp2"},  {0x0F, "aac"},
                                          {0x11, "aac"},        {0x81, "ac3"},  {0x06, "ac3"}};
  const auto found = names.find(type);
  return found == names.end() ? "" : found->second;
}

bool TsReport::is_clean() const {
  const bool is_whole = trailing_bytes == 0 && sync_errors == 0 && transport_errors == 0 &&
                        continuity_errors == 0 && crc_errors == 0 && pictures.uneven_units == 0;
  const bool is_timed = pcr_jumps == 0 && pcr_interval_max_ms <= 40 && pcr_accuracy_max_ns <= 500;
  const bool has_tables = pat_interval_max_ms <= 100 && pmt_interval_max_ms <= 100;
  const bool is_even =
      video.steps.size() == 1 && video.steps.begin()->first == 3600 && audio.steps.size() == 1;
  const bool is_stamped = video.pts_interval_max_ms <= 700 && audio.pts_interval_max_ms <= 700 &&
                          video.late_units == 0 && audio.late_units == 0;
  const bool are_cues_good =
      (cues.empty() || are_cues_registered) &&
      std::all_of(cues.begin(), cues.end(), [](const CueSection &c) { return c.flaw.empty(); });
  return is_whole && is_timed && has_tables && is_even && is_stamped && are_cues_good;
}

std::string TsReport::json() const {
  nlohmann::ordered_json list = nlohmann::json::array();
  for (const CueSection &each : cues) list.push_back(cue_json(each));
  const nlohmann::ordered_json json{{"packets", packets},
                                    {"null_packets", null_packets},
                                    {"trailing_bytes", trailing_bytes},
                                    {"sync_errors", sync_errors},
                                    {"transport_errors", transport_errors},
                                    {"continuity_errors", continuity_errors},
                                    {"duplicates", duplicates},
                                    {"crc_errors", crc_errors},
                                    {"sessions", sessions},
                                    {"bit_rate", bit_rate},
                                    {"pcr_count", pcr_count},
                                    {"pcr_jumps", pcr_jumps},
                                    {"pcr_interval_max_ms", pcr_interval_max_ms},
                                    {"pcr_accuracy_max_ns", pcr_accuracy_max_ns},
                                    {"pat_interval_max_ms", pat_interval_max_ms},
                                    {"pmt_interval_max_ms", pmt_interval_max_ms},
                                    {"video", stream_json(video)},
                                    {"audio", stream_json(audio)},
                                    {"pictures", picture_json(pictures)},
                                    {"cue_pid", cue_pid},
                                    {"cues_registered", are_cues_registered},
                                    {"cues", list},
                                    {"clean", is_clean()}};
  return json.dump(2);
}

}  // namespace civicast::tests
