// SPDX-License-Identifier: Apache-2.0
// Whether the lines of a film's pictures were taken at one instant or in two fields, where the
// decoder's frames do not say it themselves.
#pragma once

#include <filesystem>
#include <string>

#include "host/library/av.hpp"
#include "host/library/probe.hpp"

namespace civicast::library {

enum class Lines {
  as_frames_say,
  top_first,  ///< all of them are in fields, and this one comes first
  bottom_first,
};

/// What the codec says is believed frame by frame; what only the container says holds for all of
/// them; where nobody says anything, the first pictures are looked at.
Result<Lines> find_lines(const std::filesystem::path &file, const std::string &shown,
                         const Media &media);

/// Writes it into the frame, for the filters.
void tell_lines(AVFrame &frame, Lines lines);

}  // namespace civicast::library
