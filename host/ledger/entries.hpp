// SPDX-License-Identifier: Apache-2.0
// Finds and reads single entries in the files of entries, while they may grow.
#pragma once

#include <cstdint>
#include <shared_mutex>
#include <string>
#include <utility>
#include <vector>

#include "host/ledger/segments.hpp"

namespace civicast::ledger {

class Entries {
 public:
  Entries() = default;
  explicit Entries(std::vector<Segment> segments);

  /// [any] `count` entries from `from`; all of them are on disk.
  Result<std::vector<std::string>> read(std::uint64_t from, std::size_t count) const;
  /// [any]
  std::vector<Segment> segments() const;

  void add(Segment segment);
  /// Entry `index` of the last segment stands at `offset`. Tell it of every entry in order.
  void mark(std::uint64_t index, std::size_t offset);

 private:
  struct Mark {
    std::uint64_t index;
    std::size_t offset;
  };
  struct Marked {
    Segment segment;
    std::vector<Mark> marks;  ///< every 64th entry; none: not looked at yet
  };
  Result<std::size_t> segment_of(std::uint64_t index) const;
  Result<void> read_in(const Segment &segment, Mark from, std::uint64_t first, std::uint64_t end,
                       std::vector<std::string> &out) const;
  mutable std::shared_mutex mutex_;
  mutable std::vector<Marked> segments_;
};

}  // namespace civicast::ledger
