// SPDX-License-Identifier: Apache-2.0
// What a grid's file says of a kind of day: its slots in local time, repeats already unrolled.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/base/words.hpp"
#include "host/base/zone.hpp"
#include "host/campaigns/campaign.hpp"
#include "host/grids/grid.hpp"

namespace civicast::grids {

/// A break or a programme, in milliseconds since local midnight.
struct Slot {
  std::int64_t start_ms = 0;
  std::int64_t length_ms = 0;  ///< 0: a moment, of a feed
  bool is_break = false;
  bool repeats = false;  ///< of a <repeat>: comes again in an hour that comes twice
  std::string asset;     ///< of a programme; of a live one its standby, which may be none
  std::string live;      ///< of a live programme: where its signal comes from
  Words title;           ///< of a live programme, if the file gives one
  int max_items = 0;     ///< this and the next of a break
  std::vector<campaigns::AdClass> carries;
  int line = 0;  ///< in the grid's file
};

/// A `<day>` or an `<exception>`.
struct Pattern {
  std::vector<int> weekdays;  ///< ISO, 1 is Monday; empty for an exception
  Date first, last;           ///< of an exception, both inclusive
  std::vector<Slot> slots;    ///< by start, without overlaps
  std::vector<std::string> fillers;
  std::vector<Commercials> commercials;
  int line = 0;
};

}  // namespace civicast::grids
