// SPDX-License-Identifier: Apache-2.0
// What the intake needs of the ledger: an append-only list of entries that is on disk.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sdk/base/result.hpp"

namespace civicast::airings {

class Book {
 public:
  virtual ~Book() = default;
  /// [any] Entries that are on disk.
  virtual std::uint64_t size() const = 0;
  /// [any] The index of the first of `entries`; all of them are on disk when it returns.
  virtual Result<std::uint64_t> append(const std::vector<std::string> &entries) = 0;
  /// [any] At most `count` entries from index `from`; fewer only at the end.
  virtual Result<std::vector<std::string>> read(std::uint64_t from, std::size_t count) const = 0;
};

}  // namespace civicast::airings
