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

struct Target {
  std::string channel;
  int airings = 0;
  enum class Per { day, campaign } per = Per::day;
  std::string at = {};
  int day_cap = 0;          ///< no more on one day over all its channels; 0: as many as there are
  int channel_day_cap = 0;  ///< the same on each of its channels
};

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
  std::string at = {};
};

std::string_view word(AdClass ad_class);  ///< "psa", …
Words words(AdClass ad_class);            ///< "公益广告", "public-service ad"
/// Reads "psa" or "公益广告" and so on; nothing on anything else.
std::optional<AdClass> ad_class_named(std::string_view name);

/// Reads campaigns.xml (playlists/schema/campaigns.xsd).
Result<std::vector<Campaign>, Faults> read_campaigns(const std::filesystem::path &file);

}  // namespace civicast::campaigns
