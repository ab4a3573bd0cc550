// SPDX-License-Identifier: Apache-2.0
// Works out what an order becomes, and what it would pre-empt. Changes nothing.
#pragma once

#include <functional>

#include "host/bulletins/bulletin.hpp"
#include "host/channels/channel.hpp"
#include "host/playlists/playlist_store.hpp"
#include "host/station/station.hpp"

namespace civicast::bulletins {

/// How long an asset airs on a channel (0: it is a moment there); nothing if it has no house file.
using Durations = std::function<std::optional<std::int64_t>(const std::string &asset,
                                                            const channels::Channel &channel)>;

/// "At once" is so much later, so that every channel and screen has it from its first picture.
inline constexpr std::int64_t notice_ns = 4'000'000'000;
inline constexpr int max_times = 100;
inline constexpr std::size_t max_showings = 500;  ///< on one channel
inline constexpr int max_days = 7;                ///< until its last end
inline constexpr std::size_t max_reason_bytes = 500;

struct Known {
  const station::Station &station;
  const Durations &durations;
  playlists::PlaylistStore &playlists;
};

/// Every mistake in the order, or the draft. Where it is posted it is posted once: a post stays.
Result<Draft, Faults> draft(const Order &order, const Known &known, std::int64_t now_ns);

/// The reason, or what is wrong with it.
Result<void> check_reason(const std::string &reason);

}  // namespace civicast::bulletins
