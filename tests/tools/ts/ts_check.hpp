// SPDX-License-Identifier: Apache-2.0
// Judges an MPEG transport stream packet by packet against ETSI TR 101 290, from nothing but the
// bytes: its own parser, no libav.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tests/tools/ts/cues.hpp"
#include "tests/tools/ts/pictures.hpp"
#include "tests/tools/ts/sections.hpp"

namespace civicast::tests {

/// What one elementary stream's timestamps did.
struct StreamReport {
  int pid = -1, type = 0;                               ///< stream type of the map; 0: no stream
  std::int64_t units = 0;                               ///< PES packets with a time stamp
  std::map<std::int64_t, std::int64_t> steps;           ///< DTS step in ticks → how often
  std::int64_t lead_min_ticks = 0, lead_max_ticks = 0;  ///< DTS − clock, at a unit's last byte
  std::int64_t late_units = 0;                          ///< of them, less than 0
  double pts_interval_max_ms = 0;                       ///< by when they came

  /// "mpeg2video", "h264", "hevc", "mp2", "aac", "ac3", or nothing.
  const char *codec() const;
};

struct TsReport {
  std::int64_t packets = 0, null_packets = 0;
  std::int64_t trailing_bytes = 0;  ///< of a torn last packet
  std::int64_t sync_errors = 0, transport_errors = 0;
  std::int64_t continuity_errors = 0;  ///< but for those at an announced discontinuity
  std::int64_t duplicates = 0;         ///< packets sent twice, as is permitted
  std::int64_t crc_errors = 0;         ///< of the association and the map
  std::int64_t sessions = 0;           ///< 1 + announced discontinuities of the clock
  std::int64_t pcr_count = 0, pcr_jumps = 0;
  double pcr_interval_max_ms = 0, pcr_accuracy_max_ns = 0;
  double pat_interval_max_ms = 0, pmt_interval_max_ms = 0;
  double bit_rate = 0;  ///< of the longest session, by its clock
  StreamReport video, audio;
  PictureReport pictures;            ///< if they were looked at
  int cue_pid = -1;                  ///< of stream type 0x86
  bool are_cues_registered = false;  ///< the programme has the registration descriptor "CUEI"
  std::vector<CueSection> cues;

  std::string json() const;
  /// No error of any kind; PCR ≤ 40 ms and ±500 ns; PAT and PMT ≤ 100 ms, PTS ≤ 700 ms; every
  /// video step 3600 and every audio step the same; nothing comes after its time; each unit is a
  /// frame or two fields; cues have no flaw.
  bool is_clean() const;
};

/// Feed it bytes in pieces of any size.
class TsCheck {
 public:
  /// Costs as much again as everything else. Before the first byte.
  void look_at_pictures() { has_pictures_ = true; }
  void feed(const std::uint8_t *bytes, std::size_t size);
  TsReport report() const;

 private:
  struct Pid {
    int counter = -1;
    bool is_fresh = true;  ///< nothing is expected of the next packet's counter
    bool was_repeated = false;
    std::vector<std::uint8_t> bytes;  ///< of the last packet with a payload
  };
  struct Clock {
    std::int64_t packet = 0, ticks = 0;  ///< 27 MHz, unwrapped
  };
  struct Table {  ///< or whatever else has to come again and again
    std::int64_t last_packet = -1, longest = 0;
    std::int64_t last_but_one = -1, longest_before = 0;  ///< without the last one
  };
  struct Stream {
    int pid = -1;
    std::int64_t last_dts = -1, open_dts = -1;  ///< 33 bits
    Table stamps;
    std::int64_t last_packet = 0;
    std::vector<std::uint8_t> unit;
  };
  void packet(const std::uint8_t *p);
  void counter(const std::uint8_t *p, int pid);
  void lost(int pid);
  void clock(const std::uint8_t *p);
  void new_session();
  void begin_anew(Table &table) const;
  void tables(const std::uint8_t *p, int pid, int start);
  void association(const std::vector<std::uint8_t> &section);
  void program_map(const std::vector<std::uint8_t> &section);
  void stream_of_map(int type, int pid, bool is_ac3);
  void cue(const std::vector<std::uint8_t> &section);
  void stream(Stream &stream, StreamReport &report, const std::uint8_t *payload, int size,
              bool is_start);
  void pes(Stream &stream, StreamReport &report, const std::uint8_t *payload, int size);
  void close_unit(Stream &stream, StreamReport &report) const;
  std::optional<std::int64_t> clock_at(std::int64_t packet) const;
  void close_session(TsReport &report) const;
  void seen(Table &table) const;

  TsReport report_;
  std::vector<std::uint8_t> rest_;
  std::vector<Pid> pids_ = std::vector<Pid>(8192);
  std::vector<std::int64_t> recent_errors_;  ///< packets at which a counter was wrong just now
  int pmt_pid_ = -1, pcr_pid_ = -1;
  Stream video_, audio_;
  Table pat_, pmt_;
  SectionReader pat_sections_, pmt_sections_, cue_sections_;
  bool has_pictures_ = false;
  PictureReader pictures_;
  std::vector<Clock> clocks_;  ///< of this session
};

}  // namespace civicast::tests
