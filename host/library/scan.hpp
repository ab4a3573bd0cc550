// SPDX-License-Identifier: Apache-2.0
// The first pass over a film or a sound: how long it really is, how loud, and whether all of what
// it declares is there.
#pragma once

#include <functional>

#include "host/library/lines.hpp"
#include "host/library/probe.hpp"
#include "host/library/sound.hpp"

namespace civicast::library {

struct Scan {
  std::int64_t begin_ns = 0;     ///< the file's own time of the first picture or sound
  std::int64_t duration_ns = 0;  ///< until the last of both
  std::int64_t frame_ns = 0;     ///< from one picture to the next
  Lines lines = Lines::as_frames_say;
  Loudness loudness;
};

/// `tick(done, total)` in nanoseconds.
using Tick = std::function<void(std::int64_t, std::int64_t)>;

Result<Scan> scan(const std::filesystem::path &file, const std::string &shown, const Media &media,
                  const Tick &tick);

}  // namespace civicast::library
