// SPDX-License-Identifier: Apache-2.0
#include "plugins/cable/ts/selfcheck.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <limits>

namespace civicast::cable {
namespace {

// __int128: a day's ticks times a rate do not fit into 64 bits.
__extension__ using Wide = __int128;

constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
/// What a PID carries. Streams are numbered from kFirstStream.
constexpr std::uint8_t kAssociation = 1, kMap = 2, kFirstStream = 3;

/// Of ticks that wrap, the difference that is nearest to 0.
std::int64_t nearest(std::int64_t difference, std::int64_t wrap) {
  const std::int64_t ahead = wrapped(difference, wrap);
  return ahead > wrap / 2 ? ahead - wrap : ahead;
}

/// Of every byte but those of a clock reference, which alone may differ in a duplicate.
std::uint64_t sum_of(const std::uint8_t *packet) {
  std::uint32_t header = 0;
  std::uint64_t word = 0;
  std::memcpy(&header, packet, sizeof header);
  // Of lengths that are known: copying a length that is not took 3 ns a packet more.
  if (has_clock(packet))
    std::memcpy(&word, packet + 4, 2);
  else
    std::memcpy(&word, packet + 4, sizeof word);
  std::uint64_t sum = word ^ std::uint64_t{header} << 32;
  for (std::size_t at = 12; at < 188; at += sizeof word) {
    std::memcpy(&word, packet + at, sizeof word);
    sum += word;
  }
  return sum;
}

/// Video and audio in PES packets, by ISO/IEC 13818-1 table 2-34, ATSC A/53 and DVB.
bool is_stamped(const ProgramMap::Stream &stream) {
  constexpr int kTypes[] = {0x01, 0x02, 0x03, 0x04, 0x0F, 0x11, 0x1B, 0x24, 0x81, 0x87};
  if (std::find(std::begin(kTypes), std::end(kTypes), stream.type) != std::end(kTypes)) return true;
  // Private data is sound if it has AC-3's or E-AC-3's descriptor.
  constexpr int kPrivate = 0x06, kAc3 = 0x6A, kEac3 = 0x7A;
  return stream.type == kPrivate &&
         (has_descriptor(stream.descriptors, kAc3) || has_descriptor(stream.descriptors, kEac3));
}

std::int64_t read_stamp(const std::uint8_t *b) {
  return std::int64_t{b[0] & 0x0E} << 29 | b[1] << 22 | (b[2] & 0xFE) << 14 | b[3] << 7 | b[4] >> 1;
}

}  // namespace

SelfCheck::SelfCheck(std::int64_t rate, const Handover *after)
    : rate_(rate),
      second_end_(packets_in_ms(1000)),
      associations_{&Counters::pat_late, &Worst::pat_interval_max_us, packets_in_ms(kTablesMs)},
      maps_{&Counters::pmt_late, &Worst::pmt_interval_max_us, packets_in_ms(kTablesMs)},
      clocks_{&Counters::pcr_late, &Worst::pcr_interval_max_us, packets_in_ms(kClockMs)} {
  for (Stream &stream : streams_)
    stream.stamps = {&Counters::pts_late, &Worst::pts_interval_max_us, packets_in_ms(kStampsMs)};
  pids_[kAssociationPid].role = kAssociation;
  expect(associations_, 0);
  if (!after) return;
  for (const auto &[pid, last] : after->counters)
    if (pid >= 0 && pid < kNullPid)
      pids_[static_cast<std::size_t>(pid)].counter = static_cast<std::int8_t>(last & 15);
}

void SelfCheck::look(const std::uint8_t *packet) {
  const std::int64_t at = counters_.packets++;
  if (at >= wake_) wake(at);
  if (packet[0] != 0x47) {
    ++counters_.sync_errors;
    return;
  }
  const int pid = pid_of(packet);
  if (pid == kNullPid) return;
  Pid &state = pids_[static_cast<std::size_t>(pid)];
  if (packet[1] & 0x80) {
    ++counters_.transport_errors;
    state.counter = -1;  // nothing in it can be believed
    return;
  }
  const bool is_news = is_new(packet, state);
  if (pid == clock_pid_ && (packet[3] & 0x20)) clock(packet, at);
  if (!is_news || state.role == 0 || !has_payload(packet)) return;
  if (state.role < kFirstStream) {
    if (starts_unit(packet)) table(packet, at, state.role == kMap);
    return;
  }
  Stream &stream = streams_[state.role - kFirstStream];
  if (starts_unit(packet)) begin_unit(stream, packet, at);
  stream.last = at;
  if (at > stream.deadline) {
    ++counters_.late_units;
    stream.deadline = kNever;
  }
}

/// ISO/IEC 13818-1 §2.4.3.3. False for the permitted repetition of the packet before.
bool SelfCheck::is_new(const std::uint8_t *packet, Pid &state) {
  const Pid before = state;
  const int counter = counter_of(packet);
  const bool carries = has_payload(packet);
  state.counter = static_cast<std::int8_t>(counter);
  state.had_payload = carries;
  state.was_doubled = false;
  if (carries) state.sum = sum_of(packet);
  if (before.counter < 0 || is_announced_break(packet)) return true;
  if (counter == ((before.counter + (carries ? 1 : 0)) & 15)) return true;
  const bool is_duplicate = carries && before.had_payload && !before.was_doubled &&
                            counter == before.counter && state.sum == before.sum;
  state.was_doubled = is_duplicate;
  ++(is_duplicate ? counters_.duplicates : counters_.continuity_errors);
  return !is_duplicate;
}

// What has to come in time

template <class Each>
void SelfCheck::each_interval(Each &&each) {
  each(associations_);
  each(maps_);
  each(clocks_);
  for (Stream &stream : streams_) each(stream.stamps);
}

void SelfCheck::wake(std::int64_t at) {
  wake_ = kNever;
  each_interval([&](Interval &interval) {
    if (interval.last < 0) return;
    if (at - interval.last > interval.limit) overdue(interval, at);
    if (!interval.is_overdue) wake_ = std::min(wake_, interval.last + interval.limit + 1);
  });
  if (at >= second_end_) {
    worst_.next_second();
    second_end_ = at + packets_in_ms(1000);
  }
  wake_ = std::min(wake_, second_end_);
}

void SelfCheck::overdue(Interval &interval, std::int64_t at) {
  if (!interval.is_overdue) ++(counters_.*interval.count);
  interval.is_overdue = true;
  std::int64_t &longest = worst_.now().*interval.longest;
  longest = std::max(longest, us_of(at - interval.last));
}

void SelfCheck::arrive(Interval &interval, std::int64_t at) {
  std::int64_t &longest = worst_.now().*interval.longest;
  longest = std::max(longest, us_of(at - interval.last));
  expect(interval, at);
}

void SelfCheck::expect(Interval &interval, std::int64_t at) {
  interval.last = at;
  interval.is_overdue = false;
  wake_ = std::min(wake_, at + interval.limit + 1);
}

// The clock

void SelfCheck::clock(const std::uint8_t *packet, std::int64_t at) {
  if (is_announced_break(packet)) forget_clock();
  if (!has_clock(packet)) return;
  const std::int64_t pcr = read_clock(packet + 6);
  if (clocks_.last >= 0) arrive(clocks_, at);
  if (pcr_ >= 0) {
    constexpr std::int64_t kJump = kJumpMs * kSystemClock / 1000;
    const std::int64_t error_ns = clock_error_ns(pcr, at);
    const bool is_wrong = std::abs(error_ns) > kAccuracyNs;
    const bool is_jump = is_wrong && wrapped(pcr - pcr_, kSystemWrap) > kJump;
    // One reference that is wrong is one violation; if the next is wrong by the same, the clock has
    // been set anew, and is right from here.
    const bool is_same =
        is_wrong && suspect_ns_ != 0 && std::abs(error_ns - suspect_ns_) <= kAccuracyNs;
    if (is_same) pcr_ = -1;
    if (is_jump) {
      ++counters_.pcr_jumps;
      forget_clock();
    } else if (!is_same) {
      counters_.pcr_inaccurate += is_wrong;
      std::int64_t &worst = worst_.now().pcr_accuracy_max_ns;
      worst = std::max(worst, std::abs(error_ns));
    }
    suspect_ns_ = is_wrong && pcr_ >= 0 ? error_ns : 0;
  }
  if (pcr_ < 0) {
    anchor_ = pcr;
    anchor_at_ = at;
  }
  pcr_ = pcr;
  pcr_at_ = at;
}

std::int64_t SelfCheck::clock_error_ns(std::int64_t pcr, std::int64_t at) const {
  const Wide ideal = Wide{at - anchor_at_} * kPacketBits * kSystemClock;  // ticks × rate
  const auto ticks = static_cast<std::int64_t>(ideal / rate_ % kSystemWrap);
  const Wide error = Wide{nearest(pcr - anchor_ - ticks, kSystemWrap)} * rate_ - ideal % rate_;
  return static_cast<std::int64_t>(error * 1000 / (Wide{27} * rate_));
}

void SelfCheck::forget_clock() {
  pcr_ = -1;
  suspect_ns_ = 0;
  for (Stream &stream : streams_) {
    stream.dts = -1;
    stream.deadline = kNever;
  }
}

// Tables

void SelfCheck::table(const std::uint8_t *packet, std::int64_t at, bool is_map) {
  const Bytes section = section_in(packet);
  if (section.empty() || section[0] != (is_map ? 0x02 : 0x00)) return;
  arrive(is_map ? maps_ : associations_, at);
  if (!is_intact(section)) {
    ++counters_.crc_errors;
  } else if (!is_map) {
    follow(map_pid_of(section).value_or(-1), at);
  } else {
    std::uint32_t crc = 0;
    std::memcpy(&crc, &section[section.size() - 4], 4);
    if (crc == map_crc_) return;
    map_crc_ = crc;
    if (const auto map = read_map(section)) follow(*map, at);
  }
}

void SelfCheck::follow(int map_pid, std::int64_t at) {
  if (map_pid == map_pid_) return;
  if (map_pid_ >= 0) pids_[static_cast<std::size_t>(map_pid_)].role = 0;
  map_pid_ = map_pid;
  map_crc_ = 0;
  maps_.last = -1;
  if (map_pid <= kAssociationPid || map_pid >= kNullPid) return;
  pids_[static_cast<std::size_t>(map_pid)].role = kMap;
  expect(maps_, at);
}

void SelfCheck::follow(const ProgramMap &map, std::int64_t at) {
  const std::array<Stream, 8> before = streams_;
  std::size_t count = 0;
  for (Stream &stream : streams_) {
    if (stream.pid != kNullPid) pids_[static_cast<std::size_t>(stream.pid)].role = 0;
    stream.pid = kNullPid;
    stream.stamps.last = -1;
  }
  for (const ProgramMap::Stream &named : map.streams) {
    Pid &state = pids_[static_cast<std::size_t>(named.pid)];
    if (!is_stamped(named) || count == streams_.size() || state.role != 0) continue;
    Stream &stream = streams_[count];
    const auto same = std::find_if(before.begin(), before.end(),
                                   [&](const Stream &s) { return s.pid == named.pid; });
    if (same != before.end()) {
      stream = *same;
    } else {
      stream.dts = -1;
      stream.deadline = kNever;
      expect(stream.stamps, at);
    }
    stream.pid = named.pid;
    state.role = static_cast<std::uint8_t>(kFirstStream + count++);
  }
  if (map.clock_pid == clock_pid_) return;
  clock_pid_ = map.clock_pid;
  forget_clock();
  clocks_.last = -1;
  if (clock_pid_ != kNullPid) expect(clocks_, at);
}

// Units

void SelfCheck::begin_unit(Stream &stream, const std::uint8_t *packet, std::int64_t at) {
  end_unit(stream);
  const std::size_t start = payload_at(packet);
  const std::uint8_t *const unit = packet + start;
  const std::size_t size = 188 - start;
  if (size < 14 || unit[0] || unit[1] || unit[2] != 1 || !(unit[7] & 0x80)) return;
  arrive(stream.stamps, at);
  const bool has_dts = (unit[7] & 0x40) && size >= 19;
  if (pcr_ < 0) return;
  stream.dts = read_stamp(unit + (has_dts ? 14 : 9));
  constexpr std::int64_t kFar = 60 * kSystemClock;  // more cannot be meant, and less fits 64 bits
  const std::int64_t ahead = std::clamp(nearest(stream.dts * 300 - pcr_, kSystemWrap), -kFar, kFar);
  const Wide bits = Wide{ahead} * rate_;
  constexpr Wide kStep = Wide{kPacketBits} * kSystemClock;
  stream.deadline = pcr_at_ + static_cast<std::int64_t>(bits / kStep - (bits % kStep < 0 ? 1 : 0));
}

void SelfCheck::end_unit(Stream &stream) {
  if (stream.dts >= 0 && pcr_ >= 0) {
    const Wide since = Wide{stream.last - pcr_at_} * kPacketBits * kSystemClock / rate_;
    const std::int64_t now = pcr_ + static_cast<std::int64_t>(since);
    const std::int64_t lead = floor_div(nearest(stream.dts * 300 - now, kSystemWrap), 300);
    std::int64_t &least = worst_.now().lead_min_ticks;
    least = std::min(least, lead);
  }
  stream.dts = -1;
  stream.deadline = kNever;
}

}  // namespace civicast::cable
