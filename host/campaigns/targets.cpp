// SPDX-License-Identifier: Apache-2.0
#include "host/campaigns/targets.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "host/campaigns/faults.hpp"

namespace civicast::campaigns {
namespace {

using Per = Target::Per;
using Unit = Target::Unit;

/// More than one a second for a day is a slip of the keyboard.
constexpr int max_airings_a_day = 86'400;
constexpr int max_amount = 100'000'000;

template <std::size_t n>
int count_of(const xml::Element &element, const std::array<const char *, n> &names) {
  return static_cast<int>(std::count_if(names.begin(), names.end(),
                                        [&](const char *name) { return element.has(name); }));
}

/// One of the four says where.
void read_scope(xml::Element element, Target &target) {
  if (count_of(element, std::array{"channel", "channels", "places", "all"}) != 1)
    return element.tell(Fault(faults::target_scope));
  if (element.has("channel")) target.channels = {element.slug("channel")};
  if (element.has("channels")) target.channels = element.slugs("channels");
  if (element.has("places")) target.places = element.slugs("places");
  if (element.has("all")) target.is_for_all = element.choice<bool>("all", {{"yes", true}});
}

/// "12" or "12.5" as 120 or 125; nothing of anything else, nor of more than 100.
std::optional<int> permille_of(const std::string &text) {
  const auto dot = text.find('.');
  const std::string whole = text.substr(0, dot);
  const std::string tenths = dot == std::string::npos ? "0" : text.substr(dot + 1);
  const auto is_digits = [](const std::string &part, std::size_t most) {
    return !part.empty() && part.size() <= most &&
           std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  if (!is_digits(whole, 3) || !is_digits(tenths, 1)) return {};
  const int permille = std::stoi(whole) * 10 + std::stoi(tenths);
  if (permille < 1 || permille > 1000) return {};
  return permille;
}

void read_share(xml::Element element, Target &target) {
  if (element.has("per")) element.tell(Fault(faults::target_field_misplaced, {{"field", "per"}}));
  target.unit = element.choice<Unit>(
      "of", {{"seconds", Unit::share_of_seconds}, {"airings", Unit::share_of_airings}},
      Unit::share_of_seconds);
  const std::string given = element.text("share");
  const auto permille = permille_of(given);
  if (!given.empty() && !permille)
    element.tell_bad_value("share", {"应当是 0.1 到 100 之间的百分数，最多一位小数",
                                     "It should be per cent, from 0.1 to 100, with one decimal at "
                                     "most"});
  target.share_permille = permille.value_or(0);
}

/// One of the three says how much.
void read_amount(xml::Element element, Target &target) {
  if (count_of(element, std::array{"airings", "seconds", "share"}) != 1)
    return element.tell(Fault(faults::target_amount));
  if (element.has("share")) return read_share(element, target);
  if (element.has("of")) element.tell(Fault(faults::target_field_misplaced, {{"field", "of"}}));
  target.per =
      element.choice<Per>("per", {{"day", Per::day}, {"campaign", Per::campaign}}, Per::day);
  if (element.has("seconds")) {
    target.unit = Unit::seconds;
    target.seconds = element.whole("seconds", 1, max_amount);
  } else {
    target.airings =
        element.whole("airings", 1, target.per == Per::day ? max_airings_a_day : max_amount);
  }
}

/// A day's target that its own cap forbids can never be met.
void read_caps(xml::Element element, Target &target) {
  target.day_cap = element.whole("day-cap", 1, max_airings_a_day, 0);
  target.channel_day_cap = element.whole("channel-day-cap", 1, max_airings_a_day, 0);
  if (target.day_cap > 0 && target.per == Per::day && target.airings > target.day_cap)
    element.tell(Fault(faults::cap_below_target, {{"airings", std::to_string(target.airings)},
                                                  {"cap", std::to_string(target.day_cap)}}));
}

/// A channel may be in one target of a campaign: else nobody could say for which an airing counts.
void check_channels(xml::Element element, const std::string &id, const Target &target,
                    const std::vector<Target> &before) {
  for (std::size_t i = 0; i < target.channels.size(); ++i) {
    const std::string &channel = target.channels[i];
    const auto names = [&](const std::vector<std::string> &all) {
      return std::find(all.begin(), all.end(), channel) != all.end();
    };
    const auto begin = target.channels.begin();
    const bool is_second = std::find(begin, begin + static_cast<std::ptrdiff_t>(i), channel) !=
                           begin + static_cast<std::ptrdiff_t>(i);
    if (is_second || std::any_of(before.begin(), before.end(),
                                 [&](const Target &other) { return names(other.channels); }))
      element.tell(Fault(faults::target_twice, {{"campaign", id}, {"channel", channel}}));
  }
}

}  // namespace

std::vector<Target> read_targets(xml::Element campaign, const std::string &id) {
  std::vector<Target> targets;
  for (xml::Element element : campaign.children("target")) {
    element.allow({"channel", "channels", "places", "all", "airings", "seconds", "share", "of",
                   "per", "day-cap", "channel-day-cap"},
                  {});
    Target target;
    target.at = element.at();
    read_scope(element, target);
    read_amount(element, target);
    read_caps(element, target);
    check_channels(element, id, target, targets);
    targets.push_back(std::move(target));
  }
  if (targets.empty()) campaign.child("target");  // tells that one is missing
  return targets;
}

std::string scope_text(const Target &target) {
  if (target.is_for_all) return "*";
  if (!target.places.empty()) return fmt::format("@{}", fmt::join(target.places, "+"));
  return fmt::format("{}", fmt::join(target.channels, "+"));
}

std::string amount_text(const Target &target) {
  const char *per = target.per == Per::day ? "day" : "campaign";
  switch (target.unit) {
    case Unit::seconds:
      return fmt::format("{}s/{}", target.seconds, per);
    case Unit::share_of_seconds:
      return fmt::format("{:g}%s", target.share_permille / 10.0);
    case Unit::share_of_airings:
      return fmt::format("{:g}%", target.share_permille / 10.0);
    case Unit::airings:
      break;
  }
  return fmt::format("{}/{}", target.airings, per);
}

}  // namespace civicast::campaigns
