// SPDX-License-Identifier: Apache-2.0
// Bulletins and what people did with them, on disk. Their items stand in the playlists.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "host/bulletins/bulletin.hpp"
#include "host/store/store.hpp"

namespace civicast::bulletins {

/// [any] Each call takes a session of its own.
class BulletinStore {
 public:
  explicit BulletinStore(store::Store &store);

  struct Found {
    Bulletin bulletin;
    std::string asked;  ///< the order as it was given, to tell another one of the same token
  };
  std::optional<Found> find(const std::string &id) const;
  std::optional<Found> find_token(const std::string &token) const;
  /// The newest `limit`, newest first.
  std::vector<Bulletin> list(std::size_t limit) const;

  /// The bulletin, its first act, and its items over their playlists: all or nothing. False, and
  /// nothing is done, if its token is there already.
  bool put(const Bulletin &bulletin, const std::string &asked,
           const std::vector<Showing> &showings);
  /// Another act, and these items off their playlists: all or nothing.
  void recall(const std::string &id, const Act &act, const std::vector<std::string> &items);

 private:
  store::Store &store_;
};

}  // namespace civicast::bulletins
