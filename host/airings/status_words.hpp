// SPDX-License-Identifier: Apache-2.0
// The ten statuses of an as-run event, for people.
#pragma once

#include "host/base/words.hpp"
#include "sdk/wire/words.hpp"

namespace civicast::airings {

/// "被替换", "pre-empted"; empty for none.
Words words(wire::Status status);

}  // namespace civicast::airings
