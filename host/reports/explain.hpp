// SPDX-License-Identifier: Apache-2.0
// A person explains a row of the reconciliation: a note in the ledger, never an edit.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "host/airings/book.hpp"
#include "host/counts/finals.hpp"
#include "host/playlists/playlist_store.hpp"
#include "sdk/base/result.hpp"

namespace civicast::reports {

struct Explanation {
  std::string placement, by, text;
};

/// Enters the note; gives its index in the ledger. The name goes to a side table first: a note
/// whose author is not to be found would explain little.
Result<std::uint64_t> explain(store::Store &store, playlists::PlaylistStore &playlists,
                              airings::Book &book, const Explanation &explanation,
                              std::int64_t now_ns);

/// Who wrote notes, by Note::person. A name that was deleted is missing.
std::map<std::string, std::string> people(store::Store &store);

/// Deletes a name and its salt: its notes stay, and every proof stands. False: there is none.
bool forget_person(store::Store &store, const std::string &name);

}  // namespace civicast::reports
