// SPDX-License-Identifier: Apache-2.0
// What lies between a source's pictures and the house's, as libavfilter's text.
//
// A field is half a picture, every other line of it, of an instant of its own. Whole pictures from
// fields are made by bwdif. Fields are made from fields by keeping them where the lines are the
// same, and else by way of whole pictures at fifty a second, of which each gives one field: so no
// field is ever scaled as if it were a picture, half a line from where it belongs.
#pragma once

#include <string>

#include "host/library/av.hpp"
#include "sdk/formats/house_format.hpp"

namespace civicast::library {

/// Where the picture itself lies within the house picture; the rest is black.
struct Box {
  int x = 0, y = 0, width = 0, height = 0;
};

/// The largest box for a picture of `width`×`height` with these pixels; of even size, and of an
/// even number of lines in each field.
Box fit(int width, int height, AVRational pixel_aspect, const formats::Video &format);

/// How a source's pictures follow each other.
struct Cadence {
  bool is_moving = false;            ///< false: a still picture
  std::int64_t first_picture = 0;    ///< the number that the first one has in the house file
  std::int64_t source_frame_ns = 0;  ///< from one picture of the source to the next
  double softness = 0;               ///< of lines, in samples: for what an encoder cannot hold
};

/// What becomes of a source's pictures.
enum class Treatment {
  whole,           ///< one picture, one house picture, its two fields of one instant if it has any
  deinterlaced,    ///< fields become one whole picture of every two
  fields_kept,     ///< line by line
  fields_remade,   ///< by way of fifty whole pictures a second
  fields_of_fast,  ///< two pictures of a fast source become the fields of one
};
Treatment treatment(const AVFrame &sample, int orientation, const Cadence &cadence, const Box &box,
                    const formats::Video &format);

/// From "buffer@in", in microseconds, to "buffersink@out".
std::string picture_filters(const AVFrame &sample, int orientation, const Cadence &cadence,
                            const Box &box, const formats::Video &format);

}  // namespace civicast::library
