// SPDX-License-Identifier: Apache-2.0
// What nobody could tell, with a real worker, ledger and count behind it. The echo plugin is
// "blind": it cannot tell what became of a placement until it stands in its journal.
#include "host/flow/held.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>

#include "host/channels/faults.hpp"
#include "host/flow/clerk.hpp"
#include "host/flow/faults.hpp"
#include "host/ledger/ledger.hpp"
#include "tests/plugins/harness.hpp"

using namespace civicast;
using airings::Inquiry;
using channels::State;
using Step = airings::Inquiry::Step;

namespace {

constexpr std::int64_t noon = 1'795'444'560 * ns_per_s;
constexpr Date today{std::chrono::year{2026}, std::chrono::November, std::chrono::day{23}};

playlists::Item item(const std::string &id, const std::string &command = "blind") {
  playlists::Item out;
  out.id = id;
  out.asset = command;
  out.title = {"公约", "Pact"};
  out.campaign = "pact";
  out.start_ns = noon + 60 * ns_per_s;
  out.end_ns = out.start_ns + 15 * ns_per_s;
  return out;
}

/// The ledger, but a call of append that carries an inquiry is the last thing that happens.
class DeadlyBook final : public airings::Book {
 public:
  explicit DeadlyBook(airings::Book &book) : book_(book) {}
  std::uint64_t size() const override { return book_.size(); }
  Result<std::uint64_t> append(const std::vector<std::string> &entries) override {
    auto first = book_.append(entries);
    if (airings::is_inquiry(entries.front())) ::kill(::getpid(), SIGKILL);
    return first;
  }
  Result<std::vector<std::string>> read(std::uint64_t from, std::size_t count) const override {
    return book_.read(from, count);
  }

 private:
  airings::Book &book_;
};

/// A host with one channel, as far as it is needed here, in a folder that outlives it.
struct Host {
  explicit Host(const test::TempFolder &in, const std::string &plugin = "echo",
                bool is_doomed = false)
      : folder(in) {
    store = std::move(*store::Store::open(folder / "civicast.db"));
    lists = std::make_unique<playlists::PlaylistStore>(*store);
    if (!std::filesystem::exists(folder / "ledger"))
      REQUIRE(ledger::create(folder / "ledger", folder / "keys", "test.local/airings").ok());
    auto opened = ledger::Ledger::open(folder / "ledger", folder / "keys");
    REQUIRE(opened.ok());
    book = std::move(*opened);
    deadly = std::make_unique<DeadlyBook>(*book);
    intake = std::make_unique<airings::Intake>(*store, *book, clock);
    index = std::make_unique<counts::Index>(*store, *book, *Zone::find("Asia/Shanghai"));
    NoProgress nobody;
    REQUIRE(intake->catch_up(nobody).ok());
    REQUIRE(index->catch_up(nobody).ok());
    airings::Book &written = is_doomed ? static_cast<airings::Book &>(*deadly) : *book;
    held = std::make_unique<flow::Held>(*store, *lists, written, *index, clock);
    clerk = std::make_unique<flow::Clerk>(*intake, *index, [](const auto &, int, const auto &) {});
    make_desk(plugin);
    held->resume(*desk);
  }
  ~Host() {
    supervisor.reset();
    desk.reset();
  }

  void make_desk(const std::string &plugin) {
    channels::Channel channel;
    channel.id = "one";
    channel.places = {"one"};
    channels::DeskHooks hooks;
    hooks.on_facts = [this](const auto &origin, const auto &facts) {
      return clerk->take(origin, "one", facts,
                         [this](const std::string &id) -> std::optional<airings::Planned> {
                           const auto found = lists->find(id);
                           if (!found) return {};
                           return airings::Planned{found->item, "00ff", true};
                         });
    };
    hooks.text_of = [](const playlists::Item &i) { return Words{"", i.asset}; };
    hooks.on_told = [this](const channels::Told &told) { REQUIRE(held->enter(told).ok()); };
    const channels::MediaOf media = [](const auto &,
                                       const auto &) -> Result<std::vector<wire::Media>> {
      return std::vector<wire::Media>{{"/house.ts", "00ff", "video/mp2t", 15 * ns_per_s}};
    };
    desk = std::make_unique<channels::Desk>(*store, clock, std::vector<channels::Channel>{channel},
                                            media, hooks);
    supervisor = std::make_unique<workers::Supervisor>(*desk, test::hasty());
    auto spec = test::spec_of(plugin, folder / "state");
    if (plugin == "mute") spec.plugin_dir = mute();
    REQUIRE(supervisor->add(std::move(spec)).ok());
    desk->work(*supervisor);
  }

