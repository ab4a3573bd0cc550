// SPDX-License-Identifier: Apache-2.0
// Where the signal of a live programme comes from: an address that a channel can open.
#pragma once

#include <optional>
#include <string_view>

#include "host/base/words.hpp"

namespace civicast::grids {

inline constexpr std::size_t max_live_bytes = 512;

/// What `url` should be and is not; nothing if it is one of
///   udp://HOST:PORT            a transport stream, unicast or multicast
///   srt://HOST:PORT[?OPTIONS]
///   http(s)://HOST[:PORT]/….m3u8[?OPTIONS]
/// A name and a password have no place in it: it is shown to everybody who sees the playlist.
std::optional<Words> live_misfit(std::string_view url);

}  // namespace civicast::grids
