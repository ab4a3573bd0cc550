// SPDX-License-Identifier: Apache-2.0
// What a disk does to a recording: a clock of its own, a disk that is full, and a feed through a
// cutter without a thread.
#pragma once

#include <sys/resource.h>

#include <cstdint>
#include <string>
#include <vector>

#include "plugins/cable/send/recorder.hpp"

namespace civicast::cable {

/// 2026-11-27T09:00:00Z, on the hour.
constexpr std::int64_t kStartNs = 1'795'770'000'000'000'000;
constexpr std::int64_t kRate = 4'000'000;

/// When byte `position` of a stream that began at `start_ns` is sent.
std::int64_t sent_at(std::size_t position, std::int64_t start_ns = kStartNs);

/// Feeds bytes to a tape as a recorder does, with the instants at which they would be sent.
class TapeFeed {
 public:
  explicit TapeFeed(Tape &tape, std::int64_t start_ns = kStartNs)
      : tape_(tape), cutter_(tape), start_ns_(start_ns) {}
  void feed(const std::vector<std::uint8_t> &bytes);
  /// As at the end of the channel; without it, as at a kill.
  void close();

 private:
  Tape &tape_;
  Cutter cutter_;
  std::int64_t start_ns_;
  std::size_t position_ = 0;
};

/// While it lives no file of this process grows beyond `bytes`.
class SmallDisk {
 public:
  explicit SmallDisk(std::size_t bytes);
  ~SmallDisk();
  SmallDisk(const SmallDisk &) = delete;
  SmallDisk &operator=(const SmallDisk &) = delete;

 private:
  rlimit before_{};
};

/// Names in a folder, sorted.
std::vector<std::string> names_in(const std::string &folder);

}  // namespace civicast::cable
