// SPDX-License-Identifier: Apache-2.0
// A book of airings in memory, for tests that need no ledger.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "host/airings/book.hpp"
#include "host/airings/faults.hpp"

namespace civicast::airings::test {

class MemoryBook final : public Book {
 public:
  std::vector<std::string> entries;
  bool is_broken = false;  ///< takes nothing any more
  std::uint64_t size() const override { return entries.size(); }
  Result<std::uint64_t> append(const std::vector<std::string> &more) override {
    if (is_broken) return Fault(faults::entry_malformed, {{"part", "broken"}});
    entries.insert(entries.end(), more.begin(), more.end());
    return entries.size() - more.size();
  }
  Result<std::vector<std::string>> read(std::uint64_t from, std::size_t count) const override {
    const auto begin = entries.begin() + static_cast<long>(from);
    return std::vector<std::string>(
        begin, begin + static_cast<long>(std::min<std::size_t>(count, entries.size() - from)));
  }
};

}  // namespace civicast::airings::test
