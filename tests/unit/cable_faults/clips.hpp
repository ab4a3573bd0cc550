// SPDX-License-Identifier: Apache-2.0
// The house files of the storm, and by which bytes each of their pictures is known on the air.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "sdk/formats/house_format.hpp"

namespace civicast::cable::faults {

/// Reads video access units out of a transport stream, from nothing but its bytes.
class UnitReader {
 public:
  struct Unit {
    std::uint64_t hash = 0;
    std::int64_t pts = -1;             ///< 33 bits
    std::int64_t first = 0, last = 0;  ///< whatever the caller counts, of its packets
  };
  /// True: `done` is the unit that this packet's is the first behind.
  bool packet(const std::uint8_t *p, std::int64_t at, Unit &done);
  /// What has come of the one that is open; false: none is.
  bool rest(Unit &done);

 private:
  bool close(Unit &done);
  int pid_ = -1;
  bool is_open_ = false;
  Unit open_;
  std::vector<std::uint8_t> bytes_;
};

struct Clip {
  std::string path;
  std::int64_t frames = 0;
};

/// A picture as the viewers know it.
struct Shown {
  int clip = -1;  ///< -1: none of ours, or not whole
  std::int64_t frame = 0;
};

class ClipBook {
 public:
  explicit ClipBook(const formats::HouseFormat &house);

  std::vector<Clip> spots, fillers, programmes;
  std::vector<Clip> refused;  ///< files that the gate must not let pass
  /// Of spots, then fillers, then programmes.
  const Clip &at(int clip) const;
  int spot(std::size_t i) const { return static_cast<int>(i); }
  int filler(std::size_t i) const { return static_cast<int>(spots.size() + i); }
  int programme(std::size_t i) const { return static_cast<int>(spots.size() + fillers.size() + i); }
  Shown find(std::uint64_t hash) const;

 private:
  void learn(int clip);
  std::unordered_map<std::uint64_t, Shown> known_;
};

/// The real house, or a small one with a quarter of its bits: an hour costs a quarter, too.
const formats::HouseFormat &real_house();
const formats::HouseFormat &small_house();
/// Made once in a process.
const ClipBook &clips_of(const formats::HouseFormat &house);

}  // namespace civicast::cable::faults
