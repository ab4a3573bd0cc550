// SPDX-License-Identifier: Apache-2.0
// What the self check reads off a signal: counts of violations, and worst values.
//
// Counts only grow, so what happened during an airing is the difference of two readings. A worst
// value cannot be taken back: so those of each batch are taken once, for the airings on air, and
// the console shows that of the last minute of signal, so that an old mishap does not hide a new
// one.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

namespace civicast::cable {

/// Numbers in brackets are those of ETSI TR 101 290 §5.2. Each violation is counted once, when it
/// is certain: what stays away, when its time is over, and not again when it comes at last.
struct CheckCounters {
  std::int64_t packets = 0;            ///< no violation
  std::int64_t duplicates = 0;         ///< nor are these: sent twice, as ISO 13818-1 permits
  std::int64_t sync_errors = 0;        ///< [1.2]
  std::int64_t continuity_errors = 0;  ///< [1.4]
  std::int64_t pat_late = 0;           ///< [1.3]
  std::int64_t pmt_late = 0;           ///< [1.5] of the PID that the association names
  std::int64_t transport_errors = 0;   ///< [2.1]
  std::int64_t crc_errors = 0;         ///< [2.2] of the association and the map
  std::int64_t pcr_late = 0;           ///< [2.3a]
  std::int64_t pcr_jumps = 0;          ///< [2.3b] not announced, and not for want of packets
  std::int64_t pcr_inaccurate = 0;     ///< [2.4]
  std::int64_t pts_late = 0;           ///< [2.5] of any elementary stream
  std::int64_t late_units = 0;         ///< not all there at their DTS

  std::int64_t violations() const;
  CheckCounters operator-(const CheckCounters &earlier) const;
};

/// 0, and kNoLead, where nothing was read.
struct WorstReadings {
  static constexpr std::int64_t kNoLead = std::numeric_limits<std::int64_t>::max();
  std::int64_t pcr_interval_max_us = 0;
  std::int64_t pcr_accuracy_max_ns = 0;
  std::int64_t pat_interval_max_us = 0;
  std::int64_t pmt_interval_max_us = 0;
  std::int64_t pts_interval_max_us = 0;   ///< of the elementary stream that was worst
  std::int64_t lead_min_ticks = kNoLead;  ///< DTS − clock when a unit's last packet leaves, 90 kHz

  void merge(const WorstReadings &other);
};

/// A name for each count, in the order in which they are shown.
struct CheckCounterName {
  const char *name;
  std::int64_t CheckCounters::*count;
};
inline constexpr std::array<CheckCounterName, 11> kViolations{{
    {"sync_errors", &CheckCounters::sync_errors},
    {"continuity_errors", &CheckCounters::continuity_errors},
    {"pat_late", &CheckCounters::pat_late},
    {"pmt_late", &CheckCounters::pmt_late},
    {"transport_errors", &CheckCounters::transport_errors},
    {"crc_errors", &CheckCounters::crc_errors},
    {"pcr_late", &CheckCounters::pcr_late},
    {"pcr_jumps", &CheckCounters::pcr_jumps},
    {"pcr_inaccurate", &CheckCounters::pcr_inaccurate},
    {"pts_late", &CheckCounters::pts_late},
    {"late_units", &CheckCounters::late_units},
}};

inline std::int64_t CheckCounters::violations() const {
  std::int64_t sum = 0;
  for (const CheckCounterName &each : kViolations) sum += this->*each.count;
  return sum;
}

inline CheckCounters CheckCounters::operator-(const CheckCounters &earlier) const {
  CheckCounters out;
  out.packets = packets - earlier.packets;
  out.duplicates = duplicates - earlier.duplicates;
  for (const CheckCounterName &each : kViolations)
    out.*each.count = this->*each.count - earlier.*each.count;
  return out;
}

inline void WorstReadings::merge(const WorstReadings &other) {
  const auto longest = [](std::int64_t &a, std::int64_t b) { a = std::max(a, b); };
  longest(pcr_interval_max_us, other.pcr_interval_max_us);
  longest(pcr_accuracy_max_ns, other.pcr_accuracy_max_ns);
  longest(pat_interval_max_us, other.pat_interval_max_us);
  longest(pmt_interval_max_us, other.pmt_interval_max_us);
  longest(pts_interval_max_us, other.pts_interval_max_us);
  lead_min_ticks = std::min(lead_min_ticks, other.lead_min_ticks);
}

/// Worst values of a life and of its last minute, second by second; and since they were taken last.
class WorstOfMinute {
 public:
  /// Where they are collected.
  WorstReadings &now() { return fresh_; }
  WorstReadings take_fresh() {
    collect();
    return std::exchange(untaken_, {});
  }
  void next_second() {
    collect();
    ever_.merge(seconds_[at_]);
    at_ = (at_ + 1) % seconds_.size();
    seconds_[at_] = {};
    before_ = {};
    for (const WorstReadings &second : seconds_) before_.merge(second);
  }
  /// The present second and the sixty before it.
  WorstReadings recent() const { return merged(before_); }
  WorstReadings ever() const { return merged(ever_); }

 private:
  void collect() {
    seconds_[at_].merge(fresh_);
    untaken_.merge(fresh_);
    fresh_ = {};
  }
  WorstReadings merged(WorstReadings out) const {
    out.merge(seconds_[at_]);
    out.merge(fresh_);
    return out;
  }
  std::array<WorstReadings, 61> seconds_{};
  std::size_t at_ = 0;
  WorstReadings before_, ever_, untaken_;
  WorstReadings fresh_;  ///< not yet collected
};

}  // namespace civicast::cable
