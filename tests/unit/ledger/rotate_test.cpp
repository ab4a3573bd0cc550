// SPDX-License-Identifier: Apache-2.0
#include <sys/wait.h>
#include <unistd.h>
#include <catch2/catch.hpp>

#include <cstdlib>

#include "folder.hpp"
#include "host/ledger/faults.hpp"
#include "host/ledger/prove.hpp"
#include "host/ledger/rotate.hpp"
#include "host/ledger/seal.hpp"
#include "host/ledger/verify.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/base/disk.hpp"

using namespace civicast;
using namespace civicast::ledger;
using test::Folder;
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t now_ns = 1'800'000'000 * ns_per_s;
constexpr std::int64_t overlap_s = 1000;

bool is_good(const Folder &folder, const fs::path &pub) {
  NoProgress progress;
  const auto verdict = verify(folder.ledger(), pub, progress);
  if (!verdict) UNSCOPED_INFO(verdict.fault().front().text());
  return verdict.ok();
}

void live_on(const Folder &folder, std::int64_t at_ns, int entries = 3) {
  auto ledger = Ledger::open(folder.ledger(), folder.keys());
  if (!ledger) FAIL(ledger.fault().text());
  for (int i = 0; i < entries; ++i) REQUIRE((*ledger)->append({"later"}).ok());
  REQUIRE((*ledger)->checkpoint(at_ns, true).ok());
}

std::string checkpoint_of(const Folder &folder) {
  return *read_file(folder.ledger() / "checkpoint", 1 << 16);
}

bool is_signed_by_file(const Folder &folder, const fs::path &pub) {
  return open_checkpoint(checkpoint_of(folder), *read_verifier_key(pub)).ok();
}

/// Entries that name a key of the ledger.
std::vector<Succession> named(const Folder &folder) {
  std::vector<Succession> out;
  const auto ledger = Ledger::open(folder.ledger(), folder.keys());
  REQUIRE(ledger.ok());
  const auto entries = (*ledger)->read(0, (*ledger)->size());
  REQUIRE(entries.ok());
  for (const std::string &entry : *entries)
    if (auto one = parse_succession(entry)) out.push_back(*one);
  return out;
}

fs::path keep_pub(const Folder &folder, const std::string &name) {
  fs::copy_file(folder.keys() / "ledger.pub", folder.path / name);
  return folder.path / name;
}

}  // namespace

TEST_CASE(
    "two keys sign for a while, then the new one alone, and the old public key still verifies") {
  const Folder folder;
  test::make_ledger(folder, 10);
  const auto old_pub = keep_pub(folder, "old.pub");
  const auto done = rotate_key(folder.ledger(), folder.keys(), now_ns, overlap_s);
  if (!done) FAIL(done.fault().text());
  const auto new_pub = keep_pub(folder, "new.pub");
  CHECK(done->old_key.line() == read_verifier_key(old_pub)->line());
  CHECK(done->new_key.line() == read_verifier_key(new_pub)->line());
  CHECK(done->until_s == now_ns / ns_per_s + overlap_s);
  CHECK((fs::status(folder.keys() / "ledger.key").permissions() & fs::perms(077)) ==
        fs::perms::none);

  live_on(folder, now_ns + (overlap_s - 1) * ns_per_s);
  CHECK(is_signed_by_file(folder, old_pub));
  CHECK(is_signed_by_file(folder, new_pub));
  CHECK(rotate_key(folder.ledger(), folder.keys(), now_ns, overlap_s)
            .fault()
            .is(faults::rotation_running));

  live_on(folder, now_ns + overlap_s * ns_per_s);
  CHECK_FALSE(is_signed_by_file(folder, old_pub));
  CHECK(is_signed_by_file(folder, new_pub));
  CHECK_FALSE(fs::exists(folder.keys() / "previous.key"));
  CHECK(is_good(folder, old_pub));
  CHECK(is_good(folder, new_pub));
  CHECK(named(folder).size() == 1);
  CHECK(*read_file(folder.keys() / "ledger.old.pub", 4096) ==
        read_verifier_key(old_pub)->line() + "\n");
}

