// SPDX-License-Identifier: Apache-2.0
// What the planner is asked: breaks to fill, campaigns that want airings, and what stands already.
//
// Everything is a number here; ids are kept only for sentences. Days count from 0, the first day of
// the horizon; a campaign's first day may be negative and its last beyond the horizon.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace civicast::planner {

struct Break {
  int channel = 0;                            ///< index into Problem::channels
  int day = 0;                                ///< the local day on which it starts
  int second_of_day = 0;                      ///< of its start, as a wall clock shows it
  int max_items = 0;                          ///< 0: as many as fit
  std::uint32_t classes = ~std::uint32_t{0};  ///< a bit for each class it carries
  std::int64_t start_ns = 0;
  std::int64_t length_ns = 0;  ///< 0: a moment, which holds only assets of no length
  double audience = 1;         ///< 0 to 1, against the best break there is
};

/// Seconds of the local day: from ≤ t < to. A campaign's windows are in order and apart.
struct Window {
  int from_s = 0, to_s = 86400;
};

struct Asset {
  std::string id;
  int weight = 1;
  std::vector<std::int64_t> duration_ns;  ///< by channel; negative: it cannot be aired there
  std::vector<int> counted;               ///< by channel: airings before the horizon
};

/// So many airings on these channels together. A channel is in at most one target of a campaign.
struct Target {
  std::vector<int> channels;
  std::vector<int> quota;    ///< by day of the horizon: the even pace; no plan exceeds their sum
  int wanted = 0;            ///< over the horizon, for people: a day that has begun wants it all
  int most = 0;              ///< what is left of the target: no more may stand in the horizon
  bool is_daily = false;     ///< each day's quota is the limit; its shortfall is not made up later
  int day_most = 0;          ///< no more on one day; 0: no such limit
  int channel_day_most = 0;  ///< no more on one day on each channel; 0: no such limit
  /// What it was asked for in. Quotas are in airings whatever it is; the rest is for people.
  enum class Unit { airings, seconds, share_of_seconds, share_of_airings } unit = Unit::airings;
  std::int64_t wanted_ns = 0;  ///< of seconds and a share of them: air time over the horizon
  std::int64_t supply_ns = 0;  ///< of a share of seconds: what there is over the horizon
  int supply = 0;              ///< of a share of airings, likewise
};

struct Campaign {
  std::string id;
  int ad_class = 0;  ///< the number of its bit in Break::classes
  int topic = -1;    ///< at most one spot of a topic in a break; negative: none
  int weight = 1;    ///< what a missing airing costs, against other campaigns'
  int first_day = 0, last_day = 0;
  std::vector<Window> windows;
  std::int64_t separation_ns = 0;  ///< at least so long from start to start on one channel
  std::vector<Asset> assets;
  std::vector<Target> targets;
  enum class Position { any, first, last } position = Position::any;  ///< in its breaks: a wish
  std::vector<int> not_with = {};  ///< campaigns that may not stand in its breaks; in either's list
};

/// So many airings, or so much time, on a channel and day must start from `from_s` on and before
/// `to_s`: what of a legal minimum is still open.
struct Minimum {
  int channel = 0, day = 0, from_s = 0, to_s = 0, least = 0;
  std::int64_t least_ns = 0;                  ///< instead of `least`, if not 0
  std::uint32_t classes = ~std::uint32_t{0};  ///< a bit for each class that counts
};
/// For a channel and day there are no more.
inline constexpr int max_minima_a_day = 8;

/// An airing that cannot be changed any more. It separates; on a day of the horizon it also counts
/// against the target (earlier ones are in Asset::counted and in the quotas).
struct Fixed {
  int campaign = 0;
  int asset = -1;  ///< negative: no longer one of the campaign's
  int channel = 0;
  int day = 0;
  std::int64_t start_ns = 0;
};

/// What was published before for a break that is still open: kept unless something pays for a
/// change.
struct Published {
  int campaign = 0, asset = 0, in_break = 0;
};

struct Problem {
  int days = 1;
  std::vector<std::string> channels;
  std::vector<Break> breaks;           ///< only open ones, without overlaps on a channel
  std::vector<std::string> break_ids;  ///< as many as breaks
  std::vector<Campaign> campaigns;
  std::vector<Minimum> minima;
  std::vector<Fixed> fixed;
  std::vector<Published> published;
  /// Windows and separation are measured from break to break, whatever stands before a spot in its
  /// break. Station plans never do; public benchmarks do.
  bool measures_breaks = false;
};

}  // namespace civicast::planner
