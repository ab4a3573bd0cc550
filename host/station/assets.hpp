// SPDX-License-Identifier: Apache-2.0
// Brings what assets.xml names into the library.
#pragma once

#include "host/base/progress.hpp"
#include "host/library/library.hpp"
#include "host/station/station.hpp"

namespace civicast::station {

/// Imports every asset that is not in the library yet. One that is refused does not stop the
/// others; all refusals are told at the end. Done already, it only reads the files.
Result<void, Faults> import_assets(const Station &station, library::Library &library,
                                   Progress &progress);

}  // namespace civicast::station
