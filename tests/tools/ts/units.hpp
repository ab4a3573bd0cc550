// SPDX-License-Identifier: Apache-2.0
// The video units (PES packets) of a transport stream file, and whether each was received to its
// end.
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace civicast::tests {

struct VideoUnit {
  std::int64_t index = 0;     ///< in the file
  std::int64_t session = 0;   ///< counts announced and unannounced breaks
  std::int64_t es_bytes = 0;  ///< of the elementary stream
  bool is_cut = false;        ///< what should follow it is not there: its end may be missing
};

/// By the byte at which the unit's first packet begins. Empty if the file is no transport stream.
std::map<std::int64_t, VideoUnit> video_units(const std::string &path);

}  // namespace civicast::tests
