// SPDX-License-Identifier: Apache-2.0
// Items and words as the API shows them (host/api/openapi).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "host/base/words.hpp"
#include "host/channels/channel_store.hpp"
#include "host/playlists/playlist.hpp"
#include "sdk/base/json.hpp"

namespace civicast::flow {

Json words_json(const Words &words);
/// An RFC 3339 text, or null for an instant that is not known (0).
Json instant_json(std::int64_t utc_ns);
std::string thumbnail_address(const std::string &asset);

/// `standing` may be null: not handed out yet.
Json item_json(const playlists::Item &item, const channels::Standing *standing);

/// Where the items of `channel` stand that start in [from_ns, to_ns), by id.
std::map<std::string, channels::Standing> standings(store::Store &store, const std::string &channel,
                                                    std::int64_t from_ns, std::int64_t to_ns);

}  // namespace civicast::flow
