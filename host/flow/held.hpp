// SPDX-License-Identifier: Apache-2.0
// What nobody could tell 待核实: placements that a person must look at, and what people settle.
//
// Nobody can say here that something aired: a settlement counts for nothing. The step of a person
// is in the ledger first; what follows from it is done again after a crash.
#pragma once

#include <string>

#include "host/airings/book.hpp"
#include "host/airings/inquiry.hpp"
#include "host/channels/desk.hpp"
#include "host/counts/index.hpp"
#include "host/playlists/playlist_store.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/base/json.hpp"

namespace civicast::flow {

struct Decision {
  std::string placement;
  airings::Inquiry::Step step = airings::Inquiry::Step::leave;  ///< ask, again or leave
  std::string by;                                               ///< the person, as given
  std::string through;                                          ///< "http", "cli:wang"
  std::string note;
};

class Held {
 public:
  Held(store::Store &store, playlists::PlaylistStore &playlists, airings::Book &book,
       counts::Index &index, const Clock &clock)
      : store_(store), playlists_(playlists), book_(book), index_(index), clock_(clock) {}

  /// [any] {"held": those to be looked at, "settled": those that were, the newest first}, at most
  /// `limit` of each. An empty channel is all channels.
  Json list(const std::string &channel, std::size_t limit) const;
  /// [any] How many are to be looked at, by channel.
  std::map<std::string, int> counts() const;
  /// [any] What was done about one placement; empty if nothing.
  Json steps(const std::string &placement) const;

  /// [flow] Enters what a person decided and does it. Without a desk it is done when one is there.
  /// The same decision again changes nothing. Gives the row as `list` has it.
  Result<Json, Faults> decide(const Decision &decision, channels::Desk *desk);
  /// [flow] Enters what a channel answered.
  Result<void> enter(const channels::Told &told);
  /// [flow] Does what was entered and not done: once, after the desk was made.
  void resume(channels::Desk &desk);

 private:
  Json row(const std::string &placement) const;
  Result<void> may(const Decision &decision, const playlists::Found &found,
                   channels::Desk *desk) const;
  Result<void> enter(const airings::Inquiry &inquiry);

  store::Store &store_;
  playlists::PlaylistStore &playlists_;
  airings::Book &book_;
  counts::Index &index_;
  const Clock &clock_;
};

}  // namespace civicast::flow
