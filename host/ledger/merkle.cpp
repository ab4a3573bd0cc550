// SPDX-License-Identifier: Apache-2.0
#include "host/ledger/merkle.hpp"

#include <bit>
#include <cstring>
#include <string>

namespace civicast::ledger {
namespace {

Sha256 &hasher() {
  thread_local Sha256 one;
  return one;
}

std::string_view bytes_of(const char *bytes, std::size_t size) {
  return {bytes, size};
}

/// The largest power of two below `n` (n ≥ 2), as an exponent.
unsigned split_height(std::uint64_t n) {
  return static_cast<unsigned>(std::bit_width(n - 1) - 1);
}

/// MTH of the leaves [begin, begin + count).
Hash range_hash(std::uint64_t begin, std::uint64_t count, const Nodes &nodes) {
  if (std::has_single_bit(count)) {
    const auto height = static_cast<unsigned>(std::countr_zero(count));
    return nodes(height, begin >> height);
  }
  const std::uint64_t left = std::uint64_t{1} << split_height(count);
  const Hash first = range_hash(begin, left, nodes);
  return node_hash(first, range_hash(begin + left, count - left, nodes));
}

void walk_inclusion(std::uint64_t index, std::uint64_t begin, std::uint64_t count,
                    const Nodes &nodes, std::vector<Hash> &path) {
  if (count < 2) return;
  const std::uint64_t left = std::uint64_t{1} << split_height(count);
  if (index < left) {
    walk_inclusion(index, begin, left, nodes, path);
    path.push_back(range_hash(begin + left, count - left, nodes));
  } else {
    walk_inclusion(index - left, begin + left, count - left, nodes, path);
    path.push_back(range_hash(begin, left, nodes));
  }
}

/// SUBPROOF(from, leaves, is_known) of RFC 6962: `is_known` while the verifier has that root.
void walk_consistency(std::uint64_t from, std::uint64_t begin, std::uint64_t count, bool is_known,
                      const Nodes &nodes, std::vector<Hash> &path) {
  if (from == count) {
    if (!is_known) path.push_back(range_hash(begin, count, nodes));
    return;
  }
  const std::uint64_t left = std::uint64_t{1} << split_height(count);
  if (from <= left) {
    walk_consistency(from, begin, left, is_known, nodes, path);
    path.push_back(range_hash(begin + left, count - left, nodes));
  } else {
    walk_consistency(from - left, begin + left, count - left, false, nodes, path);
    path.push_back(range_hash(begin, left, nodes));
  }
}

}  // namespace

Hash leaf_hash(std::string_view entry) {
  char buffer[1 + 1024];
  if (entry.size() >= sizeof buffer) return hasher().add(bytes_of("\0", 1)).add(entry).finish();
  buffer[0] = 0;
  std::memcpy(buffer + 1, entry.data(), entry.size());
  return hasher().add({buffer, entry.size() + 1}).finish();
}

Hash node_hash(const Hash &left, const Hash &right) {
  char buffer[65];
  buffer[0] = 1;
  std::memcpy(buffer + 1, left.data(), 32);
  std::memcpy(buffer + 33, right.data(), 32);
  return hasher().add({buffer, sizeof buffer}).finish();
}

Hash empty_root() {
  return sha256({});
}

Hash root_of(std::uint64_t size, const Nodes &nodes) {
  return size == 0 ? empty_root() : range_hash(0, size, nodes);
}

Edge::Edge(std::uint64_t size, const Nodes &nodes) : size_(size) {
  for (unsigned height = 64; height-- > 0;)
    if (size >> height & 1) roots_.push_back(nodes(height, (size >> height) - 1));
}

Hash Edge::root() const {
  if (roots_.empty()) return empty_root();
  Hash hash = roots_.back();
  for (auto left = roots_.rbegin() + 1; left != roots_.rend(); ++left)
    hash = node_hash(*left, hash);
  return hash;
}

std::vector<Hash> inclusion_path(std::uint64_t index, std::uint64_t size, const Nodes &nodes) {
  std::vector<Hash> path;
  walk_inclusion(index, 0, size, nodes, path);
  return path;
}

std::vector<Hash> consistency_path(std::uint64_t from, std::uint64_t to, const Nodes &nodes) {
  std::vector<Hash> path;
  if (from > 0) walk_consistency(from, 0, to, true, nodes, path);
  return path;
}

std::optional<Hash> root_by_inclusion(const Hash &leaf, std::uint64_t index, std::uint64_t size,
                                      const std::vector<Hash> &path) {
  if (index >= size) return {};
  Hash hash = leaf;
  std::uint64_t at = index;
  std::uint64_t last = size - 1;
  for (const Hash &beside : path) {
    if (last == 0) return {};
    if ((at & 1) || at == last) {
      hash = node_hash(beside, hash);
      while (!(at & 1) && at != 0) at >>= 1, last >>= 1;
    } else {
      hash = node_hash(hash, beside);
    }
    at >>= 1;
    last >>= 1;
  }
  if (last != 0) return {};
  return hash;
}

bool is_prefix(std::uint64_t from, const Hash &from_root, std::uint64_t to, const Hash &to_root,
               const std::vector<Hash> &path) {
  if (from > to) return false;
  if (from == to && from > 0) return path.empty() && from_root == to_root;
  if (from == 0) return false;  // everything goes on from nothing: there is nothing to prove
  std::uint64_t at = from - 1;
  std::uint64_t last = to - 1;
  while (at & 1) at >>= 1, last >>= 1;
  auto next = path.begin();
  if (at > 0 && next == path.end()) return false;
  Hash old_hash = at > 0 ? *next++ : from_root;
  Hash new_hash = old_hash;
  for (; next != path.end(); ++next) {
    if (last == 0) return false;
    if ((at & 1) || at == last) {
      old_hash = node_hash(*next, old_hash);
      new_hash = node_hash(*next, new_hash);
      while (!(at & 1) && at != 0) at >>= 1, last >>= 1;
    } else {
      new_hash = node_hash(new_hash, *next);
    }
    at >>= 1;
    last >>= 1;
  }
  return last == 0 && old_hash == from_root && new_hash == to_root;
}

}  // namespace civicast::ledger