TEST_CASE("the first of many keys still leads to the last") {
  const Folder folder;
  test::make_ledger(folder, 10);
  const auto first = keep_pub(folder, "first.pub");
  for (int i = 1; i <= 5; ++i) {
    const auto at_ns = now_ns + i * 2 * overlap_s * ns_per_s;
    REQUIRE(rotate_key(folder.ledger(), folder.keys(), at_ns, overlap_s).ok());
    live_on(folder, at_ns + overlap_s * ns_per_s);
  }
  CHECK(is_good(folder, first));
  CHECK(named(folder).size() == 5);
  // Without the entries that the old keys signed there is nothing that leads there.
  fs::remove(folder.ledger() / "successions");
  CHECK_FALSE(is_good(folder, first));
  CHECK(is_good(folder, folder.keys() / "ledger.pub"));
}

TEST_CASE(
    "a change of keys that is killed at any step is finished by the next, and forks nothing") {
  for (int step = 1; step <= rotation_steps; ++step)
    for (const bool goes_on : {false, true}) {
      INFO("killed after step " << step << (goes_on ? ", then the host ran" : ""));
      const Folder folder;
      test::make_ledger(folder, 10);
      const auto old_pub = keep_pub(folder, "old.pub");
      const pid_t child = ::fork();
      if (child == 0) {
        static_cast<void>(
            rotate_key(folder.ledger(), folder.keys(), now_ns, overlap_s, [step](int at) {
              if (at == step) ::kill(::getpid(), SIGKILL);
            }));
        ::_exit(1);
      }
      int status = 0;
      REQUIRE(::waitpid(child, &status, 0) == child);
      REQUIRE(WIFSIGNALED(status));
      CHECK(is_good(folder, old_pub));
      if (goes_on) {
        live_on(folder, now_ns + ns_per_s);
        live_on(folder, now_ns + 3 * ns_per_s);
        CHECK(is_good(folder, old_pub));
      }
      const auto again = rotate_key(folder.ledger(), folder.keys(), now_ns, overlap_s);
      // From step 5 on the new key is the ledger's; whoever opened it has done the rest.
      if (!again) CHECK(again.fault().is(faults::rotation_running));
      CHECK_FALSE(fs::exists(folder.keys() / "next.key"));
      live_on(folder, now_ns + 5 * ns_per_s);
      CHECK(is_signed_by_file(folder, old_pub));
      CHECK(is_signed_by_file(folder, folder.keys() / "ledger.pub"));
      CHECK(named(folder).size() == 1);
      live_on(folder, now_ns + 2 * overlap_s * ns_per_s);
      CHECK_FALSE(is_signed_by_file(folder, old_pub));
      CHECK(is_good(folder, old_pub));
      CHECK(is_good(folder, folder.keys() / "ledger.pub"));
    }
}

TEST_CASE("an entry that names a key counts only if both keys signed it") {
  const auto a = SignerKey::make("a.example/log");
  const auto b = SignerKey::make("a.example/log");
  const auto other = SignerKey::make("b.example/log");
  const std::string entry = succession_entry(a, b, 77);
  REQUIRE(parse_succession(entry).has_value());
  CHECK(parse_succession(entry)->until_s == 77);
  CHECK_FALSE(parse_succession(succession_entry(a, other, 77)).has_value());
  for (std::size_t bit = 0; bit < entry.size() * 8; ++bit) {
    std::string bent = entry;
    bent[bit / 8] = static_cast<char>(bent[bit / 8] ^ (1 << bit % 8));
    INFO(bent);
    CHECK_FALSE(parse_succession(bent).has_value());
  }
  const auto note = sign_checkpoint({"a.example/log", 1, Hash{}}, b);
  CHECK(heir_of(a.verifier(), {*parse_succession(entry)}, note).line() == b.verifier().line());
  CHECK(heir_of(b.verifier(), {}, note).line() == b.verifier().line());
  CHECK(heir_of(other.verifier(), {*parse_succession(entry)}, note).line() ==
        other.verifier().line());
}
