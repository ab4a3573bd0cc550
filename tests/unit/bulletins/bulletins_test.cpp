// SPDX-License-Identifier: Apache-2.0
// Bulletins over the sample station's playlists: what an order becomes, and what people did.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "host/bulletins/faults.hpp"
#include "host/bulletins/issue.hpp"
#include "host/bulletins/stage.hpp"
#include "sdk/base/clock.hpp"
#include "tests/unit/folder/folder.hpp"

using namespace civicast;
using namespace civicast::bulletins;
using channels::State;
using playlists::Item;
using playlists::ItemKind;

namespace {

constexpr std::int64_t now_ns = 1'795'400'000 * ns_per_s;

struct House {
  Folder folder;
  station::Station station = *station::load_station(CIVICAST_SAMPLE);
  std::unique_ptr<store::Store> store = *store::Store::open(folder.path() / "civicast.db");
  playlists::PlaylistStore playlists{*store};
  BulletinStore bulletins{*store};
  channels::ChannelStore standings{*store};
  std::set<std::string> unready;
  Durations durations = [this](const std::string &asset,
                               const channels::Channel &channel) -> std::optional<std::int64_t> {
    if (unready.count(channel.id) || !station.asset(asset)) return {};
    return channel.id == "feed" ? 0 : 15 * ns_per_s;
  };

  Known known() { return {station, durations, playlists}; }
  Order order(const std::string &token = "t1") const {
    Order one;
    one.token = token;
    one.asset = station.assets.front().id;
    one.channels = {"cable", "feed"};
    one.reason = "暴雨红色预警";
    return one;
  }
  Result<Draft, Faults> drafted(const Order &one) { return draft(one, known(), now_ns); }
  Result<Bulletin, Faults> issued(const Order &one) {
    return issue(*store, one, known(), "cli:wang", now_ns);
  }
  Result<Bulletin, Faults> recalled(const std::string &id, std::int64_t at_ns = now_ns) {
    return recall(*store, id, "误发", "cli:li", at_ns);
  }
  void refuses(const Order &one, const FaultKind &kind) {
    const auto refused = drafted(one);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.fault().front().is(kind));
    INFO(refused.fault().front().text());
    CHECK(refused.fault().size() == 1);
    CHECK_FALSE(issued(one).ok());
    CHECK(bulletins.list(10).empty());
  }
  void plan(const std::string &channel, std::int64_t start_ns, std::int64_t end_ns,
            const std::string &id, ItemKind kind = ItemKind::placement) {
    Item item;
    item.id = id;
    item.kind = kind;
    item.start_ns = start_ns;
    item.end_ns = end_ns;
    item.asset = "spot";
    const Date date = station.zone.date_at(start_ns);
    auto items = playlists.day(channel, date);
    std::erase_if(items, [](const Item &one) { return one.kind == ItemKind::bulletin; });
    items.push_back(item);
    playlists.replace_from(channel, date, items, 0);
  }
  std::vector<Item> on(const std::string &channel) {
    auto items = playlists.between(channel, now_ns - ns_per_s, now_ns + 86'400 * ns_per_s);
    std::erase_if(items, [](const Item &item) { return item.kind != ItemKind::bulletin; });
    return items;
  }
  void stands(const std::string &channel, const std::string &id, State state) {
    channels::Standing standing;
    standing.channel = channel;
    standing.item = playlists.find(id)->item;
    standing.state = state;
    standings.put({standing});
  }
};

}  // namespace

TEST_CASE("at once is seconds later, on each channel for as long as its file is") {
  House house;
  const auto draft = house.drafted(house.order());
  REQUIRE(draft.ok());
  REQUIRE(draft->showings.size() == 2);
  const Item &cable = draft->showings[0].item, &feed = draft->showings[1].item;
  CHECK(draft->showings[0].channel == "cable");
  CHECK(cable.kind == ItemKind::bulletin);
  CHECK(cable.start_ns >= now_ns + notice_ns);
  CHECK(cable.start_ns < now_ns + notice_ns + ns_per_s);
  CHECK(cable.start_ns % 120'000'000 == 0);
  CHECK(cable.end_ns - cable.start_ns == 15 * ns_per_s);
  CHECK(cable.title == house.station.assets.front().title);
  CHECK(cable.places.empty());
  CHECK(feed.start_ns == cable.start_ns);
  CHECK(feed.end_ns == feed.start_ns);
}

TEST_CASE(
    "a length is covered by whole showings, and repeats come so often, a post is posted once") {
  House house;
  Order order = house.order();
  order.length_ns = 40 * ns_per_s;
  order.times = 3;
  order.every_ns = 60 * ns_per_s;
  const auto draft = house.drafted(order);
  REQUIRE(draft.ok());
  std::vector<std::int64_t> starts_s;
  int posts = 0;
  for (const Showing &showing : draft->showings) {
    if (showing.channel == "feed") ++posts;
    if (showing.channel != "cable") continue;
    starts_s.push_back((showing.item.start_ns - draft->showings[0].item.start_ns) / ns_per_s);
  }
  CHECK(starts_s == std::vector<std::int64_t>{0, 15, 30, 60, 75, 90, 120, 135, 150});
  CHECK(posts == 1);
}

