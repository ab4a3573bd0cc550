// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cable_faults/storm.hpp"

#include <algorithm>
#include <cerrno>
#include <cmath>

namespace civicast::cable::faults {
namespace {

constexpr std::int64_t kMs = 1'000'000, kSecond = 1'000 * kMs;
constexpr std::int64_t kDatagramBits = kDatagramPackets * kPacketBytes * 8;
constexpr std::int64_t kWindowNs = 10 * kSecond;
/// Within this the worker is back on the air at the right frame.
constexpr std::int64_t kReturnNs = kSecond;
/// Behind the last order the storm goes on for so long, and then it is calm for the rest.
constexpr std::int64_t kAfterStormNs = 8 * 60 * kSecond, kAfterCalmNs = 8 * 60 * kSecond;

}  // namespace

Storm::Storm(const StormPlan &the_plan)
    : plan(the_plan),
      clips(clips_of(the_plan.house)),
      witness(clips),
      host(clips, folder.path.string(), the_plan.seed ^ 0xB00C),
      random_(the_plan.seed),
      slate_(the_plan.house),
      ways_{{witness, 0}, {witness, 1}, {witness, 2}},
      site_{folder.path.string(), clock, plan.house, slate_, plan.has_file} {
  seams() = {};
  seams().disk.folder = site_.folder;
  seams().wires = {{kFirstPort, &ways_[0]}, {kSecondPort, &ways_[1]}};
  if (plan.has_file) {
    seams().tape_path = site_.tape();
    seams().tape = &ways_[2];
  }
  faults_ = {{420, &Storm::step_clock},       {900, &Storm::slew_clock},
             {240, &Storm::cut_network},      {200, &Storm::stall},
             {300, &Storm::kill_worker},      {240, &Storm::kill_inside},
             {150, &Storm::strike_at_an_end}, {600, &Storm::kill_host},
             {600, &Storm::fill_disk},        {1800, &Storm::fail_sync},
             {500, &Storm::bulletin},         {900, &Storm::replace_worker}};
}

Storm::~Storm() {
  worker_.reset();
  seams() = {};
}

std::int64_t Storm::roll(std::int64_t from, std::int64_t to) {
  return from + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(to - from + 1));
}

void Storm::run() {
  start_worker();
  const std::int64_t end_ns = clock.mono_ns + plan.hours * 3600 * kSecond;
  for (Fault &fault : faults_) fault.next_ns = clock.mono_ns + roll(10, fault.mean_s) * kSecond;
  const std::int64_t calm_ns = end_ns + kAfterStormNs, last_ns = calm_ns + kAfterCalmNs;
  while (clock.mono_ns < end_ns || (!host.is_done() && clock.mono_ns < last_ns)) {
    if (clock.mono_ns >= end_ns) host.stop_planning();
    clock.mono_ns < calm_ns ? strike_all() : calm();
    end_faults();
    advance();
  }
  if (worker_) bury_worker(kSecond);
}

// ---- time

void Storm::tell_time() {
  witness.utc_ns = clock.utc_ns;
  witness.mono_ns = clock.mono_ns;
  latest_utc_ns_ = std::max(latest_utc_ns_, clock.utc_ns);
}

void Storm::advance() {
  tell_time();
  if (!worker_ && clock.mono_ns >= rebirth_ns_) start_worker();
  std::int64_t pass_ns = kTickNs;
  try {
    if (worker_) pass_ns = worker_->tick() - clock.mono_ns;
    host.step(worker_.get(), clock.read());
  } catch (const Killed &) {
    meet("killed inside");
    bury_worker(roll(50, 900) * kMs);
  }
  if (worker_) {
    watch_rate();
    watch_return();
    alive_ns += pass_ns;
  }
  if (stall_for_ns_ > 0) {
    stalls.push_back({clock.mono_ns, clock.mono_ns + pass_ns + stall_for_ns_});
    pass_ns += std::exchange(stall_for_ns_, 0);
    window_from_ns_ = 0;
  } else if (chance(2)) {
    pass_ns += roll(0, 8'000'000);  // the machine is never quite on time
  }
  clock.pass(pass_ns);
}

// ---- the worker

void Storm::start_worker() {
  try {
    worker_ = std::make_unique<Worker>(site_);
  } catch (const Killed &) {
    meet("killed while it opened");
    bury_worker(kSecond / 2);
    return;
  } catch (const std::exception &trouble) {
    // Of a disk that says it cannot keep anything nothing can be hoped.
    if (!seams().disk.is_sync_failing)
      breaches.push_back(std::string("the worker does not open: ") + trouble.what());
    bury_worker(kSecond);
    return;
  }
  if (!worker_->follows_another()) {
    ++lives;
    kills.push_back({clock.mono_ns, clock.mono_ns});
    is_return_watched_ = true;
  }
  born_ns_ = watched_from_ns_ = clock.mono_ns;
  born_datagrams_ = witness.datagrams();
  window_from_ns_ = 0;
}

