// SPDX-License-Identifier: Apache-2.0
#include "host/flow/live.hpp"

#include <algorithm>

#include "host/flow/item_json.hpp"
#include "sdk/base/rfc3339.hpp"

namespace civicast::flow {
namespace {

constexpr std::int64_t look_ns = 180 * ns_per_s;
constexpr std::size_t most_items = 5;

/// On air, next and latest: what stands around now in the channel's playlist.
void add_items(Json &out, Rooms &rooms, const std::string &channel, std::int64_t now_ns) {
  const auto items = rooms.playlists->between(channel, now_ns - look_ns, now_ns + look_ns);
  const auto known = standings(*rooms.store, channel, now_ns - 2 * look_ns, now_ns + look_ns);
  const auto shown = [&](const playlists::Item &item) {
    const auto at = known.find(item.id);
    return item_json(item, at == known.end() ? nullptr : &at->second);
  };
  out["on_air"] = nullptr;
  out["next"] = Json::array();
  out["latest"] = Json::array();
  using playlists::ItemKind;
  const playlists::Item *on_air = nullptr;
  for (const auto &item : items) {
    const bool is_now = item.start_ns <= now_ns && now_ns < item.end_ns;
    // A bulletin lies over what stands beneath it.
    if (is_now && (!on_air || on_air->kind != ItemKind::bulletin)) on_air = &item;
    if (item.start_ns > now_ns && out["next"].size() < most_items)
      out["next"].push_back(shown(item));
  }
  if (on_air) out["on_air"] = shown(*on_air);
  for (auto item = items.rbegin(); item != items.rend(); ++item) {
    const bool is_told = item->kind == ItemKind::placement || item->kind == ItemKind::bulletin;
    if (is_told && item->end_ns <= now_ns && out["latest"].size() < most_items)
      out["latest"].push_back(shown(*item));
  }
}

Json today_json(const Today &today) {
  return {{"planned", today.planned},
          {"aired", today.aired},
          {"missed", today.missed},
          {"incomplete", today.incomplete}};
}

Json channel_json(Rooms &rooms, const channels::Channel &channel, const Json &worker,
                  const Watched &watched, std::int64_t now_ns) {
  Json out = {{"id", channel.id},
              {"name", words_json(channel.name)},
              {"plugin", channel.plugin},
              {"worker", worker},
              {"status", nullptr}};
  if (const auto status = worker.find("status"); status != worker.end()) {
    out["status"] = *status;
    out["worker"].erase("status");
  }
  add_items(out, rooms, channel.id, now_ns);
  const auto today = watched.today.find(channel.id);
  out["today"] = today_json(today == watched.today.end() ? Today{} : today->second);
  return out;
}

}  // namespace

Json live_picture(Rooms &rooms, const Json &workers, const Watched &watched,
                  std::optional<bool> quorum, std::int64_t now_ns,
                  const std::function<bool(const std::string &)> &can_ask) {
  Json all = Json::array();
  for (const auto &channel : rooms.station.channels) {
    const bool is_by_files = channel.plugin == channels::by_files;
    const Json worker = is_by_files ? Json{{"state", channels::by_files}}
                                    : workers.value(channel.id, Json::object());
    all.push_back(channel_json(rooms, channel, worker, watched, now_ns));
    const auto held = watched.held.find(channel.id);
    all.back()["held"] = {{"count", held == watched.held.end() ? 0 : held->second},
                          {"can_ask", can_ask(channel.id)}};
  }
  Json good = nullptr;
  if (watched.verdict) good = watched.verdict->good;
  return {{"station",
           {{"id", rooms.station.id},
            {"name", words_json(rooms.station.name)},
            {"zone", rooms.station.zone.name()}}},
          {"now", rfc3339(now_ns)},
          {"channels", std::move(all)},
          {"ledger",
           {{"size", rooms.ledger->size()},
            {"good", good},
            {"quorum", quorum ? Json(*quorum) : Json()}}}};
}

}  // namespace civicast::flow
