// SPDX-License-Identifier: Apache-2.0
#include "host/flow/watch.hpp"

#include <algorithm>
#include <chrono>

#include "host/channels/channel_store.hpp"
#include "host/ledger/verify.hpp"

namespace civicast::flow {
namespace {

constexpr auto tally_every = std::chrono::seconds(2);
constexpr std::int64_t verify_every_ns = 60 * ns_per_s;
/// A verification may take this share of the time at most, however large the ledger has grown.
constexpr std::int64_t verify_rest_factor = 50;

/// Thrown through a verification that nobody waits for any more.
struct Abandoned {};

class UntilStopped final : public Progress {
 public:
  explicit UntilStopped(std::function<bool()> is_stopping) : is_stopping_(std::move(is_stopping)) {}
  void step(const std::string &, double, double) override {
    if (is_stopping_()) throw Abandoned{};
  }

 private:
  std::function<bool()> is_stopping_;
};

Today tally_of(const std::vector<playlists::Item> &items, const channels::ChannelStore &states,
               const std::string &channel, std::int64_t from_ns, std::int64_t to_ns) {
  using channels::State;
  Today today;
  for (const auto &item : items) today.planned += item.kind == playlists::ItemKind::placement;
  for (const auto &standing : states.list(channel, from_ns, to_ns)) {
    if (standing.item.kind != playlists::ItemKind::placement) continue;
    today.aired += standing.state == State::aired;
    today.missed += standing.state == State::missed || standing.state == State::refused;
  }
  return today;
}

}  // namespace

Watch::Watch(Rooms &rooms, const Clock &clock)
    : rooms_(rooms), clock_(clock), thread_([this] { run(); }) {}

Watch::~Watch() {
  {
    const std::lock_guard lock(mutex_);
    is_stopping_ = true;
  }
  stopping_.notify_all();
  thread_.join();
}

Watched Watch::now() const {
  const std::lock_guard lock(mutex_);
  return watched_;
}

void Watch::run() {
  std::unique_lock lock(mutex_);
  while (!is_stopping_) {
    lock.unlock();
    tally();
    if (clock_.now_ns() >= next_verify_ns_) verify();
    lock.lock();
    stopping_.wait_for(lock, tally_every, [this] { return is_stopping_; });
  }
}

void Watch::tally() {
  const auto now = clock_.now_ns();
  const auto &zone = rooms_.station.zone;
  const Date date = zone.date_at(now);
  const channels::ChannelStore states(*rooms_.store);
  counts::Question question{{counts::By::channel}, "", "", {}, date, date};
  std::map<std::string, Today> today;
  for (const auto &channel : rooms_.station.channels)
    today[channel.id] = tally_of(rooms_.playlists->day(channel.id, date), states, channel.id,
                                 zone.instant(date, 0), zone.instant(date, 86400));
  for (const auto &row : counts::count(*rooms_.store, question))
    today[row.keys.front()].incomplete = static_cast<int>(row.incomplete);
  auto held = rooms_.held->counts();
  const std::lock_guard lock(mutex_);
  watched_.today = std::move(today);
  watched_.held = std::move(held);
}

void Watch::verify() {
  const auto started = clock_.now_ns();
  UntilStopped progress([this] {
    const std::lock_guard lock(mutex_);
    return is_stopping_;
  });
  Verdict verdict;
  try {
    const auto read = ledger::verify(rooms_.station.folder / "ledger",
                                     rooms_.station.folder / "keys" / "ledger.pub", progress);
    verdict.good = read.ok();
    if (read)
      verdict.size = read->size;
    else
      verdict.fault = read.fault().front();
  } catch (const Abandoned &) {
    return;
  }
  verdict.at_ns = clock_.now_ns();
  const auto rest = std::max(verify_every_ns, (verdict.at_ns - started) * verify_rest_factor);
  next_verify_ns_ = verdict.at_ns + rest;
  const std::lock_guard lock(mutex_);
  watched_.verdict = std::move(verdict);
}

}  // namespace civicast::flow
