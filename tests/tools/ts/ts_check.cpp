// SPDX-License-Identifier: Apache-2.0
#include "tests/tools/ts/ts_check.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

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

/// ISO/IEC 13818-1 §2.4.3.3: of a repeated packet every byte is the same but a clock reference.
bool is_same(const std::uint8_t *a, const std::uint8_t *b) {
  const int clock_end = has_clock(a) ? 12 : 6;
  return std::equal(a, a + 6, b) && std::equal(a + clock_end, a + kPacket, b + clock_end);
}

constexpr int kAssociation = 0x00, kProgramMap = 0x02, kCueStream = 0x86, kPrivate = 0x06;

/// Of a descriptor loop, whether one has this tag and begins with these bytes.
bool has_descriptor(const std::uint8_t *bytes, int size, int tag, const std::string &head) {
  for (int at = 0; at + 2 <= size && at + 2 + bytes[at + 1] <= size; at += 2 + bytes[at + 1])
    if (bytes[at] == tag && bytes[at + 1] >= std::ssize(head) &&
        std::equal(head.begin(), head.end(), bytes + at + 2))
      return true;
  return false;
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
  tables(p, pid, start);
  if (pid != video_.pid && pid != audio_.pid) return;
  Stream &its = pid == video_.pid ? video_ : audio_;
  stream(its, pid == video_.pid ? report_.video : report_.audio, p + start, kPacket - start,
         p[1] & 0x40);
  its.last_packet = index;
}

void TsCheck::tables(const std::uint8_t *p, int pid, int start) {
  const auto feed = [&](SectionReader &reader, auto handler) {
    reader.feed(p + start, kPacket - start, p[1] & 0x40,
                [&](const std::vector<std::uint8_t> &section) { (this->*handler)(section); });
  };
  if (pid == 0) feed(pat_sections_, &TsCheck::association);
  if (pid == pmt_pid_) feed(pmt_sections_, &TsCheck::program_map);
  if (pid == report_.cue_pid) feed(cue_sections_, &TsCheck::cue);
}

void TsCheck::association(const std::vector<std::uint8_t> &section) {
  if (section[0] != kAssociation) return;
  seen(pat_);
  if (!has_right_crc(section)) {
    ++report_.crc_errors;
    return;
  }
  for (std::size_t at = 8; at + 8 <= section.size(); at += 4)
    if (section[at] || section[at + 1]) pmt_pid_ = (section[at + 2] & 0x1F) << 8 | section[at + 3];
}

void TsCheck::cue(const std::vector<std::uint8_t> &section) {
  CueSection cue = read_cue(section);
  cue.packet = report_.packets - 1;
  cue.pid = report_.cue_pid;
  const auto now = clock_at(cue.packet);
  if (cue.pts && now) cue.arm_ticks = difference33(*cue.pts, *now / 300 % kWrap33);
  report_.cues.push_back(std::move(cue));
}

void TsCheck::counter(const std::uint8_t *p, int pid) {
  Pid &state = pids_[static_cast<std::size_t>(pid)];
  const int now = p[3] & 0x0F;
  const bool has_payload = p[3] & 0x10;
  const int expected = has_payload ? (state.counter + 1) & 0x0F : state.counter;
  if (!state.is_fresh && now != expected) {
    const bool is_repeat = has_payload && now == state.counter && !state.was_repeated &&
                           state.bytes.size() == kPacket && is_same(p, state.bytes.data());
    ++(is_repeat ? report_.duplicates : report_.continuity_errors);
    if (!is_repeat) lost(pid);
    state.was_repeated = is_repeat;
  } else {
    state.was_repeated = false;
  }
  state.is_fresh = false;
  state.counter = now;
  state.bytes.clear();
  if (has_payload) state.bytes.assign(p, p + kPacket);
}

void TsCheck::lost(int pid) {
  recent_errors_.push_back(report_.packets);
  if (pid == 0) pat_sections_.drop();
  if (pid == pmt_pid_) pmt_sections_.drop();
  if (pid == report_.cue_pid) cue_sections_.drop();
  if (pid == video_.pid) video_.unit.clear();  // what is left of it says nothing of how it was made
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
  video_.unit.clear();
  begin_anew(pat_);
  begin_anew(pmt_);
}

/// From one session to the next is nobody's interval; the old one's last runs to its end.
void TsCheck::begin_anew(Table &table) const {
  const std::int64_t old_end = report_.packets - kForgiven;
  const bool has_begun = table.last_packet >= old_end;
  const std::int64_t last = has_begun ? table.last_but_one : table.last_packet;
  if (has_begun) table.longest = table.longest_before;
  if (last >= 0) table.longest = std::max(table.longest, old_end - last);
  if (!has_begun) table.last_packet = -1;
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
  table.longest_before = table.longest;
  if (table.last_packet >= 0) table.longest = std::max(table.longest, now - table.last_packet);
  table.last_but_one = std::exchange(table.last_packet, now);
}

