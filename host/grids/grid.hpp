// SPDX-License-Identifier: Apache-2.0
// A grid 节目编排: what a channel's day looks like before any ad is in it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "host/base/words.hpp"
#include "host/base/zone.hpp"
#include "host/campaigns/campaign.hpp"
#include "sdk/base/result.hpp"

namespace civicast::grids {

/// A break 时段: an opportunity to air.
struct Break {
  /// "cable/2026-11-23/190000": channel, day, local start; ".480" follows where the start is not a
  /// whole second, "r" in the second run of an hour that comes twice.
  std::string id;
  std::int64_t start_ns = 0;
  std::int64_t length_ns = 0;               ///< 0 on a feed, where a break is a moment
  int max_items = 0;                        ///< 0: as many as fit
  std::vector<campaigns::AdClass> carries;  ///< empty: every class
};

/// A programme item between breaks.
struct Programme {
  std::string id;  ///< "cable/2026-11-23/190000p"
  std::int64_t start_ns = 0, end_ns = 0;
  std::string asset;      ///< of a live programme: what is shown without its signal; may be empty
  std::string live = {};  ///< where its signal comes from (see live_source.hpp); empty: the asset
  Words title = {};       ///< of a live programme, if the grid gives one
};

/// Commercials in the channel's log that others put there: so much between two hours of the day.
struct Commercials {
  int from_s = 0, to_s = 86'400;
  std::int64_t length_ns = 0;
};

/// One day of one channel, in UTC, in order, without overlaps.
struct GridDay {
  std::string channel;
  Date date;
  std::int64_t start_ns = 0, end_ns = 0;  ///< local midnight to local midnight
  std::vector<Programme> programmes;
  std::vector<Break> breaks;
  std::vector<std::string> fillers;           ///< assets shown where nothing else is, in turn
  std::vector<Commercials> commercials = {};  ///< in order, apart
};

/// A kind of day as the file gives it (host/grids/pattern.hpp): what `Grid::day` puts on a date.
struct Pattern;

class Grid {
 public:
  const std::string &channel() const { return channel_; }
  /// The dated exception if there is one, else the weekday's pattern; an empty day if neither.
  GridDay day(Date date, const Zone &zone) const;
  /// Every asset that programmes (live ones: as their standby) and fillers name.
  std::vector<std::string> assets() const;
  const std::vector<Pattern> &patterns() const { return patterns_; }

  Grid(std::string channel, std::vector<Pattern> patterns);
  Grid(const Grid &);
  Grid(Grid &&) noexcept;
  Grid &operator=(Grid &&) noexcept;
  ~Grid();

 private:
  std::string channel_;
  std::vector<Pattern> patterns_;
};

/// Reads one channel's grid (playlists/schema/grid.xsd).
Result<Grid, Faults> read_grid(const std::filesystem::path &file);

}  // namespace civicast::grids
