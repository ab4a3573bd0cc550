// SPDX-License-Identifier: Apache-2.0
// A report as rows, and as the files that offices work with.
#pragma once

#include <string>
#include <vector>

#include "host/base/words.hpp"
#include "sdk/base/json.hpp"
#include "sdk/base/result.hpp"

namespace civicast::reports {

struct SheetColumn {
  std::string key;  ///< in JSON: "planned_start"
  Words title;      ///< "计划开始", "planned start"
};

/// Cells are texts, whole numbers, or null. Instants are texts in the station's zone.
struct Sheet {
  Words title;
  std::vector<SheetColumn> columns;
  std::vector<std::vector<Json>> rows;
};

/// UTF-8 with a byte order mark, so that Excel reads it; Chinese headers; lines end in CR LF. A
/// text that a spreadsheet would take for a formula has an apostrophe before it.
std::string csv(const Sheet &sheet);
/// An array of objects.
Json json(const Sheet &sheet);
/// Office Open XML, one page for each sheet, headers in both languages.
Result<std::string> xlsx(const std::vector<Sheet> &sheets);

}  // namespace civicast::reports
