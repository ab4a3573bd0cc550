// SPDX-License-Identifier: Apache-2.0
// A worker on a fast clock is killed again and again; whatever it says it aired must be in the
// file.
#include <catch2/catch.hpp>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <map>
#include <new>
#include <nlohmann/json.hpp>
#include <random>

#include "plugins/cable/book/airing.hpp"
#include "plugins/cable/book/history.hpp"
#include "plugins/cable/play/restore.hpp"
#include "tests/tools/ts/spot_count.hpp"
#include "tests/unit/cable/rig.hpp"

namespace civicast::cable {
namespace {

/// Survives the worker, as real time does.
struct SharedClock final : Clock {
  static SharedClock *make() {
    void *memory = ::mmap(nullptr, sizeof(SharedClock), PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    REQUIRE(memory != MAP_FAILED);
    return new (memory) SharedClock;
  }
  Pacer::Reading read() override { return {now_ns - 1'000'000'000, now_ns}; }
  std::atomic<std::int64_t> now_ns{1'800'000'000'000'000'000};
};

/// The clerk's work without its thread, and a list on disk in the host's stead.
struct DiskFacts final : FactSink {
  DiskFacts(History &h, Journal &j) : history(h), journal(j) {}
  void put(Fact fact, int slot) override {
    history.add(fact);
    if (slot >= 0) journal.free(slot);
  }
  History &history;
  Journal &journal;
};

struct Worker {
  Worker(const TempFolder &folder, SharedClock &clock)
      : journal(folder / "airing.now"),
        history(folder / "history", clock.now_ns),
        found_bytes(std::filesystem::exists(folder / "out.ts")
                        ? static_cast<std::int64_t>(std::filesystem::file_size(folder / "out.ts"))
                        : -1),
        file(folder / "out.ts"),
        facts(history, journal),
        engine({clock, schedule, the_slate(), journal, facts, {&file}, &file}, {the_house()}) {
    restore({journal, history, schedule, engine, facts}, {clock.now_ns, found_bytes});
  }
  Schedule schedule;
  Journal journal;
  History history;
  std::int64_t found_bytes;
  FileOutput file;
  DiskFacts facts;
  Engine engine;
};

/// Plans what is missing of the next seconds: spots of 25 frames back to back, in turn.
void plan_ahead(Worker &worker, const std::vector<std::string> &clips, std::int64_t now_ns) {
  constexpr std::int64_t kLength = 25 * kFrameNs;
  for (std::int64_t slot = now_ns / kLength + 2; slot < now_ns / kLength + 6; ++slot) {
    Item item;
    const auto which = static_cast<std::size_t>(slot) % clips.size();
    item.id = "p" + std::to_string(slot);
    item.asset = "clip" + std::to_string(which);
    item.path = clips[which];
    item.sha256 = std::string(64, 'b');
    item.start_ns = slot * kLength;
    item.end_ns = item.start_ns + kLength;
    item.clip_frames = 25;
    worker.history.add(item, accepted(item));
    worker.schedule.add(std::make_shared<const Item>(item));
  }
}

[[noreturn]] void work(const TempFolder &folder, SharedClock &clock,
                       const std::vector<std::string> &clips) {
  Worker worker(folder, clock);
  for (;;) {
    if (clock.now_ns / kTickNs % 20 == 0) plan_ahead(worker, clips, clock.now_ns);
    const std::int64_t next = worker.engine.tick();
    clock.now_ns = next + 1'000'000'000;
  }
}

}  // namespace

TEST_CASE("A worker killed at any moment has aired exactly what its file shows") {
  const std::vector<std::string> clips{house_file({.frames = 25}),
                                       house_file({.frames = 25, .picture = "smptebars"}),
                                       house_file({.frames = 25, .picture = "rgbtestsrc"})};
  the_slate();  // made before the first fork, so that no child spends its time on it
  const TempFolder folder;
  SharedClock &clock = *SharedClock::make();
  std::mt19937 random(20261123);
  for (int kill_number = 0; kill_number < 16; ++kill_number) {
    const std::int64_t begun_ns = clock.now_ns;
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) work(folder, clock, clips);
    // By its own progress, not by a time: at least a few spots, then at an arbitrary instruction.
    while (clock.now_ns < begun_ns + 4'000'000'000 && ::waitpid(child, nullptr, WNOHANG) == 0)
      ::usleep(100);
    ::usleep(static_cast<useconds_t>(random() % 3000));
    ::kill(child, SIGKILL);
    REQUIRE(::waitpid(child, nullptr, 0) == child);
    clock.now_ns += static_cast<std::int64_t>(random() % 1'500'000'000);
  }
  std::map<std::string, std::int64_t> aired;
  std::int64_t planned = 0, missed = 0;
  {
    Worker last(folder, clock);
    last.engine.stop();
  }
  std::ifstream in(folder / "history");
  std::map<std::string, std::string> asset_of;
  for (std::string line; std::getline(in, line);) {
    const auto json = nlohmann::json::parse(line);
    if (json.contains("item")) asset_of[json["item"]["id"]] = json["item"]["asset"];
    if (json.contains("item")) ++planned;
    if (!json.contains("fact")) continue;
    if (json["fact"]["fact"] == int{CIV_AIRED}) ++aired[asset_of[json["fact"]["id"]]];
    if (json["fact"]["fact"] == int{CIV_MISSED}) ++missed;
  }
  const tests::SpotCount seen = tests::count_spots(
      folder / "out.ts", {{"clip0", clips[0]}, {"clip1", clips[1]}, {"clip2", clips[2]}});
  INFO(seen.json());
  CHECK(aired["clip0"] == seen.complete.at("clip0"));
  CHECK(aired["clip1"] == seen.complete.at("clip1"));
  CHECK(aired["clip2"] == seen.complete.at("clip2"));
  CHECK(aired["clip0"] > 10);
  CHECK(missed > 5);
  ::munmap(&clock, sizeof clock);
}

}  // namespace civicast::cable
