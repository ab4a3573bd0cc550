// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <set>

#include "host/base/time_text.hpp"
#include "host/base/xml.hpp"
#include "host/campaigns/campaign.hpp"
#include "host/campaigns/faults.hpp"
#include "host/campaigns/targets.hpp"

namespace civicast::campaigns {
namespace {

struct ClassRow {
  AdClass ad_class;
  std::string_view word;
  std::string_view zh;
  std::string_view en;
};
constexpr std::array<ClassRow, 5> classes = {
    {{AdClass::psa, "psa", "公益广告", "public-service ad"},
     {AdClass::information, "information", "公共信息", "public information"},
     {AdClass::promo, "promo", "宣传片", "promotional film"},
     {AdClass::commercial, "commercial", "商业", "commercial"},
     {AdClass::emergency, "emergency", "应急", "emergency"}}};

constexpr int day_s = 86400;
constexpr int max_weight = 1000;

std::vector<std::pair<std::string_view, AdClass>> class_words() {
  std::vector<std::pair<std::string_view, AdClass>> out;
  for (const auto &row : classes) out.emplace_back(row.word, row.ad_class);
  for (const auto &row : classes) out.emplace_back(row.zh, row.ad_class);
  return out;
}

Window read_window(xml::Element element) {
  element.allow({"from", "to"}, {});
  const auto from_ms = element.clock_ms("from");
  const auto to_ms = element.clock_ms("to");
  const bool is_read =
      parse_clock_ms(element.optional_text("from")) && parse_clock_ms(element.optional_text("to"));
  if (from_ms % 1000 || to_ms % 1000) element.tell(Fault(faults::window_fraction));
  if (is_read && from_ms >= to_ms)
    element.tell(
        Fault(faults::window_reversed, {{"from", clock_text(from_ms)}, {"to", clock_text(to_ms)}}));
  return {static_cast<int>(from_ms / 1000), static_cast<int>(to_ms / 1000), element.at()};
}

/// In order of time; a campaign without windows may be aired all day.
std::vector<Window> read_windows(const xml::Element &campaign) {
  std::vector<std::pair<Window, xml::Element>> read;
  for (const xml::Element &element : campaign.children("window"))
    read.emplace_back(read_window(element), element);
  std::stable_sort(read.begin(), read.end(),
                   [](const auto &a, const auto &b) { return a.first.from_s < b.first.from_s; });
  std::vector<Window> windows;
  for (std::size_t i = 0; i < read.size(); ++i) {
    if (i > 0 && read[i].first.from_s < read[i - 1].first.to_s)
      read[i].second.tell(
          Fault(faults::windows_overlap, {{"line", std::to_string(read[i - 1].second.line())}}));
    windows.push_back(read[i].first);
  }
  if (windows.empty()) windows.push_back({0, day_s, campaign.at()});
  return windows;
}

std::vector<Rotation> read_assets(xml::Element campaign, const std::string &id) {
  std::vector<Rotation> assets;
  for (xml::Element element : campaign.children("asset")) {
    element.allow({"id", "weight"}, {});
    Rotation rotation{element.slug(), element.whole("weight", 1, max_weight, 1), element.at()};
    if (std::any_of(assets.begin(), assets.end(),
                    [&](const Rotation &other) { return other.asset == rotation.asset; }))
      element.tell(Fault(faults::asset_twice, {{"campaign", id}, {"asset", rotation.asset}}));
    assets.push_back(std::move(rotation));
  }
  if (assets.empty()) campaign.child("asset");  // tells that one is missing
  return assets;
}

std::vector<Exclusion> read_exclusions(const xml::Element &campaign, const std::string &id,
                                       const std::string &own_topic) {
  std::vector<Exclusion> exclusions;
  for (xml::Element element : campaign.children("not-with")) {
    element.allow({"campaign", "topic"}, {});
    if (element.has("campaign") == element.has("topic")) {
      element.tell(Fault(faults::exclusion_unclear));
      continue;
    }
    Exclusion one;
    one.at = element.at();
    if (element.has("campaign"))
      one.campaign = element.slug("campaign");
    else
      one.topic = element.text("topic", 64);
    if (one.campaign == id || (!own_topic.empty() && one.topic == own_topic))
      element.tell(Fault(faults::exclusion_itself, {{"campaign", id}}));
    exclusions.push_back(std::move(one));
  }
  return exclusions;
}

/// A campaign that is named must be in the file, or a slip of the keyboard would exclude nothing.
void check_exclusions(xml::Document &document, const std::vector<Campaign> &campaigns) {
  std::set<std::string> known;
  for (const Campaign &one : campaigns) known.insert(one.id);
  for (const Campaign &campaign : campaigns)
    for (const Exclusion &one : campaign.not_with)
      if (!one.campaign.empty() && !known.contains(one.campaign))
        document.tell(Fault(faults::exclusion_unknown, {{"campaign", one.campaign}}).at(one.at));
}

/// Whether both dates could be read and can be compared.
bool has_dates(xml::Element element) {
  return parse_date(element.optional_text("first")) && parse_date(element.optional_text("last"));
}

void check_dates(xml::Element element, const Campaign &campaign) {
  if (!has_dates(element)) return;
  for (const Date date : {campaign.first, campaign.last}) {
    const int year = static_cast<int>(date.year());
    if (year < 2000 || year > 2199)
      element.tell(Fault(faults::campaign_date_far, {{"date", date_text(date)}}));
  }
  if (campaign.last < campaign.first)
    element.tell(Fault(faults::campaign_dates_reversed, {{"campaign", campaign.id},
                                                         {"first", date_text(campaign.first)},
                                                         {"last", date_text(campaign.last)}}));
}

Campaign read_campaign(xml::Element element) {
  element.allow({"id", "title-zh", "title-en", "class", "topic", "weight", "first", "last",
                 "separation", "position"},
                {"window", "asset", "target", "not-with"});
  Campaign campaign;
  campaign.id = element.slug();
  campaign.title = element.words("title");
  campaign.ad_class = element.choice("class", class_words());
  campaign.topic = element.optional_text("topic", 64);
  campaign.weight = element.whole("weight", 1, max_weight, 1);
  campaign.first = element.date("first");
  campaign.last = element.date("last");
  check_dates(element, campaign);
  const auto separation_ms = element.length_ms("separation", 0);
  if (separation_ms % 1000) element.tell(Fault(faults::window_fraction));
  campaign.separation_s = static_cast<int>(separation_ms / 1000);
  using Position = Campaign::Position;
  campaign.position = element.choice<Position>(
      "position", {{"first", Position::first}, {"last", Position::last}, {"any", Position::any}},
      Position::any);
  campaign.windows = read_windows(element);
  campaign.assets = read_assets(element, campaign.id);
  campaign.targets = read_targets(element, campaign.id);
  campaign.not_with = read_exclusions(element, campaign.id, campaign.topic);
  campaign.at = element.at();
  return campaign;
}

}  // namespace

std::string_view word(Campaign::Position position) {
  constexpr std::array<std::string_view, 3> positions = {"any", "first", "last"};
  return positions[static_cast<std::size_t>(position)];
}

std::string_view word(AdClass ad_class) {
  return classes[static_cast<std::size_t>(ad_class)].word;
}

Words words(AdClass ad_class) {
  const auto &row = classes[static_cast<std::size_t>(ad_class)];
  return {std::string(row.zh), std::string(row.en)};
}

std::optional<AdClass> ad_class_named(std::string_view name) {
  for (const auto &row : classes)
    if (row.word == name || row.zh == name) return row.ad_class;
  return {};
}

Result<std::vector<Campaign>, Faults> read_campaigns(const std::filesystem::path &file) {
  auto document = xml::Document::read(file, file.filename().string(), "campaigns");
  if (!document) return std::move(document).fault();
  xml::Element root = document->root();
  root.allow({}, {"campaign"});
  std::vector<Campaign> campaigns;
  xml::Ids ids;
  for (xml::Element element : root.children("campaign")) {
    campaigns.push_back(read_campaign(element));
    ids.take(element, campaigns.back().id);
  }
  check_exclusions(*document, campaigns);
  if (!document->faults().empty()) return document->faults();
  return campaigns;
}

}  // namespace civicast::campaigns
