// SPDX-License-Identifier: Apache-2.0
#include "tests/tools/ts/ts_check.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace civicast::tests {
namespace {

constexpr int kPacket = 188;
constexpr std::int64_t kWrap33 = std::int64_t{1} << 33;
constexpr std::int64_t kClockWrap = kWrap33 * 300;
constexpr double kClockHz = 27e6;
/// A new session's tables come in the few packets before the one that announces it.
constexpr std::int64_t kForgiven = 10;

std::int64_t read_time(const std::uint8_t *b) {
  return std::int64_t{b[0] & 0x0E} << 29 | b[1] << 22 | (b[2] & 0xFE) << 14 | b[3] << 7 | b[4] >> 1;
}

bool has_clock(const std::uint8_t *p) {
  return (p[3] & 0x20) && p[4] >= 7 && (p[5] & 0x10);
}

/// Difference of two times of 33 bits, in (−2³², 2³²].
std::int64_t difference33(std::int64_t a, std::int64_t b) {
  const std::int64_t d = ((a - b) % kWrap33 + kWrap33) % kWrap33;
  return d > kWrap33 / 2 ? d - kWrap33 : d;
}

nlohmann::ordered_json stream_json(const StreamReport &s) {
  nlohmann::ordered_json steps = nlohmann::json::object();
  for (const auto &[step, count] : s.steps) steps[std::to_string(step)] = count;
  return {{"units", s.units},
          {"dts_steps", steps},
          {"lead_min_ticks", s.lead_min_ticks},
          {"lead_max_ticks", s.lead_max_ticks}};
}

}  // namespace

void TsCheck::feed(const std::uint8_t *bytes, std::size_t size) {
  if (!rest_.empty()) {
    const std::size_t part = std::min(size, kPacket - rest_.size());
    rest_.insert(rest_.end(), bytes, bytes + part);
    bytes += part;
    size -= part;
    if (rest_.size() < kPacket) return;
    packet(rest_.data());
    rest_.clear();
  }
  for (; size >= kPacket; bytes += kPacket, size -= kPacket) packet(bytes);
  rest_.assign(bytes, bytes + size);
}

void TsCheck::packet(const std::uint8_t *p) {
  const std::int64_t index = report_.packets++;
  if (p[0] != 0x47) {
    ++report_.sync_errors;
    return;
  }
  if (p[1] & 0x80) ++report_.transport_errors;
  const int pid = (p[1] & 0x1F) << 8 | p[2];
  if (pid == 0x1FFF) {
    ++report_.null_packets;
    return;
  }
  const bool is_announced = (p[3] & 0x20) && p[4] > 0 && (p[5] & 0x80);
  if (is_announced && (pid == pcr_pid_ || pcr_pid_ < 0)) new_session();
  if (is_announced) pids_[static_cast<std::size_t>(pid)].is_fresh = true;
  counter(p, pid);
  if (has_clock(p) && (pcr_pid_ < 0 || pid == pcr_pid_)) clock(p);
  if (!(p[3] & 0x10)) return;
  const int start = (p[3] & 0x20) ? 5 + p[4] : 4;
  if (start >= kPacket) return;
  const std::uint8_t *payload = p + start;
  const int size = kPacket - start;
  const bool is_start = p[1] & 0x40;
  if (pid == 0 && is_start && size > 13 + payload[0]) {
    seen(pat_);
    const std::uint8_t *section = payload + 1 + payload[0];
    for (int at = 8; at + 4 <= 3 + ((section[1] & 0x0F) << 8 | section[2]) - 4; at += 4)
      if (section[at] || section[at + 1])
        pmt_pid_ = (section[at + 2] & 0x1F) << 8 | section[at + 3];
  } else if (pid == pmt_pid_ && is_start) {
    seen(pmt_);
    program_map(payload + 1 + payload[0], size - 1 - payload[0]);
  }
  if (pid == video_.pid || pid == audio_.pid) {
    Stream &stream = pid == video_.pid ? video_ : audio_;
    StreamReport &report = pid == video_.pid ? report_.video : report_.audio;
    if (is_start) pes(stream, report, payload, size);
    stream.last_packet = index;
  }
}

void TsCheck::counter(const std::uint8_t *p, int pid) {
  Pid &state = pids_[static_cast<std::size_t>(pid)];
  const int now = p[3] & 0x0F;
  const bool has_payload = p[3] & 0x10;
  const int expected = has_payload ? (state.counter + 1) & 0x0F : state.counter;
  const bool is_repeat = has_payload && now == state.counter && !state.was_repeated;
  if (!state.is_fresh && now != expected && !is_repeat) {
    ++report_.continuity_errors;
    recent_errors_.push_back(report_.packets);
  }
  state.was_repeated = !state.is_fresh && has_payload && now == state.counter;
  state.is_fresh = false;
  state.counter = now;
}

void TsCheck::new_session() {
  if (report_.sessions > 0 && clocks_.empty()) return;  // announced again before its first clock
  ++report_.sessions;
  for (const std::int64_t at : recent_errors_)
    if (report_.packets - at <= kForgiven) --report_.continuity_errors;
  recent_errors_.clear();
  close_session(report_);
  clocks_.clear();
  for (Pid &pid : pids_) pid.is_fresh = true;
  // A unit that was cut off has no end, and no step leads to what comes after it.
  video_.last_dts = video_.open_dts = audio_.last_dts = audio_.open_dts = -1;
  pat_.last_packet = pmt_.last_packet = -1;
}

