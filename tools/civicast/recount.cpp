// SPDX-License-Identifier: Apache-2.0
#include "tools/civicast/recount.hpp"

#include "sdk/base/json.hpp"

namespace civicast::cli {

Result<Tally> recount(const airings::Book &book) {
  constexpr std::size_t batch = 4096;
  Tally tally;
  for (std::uint64_t from = 0; from < book.size(); from += batch) {
    const auto entries = book.read(from, batch);
    if (!entries) return entries.fault();
    for (const std::string &line : *entries) {
      const auto entry = parse_json(line);
      if (!entry) return entry.fault();
      if (entry->value("kind", "") == "airing" && entry->value("fact", "") == "aired" &&
          entry->value("item", "") == "placement")
        ++tally[{entry->value("campaign", ""), entry->value("channel", "")}];
    }
  }
  return tally;
}

}  // namespace civicast::cli
