// SPDX-License-Identifier: Apache-2.0
#include "host/exchange/draft.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>

#include "host/exchange/ccms_columns.hpp"
#include "host/exchange/faults.hpp"
#include "host/exchange/planned.hpp"
#include "host/playlists/compose.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::exchange {
namespace {

using campaigns::Campaign;
using playlists::Item;
using playlists::ItemKind;

/// CCMS counts in whole seconds.
constexpr std::int64_t rounding_ns = ns_per_s;

std::string length_text(std::int64_t ns) {
  return fmt::format("{:.3f} s", static_cast<double>(ns) / static_cast<double>(ns_per_s));
}

bool contains(const std::vector<std::string> &all, const std::string &one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

/// A campaign's name as a file has it: whole, or cut to the 32 bytes of its column.
bool is_named(const Campaign &campaign, const std::string &name) {
  if (name.empty()) return false;
  for (const std::string &known : {campaign.id, campaign.title.zh, campaign.title.en})
    if (known == name || (name.size() + 3 > column::advertiser.width() && known.starts_with(name)))
      return true;
  return false;
}

class Drafting {
 public:
  Drafting(const DraftRules &rules, const std::string &shown)
      : rules_(rules), shown_(shown), zone_(rules.station.zone) {
    if (const auto *grid = rules.station.grid(rules.channel.id))
      day_ = grid->day(rules.date, zone_);
    day_.channel = rules.channel.id;
    day_.date = rules.date;
    day_.start_ns = zone_.instant(rules.date, 0);
    day_.end_ns = zone_.instant(next_day(rules.date), 0);
    // What has no house file cannot fill anything.
    const auto is_unready = [&](const std::string &asset) { return !rules.duration_ns(asset); };
    std::erase_if(day_.fillers, is_unready);
    std::erase_if(day_.programmes, [&](const auto &one) { return is_unready(one.asset); });
  }

  Draft run(std::vector<Event> events) && {
    std::stable_sort(events.begin(), events.end(), [](const Event &a, const Event &b) {
      return std::tie(a.start->date, a.start->ms, a.break_number, a.position) <
             std::tie(b.start->date, b.start->ms, b.break_number, b.position);
    });
    for (const Event &event : events) add(event);
    lay_out();
    conclude(draft_.faults, faults_left_out_);
    conclude(draft_.remarks, remarks_left_out_);
    return std::move(draft_);
  }

 private:
  struct Laid {
    Item item;
    std::string at;
    LocalTime planned;
    Window window;
    int break_number = 0;
  };

  void leave_out(const Event &event, Fault fault) {
    tell(draft_.faults, std::move(fault).at(event.at), faults_left_out_);
  }

  void add(const Event &event) {
    if (event.start->date != rules_.date)
      return leave_out(event, Fault(faults::other_day, {{"found", date_text(event.start->date)},
                                                        {"date", date_text(rules_.date)}}));
    auto item = item_of(event);
    if (!item) return leave_out(event, *std::move(item.fault()));
    Laid laid{*std::move(item), event.at, *event.start, event.window, event.break_number};
    if (!place(laid))
      return leave_out(event, Fault(faults::events_overlap, {{"other", laid_.back().at}}));
    laid_.push_back(std::move(laid));
  }

  /// What the file says, or why it cannot be done.
  Result<Item, std::optional<Fault>> item_of(const Event &event) const {
    Item item;
    const auto asset = rules_.spots.asset_of(event.spot);
    if (!asset) return std::optional(Fault(faults::spot_unknown, {{"spot", event.spot}}));
    item.asset = *asset;
    const auto duration_ns = rules_.duration_ns(*asset);
    if (!duration_ns)
      return std::optional(
          Fault(faults::asset_unready, {{"asset", *asset}, {"channel", rules_.channel.id}}));
    if (auto fault = say_what_it_is(item, event)) return fault;
    item.title = title_of(*asset);
    item.start_ns = instant_ns(*event.start, zone_);
    const std::int64_t length_ns = event.length_ms * ns_per_ms;
    if (item.kind == ItemKind::placement && *duration_ns > 0 && length_ns > 0 &&
        std::abs(length_ns - *duration_ns) >= rounding_ns)
      return std::optional(
          Fault(faults::length_differs, {{"length", length_text(length_ns)},
                                         {"asset", *asset},
                                         {"expected", length_text(*duration_ns)}}));
    const bool takes_own_length = item.kind == ItemKind::placement || length_ns == 0;
    item.end_ns = item.start_ns + (takes_own_length ? *duration_ns : length_ns);
    return item;
  }

  Words title_of(const std::string &asset) const {
    const auto *source = rules_.station.asset(asset);
    return source != nullptr ? source->title : Words{asset, asset};
  }

  std::optional<Fault> say_what_it_is(Item &item, const Event &event) const {
    if (event.kind == EventKind::programme) {
      item.kind = contains(day_.fillers, item.asset) ? ItemKind::filler : ItemKind::programme;
      return {};
    }
    const auto able = campaigns_with(item.asset, event.advertiser);
    if (able.empty() && (event.is_fill || contains(day_.fillers, item.asset))) {
      item.kind = ItemKind::filler;
      return {};
    }
    if (able.empty())
      return Fault(faults::campaign_untold, {{"date", date_text(rules_.date)},
                                             {"channel", rules_.channel.id},
                                             {"asset", item.asset}});
    if (able.size() > 1) {
      std::vector<std::string> ids;
      for (const Campaign *campaign : able) ids.push_back(campaign->id);
      return Fault(faults::campaign_doubtful,
                   {{"asset", item.asset},
                    {"campaigns", fmt::format("{}", fmt::join(ids, ", "))},
                    {"advertiser", event.advertiser}});
    }
    const Campaign &campaign = *able.front();
    item.kind = ItemKind::placement;
    item.campaign = campaign.id;
    item.ad_class = campaign.ad_class;
    item.topic = campaign.topic;
    return {};
  }

  /// Those that air the asset on that day; if they are several, those that the file names, or that
  /// want this channel.
  std::vector<const Campaign *> campaigns_with(const std::string &asset,
                                               const std::string &advertiser) const {
    std::vector<const Campaign *> able;
    for (const Campaign &one : rules_.station.campaigns)
      if (one.first <= rules_.date && rules_.date <= one.last &&
          std::any_of(one.assets.begin(), one.assets.end(),
                      [&](const auto &rotation) { return rotation.asset == asset; }))
        able.push_back(&one);
    narrow(able, [&](const Campaign &one) { return is_named(one, advertiser); });
    narrow(able, [&](const Campaign &one) {
      return std::any_of(one.targets.begin(), one.targets.end(), [&](const auto &target) {
        return std::find(target.channels.begin(), target.channels.end(), rules_.channel.id) !=
               target.channels.end();
      });
    });
    return able;
  }

  template <class Wanted>
  static void narrow(std::vector<const Campaign *> &able, const Wanted &wanted) {
    if (able.size() < 2) return;
    std::vector<const Campaign *> left;
    for (const Campaign *one : able)
      if (wanted(*one)) left.push_back(one);
    if (!left.empty()) able = std::move(left);
  }

  /// Ads of one break may all bear the time of the break, or times rounded to seconds: each then
  /// follows the one before it. Anything else that overlaps is a mistake.
  bool place(Laid &laid) const {
    if (laid_.empty() || laid_.back().item.end_ns <= laid.item.start_ns) return true;
    const Laid &before = laid_.back();
    const bool is_moment = laid.item.start_ns == laid.item.end_ns;
    const bool is_one_break = before.break_number == laid.break_number &&
                              before.window == laid.window && before.break_number > 0;
    const std::int64_t late_ns = before.item.end_ns - laid.item.start_ns;
    if (is_moment) return true;
    if (!(is_one_break && before.planned == laid.planned) && late_ns >= rounding_ns) return false;
    laid.item.start_ns += late_ns;
    laid.item.end_ns += late_ns;
    return true;
  }

  void find_break(Laid &laid) {
    if (laid.item.kind != ItemKind::placement) return;
    for (const auto &one : day_.breaks) {
      const std::int64_t end_ns = one.start_ns + std::max<std::int64_t>(one.length_ns, 1);
      if (one.start_ns <= laid.item.start_ns && laid.item.start_ns < end_ns)
        laid.item.break_id = one.id;
    }
    if (laid.item.break_id.empty())
      tell(draft_.remarks,
           Fault(faults::break_untold,
                 {{"channel", rules_.channel.id}, {"time", zone_.local_text(laid.item.start_ns)}})
               .at(laid.at),
           remarks_left_out_);
  }

  /// With what the grid has around them. A file with programmes of its own needs none of the grid.
  void lay_out() {
    std::vector<Item> items;
    std::map<std::int64_t, std::string> at;
    for (Laid &laid : laid_) {
      if (laid.item.start_ns < rules_.from_ns) {
        ++draft_.over;
        continue;
      }
      find_break(laid);
      if (laid.item.kind == ItemKind::programme) day_.programmes.clear();
      at.emplace(laid.item.start_ns, laid.at);
      items.push_back(laid.item);
    }
    playlists::Surroundings around;
    around.from_ns = rules_.lay_from_ns;
    around.title_of = [this](const std::string &asset) { return title_of(asset); };
    around.new_id = rules_.new_id;
    playlists::Reading &reading = draft_.reading;
    reading.playlist.channel = rules_.channel.id;
    reading.playlist.date = rules_.date;
    reading.playlist.items = playlists::compose(day_, std::move(items), around);
    reading.at = shown_;
    for (const Item &item : reading.playlist.items) {
      const auto found = at.find(item.start_ns);
      reading.items_at.push_back(found == at.end() ? shown_ : found->second);
    }
  }

  const DraftRules &rules_;
  const std::string &shown_;
  const Zone &zone_;
  grids::GridDay day_;
  std::vector<Laid> laid_;
  std::size_t faults_left_out_ = 0, remarks_left_out_ = 0;
  Draft draft_;
};

}  // namespace

Draft draft_of(const std::vector<Event> &events, const std::string &shown,
               const DraftRules &rules) {
  return Drafting(rules, shown).run(events);
}

}  // namespace civicast::exchange
