// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <sstream>

#include "host/ledger/merkle.hpp"

using namespace civicast;
using namespace civicast::ledger;

namespace {

using Hashes = std::map<std::string, Hash>;

Hash from_hex(const std::string &text) {
  Hash hash{};
  for (std::size_t i = 0; i < hash.size(); ++i)
    hash[i] = static_cast<std::uint8_t>(std::stoi(text.substr(2 * i, 2), nullptr, 16));
  return hash;
}

/// Nothing for what is no hash. The placeholder "don't care" of the vectors stands for one.
std::optional<Hash> hash_of(const std::string &word, const Hashes &known) {
  if (const auto found = known.find(word); found != known.end()) return found->second;
  if (word.find("don't_care") != word.npos) return leaf_hash(word);
  return {};
}

/// "[h1,h2]"; nothing if one of them is no hash: such a proof cannot even be written down.
std::optional<std::vector<Hash>> proof_of(const std::string &text, const Hashes &known) {
  std::vector<Hash> proof;
  std::istringstream words(text.substr(1, text.size() - 2));
  for (std::string word; std::getline(words, word, ',');) {
    const auto hash = hash_of(word, known);
    if (!hash) return {};
    proof.push_back(*hash);
  }
  return proof;
}

struct Vector {
  std::string name, first_hash, second_hash, proof, verdict;
  std::uint64_t first = 0, second = 0;
};

bool is_accepted(const Vector &vector, const Hashes &known) {
  const auto first = hash_of(vector.first_hash, known);
  const auto second = hash_of(vector.second_hash, known);
  const auto proof = proof_of(vector.proof, known);
  if (!first || !second || !proof) return false;
  if (vector.name.rfind("inclusion/", 0) == 0)
    return root_by_inclusion(*second, vector.first, vector.second, *proof) == *first;
  return is_prefix(vector.first, *first, vector.second, *second, *proof);
}

}  // namespace

TEST_CASE("all 196 vectors of transparency-dev/merkle are judged as they say") {
  std::ifstream file(CIVICAST_MERKLE_VECTORS);
  REQUIRE(file);
  Hashes known;
  int vectors = 0, accepted = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.front() == '#') continue;
    std::istringstream words(line);
    Vector vector;
    words >> vector.name;
    if (vector.name.front() == 'h') {
      words >> vector.proof;
      known[vector.name] = from_hex(vector.proof);
      continue;
    }
    words >> vector.first >> vector.second >> vector.first_hash >> vector.second_hash >>
        vector.proof >> vector.verdict;
    INFO(line);
    REQUIRE(words);
    CHECK(is_accepted(vector, known) == (vector.verdict == "accept"));
    ++vectors;
    accepted += vector.verdict == "accept";
  }
  CHECK(vectors == 196);
  CHECK(accepted == 12);
}
