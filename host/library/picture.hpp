// SPDX-License-Identifier: Apache-2.0
// Any picture becomes a house picture: right way up, whole, in the middle, in the format's colours,
// in whole frames or in fields.
#pragma once

#include <string>

#include "host/library/av.hpp"
#include "host/library/picture_filters.hpp"

namespace civicast::library {

class PictureGraph {
 public:
  /// For pictures like `sample`; it gives pictures of `format`, 25 a second.
  PictureGraph(const AVFrame &sample, int orientation, const Cadence &cadence,
               const formats::Video &format);

  /// Whether `frame` can follow what came before it, or needs a graph of its own.
  bool accepts(const AVFrame &frame) const;
  void put(AVFrame &frame, std::int64_t pts_us);
  void end(std::int64_t end_us);
  bool take(AVFrame &picture, bool &again);
  const Box &box() const { return box_; }

 private:
  int width_, height_, format_;
  AVRational aspect_;
  bool has_fields_;  ///< of two instants each; whole frames among them do no harm
  Box box_;
  av::Graph graph_;
  AVFilterContext *in_ = nullptr;
  AVFilterContext *out_ = nullptr;
};

/// A house picture of BT.709 and square samples without its black bars, as a JPEG.
std::string jpeg(const AVFrame &house_picture, const Box &box);

}  // namespace civicast::library
