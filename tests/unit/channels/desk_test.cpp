// SPDX-License-Identifier: Apache-2.0
// The life of a placement with a real worker behind it. The echo plugin does what the placement's
// English text says; the house clock is the test's.
#include "host/channels/desk.hpp"

#include <signal.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <random>
#include <set>

#include "host/channels/placement_text.hpp"
#include "host/library/asset.hpp"
#include "sdk/base/json.hpp"
#include "tests/plugins/harness.hpp"

using namespace civicast;
using namespace civicast::channels;
using wire::FactKind;
using wire::Status;

namespace {

constexpr std::int64_t noon = 1'795'444'560 * ns_per_s;
constexpr FaultKind no_media{1, "media.absent", Actor::person, "没有", "There is no house file."};

/// An item whose asset is its command.
playlists::Item item(const std::string &id, const std::string &command, std::int64_t in_s = 60) {
  playlists::Item out;
  out.id = id;
  out.asset = command;
  out.start_ns = noon + in_s * ns_per_s;
  out.end_ns = out.start_ns + 15 * ns_per_s;
  return out;
}

/// A host without its flow: one channel, a book of facts, and a life that can end and begin anew.
struct House {
  explicit House(const std::string &with_plugin = "echo", Json with_settings = Json::object())
      : plugin(with_plugin), settings(std::move(with_settings)) {
    auto opened = store::Store::open(folder / "civicast.db");
    REQUIRE(opened);
    database = std::move(*opened);
    begin();
  }
  void begin() {
    Channel channel;
    channel.id = "one";
    channel.places = {"one"};
    DeskHooks hooks;
    hooks.on_facts = [this](const workers::Origin &origin, const std::vector<wire::Fact> &facts) {
      if (!is_book_open) return false;
      for (const wire::Fact &fact : facts) book.emplace_back(origin, fact);
      return true;
    };
    hooks.text_of = [](const playlists::Item &i) { return Words{"", i.asset}; };
    const MediaOf media = [](const playlists::Item &i,
                             const Channel &) -> Result<std::vector<wire::Media>> {
      if (i.asset == "no media") return Fault(no_media);
      return std::vector<wire::Media>{{"/house.ts", "00ff", "video/mp2t", 15 * ns_per_s}};
    };
    desk = std::make_unique<Desk>(*database, clock, std::vector<Channel>{channel}, media, hooks);
    supervisor = std::make_unique<workers::Supervisor>(*desk, test::hasty());
    workers::WorkerSpec spec = test::spec_of(plugin, folder / "state");
    spec.settings = settings;
    const auto added = supervisor->add(spec);
    if (!added) FAIL(added.fault().front().text());
    desk->work(*supervisor);
  }
  /// As if the host had been killed: nobody is asked to stop.
  void die() {
    supervisor.reset();
    desk.reset();
  }
  bool until(const std::function<bool()> &is_so) {
    return test::step_until(*supervisor, [&] {
      desk->tick();
      return is_so();
    });
  }
  bool until_state(const std::string &id, State state) {
    return until([&] { return desk->state(id) == state; });
  }
  std::vector<wire::Fact> said(const std::string &id) const {
    std::vector<wire::Fact> out;
    for (const auto &[origin, fact] : book)
      if (fact.placement == id) out.push_back(fact);
    return out;
  }
  std::string code(const wire::Fact &fact) const {
    return parse_json(fact.proof)->value("code", "");
  }
  std::set<std::string> journal() const {
    std::set<std::string> out;
    std::ifstream in(folder / "state/journal");
    for (std::string id, start, end; in >> id >> start >> end;) {
      INFO(id);
      CHECK(out.insert(id).second);  // aired twice, truly
    }
    return out;
  }
  void kill_worker() const {
    const auto pid = supervisor->snapshot()["one"]["pid"].get<pid_t>();
    if (pid > 0) ::kill(pid, SIGKILL);
  }

  std::string plugin;
  Json settings;
  test::TempFolder folder;
  ManualClock clock{noon};
  std::vector<std::pair<workers::Origin, wire::Fact>> book;
  bool is_book_open = true;
  std::unique_ptr<store::Store> database;
  std::unique_ptr<Desk> desk;
  std::unique_ptr<workers::Supervisor> supervisor;
};

}  // namespace

