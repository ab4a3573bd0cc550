// SPDX-License-Identifier: Apache-2.0
// What was done with a file, as the API and the command line show it (host/api/openapi).
#pragma once

#include "host/exchange/exchange.hpp"
#include "sdk/base/json.hpp"

namespace civicast::exchange {

/// ScheduleImport
Json to_json(const Imported &imported);
/// AsRunImport
Json to_json(const Reported &reported);

}  // namespace civicast::exchange
