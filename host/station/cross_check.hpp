// SPDX-License-Identifier: Apache-2.0
// Do the files of a station agree with each other?
#pragma once

#include <string>
#include <vector>

#include "host/station/station.hpp"

namespace civicast::station {

struct GridFile {
  grids::Grid grid;
  std::string shown;  ///< "grids/cable.xml"
};

/// `station` has everything but its grids.
Faults cross_check(const Station &station, const std::vector<GridFile> &grids);

}  // namespace civicast::station
