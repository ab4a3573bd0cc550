// SPDX-License-Identifier: Apache-2.0
// Finds where a receiver that knows nothing can begin: a picture that stands alone, with the tables
// (PAT, PMT) in front of it and nothing of an earlier picture or sound between them.
//
// No byte is changed: what the pieces hold, one after the other, is the signal as sent.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace civicast::cable {

class Cutter {
 public:
  class Sink {
   public:
    virtual ~Sink() = default;
    /// What comes next can begin a file. `pts`: of its first picture, 33 bits; `at_ns`: UTC, when
    /// the first byte of it was sent.
    virtual void entry(std::int64_t pts, std::int64_t at_ns) = 0;
    /// A picture that is no entry begins.
    virtual void picture(std::int64_t pts) = 0;
    /// Whole packets.
    virtual void bytes(const std::uint8_t *bytes, std::size_t size) = 0;
  };
  explicit Cutter(Sink &sink) : sink_(sink) {}

  /// Whole packets, sent at `at_ns`. The sink has them, but for those since a PAT behind which
  /// neither picture nor sound has come yet.
  void feed(const std::uint8_t *bytes, std::size_t size, std::int64_t at_ns);
  /// Hands on what was held back.
  void flush();

 private:
  void packet(const std::uint8_t *packet, std::int64_t at_ns);
  void read_tables(const std::uint8_t *packet, int pid);
  bool is_elementary(int pid) const;
  void hold(const std::uint8_t *packet);
  void run_on(const std::uint8_t *packet);
  void pass_run();

  Sink &sink_;
  int map_pid_ = -1, video_pid_ = -1;
  std::array<bool, 8192> is_elementary_{};
  std::vector<std::uint8_t> held_;  ///< from the newest PAT on; empty: none is open
  std::int64_t held_at_ns_ = 0;
  bool has_map_ = false;  ///< in held_
  const std::uint8_t *run_ = nullptr;
  std::size_t run_bytes_ = 0;  ///< packets that go to the sink in one piece
};

}  // namespace civicast::cable