TEST_CASE("an item that is handed over airs, and handing it again changes nothing") {
  House house;
  for (int i = 0; i < 3; ++i) house.desk->hand("one", {item("p", "air")});
  REQUIRE(house.until_state("p", State::aired));
  house.desk->hand("one", {item("p", "air")});
  house.desk->tick();
  CHECK(house.said("p").size() == 1);
  CHECK(house.journal() == std::set<std::string>{"p"});
  CHECK(house.desk->standing("p")->attempt == 1);
  CHECK(house.desk->standing("p")->house_sha256 == "00ff");
}

TEST_CASE("a placement refused by the plugin is missed, with its reason, and never sent again") {
  House house;
  house.desk->hand("one", {item("p", "refuse")});
  REQUIRE(house.until_state("p", State::refused));
  REQUIRE(house.said("p").size() == 1);
  CHECK(house.said("p")[0].fact == FactKind::missed);
  CHECK(house.said("p")[0].evidence == wire::Evidence::inferred);
  CHECK(house.code(house.said("p")[0]) == "echo.refused");
  CHECK(house.book.back().first.plugin == "civicast.host");
}

TEST_CASE("an item without media is missed as missing content once its time is near") {
  House house;
  house.desk->hand("one", {item("p", "no media")});
  REQUIRE(house.until_state("p", State::later));
  house.clock.advance(56 * ns_per_s);
  REQUIRE(house.until_state("p", State::missed));
  CHECK(house.said("p").at(0).status == Status::missing_content);
  CHECK(house.code(house.said("p")[0]) == "media.absent");
}

TEST_CASE("an item whose time passed before it was handed did not air") {
  House house;
  house.desk->hand("one", {item("p", "air", -60)});
  REQUIRE(house.until_state("p", State::missed));
  CHECK(house.said("p").at(0).status == Status::did_not_air);
  CHECK(house.journal().empty());
}

TEST_CASE("what the plugin puts off is tried again when it asked for it") {
  House house;
  house.desk->hand("one", {item("p", "later")});
  REQUIRE(house.until_state("p", State::later));
  CHECK(house.desk->standing("p")->next_try_ns == house.clock.now_ns() + 20 * ns_per_ms);
  house.clock.advance(ns_per_s);
  REQUIRE(house.until([&] { return house.desk->standing("p")->attempt == 2; }));
  house.clock.advance(100 * ns_per_s);
  REQUIRE(house.until_state("p", State::missed));
  CHECK(house.said("p").at(0).status == Status::did_not_air);
}

TEST_CASE("an unknown that had aired is found out by recall, and counted once") {
  House house;
  house.desk->hand("one", {item("p", "unknown")});
  REQUIRE(house.until_state("p", State::aired));
  CHECK(house.said("p").size() == 1);
  CHECK(house.journal().size() == 1);
}

TEST_CASE("a worker that dies just after it aired: the next one is asked, and says so") {
  House house;
  house.desk->hand("one", {item("p", "air then crash")});
  REQUIRE(house.until_state("p", State::aired));
  CHECK(house.desk->standing("p")->deaths == 1);
  CHECK(house.desk->standing("p")->attempt == 1);
  CHECK(house.journal().size() == 1);
}

TEST_CASE("a placement that ends two workers is set aside, and the channel goes on") {
  House house;
  house.desk->hand("one", {item("poison", "crash"), item("next", "air", 90)});
  REQUIRE(house.until_state("poison", State::missed));
  REQUIRE(house.until_state("next", State::aired));
  const auto said = house.said("poison");
  REQUIRE(said.size() == 1);
  CHECK(house.code(said[0]) == "placement.poison");
  CHECK(said[0].status == Status::technical_difficulty);
  CHECK(house.desk->standing("poison")->deaths == 2);
}

TEST_CASE("a channel that cannot tell leaves it held, and at last missed as unknown") {
  House house("rogue_hang_publish");
  house.desk->hand("one", {item("p", "")});
  REQUIRE(house.until_state("p", State::held));
  CHECK(house.said("p").empty());
  house.clock.advance(200 * ns_per_s);
  REQUIRE(house.until_state("p", State::missed));
  REQUIRE(house.said("p").size() == 1);
  CHECK(house.said("p")[0].status == Status::unknown);
}