  /// The echo, saying of itself that it cannot be asked.
  std::filesystem::path mute() const {
    namespace fs = std::filesystem;
    const fs::path echo = fs::path(CIVICAST_TEST_PLUGINS) / "echo", made = folder / "mute";
    fs::create_directories(made);
    fs::copy_file(echo / "echo.so", made / "echo.so");
    Json manifest = Json::parse(std::ifstream(echo / "plugin.json"));
    manifest["can"]["recall"] = false;
    std::ofstream(made / "plugin.json") << manifest;
    return made;
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
  /// Planned, handed over, and held.
  void hold(const std::string &id) {
    plan({item(id)});
    REQUIRE(until_state(id, State::held));
  }
  void plan(const std::vector<playlists::Item> &items) {
    lists->replace_from("one", today, items, 0);
    desk->hand("one", lists->between("one", noon, noon + 3600 * ns_per_s));
  }
  Result<Json, Faults> decide(const std::string &id, Step step, const std::string &by = "王芳",
                              const std::string &note = "平台上看不到") {
    return held->decide({id, step, by, "http", note}, desk.get());
  }
  /// The far side finds it out after all.
  void find_out(const std::string &id) const {
    const auto one = item(id);
    std::ofstream(folder / "state/journal", std::ios::app)
        << id << ' ' << one.start_ns << ' ' << one.end_ns << std::endl;
  }
  /// The plugin says by itself that it aired.
  void say_aired(const std::string &id) {
    wire::Fact fact;
    fact.fact = wire::FactKind::aired;
    fact.evidence = wire::Evidence::measured;
    fact.status = wire::Status::aired_without_discrepancy;
    fact.placement = id;
    fact.start_ns = item(id).start_ns;
    fact.end_ns = item(id).end_ns;
    workers::Origin origin;
    origin.channel = "one";
    origin.epoch = 7;
    origin.plugin = "org.civicast.test.echo";
    REQUIRE(desk->on_facts(origin, {fact}));
  }
  std::int64_t counted() { return counts::count(*store, {}).front().airings; }
  bool is_owed(const std::string &id) {
    for (const auto &one : counts::failed(*store, noon, noon + 3600 * ns_per_s))
      if (one.placement == id) return true;
    return false;
  }
  std::size_t open() { return held->list("", 100).at("held").size(); }
  std::vector<std::string> steps_of(const std::string &id) {
    std::vector<std::string> out;
    for (const auto &step : counts::inquiries(*store, id))
      out.emplace_back(airings::word(step.inquiry.step));
    return out;
  }

  const test::TempFolder &folder;
  ManualClock clock{noon};
  std::unique_ptr<store::Store> store;
  std::unique_ptr<playlists::PlaylistStore> lists;
  std::unique_ptr<ledger::Ledger> book;
  std::unique_ptr<DeadlyBook> deadly;
  std::unique_ptr<airings::Intake> intake;
  std::unique_ptr<counts::Index> index;
  std::unique_ptr<flow::Held> held;
  std::unique_ptr<flow::Clerk> clerk;
  std::unique_ptr<channels::Desk> desk;
  std::unique_ptr<workers::Supervisor> supervisor;
};

bool is_refused(const Result<Json, Faults> &result, const FaultKind &kind) {
  return !result.ok() && result.fault().size() == 1 && result.fault().front().is(kind);
}

}  // namespace

TEST_CASE("what is held stands in the list with what is known, until a person settles it") {
  const test::TempFolder folder;
  Host host(folder);
  host.hold("p");
  const Json before = host.held->list("one", 10).at("held");
  REQUIRE(before.size() == 1);
  CHECK(before[0]["placement"] == "p");
  CHECK(before[0]["channel"] == "one");
  CHECK(before[0]["handed"] == "2026-11-23T14:36:00.000000000Z");
  CHECK(before[0]["attempts"] == 1);
  CHECK(before[0]["item"]["title"]["zh"] == "公约");
  CHECK(before[0]["known"]["zh"].get<std::string>().find("无法确定") != std::string::npos);
  CHECK(before[0]["known"]["en"].get<std::string>().find("cannot tell") != std::string::npos);
  CHECK(host.held->counts() == std::map<std::string, int>{{"one", 1}});

  const auto row = host.decide("p", Step::leave);
  REQUIRE(row.ok());
  CHECK((*row)["settled"]["by"] == "王芳");
  CHECK((*row)["settled"]["note"] == "平台上看不到");
  CHECK((*row)["settled"]["at"] == "2026-11-23T14:36:00.000000000Z");
  CHECK((*row)["settled"]["known"] == before[0]["known"]);
  CHECK((*row)["aired"].is_null());
  CHECK(host.desk->state("p") == State::missed);
  CHECK(host.desk->standing("p")->status == wire::Status::unknown);
  CHECK(host.open() == 0);
  CHECK(host.held->counts().empty());
  CHECK(host.held->list("one", 10)["settled"].size() == 1);
  CHECK(host.held->list("two", 10)["settled"].empty());
  CHECK(host.counted() == 0);
}

TEST_CASE("settled to be planned again it is owed, and settled to be left it is not") {
  const test::TempFolder folder;
  Host host(folder);
  auto second = item("q");
  second.start_ns += 20 * ns_per_s;
  second.end_ns += 20 * ns_per_s;
  host.plan({item("p"), second});
  REQUIRE(host.until_state("p", State::held));
  REQUIRE(host.until_state("q", State::held));
  REQUIRE(host.decide("p", Step::again).ok());
  REQUIRE(host.decide("q", Step::leave).ok());
  CHECK(host.is_owed("p"));
  CHECK_FALSE(host.is_owed("q"));
  CHECK(host.counted() == 0);
}

TEST_CASE(
    "what nobody could tell in its time waits for a person, and is not planned again before") {
  const test::TempFolder folder;
  Host host(folder);
  host.hold("p");
  host.clock.advance(200 * ns_per_s);
  REQUIRE(host.until_state("p", State::missed));
  CHECK(host.open() == 1);
  CHECK(host.held->counts() == std::map<std::string, int>{{"one", 1}});
  CHECK_FALSE(host.is_owed("p"));
  const auto size = host.book->size();
  REQUIRE(host.decide("p", Step::again).ok());
  CHECK(host.book->size() == size + 1);  // it had ended already
  CHECK(host.is_owed("p"));
  CHECK(host.open() == 0);
}

TEST_CASE("the same settlement twice is one, and another one is refused") {
  const test::TempFolder folder;
  Host host(folder);
  host.hold("p");
  REQUIRE(host.decide("p", Step::leave).ok());
  const auto size = host.book->size();
  CHECK(host.decide("p", Step::leave).ok());
  CHECK(is_refused(host.decide("p", Step::again), faults::held_settled));
  CHECK(is_refused(host.decide("p", Step::ask), faults::held_settled));
  CHECK(is_refused(host.decide("p", Step::leave, "李明"), faults::held_settled));
  CHECK(host.book->size() == size);
}

TEST_CASE("nothing but what is in doubt can be settled, and not without a name and a note") {
  const test::TempFolder folder;
  Host host(folder);
  host.plan({item("aired", "air")});
  host.clock.advance(100 * ns_per_s);
  host.find_out("aired");
  host.say_aired("aired");
  const auto size = host.book->size();
  CHECK(is_refused(host.decide("aired", Step::leave), faults::held_not));
  CHECK(is_refused(host.decide("nobody", Step::leave), faults::held_unknown));
  CHECK(is_refused(host.decide("aired", Step::leave, ""), faults::held_unsigned));
  CHECK(is_refused(host.decide("aired", Step::leave, "王芳", ""), faults::held_unsigned));
  CHECK(is_refused(host.decide("aired", Step::leave, "王芳", std::string(1001, 'x')),
                   faults::held_unsigned));
  CHECK(host.book->size() == size);
  CHECK(host.counted() == 1);
}

TEST_CASE("a bulletin is not planned again, and can be left") {
  const test::TempFolder folder;
  Host host(folder);
  auto bulletin = item("b");
  bulletin.kind = playlists::ItemKind::bulletin;
  bulletin.campaign = "";
  {
    auto session = host.store->session();
    playlists::PlaylistStore::lay_over(session, "one", today, bulletin);
  }
  host.desk->hand("one", {bulletin});
  REQUIRE(host.until_state("b", State::held));
  CHECK(host.open() == 1);
  CHECK(is_refused(host.decide("b", Step::again), faults::held_no_plan));
  CHECK(host.decide("b", Step::leave).ok());
}

TEST_CASE("asked again, a channel that still cannot tell leaves it held, and its answer is kept") {
  const test::TempFolder folder;
  Host host(folder);
  host.hold("p");
  REQUIRE(host.decide("p", Step::ask).ok());
  REQUIRE(host.until([&] { return host.steps_of("p").size() == 2; }));
  const auto steps = counts::inquiries(*host.store, "p");
  CHECK(steps[0].inquiry.step == Step::ask);
  CHECK(steps[0].inquiry.by == "王芳");
  CHECK(steps[1].inquiry.step == Step::answer);
  CHECK(steps[1].inquiry.verdict == "unknown");
  CHECK(steps[1].inquiry.by == "org.civicast.test.echo 1.0.0");
  CHECK(host.desk->state("p") == State::held);
  CHECK(host.open() == 1);
  CHECK(host.decide("p", Step::leave).ok());
}

TEST_CASE("asked again, a channel that knows by now says so, and it counts once") {
  const test::TempFolder folder;
  Host host(folder);
  host.hold("p");
  const bool has_ended = GENERATE(false, true);
  host.clock.advance(200 * ns_per_s);
  if (has_ended) REQUIRE(host.until_state("p", State::missed));
  host.find_out("p");
  REQUIRE(host.decide("p", Step::ask).ok());
  REQUIRE(host.until_state("p", State::aired));
  REQUIRE(host.until([&] { return host.steps_of("p").size() == 2; }));
  CHECK(host.counted() == 1);
  CHECK(host.open() == 0);
  CHECK(is_refused(host.decide("p", Step::leave), faults::held_not));
}

TEST_CASE("an airing that comes to light after it was settled counts once, and the row says so") {
  const test::TempFolder folder;
  Host host(folder);
  host.hold("p");
  REQUIRE(host.decide("p", Step::again).ok());
  REQUIRE(host.is_owed("p"));
  const bool is_long_ago = GENERATE(false, true);
  host.clock.advance((is_long_ago ? 5 * 3600 : 200) * ns_per_s);
  host.desk->tick();
  for (int i = 0; i < 2; ++i) host.say_aired("p");
  CHECK(host.counted() == 1);
  CHECK_FALSE(host.is_owed("p"));
  CHECK(host.desk->state("p") == State::aired);
  const Json row = host.held->list("", 10).at("settled").at(0);
  CHECK(row["settled"]["step"] == "again");
  CHECK(row["aired"]["evidence"] == "measured");
  CHECK(row["aired"]["start"] == "2026-11-23T14:37:00.000000000Z");
  CHECK(host.open() == 0);
}

TEST_CASE("a channel that cannot be asked is not, and says what to do instead") {
  const test::TempFolder folder;
  Host host(folder, "mute");
  host.hold("p");
  const auto size = host.book->size();
  CHECK(is_refused(host.decide("p", Step::ask), channels::faults::cannot_ask));
  CHECK(host.book->size() == size);
  CHECK(host.decide("p", Step::leave).ok());
}

TEST_CASE("a host killed between the ledger and the rest does the rest when it is back") {
  const test::TempFolder folder;
  const Step step = GENERATE(Step::ask, Step::again, Step::leave);
  INFO(airings::word(step));
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    Host host(folder, "echo", true);
    host.hold("p");
    (void)host.decide("p", step);
    ::_exit(3);  // it lived on
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  REQUIRE(WTERMSIG(status) == SIGKILL);

  Host host(folder);
  if (step == Step::ask) {
    REQUIRE(host.until([&] { return host.steps_of("p").size() == 2; }));
    CHECK(host.steps_of("p") == std::vector<std::string>{"ask", "answer"});
    CHECK(host.desk->state("p") == State::held);
    CHECK(host.open() == 1);
  } else {
    CHECK(host.desk->state("p") == State::missed);
    CHECK(host.steps_of("p").size() == 1);
    CHECK(host.is_owed("p") == (step == Step::again));
    CHECK(host.open() == 0);
    CHECK(host.decide("p", step).ok());  // whoever had no answer asks again
    CHECK(host.steps_of("p").size() == 1);
  }
  CHECK(host.counted() == 0);
  CHECK(host.desk->standing("p")->attempt == 1);
}

TEST_CASE("inquiries are rebuilt from the ledger with the counts") {
  const test::TempFolder folder;
  Host host(folder);
  host.hold("p");
  REQUIRE(host.decide("p", Step::ask, "李明", "再问一次").ok());
  REQUIRE(host.until([&] { return host.steps_of("p").size() == 2; }));
  REQUIRE(host.decide("p", Step::again).ok());
  const Json before = host.held->list("", 10);
  NoProgress nobody;
  REQUIRE(host.index->rebuild(nobody).ok());
  CHECK(host.held->list("", 10) == before);
  CHECK(host.is_owed("p"));
}

TEST_CASE("an inquiry is read as it was written, and only in its canonical form") {
  const Inquiry whole{Step::answer, "one",           "p",    "org.civicast.feed 1.0.0",
                      "",           "It is \"on\".", "done", "所知\nknown",
                      noon};
  const std::string entry = airings::encode(whole);
  REQUIRE(airings::decode_inquiry(entry).ok());
  CHECK(*airings::decode_inquiry(entry) == whole);
  CHECK(airings::is_inquiry(entry));
  CHECK_FALSE(airings::is_airing(entry));
  CHECK_FALSE(airings::decode_inquiry(" " + entry).ok());
  CHECK_FALSE(airings::decode_inquiry(R"({"kind":"inquiry"})").ok());
  CHECK_FALSE(airings::decode_inquiry(R"({"kind":"airing"})").ok());
}