void Storm::bury_worker(std::int64_t for_ns) {
  worker_.reset();
  kills.push_back({clock.mono_ns, clock.mono_ns});
  seams().disk.writes_to_live = -1;
  for (Way &way : ways_) way.calls_to_live = -1;
  // Too short for a clock reference, it opened no session that anybody could tell from the next.
  if (witness.datagrams() < born_datagrams_ + plan.house.rate_bits_per_s / 10 / kDatagramBits)
    ++short_lives;
  witness.life_ends(plan.has_file ? 3 : 2);
  host.worker_was_killed();
  rebirth_ns_ = clock.mono_ns + for_ns;
  is_return_watched_ = false;
}

/// Every frame time has its frame: nothing is late, and nothing too early.
void Storm::watch_rate() {
  if (window_from_ns_ == 0) {
    window_from_ns_ = clock.mono_ns + kSecond;  // what a stall left is paid back by then
    return;
  }
  if (clock.mono_ns < window_from_ns_) {
    window_datagrams_ = witness.datagrams();
    window_units_ = witness.units;
    return;
  }
  const std::int64_t past_ns = clock.mono_ns - window_from_ns_;
  if (past_ns < kWindowNs) return;
  const std::int64_t due = past_ns / 1000 * plan.house.rate_bits_per_s / 1'000'000 / kDatagramBits;
  const std::int64_t slack = 2 + plan.house.rate_bits_per_s * 40 / 1000 / kDatagramBits;
  const std::int64_t came = witness.datagrams() - window_datagrams_;
  if (std::abs(came - due) > slack)
    breaches.push_back("in ten seconds " + std::to_string(came) + " datagrams instead of " +
                       std::to_string(due) + ", at " + std::to_string(clock.mono_ns));
  const std::int64_t units = witness.units - window_units_, frames = past_ns / kFrameNs;
  // A picture of many bits leaves late, within the decoder's buffer.
  if (std::abs(units - frames) > 20)
    breaches.push_back("in ten seconds " + std::to_string(units) + " pictures");
  window_from_ns_ = clock.mono_ns;
  window_datagrams_ = witness.datagrams();
  window_units_ = witness.units;
}

/// Packets again at once, and the right picture of the right item: if the host could hand that over
/// only since, as behind a full disk, so long after it did.
void Storm::watch_return() {
  if (!is_return_watched_ || clock.mono_ns < watched_from_ns_ + kReturnNs) return;
  is_return_watched_ = false;
  if (!stalls.empty() && stalls.back().until_ns > born_ns_) return;
  if (!steps.empty() && steps.back().until_ns > born_ns_) return;
  const Sight &sight = witness.last_sight;
  if (sight.mono_ns < watched_from_ns_ + kReturnNs / 2)
    breaches.push_back("no picture within a second of the return");
  const Order *order = host.elastic_at(clock.utc_ns);
  // What was over before the clock was set back does not come again.
  if (!order || order->end_ns <= latest_utc_ns_) return;
  if (order->in_hand_ns > watched_from_ns_) {
    meet("handed over since the return");
    watched_from_ns_ = order->in_hand_ns;
    is_return_watched_ = true;
    return;
  }
  meet("return watched");
  const std::int64_t frames = clips.at(order->clip).frames;
  const std::int64_t planned = (sight.utc_ns - order->start_ns) / kFrameNs % frames;
  const std::int64_t behind = ((planned - sight.shown.frame) % frames + frames) % frames;
  // Entered at a group of pictures, and its bits within the decoder's buffer.
  const bool is_right = sight.shown.clip == order->clip && (behind <= 45 || behind >= frames - 2);
  if (!is_right)
    breaches.push_back("back on the air with picture " + std::to_string(sight.shown.frame) +
                       " of clip " + std::to_string(sight.shown.clip) + " instead of " +
                       std::to_string(planned) + " of " + std::to_string(order->clip) + " (" +
                       order->id + ") at " + std::to_string(clock.mono_ns));
}

// ---- the faults

void Storm::meet(const std::string &what) {
  ++met[what];
  const Disk &disk = seams().disk;
  if (disk.free_bytes >= 0) ++met[what + " on a full disk"];
  if (!host.is_up()) ++met[what + " without a host"];
  if (!worker_) ++met[what + " without a worker"];
  if (ways_[0].error || ways_[1].error) ++met[what + " without a network"];
}

void Storm::strike_all() {
  if (clock.mono_ns < next_fault_ns_) return;
  next_fault_ns_ = clock.mono_ns + kSecond;
  for (Fault &fault : faults_) {
    if (clock.mono_ns < fault.next_ns) continue;
    const double share = static_cast<double>(roll(1, 1'000'000)) / 1e6;
    fault.next_ns = clock.mono_ns +
                    static_cast<std::int64_t>(-std::log(share) * static_cast<double>(fault.mean_s) *
                                              static_cast<double>(kSecond)) +
                    roll(0, 999) * kMs;
    (this->*fault.strike)();
  }
}

