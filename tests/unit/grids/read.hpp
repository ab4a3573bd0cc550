// SPDX-License-Identifier: Apache-2.0
// Reads a grid from text, as grids/cable.xml.
#pragma once

#include <catch2/catch.hpp>

#include "host/grids/grid.hpp"
#include "tests/unit/folder/folder.hpp"

namespace civicast::grids {

inline Result<Grid, Faults> read(const std::string &text) {
  const Folder folder;
  return read_grid(folder.write("grids/cable.xml", text));
}

/// What stands inside begins in line 2.
inline std::string daily(const std::string &inside, const std::string &from = "00:00",
                         const std::string &to = "24:00") {
  return "<grid channel='cable'><day weekdays='daily'><hours from='" + from + "' to='" + to +
         "'>\n" + inside + "</hours></day></grid>";
}

}  // namespace civicast::grids
