// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <fstream>
#include <thread>

#include "folder.hpp"
#include "host/ledger/faults.hpp"
#include "host/ledger/merkle.hpp"
#include "host/ledger/note.hpp"
#include "host/ledger/reader.hpp"
#include "host/ledger/seal.hpp"
#include "host/ledger/verify.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/base/disk.hpp"

using namespace civicast;
using namespace civicast::ledger;
using test::entries;
using test::entry;
using test::Folder;
namespace fs = std::filesystem;

namespace {

std::unique_ptr<Ledger> opened(const Folder &folder) {
  auto ledger = Ledger::open(folder.ledger(), folder.keys());
  if (!ledger) FAIL(ledger.fault().text());
  return std::move(*ledger);
}

Result<Verdict, Faults> verified(const Folder &folder) {
  NoProgress progress;
  return verify(folder.ledger(), folder.keys() / "ledger.pub", progress);
}

Checkpoint published(const Folder &folder) {
  const auto note = read_file(folder.ledger() / "checkpoint", 1 << 16);
  const auto key = read_verifier_key(folder.keys() / "ledger.pub");
  return *open_checkpoint(*note, *key);
}

}  // namespace

TEST_CASE("what was appended is read back, over restarts and files") {
  const Folder folder;
  REQUIRE(create(folder.ledger(), folder.keys(), test::origin, 4096).ok());
  std::uint64_t size = 0;
  for (std::uint64_t count : {1, 0, 2, 255, 300, 1, 700}) {
    auto ledger = opened(folder);
    REQUIRE(ledger->size() == size);
    const auto first = ledger->append(entries(size, count));
    REQUIRE(first.ok());
    CHECK(*first == size);
    size += count;
    const auto all = ledger->read(0, 10'000);
    REQUIRE(all.ok());
    CHECK(*all == entries(0, size));
  }
  auto ledger = opened(folder);
  for (std::uint64_t from = 0; from < size; from += 13) {
    const auto some = ledger->read(from, 5);
    REQUIRE(some.ok());
    CHECK(*some == entries(from, std::min<std::uint64_t>(5, size - from)));
  }
  CHECK(ledger->read(size, 1)->empty());
  CHECK(ledger->read(size + 1, 1).fault().is(faults::out_of_range));
}

TEST_CASE("an entry may be of any size from 1 to 65,535 bytes, and of no other") {
  const Folder folder;
  test::make_ledger(folder, 0, 4096);
  auto ledger = opened(folder);
  const std::vector<std::string> sizes = {"a", std::string(65'535, 'b'), std::string(4000, 'c'),
                                          std::string(65'535, '\0'), "d"};
  REQUIRE(ledger->append(sizes).ok());
  CHECK(ledger->append({""}).fault().is(faults::entry_malformed));
  CHECK(ledger->append({"x", std::string(65'536, 'x')}).fault().is(faults::entry_malformed));
  CHECK(ledger->size() == sizes.size());
  ledger.reset();
  CHECK(*opened(folder)->read(0, 9) == sizes);
  CHECK(verified(folder).ok());
}

TEST_CASE("a ledger is never made over another") {
  const Folder folder;
  test::make_ledger(folder, 3);
  CHECK(
      create(folder.ledger(), folder.path / "k2", test::origin).fault().is(faults::ledger_exists));
  CHECK(create(folder.path / "l2", folder.keys(), test::origin).fault().is(faults::ledger_exists));
  CHECK(create(folder.path / "l2", folder.path / "k2", "two words")
            .fault()
            .is(faults::origin_malformed));
  CHECK(verified(folder)->size == 3);
}

TEST_CASE("the secret key is readable by its owner only, or the ledger does not open") {
  const Folder folder;
  test::make_ledger(folder, 1);
  const auto secret = folder.keys() / "ledger.key";
  CHECK(fs::status(secret).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
  fs::permissions(secret, fs::perms::group_read, fs::perm_options::add);
  CHECK(Ledger::open(folder.ledger(), folder.keys()).fault().is(faults::key_unusable));
}

TEST_CASE("a second opener is refused, and readers are not") {
  const Folder folder;
  test::make_ledger(folder, 5);
  auto ledger = opened(folder);
  CHECK(Ledger::open(folder.ledger(), folder.keys()).fault().is(faults::ledger_in_use));
  const auto reader = Reader::open(folder.ledger());
  REQUIRE(reader.ok());
  CHECK(*(*reader)->read(0, 9) == entries(0, 5));
  CHECK((*reader)->append({"x"}).fault().is(faults::ledger_in_use));
}

TEST_CASE("a checkpoint is signed at most once a second while the ledger grows, and on close") {
  const Folder folder;
  test::make_ledger(folder, 0);
  auto ledger = opened(folder);
  std::int64_t now_ns = 1'800'000'000 * ns_per_s;
  REQUIRE(ledger->append(entries(0, 1)).ok());
  REQUIRE(ledger->checkpoint(now_ns).ok());
  CHECK(published(folder).size == 1);
  REQUIRE(ledger->append(entries(1, 1)).ok());
  REQUIRE(ledger->checkpoint(now_ns + ns_per_s - 1).ok());
  CHECK(published(folder).size == 1);
  REQUIRE(ledger->checkpoint(now_ns + ns_per_s).ok());
  CHECK(published(folder).size == 2);
  const std::string note = ledger->last_signed().note;
  REQUIRE(ledger->checkpoint(now_ns + 5 * ns_per_s).ok());
  CHECK(ledger->last_signed().note == note);
  REQUIRE(ledger->append(entries(2, 1)).ok());
  REQUIRE(ledger->checkpoint(now_ns - 100 * ns_per_s).ok());
  CHECK(published(folder).size == 3);
  REQUIRE(ledger->append(entries(3, 1)).ok());
  ledger.reset();
  CHECK(published(folder).size == 4);
}

TEST_CASE("proofs from the files of hashes lead to the signed root") {
  const Folder folder;
  const std::uint64_t size = 70'000;
  test::make_ledger(folder, size, 1 << 20);
  auto ledger = opened(folder);
  const Hash root = ledger->last_signed().root;
  CHECK(*ledger->root(size) == root);
  for (std::uint64_t index : {0, 1, 255, 256, 65'535, 65'536, 69'887, 69'999}) {
    const auto path = ledger->inclusion_proof(index, size);
    REQUIRE(path.ok());
    CHECK(root_by_inclusion(leaf_hash(entry(index)), index, size, *path) == root);
  }
  for (std::uint64_t from : {1, 256, 300, 65'536, 65'537, 70'000}) {
    const auto path = ledger->consistency_proof(from, size);
    REQUIRE(path.ok());
    CHECK(is_prefix(from, *ledger->root(from), size, root, *path));
  }
  CHECK(ledger->inclusion_proof(size, size).fault().is(faults::out_of_range));
  CHECK(ledger->inclusion_proof(0, size + 1).fault().is(faults::out_of_range));
  CHECK(ledger->consistency_proof(2, 1).fault().is(faults::out_of_range));
}

TEST_CASE("many writers at once lose nothing, and each learns where its entries stand") {
  const Folder folder;
  test::make_ledger(folder, 0, 1 << 16);
  {
    auto ledger = opened(folder);
    std::vector<std::thread> writers;
    std::atomic<int> wrong{0};
    for (int writer = 0; writer < 16; ++writer)
      writers.emplace_back([&, writer] {
        for (int i = 0; i < 50; ++i) {
          const std::string mine = std::to_string(writer) + "/" + std::to_string(i);
          const auto first = ledger->append({mine, mine + "+"});
          const auto back = first ? ledger->read(*first, 2) : first.fault();
          if (!back || *back != std::vector<std::string>{mine, mine + "+"}) ++wrong;
          if (i % 10 == 0 && !ledger->checkpoint(0, true)) ++wrong;
        }
      });
    for (auto &writer : writers) writer.join();
    CHECK(wrong == 0);
    CHECK(ledger->size() == 16 * 50 * 2);
  }
  CHECK(verified(folder)->signed_size == 16 * 50 * 2);
}

TEST_CASE("the exported tree is that of tlog-tiles") {
  const Folder folder;
  test::make_ledger(folder, 600, 4096);
  NoProgress progress;
  const auto out = folder.path / "out";
  REQUIRE(export_tiles(folder.ledger(), out, progress).ok());
  CHECK(fs::file_size(out / "tile/0/000") == 8192);
  CHECK(fs::file_size(out / "tile/0/001") == 8192);
  CHECK(fs::file_size(out / "tile/0/002.p/88") == 88 * 32);
  CHECK(fs::file_size(out / "tile/1/000.p/2") == 2 * 32);
  CHECK_FALSE(fs::exists(out / "tile/2"));
  CHECK(*read_file(out / "checkpoint", 1 << 16) ==
        *read_file(folder.ledger() / "checkpoint", 1 << 16));

  std::vector<std::string> found;
  for (const char *file : {"000", "001", "002.p/88"}) {
    std::string bundle = *read_file(out / "tile/entries" / file, 1 << 20);
    for (std::size_t at = 0; at < bundle.size();) {
      const auto length = static_cast<std::size_t>(static_cast<unsigned char>(bundle[at]) * 256 +
                                                   static_cast<unsigned char>(bundle[at + 1]));
      found.push_back(bundle.substr(at + 2, length));
      at += 2 + length;
    }
  }
  CHECK(found == entries(0, 600));
  CHECK(export_tiles(folder.ledger(), out, progress).fault().is(faults::export_in_the_way));
}

TEST_CASE("an empty ledger is good, and exported as a checkpoint alone") {
  const Folder folder;
  test::make_ledger(folder, 0);
  CHECK(verified(folder)->size == 0);
  NoProgress progress;
  REQUIRE(export_tiles(folder.ledger(), folder.path / "out", progress).ok());
  CHECK(fs::exists(folder.path / "out/checkpoint"));
  CHECK_FALSE(fs::exists(folder.path / "out/tile"));
}
