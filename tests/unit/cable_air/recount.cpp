// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cable_air/recount.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace civicast::air {
namespace {

constexpr std::int64_t kWrap = std::int64_t{1} << 33;
constexpr std::int64_t kClockWrap = kWrap * 300;
constexpr std::int64_t kWindowNs = 500'000'000;

/// a − b of two readings that wrap, in (−wrap/2, wrap/2].
std::int64_t apart(std::int64_t a, std::int64_t b, std::int64_t wrap) {
  const std::int64_t d = ((a - b) % wrap + wrap) % wrap;
  return d > wrap / 2 ? d - wrap : d;
}

/// The reading of the 27 MHz clock as the UTC that it stands for, near to `near_ns`.
std::int64_t utc_of(std::int64_t ticks27, std::int64_t near_ns) {
  // A plan frame is 3600 · 300 of these ticks; 27 ticks are 1000 ns.
  const std::int64_t near_frame = near_ns / kFrameNs;
  const std::int64_t base = near_frame % kWrap * kTicks % kWrap * 300;
  return near_frame * kFrameNs + apart(ticks27, base, kClockWrap) * 1000 / 27;
}

struct Clocked {
  std::int64_t life = 0, at_ns = 0, behind_ns = 0;  ///< arrival; arrival − what it reads, as UTC
};

/// Of the readings near to `at_ns`.
std::optional<std::int64_t> median_behind(const std::vector<Clocked> &clocks, std::int64_t life,
                                          std::int64_t at_ns) {
  std::vector<std::int64_t> near;
  auto from = std::lower_bound(clocks.begin(), clocks.end(), at_ns - kWindowNs,
                               [](const Clocked &c, std::int64_t ns) { return c.at_ns < ns; });
  for (; from != clocks.end() && from->at_ns <= at_ns + kWindowNs; ++from)
    if (from->life == life) near.push_back(from->behind_ns);
  if (near.empty()) return {};
  std::nth_element(near.begin(), near.begin() + std::ssize(near) / 2, near.end());
  return near[near.size() / 2];
}

Seen seen(const tests::AccessUnit &unit, const Captured &captured,
          const tests::KnownFrames &known) {
  Seen out;
  if (const tests::FrameName *name = known.name_of(unit)) out.name = *name;
  out.life = unit.session;
  out.pts = unit.pts;
  out.is_cut = unit.is_cut;
  out.first_ns = captured.arrival_of_packet(unit.first_packet);
  out.last_ns = captured.arrival_of_packet(unit.last_packet);
  const std::int64_t near = out.first_ns / kFrameNs;
  const std::int64_t off = apart(unit.pts - 2 * kDelayTicks, near % kWrap * kTicks % kWrap, kWrap);
  out.is_on_grid = unit.pts >= 0 && off % kTicks == 0;
  out.plan_frame = near + off / kTicks;
  return out;
}

}  // namespace

std::vector<Seen> pictures_of(const Captured &captured, const tests::KnownFrames &known) {
  std::vector<Seen> pictures;
  std::vector<Clocked> clocks;
  std::int64_t life = -1;
  tests::UnitReader reader(
      [&](const tests::AccessUnit &unit) { pictures.push_back(seen(unit, captured, known)); },
      [&](const tests::ClockReading &clock) {
        if (clock.is_new || life < 0) ++life;
        const std::int64_t at_ns = captured.arrival_of_packet(clock.packet);
        clocks.push_back({life, at_ns, at_ns - utc_of(clock.ticks - kDelayTicks * 300, at_ns)});
      });
  reader.feed(captured.bytes.data(), captured.bytes.size());
  reader.finish();
  for (Seen &each : pictures)
    if (const auto behind = median_behind(clocks, each.life, each.first_ns))
      each.shown_ns = each.plan_frame * kFrameNs + *behind;
  return pictures;
}

std::vector<std::size_t> first_of_lives(const Captured &captured,
                                        const std::vector<std::int64_t> &gone_ns) {
  std::vector<std::size_t> firsts{0};
  for (const std::int64_t at_ns : gone_ns) {
    const auto first =
        std::upper_bound(captured.arrived_ns.begin(), captured.arrived_ns.end(), at_ns);
    const auto index = static_cast<std::size_t>(first - captured.arrived_ns.begin());
    if (index > firsts.back() && index < captured.size()) firsts.push_back(index);
  }
  return firsts;
}

std::vector<Gap> gaps_between(const Captured &captured, const std::vector<std::size_t> &firsts) {
  std::vector<Gap> gaps;
  for (std::size_t i = 1; i < firsts.size(); ++i)
    gaps.push_back({captured.arrived_ns[firsts[i] - 1], captured.arrived_ns[firsts[i]]});
  return gaps;
}

std::vector<Gap> silences_of(const Captured &captured, std::int64_t at_least_ns) {
  std::vector<Gap> silences;
  const auto &times = captured.arrived_ns;
  for (std::size_t i = 1; i < times.size(); ++i)
    if (times[i] - times[i - 1] > at_least_ns) silences.push_back({times[i - 1], times[i]});
  return silences;
}

std::vector<std::int64_t> lateness_of(const Captured &captured,
                                      const std::vector<std::size_t> &firsts, std::int64_t rate) {
  const double step_ns = Captured::kBytes * 8 * 1e9 / static_cast<double>(rate);
  std::vector<std::int64_t> all;
  for (std::size_t life = 0; life < firsts.size(); ++life) {
    const std::size_t first = firsts[life];
    const std::size_t end = life + 1 < firsts.size() ? firsts[life + 1] : captured.size();
    std::vector<std::int64_t> late;
    for (std::size_t i = first; i < end; ++i)
      late.push_back(captured.arrived_ns[i] - captured.arrived_ns[first] -
                     static_cast<std::int64_t>(static_cast<double>(i - first) * step_ns));
    const std::int64_t least = *std::min_element(late.begin(), late.end());
    for (const std::int64_t each : late) all.push_back(each - least);
  }
  return all;
}

std::string difference(const Captured &a, const Captured &b,
                       const std::vector<std::int64_t> &gone_ns, std::size_t in_hand) {
  const auto lives_a = first_of_lives(a, gone_ns), lives_b = first_of_lives(b, gone_ns);
  if (lives_a.size() != lives_b.size()) return "one of them missed a whole life";
  for (std::size_t life = 0; life < lives_a.size(); ++life) {
    const bool is_last = life + 1 == lives_a.size();
    const std::size_t of_a = (is_last ? a.size() : lives_a[life + 1]) - lives_a[life];
    const std::size_t of_b = (is_last ? b.size() : lives_b[life + 1]) - lives_b[life];
    const std::string where = "life " + std::to_string(life) + ": ";
    if (std::max(of_a, of_b) - std::min(of_a, of_b) > (is_last ? 0 : in_hand))
      return where + std::to_string(of_a) + " and " + std::to_string(of_b) + " datagrams";
    for (std::size_t i = 0; i < std::min(of_a, of_b); ++i)
      if (std::memcmp(a.datagram(lives_a[life] + i), b.datagram(lives_b[life] + i),
                      Captured::kBytes) != 0)
        return where + "datagram " + std::to_string(i);
  }
  return {};
}

}  // namespace civicast::air
