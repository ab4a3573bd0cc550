// SPDX-License-Identifier: Apache-2.0
// A second count, made from the lines of the ledger by other code than the index uses, to be held
// against it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "host/airings/book.hpp"
#include "sdk/base/result.hpp"

namespace civicast::cli {

/// Complete airings by (campaign, channel).
using Tally = std::map<std::pair<std::string, std::string>, std::int64_t>;

/// Reads every entry of `book` as plain JSON and adds up those that say fact "aired" and item
/// "placement" and kind "airing".
Result<Tally> recount(const airings::Book &book);

}  // namespace civicast::cli
