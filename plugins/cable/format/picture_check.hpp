// SPDX-License-Identifier: Apache-2.0
// Whether pictures and sound are what the channel is made for. Each throws Flaw.
#pragma once

#include "plugins/cable/format/av.hpp"
#include "sdk/formats/house_format.hpp"

namespace civicast::cable {

/// Null: there is none.
void check_codecs(const formats::HouseFormat &house, const AVCodecParameters *picture,
                  const AVCodecParameters *sound_parameters);

/// The first picture of a group: its size, its fields, and that it stands by itself.
void check_picture(const formats::Video &video, const AVPacket &first);

}  // namespace civicast::cable
