// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/rogues/scenario.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <set>

#include "host/airings/text.hpp"
#include "host/flow/clerk.hpp"
#include "host/ledger/ledger.hpp"
#include "host/ledger/verify.hpp"
#include "host/workers/faults.hpp"
#include "tests/plugins/harness.hpp"
#include "tests/unit/rogues/processes.hpp"

namespace civicast::test {
namespace {

using channels::State;
using workers::Gone;

constexpr std::int64_t noon = 1'795'444'560 * ns_per_s;
constexpr std::int64_t window_ns = 3600 * ns_per_s;
/// While it runs, the house clock goes so much faster than the wall's.
constexpr std::int64_t haste = 400;

bool has(const std::string &text, const std::string &part) {
  return text.find(part) != std::string::npos;
}

playlists::Item item(const std::string &id, std::int64_t start_ns, std::int64_t end_ns) {
  playlists::Item out;
  out.id = id;
  out.start_ns = start_ns;
  out.end_ns = end_ns;
  out.asset = "values-fuqiang";
  out.campaign = out.topic = "values";
  return out;
}

/// The desk, and a memory of every end of a worker.
class Ends final : public workers::Listener {
 public:
  channels::Desk *desk = nullptr;
  std::vector<Gone> gone;

  void on_ready(const std::string &channel, std::uint64_t epoch) override {
    desk->on_ready(channel, epoch);
  }
  bool on_facts(const workers::Origin &origin, const std::vector<wire::Fact> &facts) override {
    return desk->on_facts(origin, facts);
  }
  void on_gone(const Gone &how) override {
    gone.push_back(how);
    desk->on_gone(how);
  }
  void on_log(const std::string &channel, int level, const std::string &line) override {
    desk->on_log(channel, level, line);
  }
};

workers::Pace pace_for(const Wrong &wrong) {
  workers::Pace pace;
  pace.healthy_ms = 3'600'000;
  pace.first_wait_ms = 20;
  pace.longest_wait_ms = 200;
  pace.status_every_ms = 50;
  pace.hello_ms = wrong.hello_ms;
  pace.heartbeat_lost_ms = wrong.heartbeat_lost_ms;
  return pace;
}

/// A host without its playlists: desk, supervisor, intake, ledger and counts as the flow has them.
struct House {
  explicit House(const Wrong &what)
      : wrong(what),
        zone(*Zone::find("Asia/Shanghai")),
        database(*store::Store::open(folder / "civicast.db")),
        ledger(opened()),
        intake(*database, *ledger, clock),
        index(*database, *ledger, zone),
        clerk(intake, index, log()),
        desk(*database, clock, {channel("good"), channel("bad")},
             [](const auto &, const auto &) { return std::vector<wire::Media>{}; },
             {[this](const auto &origin, const auto &facts) { return take(origin, facts); },
              log(),
              {},
              {}}),
        supervisor(ends, pace_for(what)) {
    ends.desk = &desk;
    desk.work(supervisor);
  }

  static channels::Channel channel(const std::string &id) {
    channels::Channel out;
    out.id = id;
    out.places = {id + "-place"};
    return out;
  }
  std::unique_ptr<ledger::Ledger> opened() const {
    REQUIRE(ledger::create(folder / "ledger", folder / "keys", "rogues.test/airings"));
    auto out = ledger::Ledger::open(folder / "ledger", folder / "keys");
    REQUIRE(out);
    return std::move(*out);
  }
  flow::Clerk::Log log() {
    return [this](const std::string &of, int level, const std::string &line) {
      lines.push_back({of, level, line});
      if (of == "bad" && is_the_sentence(line) && good_when_told < 0)
        good_when_told = static_cast<int>(good_aired());
    };
  }
  void start(const std::string &id, const std::string &plugin) {
    workers::WorkerSpec spec = spec_of(plugin, folder / id);
    spec.channel = id;
    const auto added = supervisor.add(spec);
    if (!added) FAIL(added.fault().front().text());
  }
  channels::Heard take(const workers::Origin &origin, const std::vector<wire::Fact> &facts) {
    const auto planned = [&](const std::string &id) -> std::optional<airings::Planned> {
      const auto found = items.find(id);
      if (found == items.end() || found->second.first != origin.channel) return {};
      const auto standing = desk.standing(id);
      return airings::Planned{found->second.second, "ab",
                              origin.epoch == 0 || (standing && standing->attempt > 0)};
    };
    return clerk.take(origin, origin.channel + "-place", facts, planned);
  }
  void hand(const std::string &to, const playlists::Item &what) {
    items.emplace(what.id, std::pair(to, what));
    desk.hand(to, {what});
  }

