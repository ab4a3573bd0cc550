// SPDX-License-Identifier: Apache-2.0
#include "host/channels/placement_text.hpp"

#include "host/campaigns/campaign.hpp"
#include "sdk/base/json.hpp"

namespace civicast::channels {

wire::Placement placement_of(const Standing &standing, const Channel &channel, const Words &text,
                             std::vector<wire::Media> media) {
  const playlists::Item &item = standing.item;
  Json body = {{"kind", playlists::word(item.kind)},
               {"title", {{"zh", item.title.zh}, {"en", item.title.en}}},
               {"text", {{"zh", text.zh}, {"en", text.en}}},
               {"asset", item.asset},
               {"places", item.places.empty() ? channel.places : item.places}};
  if (!item.live.empty()) body["live"] = item.live;
  if (item.kind == playlists::ItemKind::placement) {
    body["campaign"] = item.campaign;
    body["class"] = campaigns::word(item.ad_class);
    if (!item.break_id.empty()) body["break"] = {{"id", item.break_id}};
  }
  wire::Placement out;
  out.id = item.id;
  out.attempt = standing.attempt;
  out.start_ns = item.start_ns;
  out.end_ns = item.end_ns;
  out.body = to_text(body);
  out.media = std::move(media);
  return out;
}

}  // namespace civicast::channels
