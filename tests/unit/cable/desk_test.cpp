// SPDX-License-Identifier: Apache-2.0
// The desk on a disk that has no room and with a host that cannot be told: nothing is in hand twice
// and nothing is lost.
#include <catch2/catch.hpp>

#include <sys/resource.h>

#include <csignal>
#include <filesystem>

#include "plugins/cable/book/airing.hpp"
#include "plugins/cable/book/history.hpp"
#include "plugins/cable/play/desk.hpp"
#include "tests/unit/cable/fake_host.hpp"
#include "tests/unit/cable/rig.hpp"
#include "tests/unit/cable/verdict_of.hpp"

namespace civicast::cable {
namespace {

/// While it lives no file can grow beyond its length: a disk that is full.
class FullDisk {
 public:
  explicit FullDisk(const std::string &file) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    rlimit now = before_;
    now.rlim_cur = std::filesystem::file_size(file);
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  FullDisk(const FullDisk &) = delete;
  FullDisk &operator=(const FullDisk &) = delete;

 private:
  rlimit before_{};
};

/// A desk with all that lies on it.
struct Bureau {
  Bureau() : host(folder.path.string()), history(folder / "history", 0), journal(folder / "j") {}
  TempFolder folder;
  FakeHost host;
  Schedule schedule;
  History history;
  Journal journal;
  FactList facts{journal};
  Desk desk{host.get(), the_house(), {schedule, history, facts}};
  std::int64_t start_ns = frame_ns(frame_near(host.get().now_ns()) + 100'000);

  civ_verdict publish(const std::string &id) {
    const Handed handed(id, "placement", spot_file(), start_ns, start_ns + frame_ns(75));
    return verdict_of([&] { desk.publish(handed.get()); });
  }
};

}  // namespace

TEST_CASE("A placement that is handed again while nothing can be told is no rival of itself") {
  Bureau bureau;
  REQUIRE(bureau.publish("p") == CIV_DONE);
  bureau.host.is_deaf = true;
  CHECK(bureau.publish("p") == CIV_LATER);
  CHECK(verdict_of([&] { bureau.desk.recall("p"); }) == CIV_LATER);
  bureau.host.is_deaf = false;
  CHECK(bureau.publish("p") == CIV_DONE);
  CHECK(bureau.schedule.size() == 1);
}

TEST_CASE("A placement that is over is not aired again because its end cannot be told") {
  Bureau bureau;
  REQUIRE(bureau.publish("p") == CIV_DONE);
  bureau.schedule.done("p");
  bureau.history.add(Fact::aired("p", {bureau.start_ns, bureau.start_ns + 1}, CIV_MEASURED));
  bureau.host.is_deaf = true;
  CHECK(bureau.publish("p") == CIV_LATER);
  CHECK(bureau.schedule.size() == 0);
}

TEST_CASE("What cannot be written down as withdrawn stays planned, and can be withdrawn later") {
  Bureau bureau;
  REQUIRE(bureau.publish("p") == CIV_DONE);
  {
    const FullDisk full(bureau.folder / "history");
    CHECK(verdict_of([&] { bureau.desk.withdraw("p"); }) == CIV_LATER);
  }
  CHECK(bureau.schedule.holds("p"));
  CHECK(bureau.host.count("p", CIV_WITHDRAWN) == 0);
  CHECK(verdict_of([&] { bureau.desk.withdraw("p"); }) == CIV_DONE);
  CHECK_FALSE(bureau.schedule.holds("p"));
  CHECK(bureau.host.count("p", CIV_WITHDRAWN) == 1);
}

TEST_CASE("A full disk keeps no history from opening, and takes nothing out of it") {
  const TempFolder folder;
  const std::string path = folder / "history";
  Item item;
  item.id = "p";
  item.live = "udp://239.1.1.1:5000";
  item.break_id = "evening";
  item.file_bytes = 5;
  { History(path, 0).add(item, accepted(item)); }
  const auto size = std::filesystem::file_size(path);
  std::filesystem::resize_file(path, size + 3);  // as a killed write leaves it
  {
    std::filesystem::create_directory(path + ".next");  // cannot be written, either
    History history(path, 0);
    CHECK(std::filesystem::file_size(path) == size);
    history.add(withdrawn("p", 7));
  }
  const auto known = History(path, 0).find("p");
  REQUIRE(known);
  CHECK(known->facts.size() == 2);
  CHECK(known->item->live == item.live);
  CHECK(known->item->break_id == item.break_id);
  CHECK(known->item->file_bytes == 5);
}

}  // namespace civicast::cable
