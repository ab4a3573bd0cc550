// SPDX-License-Identifier: Apache-2.0
// An item as a plugin is handed it.
#pragma once

#include "host/channels/channel.hpp"
#include "host/channels/channel_store.hpp"
#include "sdk/wire/message.hpp"

namespace civicast::channels {

/// `text` goes with a post. The body is described at civ_placement.
wire::Placement placement_of(const Standing &standing, const Channel &channel, const Words &text,
                             std::vector<wire::Media> media);

}  // namespace civicast::channels
