// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cable_air/station.hpp"

#include <signal.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "host/ledger/verify.hpp"
#include "sdk/base/clock.hpp"

namespace civicast::air {
namespace {

const std::string kChannel = "cable";
constexpr auto kPatience = std::chrono::minutes(1);

[[noreturn]] void fail(const Fault &fault) {
  throw std::runtime_error(fault.text());
}

template <class Value>
Value must(Result<Value> result) {
  if (!result) fail(result.fault());
  if constexpr (!std::is_void_v<Value>) return *std::move(result);
}

channels::Channel channel() {
  channels::Channel out;
  out.id = out.plugin = kChannel;
  out.places = {kChannel};
  return out;
}

Result<std::vector<wire::Media>> media_of(const playlists::Item &item, const channels::Channel &) {
  const Clip &clip = clips().by_asset.at(item.asset);
  return std::vector<wire::Media>{{clip.path, clip.sha256, "video/mp2t", clip.frames * kFrameNs}};
}

workers::WorkerSpec spec(const std::filesystem::path &state,
                         const std::vector<std::string> &outputs) {
  workers::WorkerSpec out;
  out.channel = kChannel;
  out.plugin_dir = CIVICAST_CABLE_PLUGIN;
  out.state_dir = state;
  out.runner = CIVICAST_RUNNER;
  out.settings = {{"udp", ""}, {"outputs", outputs}};
  return out;
}

}  // namespace

std::int64_t now_ns() {
  return SystemClock().now_ns();
}

Station::Station(const std::vector<std::string> &outputs, const workers::Pace &pace) {
  clips();  // made before anything runs
  must(ledger::create(folder_ / "ledger", folder_ / "keys", "air.test/airings"));
  store_ = must(store::Store::open(folder_ / "civicast.db"));
  ledger_ = must(ledger::Ledger::open(folder_ / "ledger", folder_ / "keys"));
  intake_ = std::make_unique<airings::Intake>(*store_, *ledger_, clock_);
  index_ = std::make_unique<counts::Index>(*store_, *ledger_, must(Zone::find("Asia/Shanghai")));
  channels::DeskHooks hooks;
  hooks.on_facts = [this](const auto &origin, const auto &facts) { return take(origin, facts); };
  desk_ =
      std::make_unique<channels::Desk>(*store_, clock_, std::vector{channel()}, media_of, hooks);
  supervisor_ = std::make_unique<workers::Supervisor>(*this, pace);
  desk_->work(*supervisor_);
  const auto added = supervisor_->add(spec(folder_ / "state", outputs));
  if (!added) fail(added.fault().front());
}

// ---- the flow

void Station::turn(int timeout_ms) {
  supervisor_->step(timeout_ms);
  desk_->tick();
}

void Station::until(const std::function<bool()> &is_so) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (!is_so()) {
    if (std::chrono::steady_clock::now() > end) throw std::runtime_error("not within a minute");
    turn(5);
  }
}

void Station::until_time(std::int64_t utc_ns) {
  while (now_ns() < utc_ns)
    turn(static_cast<int>(std::min<std::int64_t>(5, (utc_ns - now_ns()) / 1'000'000)));
}

void Station::until_ready() {
  until([&] { return supervisor_->is_ready(kChannel); });
}

void Station::hand(const Plan &plan) {
  desk_->hand(kChannel, plan.items);
  until([&] {
    return std::all_of(plan.items.begin(), plan.items.end(), [&](const auto &item) {
      const auto state = desk_->state(item.id);
      return state && *state != channels::State::planned && *state != channels::State::sent;
    });
  });
}

void Station::kill(const std::string &amid) {
  if (pid() <= 0) throw std::runtime_error("there is no worker to be killed");
  kills_.push_back({amid, now_ns(), 0});
  ::kill(pid(), SIGKILL);
  until([&] { return gone_ == kills_.size(); });
}

void Station::hold_up(std::int64_t for_ns) {
  const pid_t held = pid();
  ::kill(held, SIGSTOP);
  until_time(now_ns() + for_ns);
  ::kill(held, SIGCONT);
}

pid_t Station::pid() const {
  return supervisor_->snapshot()[kChannel]["pid"].get<pid_t>();
}

void Station::close(const Plan &plan) {
  until_time(plan.end_ns);
  until([&] {
    return std::all_of(plan.items.begin(), plan.items.end(), [&](const auto &item) {
      const auto state = desk_->state(item.id);
      if (item.kind != playlists::ItemKind::placement) return true;
      return state && channels::is_final(*state);
    });
  });
  supervisor_->stop();
  must(ledger_->checkpoint(now_ns(), true));
}

channels::Heard Station::take(const workers::Origin &origin, const std::vector<wire::Fact> &facts) {
  const airings::Source source{origin.channel, origin.channel,        origin.epoch,
                               origin.plugin,  origin.plugin_version, origin.best};
  const auto planned = [&](const std::string &id) -> std::optional<airings::Planned> {
    const auto standing = desk_->standing(id);
    if (!standing || standing->channel != origin.channel) return {};
    return airings::Planned{standing->item, standing->house_sha256};
  };
  auto taken = must(intake_->take(source, facts, planned));
  NoProgress nobody;
  must(index_->catch_up(nobody));
  channels::Heard heard = true;
  heard.stands = std::move(taken.stands);
  return heard;
}

void Station::on_ready(const std::string &channel, std::uint64_t epoch) {
  desk_->on_ready(channel, epoch);
}

bool Station::on_facts(const workers::Origin &origin, const std::vector<wire::Fact> &facts) {
  return desk_->on_facts(origin, facts);
}

void Station::on_gone(const workers::Gone &gone) {
  // Here the next one has not been started yet.
  if (gone_ < kills_.size()) kills_[gone_++].gone_ns = now_ns();
  desk_->on_gone(gone);
}

void Station::on_log(const std::string &channel, int level, const std::string &line) {
  desk_->on_log(channel, level, line);
}

// ---- what the books say

std::vector<airings::Airing> Station::entries() const {
  std::vector<airings::Airing> out;
  const auto read = must(ledger_->read(0, ledger_->size()));
  for (const std::string &text : read)
    if (airings::is_airing(text)) out.push_back(must(airings::decode(text)));
  return out;
}

std::map<std::string, int> Station::counted() const {
  std::map<std::string, int> out;
  counts::Filter all;
  all.limit = 1'000'000;
  for (const auto &entry : counts::list(*store_, all))
    if (entry.airing.counts()) ++out[entry.airing.placement];
  return out;
}

std::map<std::string, std::int64_t> Station::counted_by_asset() const {
  std::map<std::string, std::int64_t> out;
  for (const auto &row : counts::count(*store_, {{counts::By::asset}, "", "", {}, {}, {}}))
    if (row.airings > 0) out[row.keys.front()] = row.airings;
  return out;
}

std::string Station::verify() {
  NoProgress nobody;
  const auto verdict = ledger::verify(folder_ / "ledger", folder_ / "keys" / "ledger.pub", nobody);
  if (!verdict) return verdict.fault().front().text();
  return verdict->signed_size == ledger_->size() ? "" : "not all of it is signed";
}

std::vector<std::int64_t> Station::gone_ns() const {
  std::vector<std::int64_t> out;
  for (const Kill &each : kills_) out.push_back(each.gone_ns);
  return out;
}

Json Station::status() const {
  return supervisor_->snapshot()[kChannel]["status"];
}

}  // namespace civicast::air
