// SPDX-License-Identifier: Apache-2.0
// Any picture becomes a house picture: right way up, whole, in the middle of 1280×720, BT.709.
#pragma once

#include <string>

#include "host/library/av.hpp"

namespace civicast::library {

/// Where the picture itself lies within the house picture; the rest is black.
struct Box {
  int x = 0, y = 0, width = 0, height = 0;
};

/// The largest box of even size for a picture of `width`×`height` with these pixels.
Box fit(int width, int height, AVRational pixel_aspect);

class PictureGraph {
 public:
  /// For pictures like `sample`. `frames` is "" for a still picture; else the pictures of the
  /// output begin at that number, 25 a second.
  struct Cadence {
    bool is_moving = false;
    std::int64_t first_picture = 0;
    bool is_fast_source = false;  ///< more than 25 a second: dropped before they are scaled
  };
  PictureGraph(const AVFrame &sample, int orientation, const Cadence &cadence);

  /// Whether `frame` can follow what came before it, or needs a graph of its own.
  bool accepts(const AVFrame &frame) const;
  void put(AVFrame &frame, std::int64_t pts_us);
  void end(std::int64_t end_us);
  bool take(AVFrame &picture, bool &again);
  const Box &box() const { return box_; }

 private:
  int width_, height_, format_;
  AVRational aspect_;
  bool deinterlaces_;
  Box box_;
  av::Graph graph_;
  AVFilterContext *in_ = nullptr;
  AVFilterContext *out_ = nullptr;
};

/// The house picture without its black bars, as a JPEG.
std::string jpeg(const AVFrame &house_picture, const Box &box);

}  // namespace civicast::library
