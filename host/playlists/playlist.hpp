// SPDX-License-Identifier: Apache-2.0
// A playlist 播出单: everything one channel airs on one day, in order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/words.hpp"
#include "host/base/zone.hpp"
#include "host/campaigns/campaign.hpp"
#include "sdk/base/result.hpp"

namespace civicast::playlists {

enum class ItemKind {
  placement,  ///< one asset planned into one break for a campaign: what is counted
  programme,  ///< what stands between breaks
  filler,     ///< looped or cut to the time that is left
  bulletin,   ///< an emergency message, laid over the others, which keep their ids and times
};

struct Item {
  std::string id;  ///< unique for ever; never reused for something else
  ItemKind kind = ItemKind::placement;
  std::int64_t start_ns = 0, end_ns = 0;  ///< equal on a feed
  std::string asset;                      ///< of a live programme its standby; may then be empty
  Words title;           ///< as it was when planned: later edits do not change what was aired
  std::string campaign;  ///< this and the next three only for placements
  campaigns::AdClass ad_class = campaigns::AdClass::psa;
  std::string topic;
  std::string break_id;
  std::string live = {};  ///< of a programme: where its signal comes from; empty: the asset
  /// Of a bulletin: where it is to be seen, of the channel's places; empty: everywhere.
  std::vector<std::string> places = {};
  std::string makes_good =
      {};  ///< of a placement: the id of the one that failed, which it replaces
  bool operator==(const Item &) const = default;
};

struct Playlist {
  std::string channel;
  Date date;
  std::vector<Item> items;  ///< by start; no overlaps where items have a length, but by bulletins
  bool operator==(const Playlist &) const = default;
};

std::string_view word(ItemKind kind);  ///< "placement", …

/// Places as one text, with blanks between, as files and tables have them.
std::string joined_places(const std::vector<std::string> &places);
std::vector<std::string> split_places(std::string_view text);

}  // namespace civicast::playlists
