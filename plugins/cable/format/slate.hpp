// SPDX-License-Identifier: Apache-2.0
// The slate: one group of black pictures, and silence, in memory, for when there is nothing else to
// show.
// It is made by the encoders themselves when the channel opens, so no file can fail to open.
#pragma once

#include <cstdint>
#include <vector>

#include "plugins/cable/format/av.hpp"
#include "sdk/formats/house_format.hpp"

namespace civicast::cable {

class Slate {
 public:
  /// Throws std::runtime_error when this machine's libav* lacks an encoder.
  explicit Slate(const formats::HouseFormat &house);

  /// `frame` counts on from the slate's beginning, which is a closed GOP; it loops.
  const AVPacket &picture(std::int64_t frame) const;
  const AVPacket &silence() const { return *silence_; }

 private:
  std::vector<PacketPtr> pictures_;
  PacketPtr silence_;
};

}  // namespace civicast::cable