  std::int64_t good_aired() const {
    return std::count_if(good.begin(), good.end(),
                         [this](const auto &id) { return desk.state(id) == State::aired; });
  }
  /// The good channel always has one placement on its way.
  void serve_good() {
    if (!good.empty() && !channels::is_final(*desk.state(good.back()))) return;
    good.push_back("good-" + std::to_string(good.size()));
    hand("good", item(good.back(), clock.now_ns(), clock.now_ns() + 2 * ns_per_s));
  }
  /// Turns, for at most a minute, until `is_so`; meanwhile the good channel is served.
  bool until(const std::function<bool()> &is_so, bool is_clock_running = false) {
    using std::chrono::steady_clock;
    const auto begin = steady_clock::now();
    const std::int64_t from_ns = clock.now_ns();
    while (!is_so() && steady_clock::now() < begin + std::chrono::minutes(1)) {
      serve_good();
      desk.tick();
      supervisor.step(10);
      if (!is_clock_running) continue;
      const std::chrono::nanoseconds took = steady_clock::now() - begin;
      clock.set(from_ns + std::min(window_ns - 60 * ns_per_s, haste * took.count()));
    }
    return is_so();
  }

  bool is_the_sentence(const std::string &line) const {
    if (wrong.en.empty()) return false;
    for (const auto &part : {std::string("频道 bad"), std::string("channel bad"),
                             "org.civicast.test.rogue_" + wrong.rogue + " 1.0.0", wrong.call,
                             wrong.placement, wrong.en, wrong.zh})
      if (!has(line, part)) return false;
    return true;
  }
  bool is_told() const {
    return wrong.en.empty() || std::any_of(lines.begin(), lines.end(), [this](const auto &line) {
             return line.channel == "bad" && is_the_sentence(line.text);
           });
  }
  std::vector<std::string> bad() const {
    std::vector<std::string> out;
    for (int i = 0; i < wrong.placements; ++i) out.push_back("bad-" + std::to_string(i));
    return out;
  }
  bool are_all_bad(const std::string &state) const {
    const auto ids = bad();
    return std::all_of(ids.begin(), ids.end(),
                       [&](const auto &id) { return word(*desk.state(id)) == state; });
  }
  bool have_all_died_twice() const {
    const auto ids = bad();
    return std::all_of(ids.begin(), ids.end(),
                       [&](const auto &id) { return desk.standing(id)->deaths >= 2; });
  }
  std::size_t deaths() const {
    return static_cast<std::size_t>(std::count_if(
        ends.gone.begin(), ends.gone.end(), [](const Gone &g) { return g.channel == "bad"; }));
  }

