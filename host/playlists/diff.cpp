// SPDX-License-Identifier: Apache-2.0
#include "host/playlists/diff.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

namespace civicast::playlists {

bool says_the_same(const Item &a, const Item &b) {
  const auto said = [](const Item &item) {
    return std::tie(item.kind, item.start_ns, item.end_ns, item.asset, item.campaign, item.ad_class,
                    item.topic, item.break_id, item.live, item.places, item.makes_good);
  };
  return said(a) == said(b);
}

std::vector<Change> diff(const std::vector<Item> &before, const std::vector<Item> &after) {
  std::unordered_map<std::string, const Item *> old;
  for (const Item &item : before) old.emplace(item.id, &item);
  std::vector<Change> changes;
  for (const Item &item : after) {
    const auto found = old.find(item.id);
    if (found == old.end()) {
      changes.push_back({Change::Kind::added, {}, item});
    } else {
      if (!(*found->second == item))
        changes.push_back({Change::Kind::changed, *found->second, item});
      old.erase(found);
    }
  }
  for (const Item &item : before)
    if (old.count(item.id) != 0) changes.push_back({Change::Kind::removed, item, {}});
  std::stable_sort(changes.begin(), changes.end(), [](const Change &a, const Change &b) {
    const auto start = [](const Change &change) {
      return change.kind == Change::Kind::removed ? change.before.start_ns : change.after.start_ns;
    };
    return start(a) < start(b);
  });
  return changes;
}

}  // namespace civicast::playlists
