// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cable_faults/host.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

namespace civicast::cable::faults {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kStepNs = kSecond / 5;
/// So far ahead the plan is made, and so long before its time an item is handed over.
constexpr std::int64_t kHorizonNs = 420 * kSecond;
constexpr std::int64_t kAskAgainNs = 7 * kSecond;
/// With the plugin's grace, before an item without an end is asked about.
constexpr std::int64_t kGraceNs = 20 * kSecond;

bool is_end(wire::FactKind kind) {
  return kind == wire::FactKind::aired || kind == wire::FactKind::missed ||
         kind == wire::FactKind::withdrawn;
}

}  // namespace

bool Order::is_final() const {
  return std::any_of(facts.begin(), facts.end(), [](const auto &f) { return is_end(f.first); });
}

const wire::Fact *Order::ending() const {
  const wire::Fact *found = nullptr;
  for (const auto &[what, fact] : facts) {
    if (!is_end(what)) continue;
    if (found) return nullptr;
    found = &fact;
  }
  return found;
}

std::int64_t TownHost::roll(std::int64_t from, std::int64_t to) {
  return from + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(to - from + 1));
}

// ---- the plan

Order &TownHost::add(Kind kind, int clip, const std::string &path, std::int64_t start_ns,
                     std::int64_t frames) {
  const std::string id = std::string(word(kind)) + std::to_string(next_id_++);
  Order &order = orders_[id];
  order.id = id;
  order.kind = kind;
  order.clip = clip;
  order.path = path;
  order.start_ns = start_ns;
  order.end_ns = start_ns + frame_ns(frames);
  // Most in good time, some in the last moment, some too late.
  const std::int64_t ahead = chance(85) ? roll(20, 300) : roll(-2, 12);
  order.hand_ns = start_ns - ahead * kSecond;
  active_.push_back(&order);
  return order;
}

