// SPDX-License-Identifier: Apache-2.0
// The host and its town: plans the channel's hours, hands items over, takes them back, asks what
// became of them, and keeps the book of what it was told. It dies and comes back, too.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/cable_faults/clips.hpp"
#include "tests/unit/cable_faults/worker.hpp"

namespace civicast::cable::faults {

/// What befalls a file after it was handed over.
enum class Ailment { none, gone, cut_short, replaced, overwritten, fattened };

struct Order {
  enum class State { planned, sent, accepted, refused, unknown, given_up };
  std::string id, path;
  Kind kind = Kind::placement;
  int clip = -1;  ///< -1: of no good file
  std::int64_t start_ns = 0, end_ns = 0;
  std::int64_t hand_ns = 0;      ///< handed over, again, or asked about, not before
  std::int64_t withdraw_ns = 0;  ///< 0: it is not
  bool must_be_refused = false;
  Ailment ailment = Ailment::none;
  std::int64_t ail_ns = 0;
  std::string donor;  ///< the file that it becomes

  State state = State::planned;
  int attempts = 0;
  bool was_in_hand = false;     ///< the plugin said so at least once
  std::int64_t in_hand_ns = 0;  ///< on the monotonic clock: when it first did
  bool is_taken_back = false;
  std::map<wire::FactKind, wire::Fact> facts;
  bool is_final() const;
  const wire::Fact *ending() const;  ///< null: none, or more than one
};

class TownHost {
 public:
  TownHost(const ClipBook &clips, std::string folder, std::uint64_t seed)
      : clips_(clips), folder_(std::move(folder)), random_(seed) {}

  /// What is due by the house clock. `worker` may be null. May throw Killed: the worker's.
  void step(Worker *worker, const Pacer::Reading &now);
  void worker_was_killed();
  void die() { is_up_ = false; }
  void come_back();
  bool is_up() const { return is_up_; }
  /// An emergency: to be shown at once.
  void issue_bulletin(std::int64_t utc_ns);
  /// Nothing is planned any more.
  void stop_planning() { is_planning_ = false; }
  /// And nothing is waited for.
  bool is_done() const { return !is_planning_ && active_.empty(); }

  const std::map<std::string, Order> &orders() const { return orders_; }
  /// The programme or filler that is to be seen, if nothing else can be at that time.
  const Order *elastic_at(std::int64_t utc_ns) const;
  /// When the next placement that is in hand will be over; 0: none is near.
  std::int64_t next_end(std::int64_t utc_ns) const;
  std::vector<std::string> flaws;  ///< what the plugin must never have said
  std::int64_t facts_told = 0, facts_repeated = 0;

 private:
  void plan(std::int64_t until_ns, std::int64_t now_ns);
  Order &add(Kind kind, int clip, const std::string &path, std::int64_t start_ns,
             std::int64_t frames);
  void add_break(std::int64_t start_ns, int spots, std::int64_t end_ns);
  void maybe_spoil(Order &order);
  void ail(Order &order);
  void intake(Worker &worker);
  void take(const wire::Fact &fact);
  void hand(Worker &worker, Order &order, std::int64_t utc_ns);
  void ask(Worker &worker, Order &order, std::int64_t utc_ns);
  void take_back(Worker &worker, Order &order);
  void note_in_hand(Order &order) const;
  bool is_idle(const Order &order) const;
  std::int64_t roll(std::int64_t from, std::int64_t to);  ///< both may come
  bool chance(int percent) { return roll(1, 100) <= percent; }

  const ClipBook &clips_;
  std::string folder_;
  std::mt19937_64 random_;
  std::map<std::string, Order> orders_;
  std::vector<Order *> active_;  ///< of which something is still to be done
  bool is_up_ = true, is_planning_ = true;
  std::int64_t planned_until_ns_ = 0, last_step_ns_ = 0, mono_ns_ = 0;
  std::size_t next_spot_ = 0;
  int next_id_ = 0;
};

}  // namespace civicast::cable::faults
