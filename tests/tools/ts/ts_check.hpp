// SPDX-License-Identifier: Apache-2.0
// Judges an MPEG transport stream packet by packet against ETSI TR 101 290, from nothing but the
// bytes: its own parser, no libav.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace civicast::tests {

/// What one elementary stream's timestamps did.
struct StreamReport {
  std::int64_t units = 0;                               ///< PES packets
  std::map<std::int64_t, std::int64_t> steps;           ///< DTS step in ticks → how often
  std::int64_t lead_min_ticks = 0, lead_max_ticks = 0;  ///< DTS − clock, at a unit's last byte
};

struct TsReport {
  std::int64_t packets = 0, null_packets = 0;
  std::int64_t trailing_bytes = 0;  ///< of a torn last packet
  std::int64_t sync_errors = 0, transport_errors = 0;
  std::int64_t continuity_errors = 0;  ///< but for those at an announced discontinuity
  std::int64_t sessions = 0;           ///< 1 + announced discontinuities of the clock
  std::int64_t pcr_count = 0, pcr_jumps = 0;
  double pcr_interval_max_ms = 0, pcr_accuracy_max_ns = 0;
  double pat_interval_max_ms = 0, pmt_interval_max_ms = 0;
  double bit_rate = 0;  ///< of the longest session, by its clock
  StreamReport video, audio;

  std::string json() const;
  /// No error of any kind; PCR ≤ 40 ms and ±500 ns; PAT and PMT ≤ 100 ms; every video step 3600
  /// and every audio step the same; nothing comes after its time.
  bool is_clean() const;
};

/// Feed it bytes in pieces of any size.
class TsCheck {
 public:
  void feed(const std::uint8_t *bytes, std::size_t size);
  TsReport report() const;

 private:
  struct Pid {
    int counter = -1;
    bool is_fresh = true;  ///< nothing is expected of the next packet's counter
    bool was_repeated = false;
  };
  struct Clock {
    std::int64_t packet = 0, ticks = 0;  ///< 27 MHz, unwrapped
  };
  struct Stream {
    int pid = -1;
    std::int64_t last_dts = -1, open_dts = -1;  ///< 33 bits
    std::int64_t last_packet = 0;
  };
  struct Table {
    std::int64_t last_packet = -1, longest = 0;  ///< packets
  };
  void packet(const std::uint8_t *p);
  void counter(const std::uint8_t *p, int pid);
  void clock(const std::uint8_t *p);
  void new_session();
  void program_map(const std::uint8_t *section, int size);
  void pes(Stream &stream, StreamReport &report, const std::uint8_t *payload, int size);
  void close_unit(Stream &stream, StreamReport &report) const;
  void close_session(TsReport &report) const;
  void seen(Table &table) const;

  TsReport report_;
  std::vector<std::uint8_t> rest_;
  std::array<Pid, 8192> pids_{};
  std::vector<std::int64_t> recent_errors_;  ///< packets at which a counter was wrong just now
  int pmt_pid_ = -1, pcr_pid_ = -1;
  Stream video_, audio_;
  Table pat_, pmt_;
  std::vector<Clock> clocks_;  ///< of this session
};

}  // namespace civicast::tests
