// SPDX-License-Identifier: Apache-2.0
// A day's playlist as events: with local times, and where each ad stands in its break.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "host/exchange/event.hpp"
#include "host/playlists/playlist.hpp"

namespace civicast::exchange {

LocalTime local_time(std::int64_t utc_ns, const Zone &zone);
std::int64_t instant_ns(const LocalTime &time, const Zone &zone);

/// One event for each of `items`, in their order. Spots are asset ids and ids are placement ids:
/// each format calls them in its own way. Ads of one break share a window: the whole minutes that
/// hold it, numbered where a minute has several breaks.
std::vector<Event> planned_events(const std::vector<playlists::Item> &items, const Zone &zone);

/// How BXF calls an ad of this class.
std::string ad_type_of(campaigns::AdClass ad_class);

}  // namespace civicast::exchange
