// SPDX-License-Identifier: Apache-2.0
// Where a signal goes. An output never fails for good: it counts what it could not deliver.
#pragma once

#include <sys/uio.h>

#include <cstdint>
#include <limits>
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

/// Of the datagrams numbered [first, end), `count` were not delivered. Numbers are those in which
/// send() was handed them, from 0.
struct LateLoss {
  std::int64_t first = 0, end = 0, count = 0;
};

struct News {
  std::vector<LateLoss> losses;
  /// What became of all those with a smaller number has been said.
  std::int64_t certain = std::numeric_limits<std::int64_t>::max();
};

class Output {
 public:
  virtual ~Output() = default;
  /// [playout] Sends datagrams of at most 7 packets each, in order, and never waits. Returns how
  /// many of them are known not to be delivered.
  virtual std::int64_t send(const std::vector<iovec> &datagrams) = 0;
  /// [playout] What an output with a thread of its own has found out later, since the last call.
  virtual News news() { return {}; }
  /// [any]
  virtual OutputState state() const { return {}; }
};

}  // namespace civicast::cable
