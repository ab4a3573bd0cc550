// SPDX-License-Identifier: Apache-2.0
// What a picture and a frame of sound look like in the bytes of each codec of the house formats.
#pragma once

#include <cstddef>
#include <cstdint>

#include "sdk/formats/house_format.hpp"

namespace civicast::cable {

/// What an access unit begins with.
struct Opening {
  bool has_delimiter = false;   ///< an access unit delimiter; MPEG-2 has none and needs none
  bool has_parameters = false;  ///< all that a decoder needs to begin here
  bool is_entry = false;        ///< it and what follows refer to nothing before it
};
Opening opening_of(formats::VideoCodec codec, const std::uint8_t *bytes, std::size_t size);

/// The length in bytes of the frame of sound that begins at `bytes`, with the header that it has in
/// a transport stream; 0 if none of 48 kHz begins there.
std::size_t sound_frame_bytes(formats::SoundCodec codec, const std::uint8_t *bytes,
                              std::size_t size);

}  // namespace civicast::cable
