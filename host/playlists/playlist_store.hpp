// SPDX-License-Identifier: Apache-2.0
// Where playlists are kept: in the station's database, for the host and the command line alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/playlists/playlist.hpp"
#include "host/store/store.hpp"

namespace civicast::playlists {

/// An item and where it belongs.
struct Found {
  Item item;
  std::string channel;
  Date date{};
  bool is_current = true;  ///< false: a placement that a later plan has taken out, or a bulletin
                           ///< that was recalled
};

/// How often a campaign's asset stands in the playlists of a channel.
struct Tally {
  std::string channel, campaign, asset;
  int placements = 0;
};

class PlaylistStore {
 public:
  /// Brings the tables up to date. `store` must outlive this.
  explicit PlaylistStore(store::Store &store);

  /// Replaces what `channel` airs on `date` by `items` (in order, each with an id), in one
  /// transaction. Stored items that start before `from_ns` stay, and `items` may not overlap them.
  /// An item that says the same as a stored one (kind, times, asset, campaign, break) keeps the
  /// stored one's id. Placements that fall out stay findable by id. Bulletins are none of its
  /// business: they lie over what it writes.
  void replace_from(const std::string &channel, Date date, const std::vector<Item> &items,
                    std::int64_t from_ns);

  /// Lays a bulletin over whatever `channel` airs on `date`, as part of the caller's transaction.
  static void lay_over(Poco::Data::Session &session, const std::string &channel, Date date,
                       const Item &bulletin);
  /// Takes a bulletin off again, likewise; it stays findable by id.
  static void take_off(Poco::Data::Session &session, const std::string &id);

  /// Whether that day was ever planned, be it with no item at all.
  bool has_day(const std::string &channel, Date date);
  /// The current items of one day, by start.
  std::vector<Item> day(const std::string &channel, Date date);
  /// The current items that start in [from_ns, to_ns) or are in progress at from_ns, by start.
  std::vector<Item> between(const std::string &channel, std::int64_t from_ns, std::int64_t to_ns);
  /// Any item that still stands, and any placement or bulletin that ever stood.
  std::optional<Found> find(const std::string &id);
  /// The current items that make good for that one.
  std::vector<Found> making_good(const std::string &id);
  /// The current placements whose day is from `first` to `last`, all at once and without what only
  /// a channel needs (topic, break, live source, places). Empty ids: of all.
  std::vector<Found> placements(Date first, Date last, const std::string &channel,
                                const std::string &campaign);
  /// The same of every current placement from `first` on that makes good for another.
  std::vector<Found> make_goods(Date first);
  /// Current placements whose day is from `first` to `last`.
  std::vector<Tally> tally(Date first, Date last);
  /// Takes out programmes and fillers that ended before `before_ns`. Placements and bulletins are
  /// never lost.
  void forget_surroundings(std::int64_t before_ns);
  /// Grows with each change, whichever process made it.
  std::int64_t revision();

 private:
  store::Store &store_;
};

}  // namespace civicast::playlists
