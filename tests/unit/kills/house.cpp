// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/kills/house.hpp"

#include <fcntl.h>

#include <chrono>
#include <stdexcept>

#include "tests/plugins/harness.hpp"
#include "tests/unit/kills/traces.hpp"

namespace civicast::kills {

namespace fs = std::filesystem;
using channels::State;

namespace {

constexpr auto patience = std::chrono::minutes(3);
/// In one turn of settling: pauses of minutes pass in seconds.
constexpr std::int64_t skip_ns = 250 * ns_per_ms;
/// Beyond any grace, and beyond the hour that the desk waits for a worker that can be asked.
constexpr std::int64_t close_ns = 4 * 3600 * ns_per_s;

[[noreturn]] void fail(const Fault &fault) {
  throw std::runtime_error(fault.text());
}

template <class Value>
Value must(Result<Value> result) {
  if (!result) fail(result.fault());
  if constexpr (!std::is_void_v<Value>) return *std::move(result);
}

playlists::Item item(const std::string &id, std::int64_t start_ns) {
  playlists::Item out;
  out.id = id;
  out.start_ns = out.end_ns = start_ns;  // a post has no length
  out.asset = "poster";
  out.title = {"富强", "Prosperity"};
  out.campaign = "values";
  out.topic = "values";
  return out;
}

std::vector<channels::Channel> all_channels() {
  std::vector<channels::Channel> out;
  for (const Kind &kind : kinds) {
    channels::Channel channel;
    channel.id = channel.plugin = kind.name;
    channel.places = {kind.name};
    out.push_back(channel);
  }
  return out;
}

}  // namespace

void found(const fs::path &folder) {
  fs::create_directories(folder);
  must(ledger::create(folder / "ledger", folder / "keys", "kills.civicast.local/airings"));
}

House::House(HouseOptions options) : options_(std::move(options)) {
  options_.on_stage('o');
  const fs::path &folder = options_.folder;
  store_ = must(store::Store::open(folder / "civicast.db"));
  ledger_ = must(ledger::Ledger::open(folder / "ledger", folder / "keys"));
  intake_ = std::make_unique<airings::Intake>(*store_, *ledger_, clock_);
  index_ = std::make_unique<counts::Index>(*store_, *ledger_, must(Zone::find("Asia/Shanghai")));
  NoProgress nobody;
  must(intake_->catch_up(nobody));
  must(index_->catch_up(nobody));

  channels::DeskHooks hooks;
  hooks.on_facts = [this](const auto &origin, const auto &facts) { return take(origin, facts); };
  hooks.text_of = [](const playlists::Item &) { return Words{"富强", "Prosperity"}; };
  const auto no_media = [](const auto &, const auto &) { return std::vector<wire::Media>(); };
  desk_ = std::make_unique<channels::Desk>(*store_, clock_, all_channels(), no_media, hooks);
  supervisor_ = std::make_unique<workers::Supervisor>(*this, test::hasty());
  desk_->work(*supervisor_);
  for (const Kind &kind : kinds) add_worker(kind.name);
  hand_again();
  options_.on_stage('w');
}

void House::add_worker(const std::string &channel) {
  workers::WorkerSpec spec =
      test::spec_of("poster_" + channel, options_.folder / "channels" / channel);
  spec.channel = channel;
  spec.settings = {{"endpoint", options_.platform + "/" + channel + "/posts"},
                   {"valid_ms", 200},
                   {"outlives_host", options_.outlive_host.count(channel) == 1}};
  if (const auto added = supervisor_->add(spec); !added) fail(added.fault().front());
}

// ---- what is handed

void House::hand_again() {
  handed_ = Fd(::open((options_.folder / "handed").c_str(),
                      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  for (const Kind &kind : kinds) {
    std::vector<playlists::Item> items;
    for (const auto &[id, start_ns] : handed(options_.folder, kind.name))
      items.push_back(item(id, start_ns));
    handed_count_[kind.name] = static_cast<int>(items.size());
    desk_->hand(kind.name, items);
    for (const auto &known : items) open_[kind.name].insert(known.id);
  }
}

void House::feed(const std::string &channel) {
  int waiting = 0;
  std::set<std::string> &open = open_[channel];
  for (auto id = open.begin(); id != open.end();) {
    const auto state = desk_->state(*id);
    waiting += state == State::planned || state == State::sent;
    id = state && channels::is_final(*state) ? open.erase(id) : std::next(id);
  }
  if (waiting >= 2) return;
  // The system's time: that of the plugin and the platform, however much was skipped here.
  const std::int64_t start_ns = SystemClock().now_ns();
  const std::string id = channel + "-" + std::to_string(++handed_count_[channel]);
  // As a playlist is: on disk before anything is made of it.
  const std::string line = channel + " " + id + " " + std::to_string(start_ns) + "\n";
  if (!write_all(handed_.get(), line)) throw std::runtime_error("handed");
  open.insert(id);
  desk_->hand(channel, {item(id, start_ns)});
}

// ---- the flow

void House::turn(int timeout_ms) {
  supervisor_->step(timeout_ms);
  desk_->tick();
  must(ledger_->checkpoint(clock_.now_ns()));
}

channels::Heard House::take(const workers::Origin &origin, const std::vector<wire::Fact> &facts) {
  const airings::Source source{origin.channel, origin.channel,        origin.epoch,
                               origin.plugin,  origin.plugin_version, origin.best};
  const auto planned = [&](const std::string &id) -> std::optional<airings::Planned> {
    const auto standing = desk_->standing(id);
    if (!standing || standing->channel != origin.channel) return {};
    return airings::Planned{standing->item, {}};
  };
  options_.on_stage('t');
  auto taken = must(intake_->take(source, facts, planned));
  options_.on_stage('n');
  NoProgress nobody;
  must(index_->catch_up(nobody));
  options_.on_stage('w');
  channels::Heard heard = true;
  heard.stands = std::move(taken.stands);
  return heard;
}

bool House::turn_until_open_are(const std::function<bool(State)> &are) {
  const auto is_so = [&] {
    for (const auto &[channel, ids] : open_)
      for (const std::string &id : ids)
        if (!are(desk_->state(id).value_or(State::planned))) return false;
    return true;
  };
  const auto until = std::chrono::steady_clock::now() + patience;
  while (!is_so() && std::chrono::steady_clock::now() < until) {
    turn(5);
    clock_.skip(skip_ns);
  }
  return is_so();
}

bool House::settle() {
  return turn_until_open_are(
      [](State state) { return channels::is_final(state) || state == State::held; });
}

bool House::close() {
  clock_.skip(close_ns);
  return turn_until_open_are(channels::is_final);
}

void House::finish() {
  must(ledger_->checkpoint(clock_.now_ns(), true));
}

// ---- what the supervisor tells goes to the desk

void House::on_ready(const std::string &channel, std::uint64_t epoch) {
  desk_->on_ready(channel, epoch);
}

bool House::on_facts(const workers::Origin &origin, const std::vector<wire::Fact> &facts) {
  return desk_->on_facts(origin, facts);
}

void House::on_gone(const workers::Gone &gone) {
  options_.on_gone(gone);
  desk_->on_gone(gone);
}

void House::on_log(const std::string &channel, int level, const std::string &line) {
  desk_->on_log(channel, level, line);
}

}  // namespace civicast::kills
