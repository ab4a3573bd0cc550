// SPDX-License-Identifier: Apache-2.0
#include "host/bulletins/draft.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "host/base/id.hpp"
#include "host/base/time_text.hpp"
#include "host/bulletins/faults.hpp"
#include "host/playlists/compose.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::bulletins {
namespace {

using channels::Channel;
using playlists::Item;
using playlists::ItemKind;

constexpr std::int64_t day_ns = 86'400 * ns_per_s;

/// Pictures and sound frames begin together there.
std::int64_t on_grid(std::int64_t ns) {
  constexpr std::int64_t grid_ns = playlists::min_piece_ns;
  return (ns + grid_ns - 1) / grid_ns * grid_ns;
}

bool is_token(const std::string &text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
}

class Drafting {
 public:
  Drafting(const Order &order, const Known &known, std::int64_t now_ns)
      : known_(known), now_ns_(now_ns) {
    draft_.order = order;
    start_ns_ = on_grid(order.start_ns.value_or(now_ns + notice_ns));
  }

  Result<Draft, Faults> run() && {
    look_at_order();
    const auto chosen = choose();
    if (!faults_.empty()) return std::move(faults_);
    if (chosen.empty()) return Faults{Fault(faults::no_channel)};
    for (const auto &[channel, places] : chosen) show_on(*channel, places);
    if (!faults_.empty()) return std::move(faults_);
    return std::move(draft_);
  }

 private:
  using Chosen = std::vector<std::pair<const Channel *, std::vector<std::string>>>;

  void tell(Fault fault) { faults_.push_back(std::move(fault)); }
  std::string local(std::int64_t ns) const { return known_.station.zone.local_text(ns); }
  static std::string length(std::int64_t ns) { return length_text(ns / ns_per_ms); }

  void look_at_order() {
    const Order &order = draft_.order;
    if (!is_token(order.token)) tell(Fault(faults::token_malformed).at("/token"));
    const auto *asset = known_.station.asset(order.asset);
    if (asset == nullptr)
      tell(Fault(faults::asset_unknown, {{"asset", order.asset}}).at("/asset"));
    else
      draft_.title = asset->title;
    if (auto reason = check_reason(order.reason); !reason) tell(reason.fault());
    if (order.start_ns && *order.start_ns < now_ns_)
      tell(Fault(faults::start_past, {{"start", local(*order.start_ns)}}).at("/start"));
    if (start_ns_ > now_ns_ + max_days * day_ns)
      tell(
          Fault(faults::start_far, {{"when", local(start_ns_)}, {"days", std::to_string(max_days)}})
              .at("/start"));
    if (order.times < 1 || order.times > max_times)
      tell(Fault(faults::times_wrong, {{"limit", std::to_string(max_times)}}).at("/times"));
    if ((order.times > 1) != (order.every_ns > 0))
      tell(Fault(faults::every_missing, {{"times", std::to_string(order.times)}}).at("/every_ms"));
  }

  /// The channels, in the station's order, and where on each; nowhere in particular is everywhere.
  Chosen choose() {
    const Order &order = draft_.order;
    Chosen chosen;
    if (!order.channels.empty() && !order.place.empty()) {
      tell(Fault(faults::channels_and_place).at("/place"));
      return chosen;
    }
    if (!order.place.empty()) return below(order.place);
    std::vector<std::string> ids;
    for (const Channel &channel : known_.station.channels) {
      ids.push_back(channel.id);
      if (std::count(order.channels.begin(), order.channels.end(), channel.id))
        chosen.emplace_back(&channel, std::vector<std::string>{});
    }
    for (const std::string &id : order.channels)
      if (!std::count(ids.begin(), ids.end(), id))
        tell(Fault(faults::channel_unknown,
                   {{"channel", id}, {"known", fmt::format("{}", fmt::join(ids, ", "))}})
                 .at("/channels"));
    return chosen;
  }

  Chosen below(const std::string &place) {
    Chosen chosen;
    if (known_.station.places.find(place) == nullptr) {
      tell(Fault(faults::place_unknown, {{"place", place}}).at("/place"));
      return chosen;
    }
    const auto subtree = known_.station.places.subtree(place);
    for (const Channel &channel : known_.station.channels) {
      std::vector<std::string> here;
      for (const std::string &one : channel.places)
        if (std::count(subtree.begin(), subtree.end(), one)) here.push_back(one);
      // Nobody asked for a channel that a bulletin does not reach: the others must not wait for it.
      if (here.empty() || channel.plugin == channels::by_files) continue;
      if (here.size() == channel.places.size()) here.clear();
      chosen.emplace_back(&channel, std::move(here));
    }
    return chosen;
  }

