// SPDX-License-Identifier: Apache-2.0
// The tree of RFC 6962 §2.1 over SHA-256: roots, proofs and their checks. Pure: no files.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "host/base/sha256.hpp"

namespace civicast::ledger {

Hash leaf_hash(std::string_view entry);
Hash node_hash(const Hash &left, const Hash &right);
Hash empty_root();

/// The hash of the perfect subtree of 2^height leaves that begins at leaf index · 2^height.
using Nodes = std::function<Hash(unsigned height, std::uint64_t index)>;

Hash root_of(std::uint64_t size, const Nodes &nodes);

/// What the right edge of a growing tree needs: its perfect subtrees, largest first.
class Edge {
 public:
  Edge() = default;
  Edge(std::uint64_t size, const Nodes &nodes);

  std::uint64_t size() const { return size_; }
  Hash root() const;

  /// Adds a leaf; `completed(height, hash)` is told each perfect subtree that it completes, the
  /// leaf itself first.
  template <class Completed>
  void add(Hash hash, Completed &&completed) {
    unsigned height = 0;
    completed(height, hash);
    for (std::uint64_t carry = size_; carry & 1; carry >>= 1) {
      hash = node_hash(roots_.back(), hash);
      roots_.pop_back();
      completed(++height, hash);
    }
    roots_.push_back(hash);
    ++size_;
  }

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> roots_;
};

/// RFC 6962 §2.1.1; `index` < `size`.
std::vector<Hash> inclusion_path(std::uint64_t index, std::uint64_t size, const Nodes &nodes);
/// RFC 6962 §2.1.2; `from` ≤ `to`. Empty for from 0 and for from = to.
std::vector<Hash> consistency_path(std::uint64_t from, std::uint64_t to, const Nodes &nodes);

/// The root that the path leads to; nothing if it has the wrong length for that index and size.
std::optional<Hash> root_by_inclusion(const Hash &leaf, std::uint64_t index, std::uint64_t size,
                                      const std::vector<Hash> &path);
/// Whether the path shows that the tree of `from` leaves is a prefix of the tree of `to`.
bool is_prefix(std::uint64_t from, const Hash &from_root, std::uint64_t to, const Hash &to_root,
               const std::vector<Hash> &path);

}  // namespace civicast::ledger
