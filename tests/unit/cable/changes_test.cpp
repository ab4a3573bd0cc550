// SPDX-License-Identifier: Apache-2.0
// What changes behind the engine's back: house files, the clock, a disk that takes nothing for
// long.
#include <catch2/catch.hpp>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "plugins/cable/book/airing.hpp"
#include "plugins/cable/book/history.hpp"
#include "plugins/cable/format/gate.hpp"
#include "plugins/cable/play/restore.hpp"
#include "tests/unit/cable/rig.hpp"

namespace civicast::cable {
namespace {

namespace fs = std::filesystem;

/// A spot of 75 frames in a file of its own, from the third second on, as the desk accepts it.
struct Accepted {
  explicit Accepted(Rig &rig) : path(rig.folder / "spot.ts") {
    fs::copy_file(spot_file(), path);
    Gate gate(the_house());
    const Gate::Answer answer = gate.inspect(path, "");
    Item item;
    item.id = "p";
    item.path = path;
    item.start_ns = rig.start_ns + 3'000'000'000;
    item.end_ns = item.start_ns + frame_ns(75);
    item.clip_frames = answer.frames;
    item.file_bytes = answer.size_bytes;
    item.file_changed_ns = answer.changed_ns;
    rig.schedule.add(std::make_shared<const Item>(item));
  }
  std::string path;
  std::string other = house_file({.frames = 75, .picture = "smptebars"});
};

/// The process that comes after one that was killed, with what that one left in `folder`.
struct Successor {
  Successor(const TempFolder &folder, SimClock &clock)
      : history(folder / "history", clock.utc_ns),
        journal(folder / "airing.now"),
        facts(journal),
        engine({clock, schedule, the_slate(), journal, facts, {&output}}, {the_house()}) {
    restore({journal, history, schedule, engine, facts}, {clock.utc_ns, -1});
  }
  History history;
  Journal journal;
  FactList facts;
  Schedule schedule;
  CheckedOutput output;
  Engine engine;
};

}  // namespace

TEST_CASE("A house file that was replaced after the gate let it pass is not aired") {
  Rig rig;
  const Accepted spot(rig);
  fs::copy_file(spot.other, spot.path + ".new");
  fs::rename(spot.path + ".new", spot.path);
  rig.run_for_ms(8000);
  CHECK(rig.facts.final_of("p").status == CIV_MISSING_CONTENT);
  CHECK(proof(rig.facts.final_of("p")).at("frames_sent") == 0);
  CHECK(rig.output.check.report().is_clean());
}

TEST_CASE("A house file that is written over while it is on air is not counted") {
  Rig rig;
  const Accepted spot(rig);
  rig.run_for_ms(4000);
  fs::copy_file(spot.other, spot.path, fs::copy_options::overwrite_existing);
  rig.run_for_ms(4000);
  const Fact fact = rig.facts.final_of("p");
  CHECK(fact.status == CIV_TECHNICAL_DIFFICULTY);
  CHECK(proof(fact).at("frames_sent") < 40);
  CHECK(rig.output.check.report().is_clean());
}

TEST_CASE("A house file whose name is taken away while it is on air airs whole") {
  Rig rig;
  const Accepted spot(rig);
  rig.run_for_ms(4000);
  fs::remove(spot.path);
  rig.run_for_ms(4000);
  CHECK(rig.facts.final_of("p").fact == CIV_AIRED);
}

TEST_CASE("A placement behind whose start the clock is set back is over, and seen no second time") {
  Rig rig;
  rig.plan("p", spot_file(), 3000, 75);
  rig.run_for_ms(3500);
  rig.clock.utc_ns -= 2'000'000'000;
  rig.run_for_ms(1000);
  CHECK(rig.facts.final_of("p").fact == CIV_MISSED);
  const auto sent = proof(rig.facts.final_of("p")).at("frames_sent").get<int>();
  CHECK(sent > 0);
  CHECK(sent < 75);
  rig.run_for_ms(8000);
  CHECK(rig.facts.final_of("p").fact == CIV_MISSED);
  // All but those few were the slate's.
  CHECK(rig.engine->status().slate_frames == rig.engine->status().frames_sent - sent);
  CHECK(rig.output.check.report().is_clean());
}

TEST_CASE("What was lost on the network is not taken for sent because the file has it") {
  struct Death final : Output {
    std::int64_t send(const std::vector<iovec> &) override {
      if (--left == 0) throw left;
      return 0;
    }
    std::int64_t left = -1;
  };
  const TempFolder folder;
  SimClock clock;
  Schedule schedule;
  std::optional<Journal> journal(folder / "airing.now");
  FactList facts(*journal);
  CheckedOutput network;
  FileOutput file(folder / "air.ts");
  Death death;
  Engine engine({clock, schedule, the_slate(), *journal, facts, {&network, &file, &death}, &file},
                {the_house()});
  Item item;
  item.id = "p";
  item.path = spot_file();
  item.start_ns = clock.utc_ns + 1'000'000'000;
  item.end_ns = item.start_ns + frame_ns(75);
  item.clip_frames = 75;
  schedule.add(std::make_shared<const Item>(item));
  const auto run_for_ms = [&](std::int64_t ms) {
    for (const std::int64_t end = clock.mono_ns + ms * 1'000'000; clock.mono_ns < end;)
      clock.pass(engine.tick() - clock.mono_ns);
  };
  run_for_ms(2000);
  // In one batch a datagram is lost, the file has all of it, and the process ends.
  network.failing = 1;
  death.left = 1;
  CHECK_THROWS_AS(run_for_ms(2000), std::int64_t);
  const Journal left(folder / "airing.now");
  REQUIRE(left.left().size() == 1);
  CHECK(left.left()[0].progress.send_errors == 1);
}

TEST_CASE("What a file did not have at the restart it has not because it has grown since") {
  const TempFolder folder;
  SimClock clock;
  Item item;
  item.id = "p";
  item.path = spot_file();
  item.start_ns = clock.utc_ns - 3'000'000'000;
  item.end_ns = item.start_ns + frame_ns(75);
  {
    History(folder / "history", clock.utc_ns).add(item, accepted(item));
    Journal journal(folder / "airing.now");
    Progress progress;
    progress.id = "p";
    progress.expected = 75;
    progress.start_ns = item.start_ns;
    const int slot = journal.open(progress);
    progress.sent = 74;
    journal.sent(slot, progress);
    journal.about(slot, 75, 1880);  // and then it died
  }
  // The first successor's disk is full: what it says gets into no history.
  for (const std::int64_t file_size_bytes : {0, 18'800}) {
    History history(folder / "history", clock.utc_ns);
    Journal journal(folder / "airing.now");
    struct Unwritten final : FactSink {
      void put(Fact fact, int) override { facts.push_back(std::move(fact)); }
      std::vector<Fact> facts;
    } said;
    Schedule schedule;
    CheckedOutput output;
    Engine engine({clock, schedule, the_slate(), journal, said, {&output}}, {the_house()});
    restore({journal, history, schedule, engine, said}, {clock.utc_ns, file_size_bytes});
    CAPTURE(file_size_bytes);
    REQUIRE_FALSE(said.facts.empty());
    CHECK(said.facts.back().fact == CIV_MISSED);
    CHECK(said.facts.back().status == CIV_STATUS_UNKNOWN);
  }
}

TEST_CASE("A filler that was over when its sender died is not shown again by a clock set back") {
  const TempFolder folder;
  SimClock clock;
  Item item;
  item.id = "f";
  item.kind = Kind::filler;
  item.path = filler_file();
  item.start_ns = clock.utc_ns - 3'000'000'000;
  item.end_ns = clock.utc_ns + 3'000'000'000;
  item.clip_frames = 150;
  {
    History(folder / "history", clock.utc_ns).add(item, accepted(item));
    Journal journal(folder / "airing.now");
    Progress progress;
    progress.id = "f";
    progress.kind = Kind::filler;
    progress.expected = progress.sent = 150;
    journal.close(journal.open(progress), progress);
  }
  Successor next(folder, clock);
  CHECK(next.facts.final_of("f").fact == CIV_AIRED);
  CHECK_FALSE(next.schedule.holds("f"));
}

TEST_CASE("Of what found no room in the journal a successor does not say that it did not air") {
  const TempFolder folder;
  SimClock clock;
  const auto planned = [&](const std::string &id, std::int64_t after_s) {
    Item item;
    item.id = id;
    item.path = spot_file();
    item.start_ns = clock.utc_ns + after_s * 1'000'000'000;
    item.end_ns = item.start_ns + frame_ns(75);
    return item;
  };
  const Item untold = planned("untold", 10), later = planned("later", 30);
  {
    History history(folder / "history", clock.utc_ns);
    history.add(untold, accepted(untold));
    history.add(later, accepted(later));
    Journal journal(folder / "airing.now");
    Progress progress;
    progress.start_ns = clock.utc_ns;
    for (std::size_t i = 0; i < Journal::kSlots; ++i) REQUIRE(journal.open(progress) >= 0);
    progress.id = "untold";
    progress.start_ns = untold.start_ns + 20'000'000;
    REQUIRE(journal.open(progress) == -1);
  }
  clock.pass(60'000'000'000);
  Successor next(folder, clock);
  CHECK(next.facts.final_of("untold").status == CIV_STATUS_UNKNOWN);
  CHECK(next.facts.final_of("later").status == CIV_DID_NOT_AIR);
}

}  // namespace civicast::cable
