// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <sys/wait.h>

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

void must_be_good(const Folder &folder, std::uint64_t size) {
  NoProgress progress;
  const auto verdict = verify(folder.ledger(), folder.keys() / "ledger.pub", progress);
  if (!verdict) FAIL(verdict.fault().front().text());
  CHECK(verdict->size == size);
  CHECK(verdict->signed_size == size);
}

/// Runs `body` in a process of its own that is killed when it returns; the ledger that it returns
/// is not closed.
template <class Body>
void in_killed_process(const Body &body) {
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    const auto left_open = body();
    ::kill(::getpid(), SIGKILL);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
}

/// Lets the n-th operation fail and all later ones work again, as a disk with a bad moment does. A
/// failing write is torn in its middle.
class FailingDisk final : public Disk {
 public:
  explicit FailingDisk(int fails_at) : left_(fails_at) {}
  bool has_failed() const { return left_ <= 0; }

  bool write(int fd, std::string_view bytes, std::uint64_t offset) override {
    if (!fails()) return Disk::write(fd, bytes, offset);
    static_cast<void>(Disk::write(fd, bytes.substr(0, bytes.size() / 2), offset));
    return errno = EIO, false;
  }
  bool sync(int fd) override { return fails() ? (errno = EIO, false) : Disk::sync(fd); }
  bool reserve(int fd, std::uint64_t bytes) override {
    return fails() ? (errno = ENOSPC, false) : Disk::reserve(fd, bytes);
  }
  Result<void> replace(const fs::path &path, std::string_view bytes) override {
    if (fails()) return Fault(faults::ledger_stopped, {{"reason", "replace"}});
    return Disk::replace(path, bytes);
  }

 private:
  bool fails() { return --left_ == 0; }
  int left_;
};

}  // namespace

TEST_CASE("entries that were acknowledged and never signed are there after a kill") {
  const Folder folder;
  test::make_ledger(folder, 5);
  in_killed_process([&] {
    auto ledger = Ledger::open(folder.ledger(), folder.keys());
    if (!ledger || !(*ledger)->append(entries(5, 700))) ::_exit(1);
    return ledger;
  });
  {
    auto ledger = Ledger::open(folder.ledger(), folder.keys());
    REQUIRE(ledger.ok());
    CHECK(*(*ledger)->read(0, 1000) == entries(0, 705));
  }
  must_be_good(folder, 705);
}

TEST_CASE("a tail torn at any byte is cut to whole entries, and the ledger goes on") {
  const Folder folder;
  test::make_ledger(folder, 3);
  const auto segment = folder.ledger() / "entries/00000000";
  const std::size_t signed_end = bytes_of(segment).find_last_not_of('\0') / 4 * 4 + 4;
  in_killed_process([&] {
    auto ledger = Ledger::open(folder.ledger(), folder.keys());
    if (!ledger || !(*ledger)->append(entries(3, 4))) ::_exit(1);
    return ledger;
  });
  fs::copy(folder.ledger(), folder.path / "ledger-then", fs::copy_options::recursive);
  fs::copy(folder.keys(), folder.path / "keys-then", fs::copy_options::recursive);
  const std::string whole = bytes_of(segment);
  const std::size_t end = whole.find_last_not_of('\0') + 1;
  for (std::size_t cut = signed_end; cut < end; ++cut) {
    fs::remove_all(folder.ledger());
    fs::remove_all(folder.keys());
    fs::copy(folder.path / "ledger-then", folder.ledger(), fs::copy_options::recursive);
    fs::copy(folder.path / "keys-then", folder.keys(), fs::copy_options::recursive);
    std::string torn = whole;
    std::fill(torn.begin() + static_cast<long>(cut), torn.end(), '\0');
    put(segment, torn);
    std::uint64_t size = 0;
    {
      auto ledger = Ledger::open(folder.ledger(), folder.keys());
      if (!ledger) FAIL(ledger.fault().text());
      size = (*ledger)->size();
      REQUIRE(size >= 3);
      REQUIRE(size < 7);
      REQUIRE((*ledger)->append(entries(size, 9)).ok());
      REQUIRE(*(*ledger)->read(0, 99) == entries(0, size + 9));
    }
    must_be_good(folder, size + 9);
  }
}

TEST_CASE("nothing of a torn group comes back when its first entry is lost") {
  const Folder folder;
  test::make_ledger(folder, 3);
  in_killed_process([&] {
    auto ledger = Ledger::open(folder.ledger(), folder.keys());
    if (!ledger || !(*ledger)->append({"lost", "kept by chance", "and this"})) ::_exit(1);
    return ledger;
  });
  const auto segment = folder.ledger() / "entries/00000000";
  std::string torn = bytes_of(segment);
  torn.replace(torn.find("lost") - 16, 20, std::string(20, '\0'));
  put(segment, torn);
  auto ledger = Ledger::open(folder.ledger(), folder.keys());
  REQUIRE(ledger.ok());
  CHECK((*ledger)->size() == 3);
  REQUIRE((*ledger)->append({"anew"}).ok());
  ledger = Fault(faults::ledger_stopped);
  must_be_good(folder, 4);
}

TEST_CASE("damage to an entry that was synced once is no torn tail, signed or not") {
  const Folder folder;
  test::make_ledger(folder, 3);
  in_killed_process([&] {
    auto ledger = Ledger::open(folder.ledger(), folder.keys());
    if (!ledger || !(*ledger)->append({"first group"}) || !(*ledger)->append({"second group"}))
      ::_exit(1);
    return ledger;
  });
  const auto segment = folder.ledger() / "entries/00000000";
  std::string bytes = bytes_of(segment);
  bytes[bytes.find("first group")] = 'F';
  put(segment, bytes);
  const auto ledger = Ledger::open(folder.ledger(), folder.keys());
  REQUIRE_FALSE(ledger.ok());
  CHECK(ledger.fault().is(faults::entry_damaged));
}