TEST_CASE("a place means the channels seen there, and of a channel only the screens there") {
  House house;
  Order order = house.order();
  order.channels.clear();
  order.place = "screen-hemei";
  const auto one = house.drafted(order);
  REQUIRE(one.ok());
  REQUIRE(one->showings.size() == 1);
  CHECK(one->showings[0].channel == "screens");
  CHECK(one->showings[0].item.places == std::vector<std::string>{"screen-hemei"});
  order.place = house.station.places.all().front().id;
  const auto all = house.drafted(order);
  REQUIRE(all.ok());
  CHECK(all->showings.size() == house.station.channels.size());
  for (const Showing &showing : all->showings) CHECK(showing.item.places.empty());
}

TEST_CASE("what it would pre-empt is told before it is issued, each item once") {
  House house;
  const std::int64_t start = house.drafted(house.order())->showings[0].item.start_ns;
  house.plan("cable", start - 10 * ns_per_s, start + 5 * ns_per_s, "a");
  house.plan("cable", start + 5 * ns_per_s, start + 60 * ns_per_s, "b", ItemKind::programme);
  house.plan("cable", start + 60 * ns_per_s, start + 75 * ns_per_s, "c");
  Order order = house.order();
  order.length_ns = 30 * ns_per_s;
  const auto draft = house.drafted(order);
  REQUIRE(draft.ok());
  std::vector<std::string> ids;
  for (const Showing &beneath : draft->preempted) ids.push_back(beneath.item.id);
  CHECK(ids == std::vector<std::string>{"a", "b"});
  CHECK(house.on("cable").empty());
}

TEST_CASE("every mistake in an order is refused with its sentence, and nothing is issued") {
  House house;
  const auto with = [&](const std::function<void(Order &)> &change) {
    Order order = house.order();
    change(order);
    return order;
  };
  house.refuses(with([](Order &o) { o.channels = {"teevee"}; }), faults::channel_unknown);
  house.refuses(with([](Order &o) { o.channels.clear(); }), faults::no_channel);
  house.refuses(with([](Order &o) { o.place = "chenghua"; }), faults::channels_and_place);
  house.refuses(with([](Order &o) { o.channels.clear(), o.place = "mars"; }),
                faults::place_unknown);
  house.refuses(with([](Order &o) { o.reason = "  "; }), faults::reason_missing);
  house.refuses(with([](Order &o) { o.reason = std::string(501, 'x'); }), faults::reason_too_long);
  house.refuses(with([](Order &o) { o.reason = "a\nb"; }), faults::reason_too_long);
  house.refuses(with([](Order &o) { o.start_ns = now_ns - 1; }), faults::start_past);
  house.refuses(with([](Order &o) { o.start_ns = now_ns + 8 * 86'400 * ns_per_s; }),
                faults::start_far);
  house.refuses(with([](Order &o) { o.length_ns = 3 * ns_per_s; }), faults::length_short);
  house.refuses(with([](Order &o) { o.times = 2; }), faults::every_missing);
  house.refuses(with([](Order &o) { o.every_ns = ns_per_s; }), faults::every_missing);
  house.refuses(with([](Order &o) { o.times = 2, o.every_ns = 14 * ns_per_s; }),
                faults::every_short);
  house.refuses(with([](Order &o) { o.times = 101, o.every_ns = 60 * ns_per_s; }),
                faults::times_wrong);
  house.refuses(with([](Order &o) { o.length_ns = 15 * 501 * ns_per_s; }), faults::too_many);
  house.refuses(with([](Order &o) { o.token = ""; }), faults::token_malformed);
  house.refuses(with([](Order &o) { o.token = "a b"; }), faults::token_malformed);
  house.unready = {"cable"};
  house.refuses(house.order(), faults::asset_unready);
  house.station.channels.front().plugin = channels::by_files;
  house.refuses(house.order(), faults::channel_by_files);
  Order unknown = house.order();
  unknown.asset = "nothing";
  unknown.channels = {"cable"};
  const auto refused = house.drafted(unknown);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.fault().front().is(faults::asset_unknown));
}

TEST_CASE("the same request twice is one bulletin, another with its token is refused") {
  House house;
  const auto first = house.issued(house.order());
  REQUIRE(first.ok());
  const auto again =
      issue(*house.store, house.order(), house.known(), "http", now_ns + 3600 * ns_per_s);
  REQUIRE(again.ok());
  CHECK(again->id == first->id);
  CHECK(again->items == first->items);
  CHECK(house.on("cable").size() == 1);
  CHECK(house.bulletins.list(10).size() == 1);
  Order other = house.order();
  other.reason = "别的原因";
  const auto refused = house.issued(other);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.fault().front().is(faults::token_reused));
}