TEST_CASE("accepted and never spoken of again ends as unknown, after it was asked for") {
  House house;
  house.desk->hand("one", {item("p", "accept")});
  REQUIRE(house.until_state("p", State::accepted));
  house.clock.advance(60 * ns_per_s + 15 * ns_per_s + 2 * ns_per_s);
  REQUIRE(house.until_state("p", State::missed));
  CHECK(house.said("p").back().status == Status::unknown);
  CHECK(house.code(house.said("p").back()) == "placement.no_word");
}

TEST_CASE("an item is taken back before and after it was handed over, and not once it aired") {
  House house;
  house.desk->hand("one", {item("accepted", "accept"), item("aired", "air", 90)});
  REQUIRE(house.until_state("accepted", State::accepted));
  REQUIRE(house.until_state("aired", State::aired));
  CHECK(house.desk->withdraw("accepted"));
  REQUIRE(house.until_state("accepted", State::withdrawn));
  CHECK(house.said("accepted").back().fact == FactKind::withdrawn);
  CHECK_FALSE(house.desk->withdraw("aired"));
  CHECK_FALSE(house.desk->withdraw("nobody"));
  house.desk->hand("one", {item("planned", "no media", 300)});
  CHECK(house.desk->withdraw("planned"));
  REQUIRE(house.until_state("planned", State::withdrawn));
}

TEST_CASE("nothing changes its state before the fact is durable") {
  House house;
  house.is_book_open = false;
  house.desk->hand("one", {item("p", "air"), item("q", "air", -60)});
  REQUIRE(house.until([&] { return house.journal().count("p") == 1; }));
  for (int i = 0; i < 5; ++i) house.desk->tick();
  CHECK(house.desk->state("p") == State::sent);
  CHECK(house.desk->state("q") == State::planned);
  house.is_book_open = true;
  REQUIRE(house.until_state("p", State::aired));
  REQUIRE(house.until_state("q", State::missed));
  CHECK(house.said("p").size() == 1);
  CHECK(house.said("q").size() == 1);
}

TEST_CASE("a host killed with everything in hand finds out what became of it") {
  House house;
  house.desk->hand("one", {item("accepted", "accept"), item("sent", "air", 90)});
  REQUIRE(house.until_state("accepted", State::accepted));
  house.die();
  house.begin();
  house.desk->hand("one", {item("accepted", "accept"), item("sent", "air", 90)});
  REQUIRE(house.until_state("sent", State::aired));
  CHECK(house.desk->state("accepted") == State::accepted);
  CHECK(house.journal() == std::set<std::string>{"sent"});
}

TEST_CASE("hosts and workers killed at random moments: every item airs once and is told once") {
  House house("echo", {{"delay_ms", 1}});
  const unsigned seed = std::random_device()();
  CAPTURE(seed);
  std::mt19937 random(seed);
  constexpr int items = 60;
  std::vector<playlists::Item> all;
  for (int i = 0; i < items; ++i)
    all.push_back(item("p-" + std::to_string(i), "air", 3600 + 15 * i));
  std::size_t deaths = 0;
  const auto open_items = [&] {
    std::size_t open = 0;
    for (const auto &i : all) open += !is_final(*house.desk->state(i.id));
    return open;
  };
  house.desk->hand("one", all);
  while (open_items() > 0 && deaths < 400) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(random() % 30);
    while (std::chrono::steady_clock::now() < until) {
      house.supervisor->step(2);
      house.desk->tick();
    }
    ++deaths;
    if (random() % 4 == 0) {
      house.die();
      house.begin();
      house.desk->hand("one", all);
    } else {
      house.kill_worker();
    }
    // Twice in one pair of hands would be poison, which is another law.
    REQUIRE(house.until([&] { return house.supervisor->is_ready("one"); }));
  }
  house.until([&] {
    house.clock.advance(500 * ns_per_ms);  // what was put off comes due
    return open_items() == 0;
  });

  const std::set<std::string> journal = house.journal();
  for (const auto &i : all) {
    CAPTURE(i.id, word(*house.desk->state(i.id)));
    std::set<std::string> names;
    for (const wire::Fact &fact : house.said(i.id)) names.insert(std::string(word(fact.fact)));
    // Aired, and told so; or two workers died with it, and it is told as that.
    if (journal.count(i.id)) {
      CHECK(names.count("aired") == 1);
      CHECK(house.desk->state(i.id) == State::aired);
    } else {
      CHECK(names == std::set<std::string>{"missed"});
      CHECK(house.desk->standing(i.id)->deaths >= 2);
    }
  }
}

