// SPDX-License-Identifier: Apache-2.0
// A person issues a bulletin, or takes one back. A running host takes it up from the playlists.
#pragma once

#include "host/bulletins/bulletin_store.hpp"
#include "host/bulletins/draft.hpp"
#include "host/channels/channel_store.hpp"

namespace civicast::bulletins {

/// On disk when it returns. The same order with the same token again is the same bulletin, however
/// late; another order with that token is refused.
Result<Bulletin, Faults> issue(store::Store &store, const Order &order, const Known &known,
                               const std::string &by, std::int64_t now_ns);

/// Takes back whatever of it has not ended. Once recalled, asked again it is what it is.
Result<Bulletin, Faults> recall(store::Store &store, const std::string &id,
                                const std::string &reason, const std::string &by,
                                std::int64_t now_ns);

}  // namespace civicast::bulletins
