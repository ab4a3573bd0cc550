// SPDX-License-Identifier: Apache-2.0
// The demuxer of one house file: whole pictures and whole sound frames with the file's own times.
#pragma once

#include <cstdint>
#include <string>

#include "plugins/cable/format/unit_sorter.hpp"

namespace civicast::cable {

class Demux {
 public:
  /// Throws std::runtime_error with what is wrong with the file.
  Demux(const std::string &path, const formats::HouseFormat &house);

  const AVCodecParameters *video() const;  ///< null: the file has none
  const AVCodecParameters *audio() const;

  /// The next unit; none at the end of the file. Throws std::runtime_error when it cannot be read.
  Unit next();
  /// Goes to the picture of time `pts`, or to one before it.
  void seek(std::int64_t pts);

 private:
  UnitSorter sorter_;
  InputPtr format_;
};

}  // namespace civicast::cable