namespace {

playlists::Item bulletin(const std::string &id, const std::string &command, std::int64_t in_s) {
  playlists::Item out = item(id, command, in_s);
  out.kind = playlists::ItemKind::bulletin;
  return out;
}

}  // namespace

TEST_CASE("a bulletin is handed over before everything else that waits, whatever its time") {
  House house;
  std::vector<playlists::Item> waiting;
  for (int i = 0; i < 20; ++i) waiting.push_back(item("p" + std::to_string(i), "accept", 60 + i));
  waiting.push_back(bulletin("x", "accept", 300));
  house.desk->hand("one", waiting);
  REQUIRE(house.until_state("x", State::accepted));
  REQUIRE(house.until_state("p19", State::accepted));
  std::vector<std::string> order;
  for (const auto &[origin, fact] : house.book)
    if (fact.fact == FactKind::accepted) order.push_back(fact.placement);
  REQUIRE(order.size() >= 21);
  CHECK(order.front() == "x");
}

TEST_CASE("a bulletin does not wait for a channel that is at rest") {
  House house;
  house.desk->hand("one", {item("p", "unready"), item("q", "accept", 61)});
  REQUIRE(house.until_state("p", State::unready));
  house.desk->hand("one", {bulletin("x", "accept", 62)});
  REQUIRE(house.until_state("x", State::accepted));
  CHECK(house.desk->state("q") == State::planned);
}

TEST_CASE("a bulletin that the channel puts off is tried again within two seconds") {
  House house;
  house.desk->hand("one", {bulletin("x", "unready", 60)});
  REQUIRE(house.until_state("x", State::unready));
  CHECK(house.desk->standing("x")->next_try_ns == house.clock.now_ns() + 2 * ns_per_s);
}

TEST_CASE("a bulletin that the channel has is taken back when it is recalled") {
  House house;
  house.desk->hand("one", {bulletin("x", "accept", 60)});
  REQUIRE(house.until_state("x", State::accepted));
  REQUIRE(house.desk->withdraw("x").ok());
  REQUIRE(house.until_state("x", State::withdrawn));
  CHECK(house.said("x").back().fact == FactKind::withdrawn);
}

TEST_CASE(
    "an ended item keeps how it ended, and what a plugin is handed says where and from where") {
  House house;
  house.desk->hand("one", {item("p", "refuse"), item("q", "air")});
  REQUIRE(house.until_state("p", State::refused));
  REQUIRE(house.until_state("q", State::aired));
  CHECK(house.desk->standing("p")->status == Status::did_not_air);
  CHECK(house.desk->standing("q")->status == Status::aired_without_discrepancy);
  const ChannelStore stored(*house.database);
  CHECK(stored.find("q")->status == Status::aired_without_discrepancy);

  Channel channel;
  channel.places = {"a", "b"};
  Standing standing;
  standing.item = bulletin("x", "accept", 60);
  standing.item.places = {"b"};
  const auto body = [&] { return Json::parse(placement_of(standing, channel, {}, {}).body); };
  CHECK(body()["kind"] == "bulletin");
  CHECK(body()["places"] == Json({"b"}));
  CHECK_FALSE(body().contains("campaign"));
  CHECK_FALSE(body().contains("live"));
  standing.item = item("l", "accept");
  standing.item.kind = playlists::ItemKind::programme;
  standing.item.live = "udp://239.1.1.7:5500";
  CHECK(body()["live"] == "udp://239.1.1.7:5500");
  CHECK(body()["places"] == Json({"a", "b"}));
}