void TsCheck::clock(const std::uint8_t *p) {
  const std::int64_t base =
      std::int64_t{p[6]} << 25 | p[7] << 17 | p[8] << 9 | p[9] << 1 | p[10] >> 7;
  const std::int64_t raw = base * 300 + ((p[10] & 1) << 8 | p[11]);
  if (report_.sessions == 0) report_.sessions = 1;
  ++report_.pcr_count;
  std::int64_t ticks = raw;
  if (!clocks_.empty()) {
    const std::int64_t last = clocks_.back().ticks;
    const std::int64_t step = ((raw - last) % kClockWrap + kClockWrap) % kClockWrap;
    ticks = last + step;
    const double ms = static_cast<double>(step) / kClockHz * 1000;
    if (ms > 100) ++report_.pcr_jumps;
    report_.pcr_interval_max_ms = std::max(report_.pcr_interval_max_ms, ms);
  }
  clocks_.push_back({report_.packets - 1, ticks});
}

void TsCheck::close_session(TsReport &report) const {
  if (clocks_.size() < 2) return;
  const Clock &a = clocks_.front(), &b = clocks_.back();
  const double slope =
      static_cast<double>(b.ticks - a.ticks) / static_cast<double>(b.packet - a.packet);
  report.bit_rate = kPacket * 8 * kClockHz / slope;
  for (const Clock &c : clocks_) {
    const double ideal = static_cast<double>(c.packet - a.packet) * slope;
    const double error = static_cast<double>(c.ticks - a.ticks) - ideal;
    report.pcr_accuracy_max_ns =
        std::max(report.pcr_accuracy_max_ns, std::abs(error) / kClockHz * 1e9);
  }
}

void TsCheck::seen(Table &table) const {
  const std::int64_t now = report_.packets;
  if (table.last_packet >= 0) table.longest = std::max(table.longest, now - table.last_packet);
  table.last_packet = now;
}

void TsCheck::program_map(const std::uint8_t *section, int size) {
  if (size < 12) return;
  pcr_pid_ = (section[8] & 0x1F) << 8 | section[9];
  const int end = std::min(size, 3 + ((section[1] & 0x0F) << 8 | section[2]) - 4);
  for (int at = 12 + ((section[10] & 0x0F) << 8 | section[11]); at + 5 <= end;) {
    const int type = section[at];
    const int pid = (section[at + 1] & 0x1F) << 8 | section[at + 2];
    if (type == 0x1B || type == 0x24 || type == 0x02) video_.pid = pid;
    if (type == 0x03 || type == 0x04 || type == 0x0F) audio_.pid = pid;
    at += 5 + ((section[at + 3] & 0x0F) << 8 | section[at + 4]);
  }
}

void TsCheck::pes(Stream &stream, StreamReport &report, const std::uint8_t *payload, int size) {
  close_unit(stream, report);
  if (size < 19 || payload[0] || payload[1] || payload[2] != 1 || !(payload[7] & 0x80)) return;
  const std::int64_t dts = read_time(payload + ((payload[7] & 0x40) ? 14 : 9));
  ++report.units;
  if (stream.last_dts >= 0) ++report.steps[difference33(dts, stream.last_dts)];
  stream.last_dts = stream.open_dts = dts;
}

void TsCheck::close_unit(Stream &stream, StreamReport &report) const {
  if (stream.open_dts < 0 || clocks_.size() < 2) return;
  // The clock at the unit's last packet, from the two clock readings before it.
  const Clock &b = clocks_.back(), &a = clocks_[clocks_.size() - 2];
  const double slope =
      static_cast<double>(b.ticks - a.ticks) / static_cast<double>(b.packet - a.packet);
  const auto since = static_cast<double>(stream.last_packet - b.packet);
  const std::int64_t now = b.ticks + std::llround(since * slope);
  const std::int64_t lead = difference33(stream.open_dts, now / 300 % kWrap33);
  const bool is_first = report.lead_min_ticks == 0 && report.lead_max_ticks == 0;
  report.lead_min_ticks = is_first ? lead : std::min(report.lead_min_ticks, lead);
  report.lead_max_ticks = is_first ? lead : std::max(report.lead_max_ticks, lead);
  stream.open_dts = -1;
}

TsReport TsCheck::report() const {
  TsReport report = report_;
  report.trailing_bytes = static_cast<std::int64_t>(rest_.size());
  close_session(report);
  const double ms = report.bit_rate > 0 ? kPacket * 8 * 1000 / report.bit_rate : 0;
  report.pat_interval_max_ms = static_cast<double>(pat_.longest) * ms;
  report.pmt_interval_max_ms = static_cast<double>(pmt_.longest) * ms;
  return report;
}

bool TsReport::is_clean() const {
  const bool is_whole =
      trailing_bytes == 0 && sync_errors == 0 && transport_errors == 0 && continuity_errors == 0;
  const bool is_timed = pcr_jumps == 0 && pcr_interval_max_ms <= 40 && pcr_accuracy_max_ns <= 500;
  const bool has_tables = pat_interval_max_ms <= 100 && pmt_interval_max_ms <= 100;
  const bool is_even =
      video.steps.size() == 1 && video.steps.begin()->first == 3600 && audio.steps.size() == 1;
  return is_whole && is_timed && has_tables && is_even && video.lead_min_ticks >= 0 &&
         audio.lead_min_ticks >= 0;
}

std::string TsReport::json() const {
  const nlohmann::ordered_json json{{"packets", packets},
                                    {"null_packets", null_packets},
                                    {"trailing_bytes", trailing_bytes},
                                    {"sync_errors", sync_errors},
                                    {"transport_errors", transport_errors},
                                    {"continuity_errors", continuity_errors},
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
                                    {"clean", is_clean()}};
  return json.dump(2);
}

}  // namespace civicast::tests
