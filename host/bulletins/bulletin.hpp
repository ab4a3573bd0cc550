// SPDX-License-Identifier: Apache-2.0
// A bulletin 应急信息: an emergency message that a person has asked for, and what it becomes: items
// that lie over the playlists of its channels.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/base/words.hpp"
#include "host/base/zone.hpp"
#include "host/playlists/playlist.hpp"

namespace civicast::bulletins {

/// What a person asks for.
struct Order {
  /// Whoever asks gives each new bulletin a token of its own: asked again, it is the same one.
  std::string token;
  std::string asset;
  std::vector<std::string> channels;     ///< these, or
  std::string place;                     ///< every channel that is seen at this place or below it
  std::optional<std::int64_t> start_ns;  ///< none: at once
  std::int64_t length_ns = 0;            ///< so long without a pause; 0: the asset once
  int times = 1;                         ///< and all that so often,
  std::int64_t every_ns = 0;             ///< a beginning so long after the other
  std::string reason;
};

/// One item on one channel.
struct Showing {
  std::string channel;
  Date date{};
  playlists::Item item;
};

/// What was asked for, worked out against the station as it is.
struct Draft {
  Order order;
  Words title;
  std::vector<Showing> showings;   ///< by channel, in the station's order, then by start
  std::vector<Showing> preempted;  ///< what stands beneath them, likewise, each once
};

/// An act of a person, and why.
struct Act {
  enum class Kind { issued, recalled } kind = Kind::issued;
  std::int64_t at_ns = 0;
  std::string by;  ///< "cli:wang", "http"
  std::string reason;
};

struct Bulletin {
  std::string id, token, asset;
  Words title;
  std::vector<std::string> items;  ///< as in Draft::showings
  std::vector<Act> acts;           ///< in order; the first is its issue

  bool is_recalled() const { return acts.back().kind == Act::Kind::recalled; }
};

}  // namespace civicast::bulletins
