// SPDX-License-Identifier: Apache-2.0
// House files for the placements of a check, made by the library that makes those of a station.
#pragma once

#include "sdk/base/result.hpp"
#include "tools/plugin/kit/subject.hpp"

namespace civicast::kit {

/// Makes one file of each format that the samples name, in `subject.work`, and fills in
/// `media` and `media_names`. Takes some seconds for those that move; nothing if none is named.
Result<void> make_media(Subject &subject);

}  // namespace civicast::kit
