// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/cable_faults/witness.hpp"

#include <algorithm>
#include <cstring>

namespace civicast::cable::faults {
namespace {

/// A unit's pictures may take so long to leave.
constexpr std::size_t kRemembered = 4096;

std::uint64_t print_of(const std::uint8_t *bytes, std::size_t size) {
  std::uint64_t print = size, word = 0;
  for (std::size_t at = 0; at + 8 <= size; at += 8) {
    std::memcpy(&word, bytes + at, 8);
    print = (print ^ word) * 0x9E37'79B9'7F4A'7C15;
  }
  return print;
}

}  // namespace

void Witness::datagram(std::size_t which, const std::uint8_t *bytes, std::size_t size,
                       bool has_left) {
  const std::int64_t at = ways_[which].count++;
  if (!has_left) lost.push_back(at);
  if (which > 0) {
    if (has_left) mismatches += print_of(bytes, size) != sent(at).hash;
    return;
  }
  sent_.push_back({print_of(bytes, size), utc_ns, mono_ns});
  if (sent_.size() > kRemembered) {
    sent_.pop_front();
    ++forgotten_;
  }
  check_.feed(bytes, size);
  UnitReader::Unit done;
  for (std::size_t packet = 0; packet + 188 <= size; packet += 188)
    if (reader_.packet(bytes + packet, at, done)) unit(done, false);
}

const Witness::Sent &Witness::sent(std::int64_t datagram) const {
  return sent_.at(static_cast<std::size_t>(datagram - forgotten_));
}

void Witness::unit(const UnitReader::Unit &unit, bool is_last) {
  const Shown shown = clips_.find(unit.hash);
  if (is_last && shown.clip < 0) return;  // cut off
  ++units;
  const Sent &begin = sent(unit.first), &end = sent(unit.last);
  last_sight = {shown, begin.utc_ns, begin.mono_ns};
  if (shown.clip < 0) ++unknown_units;
  const bool goes_on =
      has_showing_ && shown.clip == open_.clip && shown.frame == open_.first_frame + open_.frames;
  if (!goes_on) {
    close_showing();
    if (shown.clip < 0) return;
    has_showing_ = true;
    open_ = {};
    open_.clip = shown.clip;
    open_.first_frame = shown.frame;
    open_.pts = unit.pts;
    open_.first = unit.first;
    open_.utc_ns = begin.utc_ns;
    open_.mono_ns = begin.mono_ns;
  }
  ++open_.frames;
  open_.last = unit.last;
  open_.end_mono_ns = end.mono_ns;
}

void Witness::close_showing() {
  if (has_showing_) showings.push_back(open_);
  has_showing_ = false;
}

void Witness::life_ends(std::size_t destinations) {
  UnitReader::Unit rest;
  if (reader_.rest(rest)) unit(rest, true);
  close_showing();
  std::int64_t most = 0;
  for (std::size_t i = 0; i < destinations; ++i) most = std::max(most, ways_[i].count);
  for (std::size_t i = 0; i < destinations; ++i)
    for (; ways_[i].count < most; ++ways_[i].count) lost.push_back(ways_[i].count);
}

int Way::refuses() {
  if (calls_to_live > 0) --calls_to_live;
  if (calls_to_live == 0) {
    calls_to_live = -1;
    throw Killed();
  }
  if (error == 0) return 0;
  chance ^= chance << 13;
  chance ^= chance >> 7;
  chance ^= chance << 17;
  return static_cast<int>(chance % 100) < error_percent ? error : 0;
}

}  // namespace civicast::cable::faults
