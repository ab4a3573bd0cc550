// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cable_faults/verdict.hpp"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

namespace civicast::cable::faults {
namespace {

constexpr std::int64_t kMs = 1'000'000, kSecond = 1'000 * kMs;
/// So far the signal may lie beside the house clock before the plan jumps, and something more.
constexpr std::int64_t kBesideNs = 800 * kMs;
/// A start is within a frame of the plan by its time stamps; its bits wait behind those in front of
/// it, of which the decoder's buffer holds so much.
constexpr std::int64_t kStartNs = 480 * kMs;

std::int64_t apart(std::int64_t a, std::int64_t b) {
  return std::abs(a - b);
}

class Judge {
 public:
  explicit Judge(Storm &storm) : storm_(storm) {
    std::sort(storm.witness.lost.begin(), storm.witness.lost.end());
  }

  Verdict judge() {
    out_.breaches = storm_.breaches;
    for (const std::string &flaw : storm_.host.flaws) breach(flaw);
    signal();
    for (const auto &[id, order] : storm_.host.orders()) book(order);
    for (const Showing &showing : storm_.witness.showings) seen(showing);
    return std::move(out_);
  }

 private:
  void breach(const std::string &what) { out_.breaches.push_back(what); }

  void signal() {
    const tests::TsReport report = storm_.witness.check().report();
    if (!report.is_clean()) {
      tests::TsReport brief = report;
      brief.cues.clear();
      breach("the analyser: " + brief.json());
    }
    if (report.sessions > storm_.lives || report.sessions < storm_.lives - storm_.short_lives)
      breach(std::to_string(report.sessions) + " sessions in " + std::to_string(storm_.lives) +
             " lives");
    if (storm_.witness.mismatches > 0)
      breach(std::to_string(storm_.witness.mismatches) + " datagrams differ on the two ways");
  }

  void book(const Order &order) {
    const bool is_handed = order.was_in_hand || !order.facts.empty();
    if (order.state == Order::State::refused) ++out_.refused;
    if (order.must_be_refused && is_handed) breach(order.id + " should have been refused");
    if (!is_handed) return;
    ++out_.in_hand;
    const wire::Fact *end = order.ending();
    if (!end) {
      breach(order.id + (order.is_final() ? " ended twice" : " has no end") + said(order));
      return;
    }
    if (order.is_taken_back && end->fact != wire::FactKind::withdrawn)
      breach(order.id + " was taken back and says " + said(order));
    if (end->fact == wire::FactKind::aired) return aired(order, *end);
    if (end->fact == wire::FactKind::withdrawn) {
      ++out_.withdrawn;
      if (!order.is_taken_back && order.withdraw_ns == 0) ++out_.in_doubt;
      return;
    }
    ++out_.missed;
    if (end->status == wire::Status::unknown) ++out_.in_doubt;
    if (end->status == wire::Status::did_not_air || end->status == wire::Status::missing_content)
      never(order, *end);
    else if (!is_elastic(order))
      partly(order, *end);
  }

  static std::string said(const Order &order) {
    std::string out = ":";
    for (const auto &[kind, fact] : order.facts)
      out += " " + std::to_string(static_cast<int>(kind)) + "/" +
             std::to_string(static_cast<int>(fact.status)) + " " + fact.proof;
    return out + " planned " + std::to_string(order.start_ns);
  }

  bool is_elastic(const Order &order) const {
    return order.kind == Kind::programme || order.kind == Kind::filler;
  }

  /// What counts must have been seen whole, by everybody, at its time, and counts once.
  void aired(const Order &order, const wire::Fact &fact) {
    ++out_.aired;
    if (is_elastic(order)) return aired_in_pieces(order, fact);
    if (order.kind == Kind::placement && apart(fact.start_ns, order.start_ns) > kStartNs)
      breach(order.id + " aired " + std::to_string((fact.start_ns - order.start_ns) / kMs) +
             " ms from its time" + said(order) + showings_near(fact.start_ns));
    // When the clock was set back, the same clip may have been seen at the same time before.
    const auto pts = nlohmann::json::parse(fact.proof).at("first_pts").get<std::int64_t>();
    for (Showing &showing : storm_.witness.showings) {
      const bool is_it = !showing.is_used && showing.clip == order.clip && is_whole(showing) &&
                         showing.pts == pts && apart(showing.utc_ns, fact.start_ns) <= kBesideNs;
      if (!is_it) continue;
      showing.is_used = true;
      if (is_lost(showing.first, showing.last)) breach(order.id + " aired, and was lost in part");
      if (is_held_up(showing)) breach(order.id + " aired, and stood still in the middle");
      return;
    }
    breach(order.id + " aired, and nobody saw it" + said(order) + showings_near(fact.start_ns));
  }

  std::string showings_near(std::int64_t utc_ns) const {
    std::string out;
    for (const Showing &each : storm_.witness.showings)
      if (apart(each.utc_ns, utc_ns) < 12 * kSecond)
        out += "; clip " + std::to_string(each.clip) + " from " + std::to_string(each.first_frame) +
               " " + std::to_string(each.frames) + " frames, " +
               std::to_string((each.utc_ns - utc_ns) / kMs) + " ms from it";
    return out;
  }

