// SPDX-License-Identifier: Apache-2.0
// Reads a ledger from disk when it is opened: what was signed must be as it was signed, what was
// not signed yet is taken as far as it is whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "host/ledger/disk.hpp"
#include "host/ledger/entries.hpp"
#include "host/ledger/note.hpp"
#include "host/ledger/tiles.hpp"

namespace civicast::ledger {

struct Paths {
  explicit Paths(const std::filesystem::path &dir);
  std::filesystem::path dir, entries, tiles, checkpoint, lock;
  std::filesystem::path successions;  ///< the entries by which its key passed to another
  std::filesystem::path cosigned;     ///< the newest checkpoint that enough witnesses cosigned
  std::filesystem::path unfinished;   ///< stands while the ledger is being made
};

/// Reads and checks the published checkpoint; `note` receives its text.
Result<Checkpoint> read_checkpoint(const std::filesystem::path &file, const VerifierKey &key,
                                   std::string &note);

/// At least so many of the last signed entries are compared with the tree when it is opened.
inline constexpr std::uint64_t check_at_open = 65'536;

/// The signed tree has its root, and entries and hashes from `from` (a multiple of 65,536) to
/// `to.size` fit it and each other.
Result<void> check_signed(const std::vector<Segment> &segments, const Tiles &tiles,
                          std::uint64_t from, const Checkpoint &to,
                          const std::function<void(std::uint64_t)> &on_progress);

/// Where the next entry goes.
struct Tail {
  Segment segment;
  std::size_t offset = 0;
  std::uint64_t next = 0;
  std::vector<std::string> entries;  ///< from the signed size up
};

/// Finds the end of the whole entries above `signed_size`, cuts what is torn behind it and writes
/// the unsigned part once more, so that what is kept is on disk and not only in memory. `segments`
/// loses files that hold nothing.
Result<Tail> recover_tail(std::vector<Segment> &segments, std::uint64_t signed_size, Disk &disk);

}  // namespace civicast::ledger
