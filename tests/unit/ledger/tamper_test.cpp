// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <fstream>

#include "folder.hpp"
#include "host/ledger/faults.hpp"
#include "host/ledger/verify.hpp"
#include "sdk/base/disk.hpp"

using namespace civicast;
using namespace civicast::ledger;
using test::entries;
using test::Folder;
namespace fs = std::filesystem;

namespace {

std::string bytes_of(const fs::path &file) {
  return *read_file(file, 1 << 24);
}
void put(const fs::path &file, const std::string &bytes) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << bytes;
}

/// The fault of verify; an empty list if it found nothing.
Faults verdict(const Folder &folder) {
  NoProgress progress;
  const auto found = verify(folder.ledger(), folder.keys() / "ledger.pub", progress);
  return found ? Faults{} : found.fault();
}

/// Both doors say no, with a sentence in both languages.
void must_be_refused(const Folder &folder, const std::string &what) {
  INFO(what);
  const Faults faults = verdict(folder);
  REQUIRE_FALSE(faults.empty());
  REQUIRE_FALSE(faults.front().sentence(Lang::zh).empty());
  REQUIRE_FALSE(faults.front().sentence(Lang::en).find('{') != std::string::npos);
  REQUIRE_FALSE(Ledger::open(folder.ledger(), folder.keys()).ok());
}

/// Flips each bit of the first `count` bytes of `file`, one at a time.
void flip_each(const Folder &folder, const fs::path &file, std::size_t from, std::size_t count) {
  const std::string good = bytes_of(file);
  for (std::size_t bit = from * 8; bit < (from + count) * 8; ++bit) {
    std::string bent = good;
    bent[bit / 8] = static_cast<char>(bent[bit / 8] ^ (1 << bit % 8));
    put(file, bent);
    must_be_refused(folder, file.filename().string() + " bit " + std::to_string(bit));
  }
  put(file, good);
}

std::size_t used_bytes(const fs::path &segment) {
  return bytes_of(segment).find_last_not_of('\0') + 1;
}

}  // namespace

TEST_CASE("every single flipped bit of a signed ledger is found, by verify and at open") {
  const Folder folder;
  test::make_ledger(folder, 12);
  REQUIRE(verdict(folder).empty());
  const auto segment = folder.ledger() / "entries/00000000";
  flip_each(folder, segment, 0, used_bytes(segment));
  flip_each(folder, folder.ledger() / "tiles/0", 0, 12 * 32);
  flip_each(folder, folder.ledger() / "checkpoint", 0,
            bytes_of(folder.ledger() / "checkpoint").size());
  CHECK(verdict(folder).empty());
  CHECK(Ledger::open(folder.ledger(), folder.keys()).ok());
}

TEST_CASE("a flipped bit in a higher level, or in what fills up a file, is found too") {
  const Folder folder;
  test::make_ledger(folder, 600);
  REQUIRE(fs::exists(folder.ledger() / "entries/00000002"));
  flip_each(folder, folder.ledger() / "tiles/1", 0, 2 * 32);
  flip_each(folder, folder.ledger() / "entries/00000001", 0, 32);
  flip_each(folder, folder.ledger() / "entries/00000001",
            used_bytes(folder.ledger() / "entries/00000001"), 4);
  CHECK(verdict(folder).empty());
}

TEST_CASE("the sentence says which entry was changed, and where it stands") {
  const Folder folder;
  test::make_ledger(folder, 12);
  const auto segment = folder.ledger() / "entries/00000000";
  std::string bytes = bytes_of(segment);
  bytes[bytes.find("entry 7")] = 'E';
  put(segment, bytes);
  const Faults faults = verdict(folder);
  REQUIRE(faults.size() == 1);
  CHECK(faults.front().is(faults::entry_damaged));
  CHECK(faults.front().sentence(Lang::en).find("Entry 7 was changed") != std::string::npos);
  CHECK(faults.front().where().find("entries/00000000 +") == 0);
}

TEST_CASE("a missing, cut or emptied file is found") {
  const std::vector<std::string> files = {"entries/00000000", "entries/00000001",
                                          "entries/00000005", "tiles/0",
                                          "tiles/1",          "checkpoint"};
  for (const std::string &name : files) {
    const Folder folder;
    test::make_ledger(folder, 1000);
    const auto file = folder.ledger() / name;
    REQUIRE(fs::exists(file));
    const std::string good = bytes_of(file);
    fs::remove(file);
    must_be_refused(folder, name + " removed");
    put(file, good.substr(0, good.size() - 1));
    must_be_refused(folder, name + " one byte shorter");
    put(file, "");
    must_be_refused(folder, name + " empty");
    put(file, std::string(good.size(), '\0'));
    must_be_refused(folder, name + " zeros");
    put(file, good);
    CHECK(verdict(folder).empty());
  }
}

