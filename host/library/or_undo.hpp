// SPDX-License-Identifier: Apache-2.0
// Work on the disk that leaves nothing when it fails.
#pragma once

#include <filesystem>

#include "host/library/av.hpp"
#include "host/library/faults.hpp"

namespace civicast::library {

/// What `work` gives; if that is a fault or an exception, `undo` is called first. A disk that is
/// full or failing while libav writes to `folder` is a fault, not a breakdown.
template <class Work, class Undo>
auto or_undo(const std::filesystem::path &folder, Work work, Undo undo) -> decltype(work()) {
  try {
    auto done = work();
    if (!done) undo();
    return done;
  } catch (const av::Error &error) {
    undo();
    if (error.code() != AVERROR(ENOSPC) && error.code() != AVERROR(EIO)) throw;
    return Fault(faults::house_folder_unusable,
                 {{"folder", folder.string()}, {"reason", av::reason(error.code())}});
  } catch (...) {
    undo();
    throw;
  }
}

}  // namespace civicast::library
