// SPDX-License-Identifier: Apache-2.0
// Where a signal goes. An output never fails for good: it counts what it could not deliver.
#pragma once

#include <sys/uio.h>

#include <cstdint>
#include <string>
#include <vector>

namespace civicast::cable {

/// What the console shows of an output.
struct OutputState {
  std::string rel;                    ///< udp, rtp, srt, file or hls
  std::string href;                   ///< where it goes; holds no secret
  std::int64_t sent = 0, errors = 0;  ///< datagrams
  std::string last_error;             ///< Chinese and English; empty: there was none
  std::int64_t receivers = -1;        ///< connected now; -1: this kind knows of none
};

class Output {
 public:
  virtual ~Output() = default;
  /// [playout] Sends datagrams of at most 7 packets each, in order, and never waits. Returns how
  /// many were not delivered; of an output with a thread of its own, how many it has found to be
  /// lost since the last call.
  virtual std::int64_t send(const std::vector<iovec> &datagrams) = 0;
  /// [any]
  virtual OutputState state() const { return {}; }
};

}  // namespace civicast::cable
