// SPDX-License-Identifier: Apache-2.0
// The self check: looks at every packet as it goes out, and takes nobody's word for it. Time is
// counted in packets at the channel's rate; so what is judged is the signal, not the machine, whose
// lateness the pacer tells.
//
// Limits are those to which we build, tighter than TR 101 290's where a guideline asks for more:
// clock references 40 ms apart and within 500 ns of their place, tables 100 ms, time stamps 700 ms.
// Costs some nanoseconds a packet; the rest is done for the few that begin something.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "plugins/cable/ts/handover.hpp"
#include "plugins/cable/ts/packet.hpp"
#include "plugins/cable/ts/psi.hpp"
#include "plugins/cable/ts/readings.hpp"

namespace civicast::cable {

class SelfCheck {
 public:
  using Counters = CheckCounters;
  using Worst = WorstReadings;
  static constexpr std::int64_t kClockMs = 40, kTablesMs = 100, kStampsMs = 700;
  static constexpr std::int64_t kAccuracyNs = 500, kJumpMs = 100;

  /// `rate`: bit/s. Counters of continuity go on where `after` left them.
  explicit SelfCheck(std::int64_t rate, const Handover *after = nullptr);

  void look(const std::uint8_t *packet);

  const Counters &counters() const { return counters_; }
  /// Since it was called last.
  Worst take_fresh() { return worst_.take_fresh(); }
  Worst worst() const { return worst_.ever(); }
  /// Of the last minute of signal.
  Worst recent() const { return worst_.recent(); }

 private:
  /// Something that has to come again and again.
  struct Interval {
    std::int64_t Counters::*count;
    std::int64_t Worst::*longest;
    std::int64_t limit = 0;  ///< packets
    std::int64_t last = -1;  ///< position; -1: not expected
    bool is_overdue = false;
  };
  struct Stream {
    int pid = kNullPid;
    Interval stamps;
    std::int64_t dts = -1;  ///< of the unit that is being sent
    std::int64_t last = 0;  ///< its newest packet
    std::int64_t deadline = 0;
  };
  struct Pid {
    std::int8_t counter = -1;
    std::uint8_t role = 0;
    bool had_payload = false, was_doubled = false;
    std::uint64_t sum = 0;  ///< of the payload, to know a duplicate
  };
  bool is_new(const std::uint8_t *packet, Pid &state);
  void wake(std::int64_t at);
  void arrive(Interval &interval, std::int64_t at);
  void overdue(Interval &interval, std::int64_t at);
  void expect(Interval &interval, std::int64_t at);
  template <class Each>
  void each_interval(Each &&each);

  void clock(const std::uint8_t *packet, std::int64_t at);
  std::int64_t clock_error_ns(std::int64_t pcr, std::int64_t at) const;
  void forget_clock();

  void table(const std::uint8_t *packet, std::int64_t at, bool is_map);
  void follow(int map_pid, std::int64_t at);
  void follow(const ProgramMap &map, std::int64_t at);
  void begin_unit(Stream &stream, const std::uint8_t *packet, std::int64_t at);
  void end_unit(Stream &stream);

  std::int64_t packets_in_ms(std::int64_t ms) const { return ms * rate_ / (1000 * kPacketBits); }
  std::int64_t us_of(std::int64_t packets) const {
    return packets * kPacketBits * 1'000'000 / rate_;
  }

  std::int64_t rate_;
  Counters counters_;
  WorstOfMinute worst_;
  std::int64_t wake_ = 0;  ///< the position before which nothing is overdue
  std::int64_t second_end_;
  std::array<Pid, kPids> pids_{};
  Interval associations_, maps_, clocks_;
  int map_pid_ = -1, clock_pid_ = -1;
  std::uint32_t map_crc_ = 0;
  std::array<Stream, 8> streams_;  ///< more than any house format has; the rest is not judged

  // 27 MHz. Accuracy is measured from the anchor: the first reference since the last break.
  std::int64_t pcr_ = -1, pcr_at_ = 0, anchor_ = 0, anchor_at_ = 0;
  std::int64_t suspect_ns_ = 0;  ///< the error of the reference before, if it was too great
};

}  // namespace civicast::cable