void Storm::end_faults() {
  if (aimed_utc_ns_ != 0 && worker_ && clock.utc_ns >= aimed_utc_ns_) {
    aimed_utc_ns_ = 0;
    chance(60) ? kill_inside() : stall();
  }
  const std::int64_t now = clock.mono_ns;
  if (slew_end_ns_ != 0 && now >= slew_end_ns_) slew_end_ns_ = clock.slew_ppm = 0;
  for (std::size_t i = 0; i < 2; ++i)
    if (ways_[i].error != 0 && now >= network_back_ns_[i]) ways_[i].error = 0;
  if (!host.is_up() && now >= host_back_ns_) host.come_back();
  if (now >= disk_back_ns_) seams().disk.free_bytes = -1;
  if (now >= sync_back_ns_) seams().disk.is_sync_failing = false;
}

void Storm::calm() {
  slew_end_ns_ = std::min(slew_end_ns_, clock.mono_ns);
  for (std::int64_t *end :
       {&network_back_ns_[0], &network_back_ns_[1], &host_back_ns_, &disk_back_ns_, &sync_back_ns_})
    *end = std::min(*end, clock.mono_ns);
}

void Storm::step_clock() {
  // From a millisecond to five minutes, each order of magnitude as likely.
  const double magnitude = static_cast<double>(roll(0, 5'470)) / 1000.0;
  const auto by_ns =
      static_cast<std::int64_t>(std::pow(10.0, magnitude) * static_cast<double>(kMs));
  const bool is_back = chance(50);
  meet(is_back ? "clock stepped back" : "clock stepped on");
  clock.utc_ns += is_back ? -by_ns : by_ns;
  steps.push_back({clock.mono_ns, clock.mono_ns});
}

void Storm::slew_clock() {
  meet("clock slewed");
  clock.slew_ppm = roll(-500, 500);
  slew_end_ns_ = clock.mono_ns + roll(10, 300) * kSecond;
}

void Storm::cut_network() {
  meet("network cut");
  constexpr int kErrors[] = {ENETUNREACH, EHOSTUNREACH, ENOBUFS};
  const std::int64_t which = roll(0, 2);  // one, the other, or both
  const std::int64_t for_ns = (chance(50) ? roll(10, 900) : roll(1'000, 60'000)) * kMs;
  for (std::size_t i = 0; i < 2; ++i) {
    if (which != 2 && which != static_cast<std::int64_t>(i)) continue;
    ways_[i].error = kErrors[roll(0, 2)];
    ways_[i].error_percent = chance(60) ? 100 : static_cast<int>(roll(1, 60));
    ways_[i].chance = random_() | 1;
    network_back_ns_[i] = clock.mono_ns + for_ns;
  }
}

void Storm::stall() {
  meet("stalled");
  stall_for_ns_ = (chance(50) ? roll(10, 250) : roll(250, 6'000)) * kMs;
}

void Storm::kill_worker() {
  if (!worker_) return;
  meet("killed");
  bury_worker(chance(85) ? roll(50, 900) * kMs : roll(3'000, 40'000) * kMs);
}

void Storm::kill_inside() {
  if (!worker_) return;
  const std::int64_t where = roll(0, 3);
  if (where < 2 || (where == 2 && plan.has_file))
    ways_[where].calls_to_live = roll(1, 20);
  else
    seams().disk.writes_to_live = roll(1, 8);
}

/// Its last pictures are just leaving then: what is known of them is what is hardest to know.
void Storm::strike_at_an_end() {
  const std::int64_t end_ns = host.next_end(clock.utc_ns);
  if (end_ns != 0) aimed_utc_ns_ = end_ns + roll(-200, 100) * kMs;
}

void Storm::kill_host() {
  if (!host.is_up()) return;
  meet("host killed");
  host.die();
  host_back_ns_ = clock.mono_ns + (chance(60) ? roll(1, 20) : roll(20, 600)) * kSecond;
}

void Storm::fill_disk() {
  meet("disk full");
  seams().disk.free_bytes = roll(0, 3'000);
  disk_back_ns_ = clock.mono_ns + (chance(60) ? roll(1, 60) : roll(60, 1'800)) * kSecond;
}

void Storm::fail_sync() {
  meet("disk does not sync");
  seams().disk.is_sync_failing = true;
  sync_back_ns_ = clock.mono_ns + roll(1, 30) * kSecond;
}

void Storm::bulletin() {
  meet("bulletin");
  host.issue_bulletin(clock.utc_ns);
}

void Storm::replace_worker() {
  if (!worker_) return;
  meet("worker replaced");
  try {
    tell_time();
    worker_->hand_over();
    worker_.reset();
    window_from_ns_ = 0;
    rebirth_ns_ = clock.mono_ns + roll(0, 150) * kMs;
  } catch (const Killed &) {
    meet("killed while it handed over");
    bury_worker(roll(50, 900) * kMs);
  }
}

}  // namespace civicast::cable::faults