TEST_CASE("swapped entries and swapped hashes are found") {
  const Folder folder;
  test::make_ledger(folder, 30);
  const auto segment = folder.ledger() / "entries/00000000";
  const std::string good = bytes_of(segment);
  const auto a = good.find("entry 8");
  const auto b = good.find("entry 1.");
  std::string bent = good;
  std::swap_ranges(bent.begin() + static_cast<long>(a) - 16,
                   bent.begin() + static_cast<long>(a) + 8,
                   bent.begin() + static_cast<long>(b) - 16);
  REQUIRE(bent != good);
  put(segment, bent);
  must_be_refused(folder, "entries");
  put(segment, good);

  const auto tiles = folder.ledger() / "tiles/0";
  std::string hashes = bytes_of(tiles);
  std::swap_ranges(hashes.begin(), hashes.begin() + 32, hashes.begin() + 64);
  put(tiles, hashes);
  must_be_refused(folder, "hashes");
}

TEST_CASE("a ledger rewritten as a whole does not have the signed root") {
  const Folder folder, other;
  test::make_ledger(folder, 40);
  REQUIRE(create(other.ledger(), other.keys(), test::origin, 4096).ok());
  {
    auto forged = Ledger::open(other.ledger(), other.keys());
    auto lines = entries(0, 40);
    lines[3] = "entry 3 forged";
    REQUIRE((*forged)->append(lines).ok());
  }
  for (const char *part : {"entries/00000000", "tiles/0"})
    fs::copy_file(other.ledger() / part, folder.ledger() / part,
                  fs::copy_options::overwrite_existing);
  must_be_refused(folder, "rewritten");
  CHECK(verdict(folder).front().is(faults::root_differs));
  fs::copy_file(other.ledger() / "checkpoint", folder.ledger() / "checkpoint",
                fs::copy_options::overwrite_existing);
  must_be_refused(folder, "signed by somebody else");
  CHECK(verdict(folder).front().is(faults::checkpoint_damaged));
}

TEST_CASE("a ledger restored from an old backup does not open, so it cannot sign a fork") {
  const Folder folder;
  test::make_ledger(folder, 5);
  fs::copy(folder.ledger(), folder.path / "backup", fs::copy_options::recursive);
  REQUIRE((*Ledger::open(folder.ledger(), folder.keys()))->append(entries(5, 3)).ok());
  fs::remove_all(folder.ledger());
  fs::copy(folder.path / "backup", folder.ledger(), fs::copy_options::recursive);
  const auto opened = Ledger::open(folder.ledger(), folder.keys());
  REQUIRE_FALSE(opened.ok());
  CHECK(opened.fault().is(faults::ledger_rolled_back));
}

TEST_CASE("a copy of a ledger cannot run beside it with the same key") {
  const Folder folder;
  test::make_ledger(folder, 5);
  fs::copy(folder.ledger(), folder.path / "copy", fs::copy_options::recursive);
  const auto first = Ledger::open(folder.ledger(), folder.keys());
  REQUIRE(first.ok());
  CHECK(Ledger::open(folder.path / "copy", folder.keys()).fault().is(faults::ledger_in_use));
}

TEST_CASE("keys restored from an old backup are refused") {
  const Folder folder;
  test::make_ledger(folder, 5);
  fs::copy(folder.keys(), folder.path / "backup", fs::copy_options::recursive);
  REQUIRE((*Ledger::open(folder.ledger(), folder.keys()))->append(entries(5, 3)).ok());
  fs::remove_all(folder.keys());
  fs::copy(folder.path / "backup", folder.keys(), fs::copy_options::recursive);
  CHECK(Ledger::open(folder.ledger(), folder.keys()).fault().is(faults::seal_behind));
}

TEST_CASE("a seal that somebody else has moved on stops the signer for good") {
  const Folder folder;
  test::make_ledger(folder, 5);
  fs::copy(folder.ledger(), folder.path / "copy", fs::copy_options::recursive);
  fs::copy(folder.keys(), folder.path / "copied_keys", fs::copy_options::recursive);
  REQUIRE((*Ledger::open(folder.path / "copy", folder.path / "copied_keys"))
              ->append({"another history", "of two entries"})
              .ok());
  auto ledger = Ledger::open(folder.ledger(), folder.keys());
  REQUIRE(ledger.ok());
  fs::copy_file(folder.path / "copied_keys/ledger.seal", folder.keys() / "ledger.seal",
                fs::copy_options::overwrite_existing);
  REQUIRE((*ledger)->append(entries(5, 1)).ok());
  const std::string note = (*ledger)->last_signed().note;
  CHECK((*ledger)->checkpoint(0, true).fault().is(faults::fork_refused));
  CHECK((*ledger)->append(entries(6, 1)).fault().is(faults::ledger_stopped));
  CHECK(bytes_of(folder.ledger() / "checkpoint") == note);
}
