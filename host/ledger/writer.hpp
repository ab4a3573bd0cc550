// SPDX-License-Identifier: Apache-2.0
// Puts groups of entries at the end of the last file, and on disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "host/ledger/disk.hpp"
#include "host/ledger/entries.hpp"
#include "host/ledger/segments.hpp"
#include "sdk/base/disk.hpp"

namespace civicast::ledger {

/// Makes the file of `segment` with all its room, or leaves nothing.
Result<Fd> create_segment(const Segment &segment, Disk &disk);

class Writer {
 public:
  /// The next entry is `next` and goes to `offset` of `active`.
  Writer(Entries &entries, Disk &disk, Segment active, Fd fd, std::size_t offset,
         std::uint64_t next);

  std::uint64_t next() const { return next_; }

  /// Writes and syncs the entries of all `batches`, in order, as one group. On the fault disk_full
  /// nothing has changed; after any other nobody knows what is on disk.
  Result<void> write(const std::vector<const std::vector<std::string> *> &batches);

 private:
  struct Piece {
    Segment segment;
    std::size_t offset = 0;
    std::string bytes;
    std::vector<std::pair<std::uint64_t, std::size_t>> marks;
    Fd fd;  ///< of a new file
  };
  std::vector<Piece> lay_out(const std::vector<const std::vector<std::string> *> &batches) const;
  Result<void> put(Piece &piece);
  Entries &entries_;
  Disk &disk_;
  Segment active_;
  Fd fd_;
  std::size_t offset_;
  std::uint64_t next_;
};

}  // namespace civicast::ledger
