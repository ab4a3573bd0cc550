// SPDX-License-Identifier: Apache-2.0
// Reads a live transport stream off the network, unit by unit. It blocks; one thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>

#include "plugins/cable/format/unit_sorter.hpp"

namespace civicast::cable {

/// "udp://239.1.1.7:5500", "srt://host:9000", "http(s)://host/live.m3u8". Nothing else: a live
/// input must not be a way to read this machine's files.
bool is_live_url(const std::string &url);

class LiveReader {
 public:
  /// Throws std::runtime_error when there is nothing to read. Ends soon when `is_closing` is set.
  LiveReader(const std::string &url, const formats::HouseFormat &house,
             const std::atomic<bool> &is_closing);
  LiveReader(const LiveReader &) = delete;
  LiveReader &operator=(const LiveReader &) = delete;

  /// The next unit. Throws std::runtime_error when the input ends or falls silent, and Flaw when
  /// its codecs are not the channel's.
  Unit next();

 private:
  static int is_over(void *self);
  void wait_at_most(std::chrono::seconds time);

  const formats::HouseFormat &house_;
  const std::atomic<bool> &is_closing_;
  std::chrono::steady_clock::time_point deadline_;
  InputPtr input_;
  UnitSorter sorter_;
};

}  // namespace civicast::cable
