// SPDX-License-Identifier: Apache-2.0
// The files of hashes: one flat file per tile level, hash i of level L at byte 32·i, so that tile N
// is the bytes from 8192·N on. Level L holds the roots of perfect subtrees of 256^L entries.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "host/ledger/disk.hpp"
#include "host/ledger/merkle.hpp"
#include "sdk/base/disk.hpp"

namespace civicast::ledger {

inline constexpr unsigned tile_height = 8;
inline constexpr std::uint64_t tile_width = 256;
inline constexpr unsigned max_levels = 8;

/// A hash that should be there is not. Caught where the ledger answers its callers.
struct Unreadable : std::runtime_error {
  explicit Unreadable(Fault cause) : std::runtime_error("ledger"), fault(std::move(cause)) {}
  Fault fault;
};

class Tiles {
 public:
  /// Nothing is made; a level whose file is missing is empty.
  Tiles(std::filesystem::path dir, bool is_writable, Disk &disk);

  /// Hashes that stand whole in the file of `level`.
  std::uint64_t count(unsigned level) const;
  /// [any] `count` hashes from `index` of `level`, 32 bytes each. Throws Unreadable.
  std::string read(unsigned level, std::uint64_t index, std::uint64_t count) const;
  /// [any] Any perfect subtree. Throws Unreadable.
  Hash node(unsigned height, std::uint64_t index) const;
  Nodes nodes() const;

  /// Cuts every level to what a tree of `size` has; false with errno set on an error.
  bool cut(std::uint64_t size);
  /// Remembers a perfect subtree of the tree that grows; those of other heights are not kept.
  void add(unsigned height, const Hash &hash);
  /// Writes what was added; false with errno set on an error. Synced only by sync.
  bool flush();
  /// What must be synced so that all that was flushed is on disk. Open as long as the Tiles.
  std::vector<int> files() const;

 private:
  struct Level {
    Fd fd;
    std::uint64_t count = 0;
    std::string waiting;
  };
  std::filesystem::path dir_;
  Disk &disk_;
  std::vector<Level> levels_;
};

}  // namespace civicast::ledger
