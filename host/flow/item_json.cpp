// SPDX-License-Identifier: Apache-2.0
#include "host/flow/item_json.hpp"

#include "sdk/base/rfc3339.hpp"

namespace civicast::flow {

Json words_json(const Words &words) {
  return {{"zh", words.zh}, {"en", words.en}};
}

Json instant_json(std::int64_t utc_ns) {
  return utc_ns == 0 ? Json() : Json(rfc3339(utc_ns));
}

std::string thumbnail_address(const std::string &asset) {
  return "/api/v1/assets/" + asset + "/thumbnail";
}

Json item_json(const playlists::Item &item, const channels::Standing *standing) {
  Json out = {{"id", item.id},
              {"kind", playlists::word(item.kind)},
              {"start", rfc3339(item.start_ns)},
              {"end", rfc3339(item.end_ns)},
              {"asset", item.asset},
              {"title", words_json(item.title)},
              {"thumbnail", item.asset.empty() ? Json() : Json(thumbnail_address(item.asset))}};
  const bool is_bulletin = item.kind == playlists::ItemKind::bulletin;
  const bool is_placement = item.kind == playlists::ItemKind::placement;
  if (is_placement) out["campaign"] = item.campaign;
  if (!item.makes_good.empty()) out["makes_good"] = item.makes_good;
  if (is_placement || is_bulletin) out["state"] = channels::word(channels::State::planned);
  if (is_bulletin) out["places"] = item.places;
  if (!item.live.empty()) out["live"] = item.live;
  if (standing) {
    out["state"] = channels::word(standing->state);
    out["why"] = standing->why;
    if (standing->status != wire::Status::none) out["status"] = wire::word(standing->status);
  }
  return out;
}

std::map<std::string, channels::Standing> standings(store::Store &store, const std::string &channel,
                                                    std::int64_t from_ns, std::int64_t to_ns) {
  std::map<std::string, channels::Standing> by_id;
  for (auto &standing : channels::ChannelStore(store).list(channel, from_ns, to_ns))
    by_id.emplace(standing.item.id, std::move(standing));
  return by_id;
}

}  // namespace civicast::flow
