// SPDX-License-Identifier: Apache-2.0
#include "host/flow/bulletin_json.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "host/bulletins/stage.hpp"
#include "host/flow/item_json.hpp"
#include "sdk/base/rfc3339.hpp"

namespace civicast::flow {
namespace {

using bulletins::Stage;

constexpr std::size_t most_beneath = 200;

/// One item of a bulletin, with all that is known of it.
struct Shown {
  playlists::Found found;
  std::optional<channels::Standing> standing;
  bulletins::Progress progress;
};

Words name_of(const station::Station &station, const std::string &channel) {
  const auto *known = station.channel(channel);
  return known ? known->name : Words{channel, channel};
}

Json stage_json(Stage stage, const Words &sentence) {
  return {{"stage", bulletins::word(stage)},
          {"stage_words", words_json(bulletins::words(stage))},
          {"sentence", words_json(sentence)}};
}

std::vector<Shown> shown_of(const bulletins::Bulletin &bulletin, const BulletinSources &sources,
                            std::int64_t now_ns) {
  const channels::ChannelStore standings(sources.store);
  std::vector<Shown> out;
  for (const std::string &id : bulletin.items) {
    auto found = sources.playlists.find(id);
    if (!found) continue;
    Shown shown{std::move(*found), standings.find(id), {}};
    shown.progress = bulletins::progress_of(shown.found.is_current, shown.standing, now_ns);
    out.push_back(std::move(shown));
  }
  return out;
}

/// What each place said at the end.
Json facts_json(store::Store &store, const std::string &item) {
  counts::Filter filter;
  filter.placement = item;
  filter.limit = 500;
  Json out = Json::array();
  for (const auto &entry : counts::list(store, filter))
    out.push_back({{"entry", entry.entry},
                   {"place", entry.airing.place},
                   {"fact", airings::word(entry.airing.fact)},
                   {"status", airings::word(entry.airing.status)},
                   {"evidence", airings::word(entry.airing.evidence)},
                   {"start", instant_json(entry.airing.start_ns)},
                   {"end", instant_json(entry.airing.end_ns)}});
  return out;
}

Json showing_json(const Shown &shown, store::Store &store) {
  Json out = stage_json(shown.progress.stage, shown.progress.sentence);
  const auto &item = shown.found.item;
  out["id"] = item.id;
  out["start"] = rfc3339(item.start_ns);
  out["end"] = rfc3339(item.end_ns);
  out["places"] = item.places;
  out["facts"] = facts_json(store, item.id);
  return out;
}

/// Placements and programmes beneath the showings, and what became of them.
Json beneath_json(const std::vector<const Shown *> &showings, const BulletinSources &sources) {
  const channels::ChannelStore standings(sources.store);
  std::set<std::string> seen;
  Json out = Json::array();
  for (const Shown *shown : showings) {
    const auto &over = shown->found.item;
    if (over.start_ns == over.end_ns) continue;
    for (const auto &item :
         sources.playlists.between(shown->found.channel, over.start_ns, over.end_ns)) {
      const bool is_told = item.kind == playlists::ItemKind::placement ||
                           item.kind == playlists::ItemKind::programme;
      if (!is_told || !seen.insert(item.id).second || out.size() >= most_beneath) continue;
      const auto standing = standings.find(item.id);
      out.push_back(item_json(item, standing ? &*standing : nullptr));
    }
  }
  return out;
}

/// What is told of a channel: of the showing that gives it its stage.
Json channel_json(const std::string &channel, const std::vector<const Shown *> &showings,
                  const BulletinSources &sources, bool whole) {
  std::vector<Stage> stages;
  for (const Shown *shown : showings) stages.push_back(shown->progress.stage);
  const Stage stage = bulletins::of_all(stages);
  const auto told = std::find_if(showings.begin(), showings.end(), [&](const Shown *shown) {
    return shown->progress.stage == stage;
  });
  Json out = stage_json(stage, (*told)->progress.sentence);
  out["channel"] = channel;
  out["name"] = words_json(name_of(sources.station, channel));
  out["start"] = rfc3339(showings.front()->found.item.start_ns);
  out["end"] = rfc3339(showings.back()->found.item.end_ns);
  out["count"] = showings.size();
  out["aired"] = std::count(stages.begin(), stages.end(), Stage::aired);
  if (!whole) return out;
  out["showings"] = Json::array();
  for (const Shown *shown : showings)
    out["showings"].push_back(showing_json(*shown, sources.store));
  out["preempted"] = beneath_json(showings, sources);
  return out;
}

Json act_json(const bulletins::Act &act) {
  return {{"at", rfc3339(act.at_ns)}, {"by", act.by}, {"reason", act.reason}};
}

}  // namespace

Json bulletin_json(const bulletins::Bulletin &bulletin, const BulletinSources &sources,
                   std::int64_t now_ns, bool whole) {
  Json out = {{"id", bulletin.id},
              {"token", bulletin.token},
              {"asset", bulletin.asset},
              {"title", words_json(bulletin.title)},
              {"thumbnail", thumbnail_address(bulletin.asset)},
              {"issued", act_json(bulletin.acts.front())},
              {"recalled", bulletin.is_recalled() ? act_json(bulletin.acts.back()) : Json()},
              {"channels", Json::array()}};
  const auto shown = shown_of(bulletin, sources, now_ns);
  std::vector<std::string> order;
  std::map<std::string, std::vector<const Shown *>> by_channel;
  for (const Shown &one : shown) {
    auto &showings = by_channel[one.found.channel];
    if (showings.empty()) order.push_back(one.found.channel);
    showings.push_back(&one);
  }
  bool is_over = true;
  for (const std::string &channel : order) {
    out["channels"].push_back(channel_json(channel, by_channel.at(channel), sources, whole));
    for (const Shown *one : by_channel.at(channel))
      is_over = is_over &&
                (one->standing ? channels::is_final(one->standing->state) : !one->found.is_current);
  }
  out["is_over"] = is_over;
  return out;
}

Json draft_json(const bulletins::Draft &draft, const station::Station &station) {
  std::vector<std::string> order;
  std::map<std::string, Json> channels;
  for (const auto &showing : draft.showings) {
    auto &channel = channels[showing.channel];
    if (channel.is_null()) {
      order.push_back(showing.channel);
      channel = {{"channel", showing.channel},
                 {"name", words_json(name_of(station, showing.channel))},
                 {"showings", Json::array()},
                 {"preempted", Json::array()}};
    }
    channel["showings"].push_back({{"start", rfc3339(showing.item.start_ns)},
                                   {"end", rfc3339(showing.item.end_ns)},
                                   {"places", showing.item.places}});
  }
  for (const auto &beneath : draft.preempted) {
    Json &list = channels[beneath.channel]["preempted"];
    if (list.size() < most_beneath) list.push_back(item_json(beneath.item, nullptr));
  }
  Json out = {{"asset", draft.order.asset},
              {"title", words_json(draft.title)},
              {"channels", Json::array()}};
  for (const std::string &channel : order) out["channels"].push_back(std::move(channels[channel]));
  return out;
}

}  // namespace civicast::flow