  struct Line {
    std::string channel;
    int level;
    std::string text;
  };
  const Wrong &wrong;
  TempFolder folder;
  ManualClock clock{noon};
  Zone zone;
  std::vector<Line> lines;
  int good_when_told = -1;
  std::map<std::string, std::pair<std::string, playlists::Item>> items;
  std::vector<std::string> good;
  Ends ends;
  std::unique_ptr<store::Store> database;
  std::unique_ptr<ledger::Ledger> ledger;
  airings::Intake intake;
  counts::Index index;
  flow::Clerk clerk;
  channels::Desk desk;
  workers::Supervisor supervisor;
};

// ---- what happens

void ask_to_check(House &house) {
  bool is_answered = false;
  house.supervisor.call("bad", wire::CallKind::check, placement("bad-0", ""),
                        [&](const wire::Answer &) { is_answered = true; });
  REQUIRE(house.until([&] { return is_answered; }));
}

void take_back_all(House &house) {
  for (const std::string &id : house.bad()) {
    REQUIRE(house.until([&] { return house.desk.state(id) == State::accepted; }));
    CHECK(house.desk.withdraw(id));
  }
}

void let_it_happen(House &house) {
  const Wrong &wrong = house.wrong;
  house.start("good", "echo");
  REQUIRE(house.until([&] { return house.good_aired() >= 1; }));
  house.start("bad", "rogue_" + wrong.rogue);
  const std::int64_t before = house.good_aired();
  for (const std::string &id : house.bad()) house.hand("bad", item(id, noon, noon + window_ns));

  if (wrong.is_withdrawn) take_back_all(house);
  const std::string stands = wrong.before.empty() ? wrong.ends : wrong.before;
  REQUIRE(house.until([&] { return house.are_all_bad(stands); }, wrong.is_clock_running));
  if (wrong.is_checked) ask_to_check(house);
  if (wrong.call != "close") REQUIRE(house.until([&] { return house.is_told(); }));
  if (wrong.is_withdrawn && wrong.code == "placement.poison")
    REQUIRE(house.until([&] { return house.have_all_died_twice(); }));
  // A loop of crashes goes on, and so does the good channel.
  if (stands == "planned")
    REQUIRE(house.until([&] { return house.deaths() >= (wrong.is_slow ? 1 : 3); }));
  REQUIRE(house.until([&] { return house.good_aired() >= before + 3; }));
  if (wrong.is_slow) CHECK(house.good_when_told > before);

  REQUIRE(house.until([&] { return house.desk.state(house.good.back()) == State::aired; }));
  house.clock.set(noon + window_ns + 10 * ns_per_s);
  REQUIRE(house.until([&] { return house.are_all_bad(wrong.ends); }));
  REQUIRE(house.until([&] { return house.desk.state(house.good.back()) == State::aired; }));
  house.supervisor.stop();
}

// ---- what must be so

void check_good(const House &house) {
  for (const Gone &gone : house.ends.gone)
    if (gone.channel == "good") CHECK(gone.reason.is(workers::faults::worker_stopped));
  for (const auto &line : house.lines)
    if (line.channel == "good") CHECK(line.level < 2);
  std::map<std::string, int> told;
  for (const auto &entry :
       counts::list(*house.database, {"good", "", "", {}, {}, {}, {}, true, true, 1'000'000})) {
    CHECK(entry.airing.counts());
    ++told[entry.airing.placement];
  }
  CHECK(told.size() == house.good.size());
  for (const std::string &id : house.good) CHECK(told[id] == 1);
}

std::set<std::string> truth(const House &house) {
  std::set<std::string> out;
  std::ifstream journal(house.folder / "bad" / "journal");
  for (std::string id, start; journal >> id >> start;) {
    INFO(id);
    CHECK(out.insert(id).second);  // aired twice, truly
  }
  return out;
}

std::string code_of(const House &house, std::uint64_t entry) {
  const auto text = house.ledger->read(entry, 1);
  REQUIRE(text);
  const auto airing = airings::decode(text->at(0));
  REQUIRE(airing);
  return parse_json(airing->proof)->value("code", "");
}

/// The one end of each placement, and everything beside it that was disputed.
void check_bad(const House &house) {
  const Wrong &wrong = house.wrong;
  std::set<std::string> disputes;
  std::map<std::string, int> finals;
  for (const auto &entry :
       counts::list(*house.database, {"bad", "", "", {}, {}, {}, {}, true, false, 1'000'000})) {
    const airings::Airing &airing = entry.airing;
    CAPTURE(airing.placement);
    if (airing.dispute) {
      disputes.insert(airing.dispute->code);
      CHECK(has(airing.dispute->sentence.en, "rogue_" + wrong.rogue + " 1.0.0"));
      CHECK(has(airing.dispute->sentence.zh, "频道 bad"));
      continue;
    }
    ++finals[airing.placement];
    CHECK(word(airing.fact) == wrong.ends);
    CHECK(code_of(house, entry.entry) == wrong.code);
    // What nobody can tell is said to be unknown, never that it did not air.
    if (wrong.code == "placement.no_word") CHECK(airing.status == wire::Status::unknown);
  }
  CHECK(disputes == std::set<std::string>(wrong.disputes.begin(), wrong.disputes.end()));
  const auto ids = house.bad();
  CHECK(finals.size() == ids.size());
  for (const std::string &id : ids) CHECK(finals[id] == 1);
}

std::int64_t counted(const House &house, const std::string &channel) {
  const auto rows = counts::count(*house.database, {{}, "", channel, {}, {}, {}});
  return rows.empty() ? 0 : rows.front().airings;
}

void check_counts(House &house) {
  const std::set<std::string> aired = truth(house);
  CHECK(aired.size() == (house.wrong.ends == "aired" ? house.bad().size() : 0));
  for (const bool is_anew : {false, true}) {
    NoProgress nobody;
    if (is_anew) REQUIRE(house.index.rebuild(nobody));
    CHECK(counted(house, "good") == static_cast<std::int64_t>(house.good.size()));
    CHECK(counted(house, "bad") == static_cast<std::int64_t>(aired.size()));
  }
}

void check_words(const House &house) {
  const Wrong &wrong = house.wrong;
  std::multiset<std::string> sentences, logged;
  for (const Gone &gone : house.ends.gone) {
    if (gone.channel != "bad" || gone.reason.is(workers::faults::worker_stopped)) continue;
    sentences.insert(gone.reason.text());
    CAPTURE(gone.reason.text());
    for (const std::string &part : wrong.last_words) CHECK(has(gone.reason.detail(), part));
  }
  for (const auto &line : house.lines) {
    CAPTURE(line.text);
    CHECK(airings::is_utf8(line.text));
    CHECK(std::none_of(line.text.begin(), line.text.end(), [](char c) {
      return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
    }));
    if (line.channel != "bad" || line.level < 3) continue;
    if (sentences.count(line.text)) logged.insert(line.text);
    for (const char *slip : {"{", "()", "（）", "placement )", "placement .", "  "})
      CHECK_FALSE(has(line.text.substr(0, line.text.find(" [")), slip));
  }
  CHECK(logged == sentences);  // one death, one sentence
  CHECK(house.is_told());
  if (!wrong.last_words.empty()) CHECK_FALSE(sentences.empty());
  const auto of_bad = std::count_if(house.lines.begin(), house.lines.end(),
                                    [](const auto &line) { return line.channel == "bad"; });
  CHECK(of_bad < 1000);
}

void check_rest(House &house) {
  CHECK(processes_of(house.folder / "").empty());
  REQUIRE(house.ledger->checkpoint(house.clock.now_ns(), true));
  NoProgress nobody;
  const auto verdict =
      ledger::verify(house.folder / "ledger", house.folder / "keys" / "ledger.pub", nobody);
  if (!verdict) FAIL(verdict.fault().front().text());
  CHECK(verdict->signed_size == house.ledger->size());
}

}  // namespace

bool law_was_checked(const Wrong &wrong) {
  INFO(wrong.rogue);
  House house(wrong);
  let_it_happen(house);
  check_good(house);
  check_bad(house);
  check_counts(house);
  check_words(house);
  check_rest(house);
  return true;
}

}  // namespace civicast::test
