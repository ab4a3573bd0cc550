// SPDX-License-Identifier: Apache-2.0
// The events of a schedule file become the items of a playlist: which asset, for which campaign, in
// which break, and what fills the time between them.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "host/exchange/event.hpp"
#include "host/exchange/spots.hpp"
#include "host/playlists/xml.hpp"

namespace civicast::exchange {

struct DraftRules {
  const station::Station &station;
  const channels::Channel &channel;
  const Spots &spots;
  Date date{};
  std::int64_t from_ns = 0;      ///< what starts before it stays as it is
  std::int64_t lay_from_ns = 0;  ///< not before from_ns: what stands there ends then
  std::function<std::optional<std::int64_t>(const std::string &asset)> duration_ns;
  std::function<std::string()> new_id;
};

struct Draft {
  playlists::Reading reading;  ///< ready for playlists::accept
  Faults faults;               ///< of events that are not in it
  Faults remarks;
  std::size_t over = 0;  ///< events before from_ns: they are over
};

/// `shown` is what faults about no line of the file call it.
Draft draft_of(const std::vector<Event> &events, const std::string &shown, const DraftRules &rules);

}  // namespace civicast::exchange