TEST_CASE("killed after any number of acknowledgements, no acknowledged entry is lost") {
  const Folder folder;
  test::make_ledger(folder, 0);
  std::uint64_t known = 0;
  for (int trial = 0; trial < 30; ++trial) {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      auto ledger = Ledger::open(folder.ledger(), folder.keys());
      if (!ledger) ::_exit(1);
      for (int step = 0;; ++step) {
        const std::uint64_t size = (*ledger)->size();
        if (!(*ledger)->append(entries(size, 1 + size % 40))) ::_exit(2);
        const std::uint64_t acknowledged = (*ledger)->size();
        if (::write(ends[1], &acknowledged, sizeof acknowledged) < 0) ::_exit(3);
        if (step % 3 == 0 && !(*ledger)->checkpoint(0, true)) ::_exit(4);
      }
    }
    ::close(ends[1]);
    std::uint64_t acknowledged = 0;
    for (int reads = 0; reads <= trial; ++reads)
      REQUIRE(::read(ends[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged);
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    REQUIRE(WIFSIGNALED(status));
    while (::read(ends[0], &known, sizeof known) == sizeof known) acknowledged = known;
    ::close(ends[0]);
    const auto ledger = Ledger::open(folder.ledger(), folder.keys());
    if (!ledger) FAIL(ledger.fault().text());
    REQUIRE((*ledger)->size() >= acknowledged);
    REQUIRE(*(*ledger)->read(0, 1 << 20) == entries(0, (*ledger)->size()));
    known = (*ledger)->size();
  }
  must_be_good(folder, known);
}

TEST_CASE(
    "whichever write or sync fails, nothing more is taken or signed, and nothing acknowledged "
    "lost") {
  bool has_failed = true;
  for (int fails_at = 1; has_failed && fails_at < 500; ++fails_at) {
    const Folder folder;
    test::make_ledger(folder, 4);
    std::uint64_t acknowledged = 4;
    {
      FailingDisk disk(fails_at);
      auto ledger = Ledger::open(folder.ledger(), folder.keys(), disk);
      bool is_stopped = !ledger.ok();
      for (int step = 0; step < 12 && ledger.ok(); ++step) {
        const auto done = (*ledger)->append(entries((*ledger)->size(), 60));
        if (is_stopped) REQUIRE_FALSE(done.ok());
        if (done) acknowledged = *done + 60;
        if (!done && !done.fault().is(faults::disk_full)) is_stopped = true;
        const std::uint64_t signed_size = (*ledger)->last_signed().size;
        const bool was_signed = (*ledger)->checkpoint(0, true).ok();
        if (is_stopped) REQUIRE((*ledger)->last_signed().size == signed_size);
        if (!was_signed && (*ledger)->append({"x"}).ok())
          acknowledged = (*ledger)->size();  // only publishing failed: taken up again later
        else if (!was_signed)
          is_stopped = true;
      }
      has_failed = disk.has_failed();
    }
    auto ledger = Ledger::open(folder.ledger(), folder.keys());
    if (!ledger) FAIL(ledger.fault().text());
    REQUIRE((*ledger)->size() >= acknowledged);
    REQUIRE((*ledger)->append({"on again"}).ok());
    const auto size = (*ledger)->size();
    ledger = Fault(faults::ledger_stopped);
    must_be_good(folder, size);
  }
  CHECK_FALSE(has_failed);
}

TEST_CASE("a full disk refuses cleanly, and the ledger goes on when there is room") {
  class FullDisk final : public Disk {
   public:
    bool is_full = false;
    bool reserve(int fd, std::uint64_t bytes) override {
      return is_full ? (errno = ENOSPC, false) : Disk::reserve(fd, bytes);
    }
  } disk;
  const Folder folder;
  test::make_ledger(folder, 0);
  auto ledger = Ledger::open(folder.ledger(), folder.keys(), disk);
  REQUIRE(ledger.ok());
  disk.is_full = true;
  CHECK((*ledger)->append(entries(0, 1000)).fault().is(faults::disk_full));
  CHECK((*ledger)->size() == 0);
  REQUIRE((*ledger)->append(entries(0, 10)).ok());
  disk.is_full = false;
  REQUIRE((*ledger)->append(entries(10, 1000)).ok());
  ledger = Fault(faults::ledger_stopped);
  must_be_good(folder, 1010);
}

TEST_CASE("a creation that was cut off is taken up again, and never over entries") {
  const Folder folder;
  REQUIRE(create(folder.ledger(), folder.keys(), test::origin, 4096).ok());
  put(folder.ledger() / "unfinished", (folder.keys() / "ledger.key").string());
  fs::remove(folder.ledger() / "checkpoint");
  CHECK(Ledger::open(folder.ledger(), folder.keys()).fault().is(faults::ledger_absent));
  REQUIRE(create(folder.ledger(), folder.keys(), test::origin, 4096).ok());
  REQUIRE((*Ledger::open(folder.ledger(), folder.keys()))->append(entries(0, 2)).ok());
  put(folder.ledger() / "unfinished", (folder.keys() / "ledger.key").string());
  CHECK(create(folder.ledger(), folder.keys(), test::origin).fault().is(faults::ledger_exists));
  fs::remove(folder.ledger() / "unfinished");
  must_be_good(folder, 2);
}