void TownHost::maybe_spoil(Order &order) {
  if (chance(6)) order.withdraw_ns = order.start_ns + roll(-60'000, 4'000) * 1'000'000;
  if (!chance(12)) return;
  const std::string own = folder_ + "/" + order.id + ".ts";
  std::filesystem::copy_file(order.path, own);
  order.path = own;
  constexpr Ailment kAll[] = {Ailment::gone, Ailment::cut_short, Ailment::replaced,
                              Ailment::overwritten, Ailment::fattened};
  order.ailment = kAll[roll(0, 4)];
  order.ail_ns = order.start_ns + roll(chance(50) ? -200'000 : -2'000, 6'000) * 1'000'000;
  const bool is_fat = order.ailment == Ailment::fattened;
  const std::size_t other = static_cast<std::size_t>(order.clip + 1) % clips_.spots.size();
  order.donor = is_fat ? clips_.refused[0].path : clips_.spots[other].path;
}

void TownHost::add_break(std::int64_t start_ns, int spots, std::int64_t end_ns) {
  for (; spots > 0; --spots) {
    const std::size_t which = next_spot_++ % clips_.spots.size();
    const Clip &clip = clips_.spots[which];
    if (start_ns + frame_ns(clip.frames) > end_ns) return;
    if (chance(5)) {
      // What the gate must refuse, in a place of its own.
      const bool is_short = chance(30);
      const Clip &bad =
          is_short
              ? clip
              : clips_.refused[static_cast<std::size_t>(roll(0, std::ssize(clips_.refused) - 1))];
      add(Kind::placement, -1, bad.path, start_ns, bad.frames + (is_short ? 3 : 0))
          .must_be_refused = true;
      start_ns += frame_ns(bad.frames + 3);
      continue;
    }
    maybe_spoil(add(Kind::placement, clips_.spot(which), clip.path, start_ns, clip.frames));
    start_ns += frame_ns(clip.frames);
  }
}

void TownHost::plan(std::int64_t until_ns, std::int64_t now_ns) {
  if (planned_until_ns_ < now_ns) planned_until_ns_ = (now_ns / kFrameNs + 250) * kFrameNs;
  while (planned_until_ns_ < until_ns) {
    const std::int64_t at = planned_until_ns_;
    const std::int64_t programme = 25 * roll(16, 90), filler = 25 * roll(6, 24);
    const auto p = static_cast<std::size_t>(roll(0, std::ssize(clips_.programmes) - 1));
    const auto f = static_cast<std::size_t>(roll(0, std::ssize(clips_.fillers) - 1));
    add(Kind::programme, clips_.programme(p), clips_.programmes[p].path, at, programme);
    add_break(at + frame_ns(roll(50, programme / 3)), static_cast<int>(roll(2, 8)),
              at + frame_ns(programme));
    const std::int64_t then = at + frame_ns(programme);
    add(Kind::filler, clips_.filler(f), clips_.fillers[f].path, then, filler);
    add_break(then + frame_ns(roll(0, 60)), static_cast<int>(roll(1, 3)), then + frame_ns(filler));
    planned_until_ns_ = then + frame_ns(filler + (chance(30) ? roll(1, 80) : 0));
  }
}

void TownHost::issue_bulletin(std::int64_t utc_ns) {
  const std::size_t which = next_spot_++ % clips_.spots.size();
  const Clip &clip = clips_.spots[which];
  Order &order = add(Kind::bulletin, clips_.spot(which), clip.path,
                     utc_ns + roll(-1'000, 3'000) * 1'000'000, clip.frames);
  order.hand_ns = utc_ns;
}

const Order *TownHost::elastic_at(std::int64_t utc_ns) const {
  const Order *found = nullptr;
  for (const Order *order : active_) {
    // Near a border, or where anything else may stand, nobody can say.
    const std::int64_t wide = order->kind == Kind::bulletin ? 30 * kSecond : 3 * kSecond;
    if (order->start_ns > utc_ns + wide || order->end_ns < utc_ns - wide) continue;
    const bool is_elastic = order->kind == Kind::programme || order->kind == Kind::filler;
    const bool is_amid =
        order->start_ns < utc_ns - 3 * kSecond && order->end_ns > utc_ns + 3 * kSecond;
    if (!is_elastic || !is_amid || found || !order->was_in_hand) return nullptr;
    found = order;
  }
  return found;
}

std::int64_t TownHost::next_end(std::int64_t utc_ns) const {
  std::int64_t next = 0;
  for (const Order *order : active_) {
    const bool is_it = order->kind == Kind::placement && order->was_in_hand &&
                       order->end_ns > utc_ns + kSecond && order->end_ns < utc_ns + 60 * kSecond;
    if (is_it && (next == 0 || order->end_ns < next)) next = order->end_ns;
  }
  return next;
}

// ---- what befalls

void TownHost::ail(Order &order) {
  namespace fs = std::filesystem;
  const Ailment what = std::exchange(order.ailment, Ailment::none);
  if (what == Ailment::gone) fs::remove(order.path);
  if (what == Ailment::cut_short) fs::resize_file(order.path, fs::file_size(order.path) / 2);
  if (what == Ailment::replaced || what == Ailment::fattened) {
    fs::copy_file(order.donor, order.path + ".new");
    fs::rename(order.path + ".new", order.path);
  }
  if (what == Ailment::overwritten)
    fs::copy_file(order.donor, order.path, fs::copy_options::overwrite_existing);
}

void TownHost::worker_was_killed() {
  for (Order *order : active_)
    if (order->state == Order::State::sent) order->state = Order::State::unknown;
}

void TownHost::come_back() {
  is_up_ = true;
  // It may have died before it wrote down the answer.
  for (Order *order : active_) {
    if (order->state != Order::State::accepted || order->is_final() || !chance(30)) continue;
    order->state = chance(50) ? Order::State::planned : Order::State::unknown;
  }
}

// ---- the hours

bool TownHost::is_idle(const Order &order) const {
  if (order.state == Order::State::refused || order.state == Order::State::given_up) return true;
  return order.is_final() && (order.state == Order::State::accepted);
}

void TownHost::step(Worker *worker, const Pacer::Reading &now) {
  const std::int64_t utc_ns = now.utc_ns;
  mono_ns_ = now.mono_ns;
  for (Order *order : active_)
    if (order->ailment != Ailment::none && order->ail_ns <= utc_ns && order->was_in_hand)
      ail(*order);
  if (!is_up_) return;
  if (utc_ns >= last_step_ns_ && utc_ns < last_step_ns_ + kStepNs) return;
  last_step_ns_ = utc_ns;
  if (is_planning_) plan(utc_ns + kHorizonNs, utc_ns);
  std::erase_if(active_, [this](const Order *order) { return is_idle(*order); });
  if (!worker) return;
  intake(*worker);
  const std::vector<Order *> all = active_;
  for (Order *order : all) {
    if (order->hand_ns > utc_ns) continue;
    if (order->withdraw_ns != 0 && order->withdraw_ns <= utc_ns && !order->is_final() &&
        order->state == Order::State::accepted)
      take_back(*worker, *order);
    switch (order->state) {
      case Order::State::planned:
        hand(*worker, *order, utc_ns);
        break;
      case Order::State::unknown:
        ask(*worker, *order, utc_ns);
        break;
      case Order::State::accepted:
        if (!order->is_final() && order->end_ns + kGraceNs < utc_ns) ask(*worker, *order, utc_ns);
        break;
      default:
        break;
    }
  }
}

void TownHost::hand(Worker &worker, Order &order, std::int64_t utc_ns) {
  if (order.end_ns <= utc_ns && !order.was_in_hand) {
    // Never handed over, as far as the host knows; if it has been, the plugin will say so.
    order.state = order.attempts > 0 ? Order::State::unknown : Order::State::given_up;
    return;
  }
  order.state = Order::State::sent;
  ++order.attempts;
  const std::string body =
      nlohmann::json{{"kind", word(order.kind)}, {"asset", "a"}, {"title", {{"zh", "标题"}}}}
          .dump();
  std::int64_t retry_ms = 0;
  switch (worker.publish({order.id, body, order.path, order.start_ns, order.end_ns}, &retry_ms)) {
    case CIV_DONE:
      if (order.must_be_refused) flaws.push_back(order.id + " passed the gate");
      order.state = Order::State::accepted;
      note_in_hand(order);
      break;
    case CIV_REFUSED:
      if (order.was_in_hand) flaws.push_back(order.id + " was refused while it was in hand");
      order.state = Order::State::refused;
      break;
    case CIV_LATER:
      order.state = Order::State::planned;
      order.hand_ns = utc_ns + std::max<std::int64_t>(retry_ms, 1000) * 1'000'000;
      break;
    default:
      order.state = Order::State::unknown;
  }
}

void TownHost::ask(Worker &worker, Order &order, std::int64_t utc_ns) {
  order.hand_ns = utc_ns + kAskAgainNs;
  switch (worker.recall(order.id)) {
    case Recall::emitted:
      order.state = Order::State::accepted;
      note_in_hand(order);
      break;
    case Recall::never_heard_of_it:
      if (order.was_in_hand) flaws.push_back(order.id + " was in hand and is forgotten");
      order.state = order.end_ns > utc_ns ? Order::State::planned : Order::State::given_up;
      break;
    case Recall::cannot_tell:
      break;
  }
}

void TownHost::note_in_hand(Order &order) const {
  if (!std::exchange(order.was_in_hand, true)) order.in_hand_ns = mono_ns_;
}

void TownHost::take_back(Worker &worker, Order &order) {
  order.withdraw_ns = 0;
  switch (worker.withdraw(order.id)) {
    case CIV_DONE:
      order.is_taken_back = true;
      break;
    case CIV_LATER:
      order.withdraw_ns = 1;  // asked again
      break;
    default:
      break;  // it stays
  }
}

// ---- the book

void TownHost::intake(Worker &worker) {
  std::uint64_t last = 0;
  while (const auto batch = worker.outbox().take()) {
    const auto read = wire::read_to_host(*batch);
    if (!read) {
      flaws.push_back("a batch cannot be read");
      return;
    }
    const auto &facts = std::get<wire::FactBatch>(*read);
    for (const wire::Fact &fact : facts.facts) take(fact);
    last = facts.seq;
  }
  // Now and then it dies between its own book and its answer: then all is told again.
  if (last > 0 && !chance(10)) worker.outbox().acked(last);
}

void TownHost::take(const wire::Fact &fact) {
  ++facts_told;
  const auto order = orders_.find(fact.placement);
  if (order == orders_.end()) {
    flaws.push_back("a fact of " + fact.placement + ", which nobody ordered");
    return;
  }
  if (!order->second.facts.emplace(fact.fact, fact).second) ++facts_repeated;
}

}  // namespace civicast::cable::faults
