// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/status.hpp"

#include <time.h>

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "plugins/cable/ts/selfcheck.hpp"

namespace civicast::cable {
namespace {

using Json = nlohmann::ordered_json;

/// One row of the self check as it is shown. `worst` is in `unit`, `scale` steps of it to the one.
struct CheckRow {
  const char *id, *zh, *en, *rule;
  std::int64_t CheckCounters::*violations;
  std::int64_t WorstReadings::*worst;
  std::int64_t limit;
  const char *unit;
  double scale;
  bool is_least;
};

using C = CheckCounters;
using W = WorstReadings;
constexpr std::array<CheckRow, 11> kRows{{
    {"sync", "同步字节", "Sync byte", "TR 101 290 1.2", &C::sync_errors, nullptr, 0, "", 1, false},
    {"continuity", "连续计数", "Continuity", "TR 101 290 1.4", &C::continuity_errors, nullptr, 0,
     "", 1, false},
    {"pat_interval", "PAT 间隔", "PAT interval", "TR 101 290 1.3", &C::pat_late,
     &W::pat_interval_max_us, SelfCheck::kTablesMs, "ms", 1000, false},
    {"pmt_interval", "PMT 间隔", "PMT interval", "TR 101 290 1.5", &C::pmt_late,
     &W::pmt_interval_max_us, SelfCheck::kTablesMs, "ms", 1000, false},
    {"transport", "传输错误标志", "Transport error flag", "TR 101 290 2.1", &C::transport_errors,
     nullptr, 0, "", 1, false},
    {"crc", "表的校验和", "Checksum of tables", "TR 101 290 2.2", &C::crc_errors, nullptr, 0, "", 1,
     false},
    {"pcr_interval", "PCR 间隔", "PCR interval", "TR 101 290 2.3a", &C::pcr_late,
     &W::pcr_interval_max_us, SelfCheck::kClockMs, "ms", 1000, false},
    {"pcr_jump", "PCR 跳变", "PCR jumps", "TR 101 290 2.3b", &C::pcr_jumps, nullptr, 0, "", 1,
     false},
    {"pcr_accuracy", "PCR 精度", "PCR accuracy", "TR 101 290 2.4", &C::pcr_inaccurate,
     &W::pcr_accuracy_max_ns, SelfCheck::kAccuracyNs, "ns", 1, false},
    {"pts_interval", "PTS 间隔", "PTS interval", "TR 101 290 2.5", &C::pts_late,
     &W::pts_interval_max_us, SelfCheck::kStampsMs, "ms", 1000, false},
    {"lead", "解码提前量（DTS−PCR）", "Decoding lead (DTS−PCR)", "ISO 13818-1", &C::late_units,
     &W::lead_min_ticks, 0, "ms", 90, true},
}};

Json words(const std::string &zh, const std::string &en) {
  return {{"zh", zh}, {"en", en}};
}

/// Of a sentence in both languages, "一。 · One. (detail)"; the detail belongs to both.
Json words_of(const std::string &sentence) {
  const std::string border = " · ";
  const std::size_t at = sentence.find(border);
  if (at == std::string::npos) return words(sentence, sentence);
  std::string zh = sentence.substr(0, at), en = sentence.substr(at + border.size());
  const std::size_t detail = en.find(" (");
  if (!en.empty() && en.back() == ')' && detail != std::string::npos) zh += en.substr(detail);
  return words(zh, en);
}

std::string instant(std::int64_t utc_ns) {
  const time_t seconds = static_cast<time_t>(utc_ns / 1'000'000'000);
  tm parts{};
  ::gmtime_r(&seconds, &parts);
  std::array<char, 40> out{};
  const std::size_t size = ::strftime(out.data(), out.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  std::snprintf(out.data() + size, out.size() - size, ".%03dZ",
                static_cast<int>(utc_ns % 1'000'000'000 / 1'000'000));
  return out.data();
}

Json on_air_of(const Engine::Status &s) {
  if (s.placement.empty()) return nullptr;
  return {{"placement", s.placement}, {"kind", word(s.kind)}, {"asset", s.asset},
          {"title", s.title},         {"frame", s.frame},     {"frames", s.frames}};
}

Json counters_of(const ChannelState &channel) {
  const Engine::Status &s = channel.engine;
  Json out{{"frames", s.frames_sent},
           {"packets", s.packets},
           {"send_errors", s.send_errors},
           {"standby_frames", s.standby_frames},
           {"slate_frames", s.slate_frames},
           {"late_max_us", s.late_max_us},
           {"stalls", s.stalls},
           {"preview_drops", channel.preview_drops.value_or(0)}};
  for (const CheckCounterName &each : kViolations) out[each.name] = s.check.*each.count;
  return out;
}

Json input_of(const std::string &url, const LiveInput::State &state) {
  const char *where = state.is_on_air ? "on_air" : state.is_coming ? "standby" : "away";
  Json out{
      {"address", url}, {"state", where}, {"losses", state.losses}, {"left_out", state.left_out}};
  if (!state.trouble.empty()) out["says"] = words_of(state.trouble);
  return out;
}

Json cues_of(const Engine::Status &s) {
  Json next = Json::array();
  for (const BreakCues::Ahead &each : s.next_breaks)
    next.push_back({{"break", each.id},
                    {"start", instant(frame_ns(each.start))},
                    {"end", instant(frame_ns(each.end))},
                    {"is_announced", each.is_announced}});
  return {{"sent", s.cues.sent}, {"missed", s.cues.missed}, {"next", std::move(next)}};
}

/// What stands on air in the place of what was planned, and that somebody should know.
std::optional<Json> notice_of(const Engine::Status &s) {
  if (s.shown == Composer::Shown::standby)
    return words("计划的内容播不了，正在播替补内容",
                 "What is planned cannot be shown: a stand-in is on air");
  if (s.shown == Composer::Shown::slate && s.frames_sent > 0)
    return words("没有可播的内容，正在播内存中的垫片画面",
                 "Nothing can be shown: the slate from memory is on air");
  return std::nullopt;
}

}  // namespace

std::string StatusPage::last_change(const std::string &name, std::int64_t count,
                                    std::int64_t now_ns) {
  if (count == 0) return {};
  Change &change = changes_[name];
  if (change.count != count) change = {count, now_ns};
  return instant(change.at_ns);
}

nlohmann::ordered_json StatusPage::outputs(const ChannelState &channel) {
  Json out = Json::array();
  for (const OutputState &state : channel.outputs) {
    Json output{{"kind", state.rel},
                {"address", state.href},
                {"sent", state.sent * kDatagramPackets},
                {"errors", state.errors * kDatagramPackets},
                {"unit", words("TS 包", "TS packets")}};
    if (state.receivers >= 0) output["receivers"] = state.receivers;
    if (!state.last_error.empty()) output["last_error"] = words_of(state.last_error);
    const std::string at = last_change(state.rel + ' ' + state.href, state.errors, channel.now_ns);
    if (!at.empty()) output["error_at"] = at;
    out.push_back(std::move(output));
  }
  return out;
}

nlohmann::ordered_json StatusPage::checks(const ChannelState &channel) {
  Json out = Json::array();
  for (const CheckRow &row : kRows) {
    const std::int64_t violations = channel.engine.check.*row.violations;
    Json check{{"id", row.id},
               {"name", words(row.zh, row.en)},
               {"rule", row.rule},
               {"violations", violations}};
    if (row.worst) {
      check["limit"] = row.limit;
      check["is_least"] = row.is_least;
      check["unit"] = row.unit;
      const std::int64_t worst = channel.engine.worst.*row.worst;
      if (worst != WorstReadings::kNoLead) check["worst"] = static_cast<double>(worst) / row.scale;
    }
    const std::string at = last_change(row.id, violations, channel.now_ns);
    if (!at.empty()) check["violated_at"] = at;
    out.push_back(std::move(check));
  }
  return out;
}

std::string StatusPage::write(const ChannelState &channel) {
  const Engine::Status &s = channel.engine;
  Json page{{"on_air", on_air_of(s)}};
  if (const auto notice = notice_of(s)) page["notice"] = *notice;
  page["outputs"] = outputs(channel);
  for (const auto &[url, state] : s.live) page["inputs"].push_back(input_of(url, state));
  if (s.has_cues) page["cues"] = cues_of(s);
  page["checks"] = checks(channel);
  page["counters"] = counters_of(channel);
  page["links"] = Json::array();
  if (channel.preview_drops)
    page["links"].push_back({{"rel", "preview"}, {"href", "preview/live.m3u8"}});
  return page.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace civicast::cable