void TsCheck::program_map(const std::vector<std::uint8_t> &section) {
  if (section[0] != kProgramMap || section.size() < 16) return;
  seen(pmt_);
  if (!has_right_crc(section)) {
    ++report_.crc_errors;
    return;
  }
  const auto length = [&](int at) {
    return (section[static_cast<std::size_t>(at)] & 0x0F) << 8 |
           section[static_cast<std::size_t>(at) + 1];
  };
  const int end = static_cast<int>(section.size()) - 4, general = length(10);
  if (12 + general > end) return;
  pcr_pid_ = (section[8] & 0x1F) << 8 | section[9];
  report_.are_cues_registered = has_descriptor(&section[12], general, 0x05, "CUEI");
  report_.cue_pid = -1;
  for (int at = 12 + general; at + 5 <= end;) {
    const std::uint8_t *entry = &section[static_cast<std::size_t>(at)];
    const int size = length(at + 3);
    if (at + 5 + size > end) return;
    stream_of_map(entry[0], (entry[1] & 0x1F) << 8 | entry[2],
                  has_descriptor(entry + 5, size, 0x6A, ""));
    at += 5 + size;
  }
}

void TsCheck::stream_of_map(int type, int pid, bool is_ac3) {
  if (type == kCueStream) {
    report_.cue_pid = pid;
  } else if (type == 0x1B || type == 0x24 || type == 0x02) {
    video_.pid = report_.video.pid = pid;
    report_.video.type = type;
    pictures_.set_stream_type(type);
  } else if (type == 0x03 || type == 0x04 || type == 0x0F || type == 0x11 || type == 0x81 ||
             (type == kPrivate && is_ac3)) {
    audio_.pid = report_.audio.pid = pid;
    report_.audio.type = type;
  }
}

void TsCheck::stream(Stream &stream, StreamReport &report, const std::uint8_t *payload, int size,
                     bool is_start) {
  const bool is_wanted = has_pictures_ && stream.pid == video_.pid;
  if (is_start) {
    if (is_wanted && !stream.unit.empty()) pictures_.unit(stream.unit);
    stream.unit.clear();
    pes(stream, report, payload, size);
    if (!is_wanted || size < 9 || 9 + payload[8] > size) return;
    stream.unit.assign(payload + 9 + payload[8], payload + size);
  } else if (is_wanted && !stream.unit.empty()) {
    stream.unit.insert(stream.unit.end(), payload, payload + size);
  }
}

void TsCheck::pes(Stream &stream, StreamReport &report, const std::uint8_t *payload, int size) {
  close_unit(stream, report);
  if (size < 19 || payload[0] || payload[1] || payload[2] != 1 || !(payload[7] & 0x80)) return;
  const std::int64_t dts = read_time(payload + ((payload[7] & 0x40) ? 14 : 9));
  ++report.units;
  seen(stream.stamps);
  if (stream.last_dts >= 0) ++report.steps[difference33(dts, stream.last_dts)];
  stream.last_dts = stream.open_dts = dts;
}

/// From the two clock readings before the packet.
std::optional<std::int64_t> TsCheck::clock_at(std::int64_t packet) const {
  if (clocks_.size() < 2) return {};
  const Clock &b = clocks_.back(), &a = clocks_[clocks_.size() - 2];
  const double slope =
      static_cast<double>(b.ticks - a.ticks) / static_cast<double>(b.packet - a.packet);
  return b.ticks + std::llround(static_cast<double>(packet - b.packet) * slope);
}

void TsCheck::close_unit(Stream &stream, StreamReport &report) const {
  const auto now = clock_at(stream.last_packet);
  if (stream.open_dts < 0 || !now) return;
  const std::int64_t lead = difference33(stream.open_dts, *now / 300 % kWrap33);
  const bool is_first = report.lead_min_ticks == 0 && report.lead_max_ticks == 0;
  report.lead_min_ticks = is_first ? lead : std::min(report.lead_min_ticks, lead);
  report.lead_max_ticks = is_first ? lead : std::max(report.lead_max_ticks, lead);
  if (lead < 0) ++report.late_units;
  stream.open_dts = -1;
}

TsReport TsCheck::report() const {
  TsReport report = report_;
  report.trailing_bytes = static_cast<std::int64_t>(rest_.size());
  close_session(report);
  const double ms = report.bit_rate > 0 ? kPacket * 8 * 1000 / report.bit_rate : 0;
  report.pat_interval_max_ms = static_cast<double>(pat_.longest) * ms;
  report.pmt_interval_max_ms = static_cast<double>(pmt_.longest) * ms;
  report.video.pts_interval_max_ms = static_cast<double>(video_.stamps.longest) * ms;
  report.audio.pts_interval_max_ms = static_cast<double>(audio_.stamps.longest) * ms;
  report.pictures = pictures_.report();
  return report;
}

}  // namespace civicast::tests
