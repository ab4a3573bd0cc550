// SPDX-License-Identifier: Apache-2.0
// Asks the running host of a station, which alone may write its ledger.
#pragma once

#include <optional>
#include <string>

#include "host/station/station.hpp"
#include "tools/civicast/context.hpp"

namespace civicast::cli {

/// What it answered to a POST of `body`; nothing after reporting why not.
std::optional<Json> post_to_host(const station::Station &station, const std::string &path,
                                 const Json &body, Context &context);

}  // namespace civicast::cli
