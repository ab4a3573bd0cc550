// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "host/ledger/merkle.hpp"

using namespace civicast;
using namespace civicast::ledger;

namespace {

/// The eight leaves of the test data of Certificate Transparency.
std::vector<std::string> ct_leaves() {
  const auto bytes = [](std::initializer_list<int> values) {
    std::string out;
    for (const int value : values) out += static_cast<char>(value);
    return out;
  };
  std::string last;
  for (int i = 0x60; i < 0x70; ++i) last += static_cast<char>(i);
  return {"",
          bytes({0x00}),
          bytes({0x10}),
          bytes({0x20, 0x21}),
          bytes({0x30, 0x31}),
          bytes({0x40, 0x41, 0x42, 0x43}),
          bytes({0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57}),
          last};
}

/// RFC 6962 §2.1 word for word, over leaf hashes.
Hash naive_root(const std::vector<Hash> &leaves, std::size_t from, std::size_t to) {
  if (from == to) return sha256({});
  if (to - from == 1) return leaves[from];
  std::size_t k = 1;
  while (k * 2 < to - from) k *= 2;
  return node_hash(naive_root(leaves, from, from + k), naive_root(leaves, from + k, to));
}

struct Tree {
  std::vector<Hash> leaves;
  Nodes nodes() const {
    return [this](unsigned height, std::uint64_t index) {
      const std::size_t width = std::size_t{1} << height;
      return naive_root(leaves, index * width, (index + 1) * width);
    };
  }
  Hash root(std::size_t size) const { return naive_root(leaves, 0, size); }
};

Tree tree_of(std::size_t size) {
  Tree tree;
  for (std::size_t i = 0; i < size; ++i) tree.leaves.push_back(leaf_hash(std::to_string(i)));
  return tree;
}

}  // namespace

TEST_CASE("the roots are those of the Certificate Transparency test data") {
  const std::vector<std::string> roots = {
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  CHECK(hex(empty_root()) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  Edge edge;
  for (std::size_t i = 0; i < roots.size(); ++i) {
    edge.add(leaf_hash(ct_leaves()[i]), [](unsigned, const Hash &) {});
    CHECK(hex(edge.root()) == roots[i]);
  }
}

TEST_CASE("a growing edge, a whole tree and the definition agree on every root") {
  const Tree tree = tree_of(300);
  Edge edge;
  for (std::size_t size = 0; size <= tree.leaves.size(); ++size) {
    REQUIRE(edge.root() == tree.root(size));
    REQUIRE(root_of(size, tree.nodes()) == tree.root(size));
    REQUIRE(Edge(size, tree.nodes()).root() == tree.root(size));
    if (size < tree.leaves.size()) edge.add(tree.leaves[size], [](unsigned, const Hash &) {});
  }
}

TEST_CASE("every inclusion path leads to the root, and no other leaf or index does") {
  const Tree tree = tree_of(67);
  for (std::size_t size = 1; size <= tree.leaves.size(); ++size)
    for (std::size_t index = 0; index < size; ++index) {
      const auto path = inclusion_path(index, size, tree.nodes());
      REQUIRE(root_by_inclusion(tree.leaves[index], index, size, path) == tree.root(size));
      REQUIRE(root_by_inclusion(leaf_hash("another"), index, size, path) != tree.root(size));
      if (size > 1)
        REQUIRE(root_by_inclusion(tree.leaves[index], (index + 1) % size, size, path) !=
                tree.root(size));
      auto longer = path;
      longer.push_back(tree.leaves[0]);
      REQUIRE_FALSE(root_by_inclusion(tree.leaves[index], index, size, longer).has_value());
      if (path.empty()) continue;
      auto shorter = path;
      shorter.pop_back();
      REQUIRE_FALSE(root_by_inclusion(tree.leaves[index], index, size, shorter).has_value());
    }
}

TEST_CASE("every consistency path holds, and none holds for another root or a cut path") {
  const Tree tree = tree_of(48);
  const Hash other = leaf_hash("another");
  for (std::size_t to = 0; to <= tree.leaves.size(); ++to)
    for (std::size_t from = 0; from <= to; ++from) {
      const auto path = consistency_path(from, to, tree.nodes());
      // From nothing there is nothing to prove.
      REQUIRE(is_prefix(from, tree.root(from), to, tree.root(to), path) == (from > 0));
      REQUIRE_FALSE(is_prefix(from, other, to, tree.root(to), path));
      if (from == 0) continue;
      REQUIRE_FALSE(is_prefix(from, tree.root(from), to, other, path));
      for (std::size_t i = 0; i < path.size(); ++i) {
        auto bent = path;
        bent[i][0] ^= 1;
        REQUIRE_FALSE(is_prefix(from, tree.root(from), to, tree.root(to), bent));
      }
      if (path.empty()) continue;
      auto shorter = path;
      shorter.pop_back();
      REQUIRE_FALSE(is_prefix(from, tree.root(from), to, tree.root(to), shorter));
    }
}
