// SPDX-License-Identifier: Apache-2.0
// What a coded picture holds, read from its start codes.
#pragma once

#include <optional>
#include <string>

#include "host/library/av.hpp"
#include "sdk/formats/house_format.hpp"

namespace civicast::library {

struct AccessUnit {
  bool opens_a_group = false;   ///< IDR; in MPEG-2 an I picture after a closed group's header
  bool has_parameters = false;  ///< parameter sets, sequence header
  bool has_delimiter = false;   ///< it begins with one; MPEG-2 knows none and needs none
  bool has_backward = false;    ///< a B picture, as far as start codes tell (MPEG-2)
  bool has_picture = false;
};

/// `packet` is one picture as a transport stream carries it.
AccessUnit access_unit(formats::VideoCodec codec, const AVPacket &packet);

}  // namespace civicast::library
