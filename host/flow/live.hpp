// SPDX-License-Identifier: Apache-2.0
// What is on air now, as one document (Live in host/api/openapi).
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "host/flow/rooms.hpp"
#include "host/flow/watch.hpp"
#include "sdk/base/json.hpp"

namespace civicast::flow {

/// `workers` is Supervisor::snapshot(), `quorum` Witnessing::quorum(); `can_ask` says of a channel
/// whether it can be asked what became of a placement.
Json live_picture(Rooms &rooms, const Json &workers, const Watched &watched,
                  std::optional<bool> quorum, std::int64_t now_ns,
                  const std::function<bool(const std::string &)> &can_ask);

}  // namespace civicast::flow
