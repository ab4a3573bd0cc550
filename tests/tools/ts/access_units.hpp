// SPDX-License-Identifier: Apache-2.0
// Cuts a transport stream into the access units of its video, each known by a hash of its bytes;
// and names the frames of known files by them. Its own parser, no libav.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace civicast::tests {

/// One PES packet of video, as it was received.
struct AccessUnit {
  std::int64_t first_packet = 0, last_packet = 0;  ///< counted in the stream, all PIDs
  std::int64_t session = 0;         ///< counts breaks of the video's counter, announced or not
  std::int64_t pts = -1, dts = -1;  ///< 33 bits; -1: none
  std::int64_t es_bytes = 0;
  std::uint64_t hash = 0;  ///< of these (FNV-1a)
  bool is_cut = false;     ///< what should follow it is not there: its end may be missing
};

/// One reading of the clock (PCR).
struct ClockReading {
  std::int64_t packet = 0, ticks = 0;  ///< 27 MHz, as it stands there: it wraps
  bool is_new = false;                 ///< a discontinuity is announced with it
};

class UnitReader {
 public:
  using OnUnit = std::function<void(const AccessUnit &)>;
  using OnClock = std::function<void(const ClockReading &)>;
  /// A unit is told when the next one begins, or a break ends it.
  explicit UnitReader(OnUnit on_unit, OnClock on_clock = nullptr)
      : on_unit_(std::move(on_unit)), on_clock_(std::move(on_clock)) {}

  /// Whole packets only.
  void feed(const std::uint8_t *bytes, std::size_t size);
  /// The stream ends: tells the last unit, as cut.
  void finish() { close(true); }

 private:
  void packet(const std::uint8_t *p);
  void clock(const std::uint8_t *p);
  void begin(const std::uint8_t *payload, int size);
  void add(const std::uint8_t *bytes, int size);
  void close(bool is_cut);

  OnUnit on_unit_;
  OnClock on_clock_;
  int pid_ = -1, counter_ = -1;
  bool is_open_ = false;
  std::int64_t next_packet_ = 0, session_ = 0;
  AccessUnit unit_;
};

/// Which frame of which file.
struct FrameName {
  std::string id;
  std::int64_t frame = 0;
  bool operator==(const FrameName &) const = default;
};

/// The frames of known files, by the hashes of their bytes.
class KnownFrames {
 public:
  /// Adds the transport stream `path`; returns how many frames it has. Throws std::runtime_error
  /// when it cannot be read, or a frame of it has the bytes of one that is known already: then
  /// neither could be told from the other.
  std::int64_t add(const std::string &id, const std::string &path);
  /// nullptr: none of them, or not the whole of one.
  const FrameName *name_of(const AccessUnit &unit) const;

 private:
  std::map<std::uint64_t, FrameName> names_;
};

}  // namespace civicast::tests
