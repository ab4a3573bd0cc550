// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "folder.hpp"
#include "host/ledger/merkle.hpp"
#include "host/ledger/note.hpp"

using namespace civicast;
using namespace civicast::ledger;

TEST_CASE("the golden log of Tessera has our roots, and its checkpoints open with its key") {
  const test::Folder folder;
  std::ifstream file(CIVICAST_GOLDEN_LOG);
  REQUIRE(file);
  std::optional<VerifierKey> key;
  std::vector<std::string> entries;
  std::unique_ptr<Ledger> ours;
  std::vector<Checkpoint> checkpoints;
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string first, root, signature;
    words >> first;
    if (first == "#") continue;
    if (first == "key") {
      words >> root;
      key = parse_verifier_key(root);
      REQUIRE(key.has_value());
      REQUIRE(create(folder.ledger(), folder.keys(), key->name).ok());
      ours = *Ledger::open(folder.ledger(), folder.keys());
    } else if (first == "entries") {
      for (std::string entry; words >> entry;) entries.push_back(entry);
    } else {
      words >> root >> signature;
      INFO(line);
      const std::string note =
          key->name + "\n" + first + "\n" + root + "\n\n— " + key->name + " " + signature + "\n";
      const auto checkpoint = open_checkpoint(note, *key);
      REQUIRE(checkpoint.ok());
      if (checkpoint->size > 0) REQUIRE(ours->append({entries.at(checkpoint->size - 1)}).ok());
      CHECK(*ours->root(checkpoint->size) == checkpoint->root);
      checkpoints.push_back(*checkpoint);
    }
  }
  REQUIRE(checkpoints.size() == 16);
  for (std::size_t to = 1; to < checkpoints.size(); ++to)
    for (std::size_t from = 1; from <= to; ++from) {
      const auto path = ours->consistency_proof(from, to);
      REQUIRE(path.ok());
      CHECK(is_prefix(from, checkpoints[from].root, to, checkpoints[to].root, *path));
    }
}
