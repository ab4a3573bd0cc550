// SPDX-License-Identifier: Apache-2.0
// A campaign 宣传任务: which assets must be aired where, how often, between which days and hours.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/words.hpp"
#include "host/base/zone.hpp"
#include "sdk/base/result.hpp"

namespace civicast::campaigns {

/// Only `psa` 公益广告 counts for compliance (2016 measures, art. 2).
enum class AdClass { psa, information, promo, commercial, emergency };

/// Hours of the local day, in seconds since midnight: from ≤ t < to.
struct Window {
  int from_s = 0;
  int to_s = 86400;
  std::string at = {};
};

/// One of a campaign's assets; airings are shared among them by weight.
struct Rotation {
  std::string asset;
  int weight = 1;
  std::string at = {};  ///< "campaigns.xml:12", for sentences
};

/// How much is to be aired on some channels together.
struct Target {
  /// Of a target by places, or for all, they are found when the station is read.
  std::vector<std::string> channels;
  int airings = 0;                                  ///< of a target in airings
  enum class Per { day, campaign } per = Per::day;  ///< of airings and seconds
  std::string at = {};
  int day_cap = 0;          ///< no more on one day over all its channels; 0: as many as there are
  int channel_day_cap = 0;  ///< the same on each of its channels
  std::vector<std::string> places = {};  ///< the channels that are seen there or below
  bool is_for_all = false;               ///< every channel that carries the campaign
  enum class Unit { airings, seconds, share_of_seconds, share_of_airings } unit = Unit::airings;
  int seconds = 0;         ///< of a target in seconds
  int share_permille = 0;  ///< of what its channels have for the campaign's class
};

/// "cable", "@hall" for places, "*" for all: as people write them in one line.
std::string scope_text(const Target &target);
/// "16/day", "3600s/campaign", "12.5%s" of the seconds, "12.5%" of the airings.
std::string amount_text(const Target &target);

/// A campaign, or every campaign of a topic, that must not stand in the same break. It holds both
/// ways, whichever of the two says so.
struct Exclusion {
  std::string campaign, topic;  ///< one of the two; a topic may be nobody's yet
  std::string at = {};
};

struct Campaign {
  std::string id;  ///< a slug
  Words title;
  AdClass ad_class = AdClass::psa;
  std::string topic;            ///< at most one spot of a topic in a break
  int weight = 1;               ///< what a missing airing costs, against other campaigns'
  Date first, last;             ///< both inclusive
  std::vector<Window> windows;  ///< never empty
  int separation_s = 0;         ///< at least so long from start to start on one channel
  std::vector<Rotation> assets;
  std::vector<Target> targets;
  std::vector<Exclusion> not_with = {};
  /// Where in a break it would like to stand; a wish, of those who share it the heavier's.
  enum class Position { any, first, last } position = Position::any;
  std::string at = {};
};

std::string_view word(Campaign::Position position);  ///< "first", …
std::string_view word(AdClass ad_class);             ///< "psa", …
Words words(AdClass ad_class);                       ///< "公益广告", "public-service ad"
/// Reads "psa" or "公益广告" and so on; nothing on anything else.
std::optional<AdClass> ad_class_named(std::string_view name);

/// Reads campaigns.xml (playlists/schema/campaigns.xsd).
Result<std::vector<Campaign>, Faults> read_campaigns(const std::filesystem::path &file);

}  // namespace civicast::campaigns