  void aired_in_pieces(const Order &order, const wire::Fact &fact) {
    std::int64_t frames = 0;
    for (const Showing &showing : storm_.witness.showings)
      if (showing.clip == order.clip && showing.utc_ns >= fact.start_ns - kBesideNs &&
          showing.utc_ns <= fact.end_ns + kBesideNs)
        frames += showing.frames;
    const auto expected = (order.end_ns - order.start_ns) / kFrameNs;
    if (frames < expected)
      breach(order.id + " aired, and only " + std::to_string(frames) + " of " +
             std::to_string(expected) + " pictures were seen");
  }

  /// A bulletin may show the same clip where this one was to stand: then nobody could tell them
  /// apart.
  bool has_twin(const Order &order) const {
    const auto &orders = storm_.host.orders();
    return std::any_of(orders.begin(), orders.end(), [&](const auto &pair) {
      const Order &other = pair.second;
      return other.id != order.id && other.clip == order.clip &&
             other.start_ns < order.end_ns + 10 * kSecond &&
             order.start_ns < other.end_ns + 10 * kSecond;
    });
  }

  /// Who says that nothing went out must be right, too.
  void never(const Order &order, const wire::Fact &fact) {
    if (is_elastic(order) || has_twin(order)) return;
    for (const Showing &showing : storm_.witness.showings)
      if (showing.clip == order.clip && apart(showing.utc_ns, fact.start_ns) <= kBesideNs)
        breach(order.id + " did not air, and " + std::to_string(showing.frames) +
               " pictures of it were seen" + said(order));
  }

  /// Whose airing was cut says how far it came: exactly, or if the worker was killed, not too far.
  void partly(const Order &order, const wire::Fact &fact) {
    if (has_twin(order)) return;
    const auto proof = nlohmann::json::parse(fact.proof);
    const auto sent = proof.at("frames_sent").get<std::int64_t>();
    const auto doubt = proof.value("frames_in_doubt", std::int64_t{0});
    const Showing *its = nullptr;
    for (const Showing &showing : storm_.witness.showings)
      if (showing.clip == order.clip && apart(showing.utc_ns, fact.start_ns) <= kBesideNs)
        its = &showing;
    const std::int64_t seen = its ? its->frames : 0;
    const bool is_killed =
        its && is_near(storm_.kills, its->mono_ns - kSecond, its->end_mono_ns + kSecond);
    if (sent > seen || (!is_killed && sent < seen) || seen > sent + doubt + is_killed)
      breach(order.id + " says that " + std::to_string(sent) + " pictures were sent, and " +
             std::to_string(seen) + " were seen" + said(order) + showings_near(fact.start_ns));
    ++out_.parted;
  }

  /// What was seen whole is in the book, unless something was the matter with it.
  void seen(const Showing &showing) {
    if (showing.clip >= static_cast<int>(storm_.clips.spots.size())) return;
    if (showing.is_used || !is_whole(showing)) return;
    if (is_excused(showing)) {
      ++out_.excused;
      return;
    }
    breach("clip " + std::to_string(showing.clip) + " was seen whole at " +
           std::to_string(showing.utc_ns) + " and is not in the book" + orders_near(showing));
  }

  std::string orders_near(const Showing &showing) const {
    std::string out;
    for (const auto &[id, order] : storm_.host.orders())
      if (order.clip == showing.clip && apart(order.start_ns, showing.utc_ns) < 10 * kSecond)
        out += " " + id + said(order);
    return out;
  }

  bool is_whole(const Showing &showing) const {
    return showing.first_frame == 0 && showing.frames == storm_.clips.at(showing.clip).frames;
  }

  bool is_lost(std::int64_t first, std::int64_t last) const {
    const auto &lost = storm_.witness.lost;
    const auto at = std::lower_bound(lost.begin(), lost.end(), first);
    return at != lost.end() && *at <= last;
  }

  static bool is_near(const std::vector<Disturbance> &list, std::int64_t from, std::int64_t until) {
    return std::any_of(list.begin(), list.end(), [&](const Disturbance &each) {
      return each.from_ns <= until && each.until_ns >= from;
    });
  }

  /// Later than this what was missed is given up.
  bool is_held_up(const Showing &showing) const {
    return std::any_of(storm_.stalls.begin(), storm_.stalls.end(), [&](const Disturbance &each) {
      return each.until_ns - each.from_ns > 260 * kMs && each.from_ns > showing.mono_ns &&
             each.until_ns < showing.end_mono_ns;
    });
  }

  /// The plugin charges a loss or a stall to everything that was on its way then.
  bool is_excused(const Showing &showing) const {
    const std::int64_t second =
        storm_.plan.house.rate_bits_per_s / (kDatagramPackets * kPacketBytes * 8);
    const std::int64_t from = showing.mono_ns - kSecond, until = showing.end_mono_ns + kSecond;
    return is_lost(showing.first - second, showing.last + second) ||
           is_near(storm_.stalls, from, until) || is_near(storm_.kills, from, until);
  }

  Storm &storm_;
  Verdict out_;
};

}  // namespace

Verdict judge(Storm &storm) {
  return Judge(storm).judge();
}

}  // namespace civicast::cable::faults
