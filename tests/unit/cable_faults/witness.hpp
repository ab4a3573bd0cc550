// SPDX-License-Identifier: Apache-2.0
// The witness: sees every datagram that is sent to any destination, knows none of what the worker
// knows, and writes down which clip was on the air, from which picture to which, and what of it was
// lost on the way.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "tests/tools/ts/ts_check.hpp"
#include "tests/unit/cable_faults/clips.hpp"
#include "tests/unit/cable_faults/seams.hpp"

namespace civicast::cable::faults {

/// Pictures of one clip that followed one another without a gap.
struct Showing {
  int clip = -1;
  std::int64_t first_frame = 0, frames = 0;
  std::int64_t pts = -1;                 ///< of the first
  std::int64_t first = 0, last = 0;      ///< datagrams, counted over all lives
  std::int64_t utc_ns = 0, mono_ns = 0;  ///< when the first left, by the house clock and by mine
  std::int64_t end_mono_ns = 0;          ///< when the last did
  bool is_used = false;                  ///< it has its entry in the book
};

/// A picture that was recognised, for whoever asks where the plan stands.
struct Sight {
  Shown shown;
  std::int64_t utc_ns = 0, mono_ns = 0;
};

class Witness {
 public:
  explicit Witness(const ClipBook &clips) : clips_(clips) {}

  /// [clock] What time it is, for what comes next.
  std::int64_t utc_ns = 0, mono_ns = 0;

  /// What destination `which` was given, or was to be given: the first one is the signal.
  void datagram(std::size_t which, const std::uint8_t *bytes, std::size_t size, bool has_left);
  /// The worker is gone: what it was about to send was sent to nobody.
  void life_ends(std::size_t destinations);

  std::vector<Showing> showings;
  std::vector<std::int64_t> lost;  ///< datagrams, in order, maybe twice
  std::int64_t mismatches = 0;     ///< datagrams that were not the same on both ways
  std::int64_t units = 0;          ///< pictures of whatever kind
  std::int64_t unknown_units = 0;  ///< the slate's, and what is whole nowhere
  Sight last_sight;
  const tests::TsCheck &check() const { return check_; }
  std::int64_t datagrams() const { return ways_[0].count; }

 private:
  struct Way {
    std::int64_t count = 0;
  };
  struct Sent {
    std::uint64_t hash = 0;
    std::int64_t utc_ns = 0, mono_ns = 0;
  };
  void unit(const UnitReader::Unit &unit, bool is_last);
  void close_showing();
  const Sent &sent(std::int64_t datagram) const;

  const ClipBook &clips_;
  tests::TsCheck check_;
  UnitReader reader_;
  Way ways_[3];
  std::deque<Sent> sent_;  ///< the newest
  std::int64_t forgotten_ = 0;
  bool has_showing_ = false;
  Showing open_;
};

/// One destination of the worker, as the witness stands beside it.
class Way final : public Wire {
 public:
  Way(Witness &witness, std::size_t which) : witness_(witness), which_(which) {}
  int refuses() override;
  void take(const std::uint8_t *bytes, std::size_t size) override {
    witness_.datagram(which_, bytes, size, true);
  }
  void lose(const std::uint8_t *bytes, std::size_t size) override {
    witness_.datagram(which_, bytes, size, false);
  }

  int error = 0;                    ///< what the network answers; 0: it works
  int error_percent = 100;          ///< how often
  std::uint64_t chance = 1;         ///< of an xorshift of its own
  std::int64_t calls_to_live = -1;  ///< the process ends at the n-th call from now

 private:
  Witness &witness_;
  std::size_t which_;
};

}  // namespace civicast::cable::faults
