// SPDX-License-Identifier: Apache-2.0
// The house files that an item needs on its channel.
#pragma once

#include <string>

#include "host/channels/desk.hpp"
#include "host/library/library.hpp"

namespace civicast::flow {

/// `library` must outlive what is returned.
channels::MediaOf media_from(library::Library &library);

/// SHA-256 of the file that was handed out for `item`; empty if there is none.
std::string house_sha256(library::Library &library, const playlists::Item &item,
                         const channels::Channel &channel);

/// The words that go with the item's asset, for a post; empty if it has none.
Words text_of(library::Library &library, const playlists::Item &item);

}  // namespace civicast::flow