TEST_CASE("two bulletins do not overlap on one channel, but may on different screens of it") {
  House house;
  REQUIRE(house.issued(house.order()).ok());
  Order second = house.order("t2");
  second.channels = {"cable"};
  const auto refused = house.issued(second);
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.fault().front().is(faults::overlaps));
  second.start_ns = house.on("cable").front().end_ns;
  CHECK(house.issued(second).ok());
  for (const char *screen : {"screen-hemei", "screen-heshun"}) {
    Order there = house.order(screen);
    there.channels.clear();
    there.place = screen;
    CHECK(house.issued(there).ok());
  }
  CHECK(house.on("screens").size() == 2);
}

TEST_CASE("what a person did, when and why is kept, and survives a restart") {
  House house;
  const auto issued = house.issued(house.order());
  REQUIRE(issued.ok());
  REQUIRE(house.recalled(issued->id, now_ns + ns_per_s).ok());
  const auto again = store::Store::open(house.folder.path() / "civicast.db").value();
  const auto found = BulletinStore(*again).find(issued->id);
  REQUIRE(found);
  const Bulletin &kept = found->bulletin;
  REQUIRE(kept.acts.size() == 2);
  CHECK(kept.acts[0].kind == Act::Kind::issued);
  CHECK(kept.acts[0].by == "cli:wang");
  CHECK(kept.acts[0].at_ns == now_ns);
  CHECK(kept.acts[0].reason == "暴雨红色预警");
  CHECK(kept.acts[1].kind == Act::Kind::recalled);
  CHECK(kept.acts[1].by == "cli:li");
  CHECK(kept.acts[1].reason == "误发");
  CHECK(kept.items == issued->items);
}

TEST_CASE("a recall takes off what has not ended, and leaves what aired") {
  House house;
  Order order = house.order();
  order.channels = {"cable"};
  order.times = 3;
  order.every_ns = 60 * ns_per_s;
  const auto issued = house.issued(order);
  REQUIRE(issued.ok());
  REQUIRE(issued->items.size() == 3);
  house.stands("cable", issued->items[0], State::aired);
  house.stands("cable", issued->items[1], State::started);
  const auto recalled = house.recalled(issued->id);
  REQUIRE(recalled.ok());
  CHECK(recalled->is_recalled());
  CHECK(house.playlists.find(issued->items[0])->is_current);
  CHECK_FALSE(house.playlists.find(issued->items[1])->is_current);
  CHECK_FALSE(house.playlists.find(issued->items[2])->is_current);
  // Once more is no new act.
  REQUIRE(house.recalled(issued->id).ok());
  CHECK(house.bulletins.find(issued->id)->bulletin.acts.size() == 2);
}

TEST_CASE("a recall of nothing is refused") {
  House house;
  CHECK(house.recalled("none").fault().front().is(faults::unknown));
  const auto issued = house.issued(house.order());
  REQUIRE(issued.ok());
  CHECK(recall(*house.store, issued->id, "", "http", now_ns)
            .fault()
            .front()
            .is(faults::reason_missing));
  house.stands("cable", issued->items[0], State::aired);
  house.stands("feed", issued->items[1], State::missed);
  CHECK(house.recalled(issued->id).fault().front().is(faults::over));
}

TEST_CASE("how far a bulletin has come is told from where its item stands") {
  channels::Standing standing;
  standing.item.start_ns = now_ns;
  standing.item.end_ns = now_ns + 15 * ns_per_s;
  const auto stage = [&](State state, bool is_current = true, std::int64_t at_ns = now_ns - 1) {
    standing.state = state;
    return progress_of(is_current, standing, at_ns).stage;
  };
  CHECK(progress_of(true, {}, now_ns).stage == Stage::waiting);
  CHECK(progress_of(false, {}, now_ns).stage == Stage::recalled);
  CHECK(stage(State::planned) == Stage::waiting);
  CHECK(stage(State::planned, false) == Stage::recalled);
  CHECK(stage(State::accepted) == Stage::handed);
  CHECK(stage(State::accepted, true, now_ns) == Stage::on_air);
  CHECK(stage(State::started) == Stage::on_air);
  CHECK(stage(State::aired) == Stage::aired);
  CHECK(stage(State::withdrawn) == Stage::recalled);
  CHECK(stage(State::held) == Stage::unclear);
  standing.status = wire::Status::technical_difficulty;
  standing.why = "No signal.";
  CHECK(stage(State::missed) == Stage::failed);
  CHECK(progress_of(true, standing, now_ns).sentence ==
        Words{"技术故障：No signal.", "technical difficulty: No signal."});
  CHECK(of_all({Stage::aired, Stage::on_air, Stage::waiting}) == Stage::on_air);
  CHECK(of_all({Stage::aired, Stage::failed}) == Stage::failed);
  CHECK(of_all({Stage::aired, Stage::aired}) == Stage::aired);
}