  void show_on(const Channel &channel, const std::vector<std::string> &places) {
    const Order &order = draft_.order;
    if (channel.plugin == channels::by_files)
      return tell(Fault(faults::channel_by_files, {{"channel", channel.id}}).at("/channels"));
    const auto duration_ns = known_.durations(order.asset, channel);
    if (!duration_ns)
      return tell(Fault(faults::asset_unready, {{"asset", order.asset}, {"channel", channel.id}})
                      .at("/asset"));
    if (*duration_ns == 0) return lay(channel, places, start_ns_, 0);
    if (!fits(channel, *duration_ns)) return;
    const std::int64_t rounds = rounds_of(*duration_ns);
    for (int time = 0; time < order.times; ++time)
      for (std::int64_t round = 0; round < rounds; ++round)
        lay(channel, places, start_ns_ + time * order.every_ns + round * *duration_ns,
            *duration_ns);
  }

  /// Shown whole, so often that `length_ns` is covered.
  std::int64_t rounds_of(std::int64_t duration_ns) const {
    return std::max<std::int64_t>(1, (draft_.order.length_ns + duration_ns - 1) / duration_ns);
  }

  bool fits(const Channel &channel, std::int64_t duration_ns) {
    const Order &order = draft_.order;
    const std::size_t before = faults_.size();
    if (order.length_ns > 0 && order.length_ns < duration_ns)
      tell(Fault(faults::length_short, {{"length", length(order.length_ns)},
                                        {"asset", order.asset},
                                        {"channel", channel.id},
                                        {"duration", length(duration_ns)}})
               .at("/length_ms"));
    const std::int64_t rounds = rounds_of(duration_ns);
    const std::int64_t round_ns = rounds * duration_ns;
    if (order.times > 1 && order.every_ns < round_ns)
      tell(Fault(faults::every_short, {{"every", length(order.every_ns)},
                                       {"channel", channel.id},
                                       {"round", length(round_ns)}})
               .at("/every_ms"));
    const std::int64_t showings = rounds * order.times;
    if (showings > static_cast<std::int64_t>(max_showings))
      tell(Fault(faults::too_many, {{"channel", channel.id},
                                    {"showings", std::to_string(showings)},
                                    {"limit", std::to_string(max_showings)}})
               .at("/times"));
    const std::int64_t end_ns = start_ns_ + (order.times - 1) * order.every_ns + round_ns;
    if (end_ns > now_ns_ + max_days * day_ns)
      tell(Fault(faults::start_far, {{"when", local(end_ns)}, {"days", std::to_string(max_days)}})
               .at("/times"));
    return faults_.size() == before;
  }

  void lay(const Channel &channel, const std::vector<std::string> &places, std::int64_t start_ns,
           std::int64_t length_ns) {
    Showing showing{channel.id, known_.station.zone.date_at(start_ns), {}};
    Item &item = showing.item;
    item.id = new_id(now_ns_);
    item.kind = ItemKind::bulletin;
    item.start_ns = start_ns;
    item.end_ns = start_ns + length_ns;
    item.asset = draft_.order.asset;
    item.title = draft_.title;
    item.places = places;
    if (length_ns > 0) look_beneath(showing);
    draft_.showings.push_back(std::move(showing));
  }

  void look_beneath(const Showing &showing) {
    const Item &over = showing.item;
    for (Item &item : known_.playlists.between(showing.channel, over.start_ns, over.end_ns)) {
      if (item.kind == ItemKind::bulletin) {
        if (share_a_place(item, over) && told_.insert(item.id).second)
          tell(Fault(faults::overlaps, {{"channel", showing.channel},
                                        {"start", local(item.start_ns)},
                                        {"asset", item.asset},
                                        {"end", local(item.end_ns)}})
                   .at("/start"));
      } else if (told_.insert(item.id).second) {
        const Date date = known_.station.zone.date_at(item.start_ns);
        draft_.preempted.push_back({showing.channel, date, std::move(item)});
      }
    }
  }

  static bool share_a_place(const Item &a, const Item &b) {
    if (a.places.empty() || b.places.empty()) return true;
    return std::any_of(a.places.begin(), a.places.end(), [&](const std::string &place) {
      return std::count(b.places.begin(), b.places.end(), place) > 0;
    });
  }

  const Known &known_;
  std::int64_t now_ns_;
  std::int64_t start_ns_ = 0;
  std::set<std::string> told_;  ///< what stands beneath, each once
  Draft draft_;
  Faults faults_;
};

}  // namespace

Result<void> check_reason(const std::string &reason) {
  if (reason.find_first_not_of(" \t\r\n") == std::string::npos)
    return Fault(faults::reason_missing).at("/reason");
  const bool has_control = std::any_of(reason.begin(), reason.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
  });
  if (has_control || reason.size() > max_reason_bytes)
    return Fault(faults::reason_too_long, {{"limit", std::to_string(max_reason_bytes)}})
        .at("/reason");
  return {};
}

Result<Draft, Faults> draft(const Order &order, const Known &known, std::int64_t now_ns) {
  return Drafting(order, known, now_ns).run();
}

}  // namespace civicast::bulletins
