// SPDX-License-Identifier: Apache-2.0
// A house file on its way to the disk: a container, its streams, and their packets.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "host/library/av.hpp"

namespace civicast::library {

class Muxer {
 public:
  Muxer(const std::filesystem::path &path, const char *container);
  ~Muxer();
  Muxer(const Muxer &) = delete;
  Muxer &operator=(const Muxer &) = delete;

  /// Streams are numbered in the order in which they are added.
  void add(const AVCodecContext &encoder);
  /// Options are the container's own, "a=1:b=2".
  void begin(const std::string &options);
  /// Packets may come in any order between streams; each carries the encoder's times.
  void put(int stream, const AVPacket &packet);
  /// Writes what is left and syncs it to the disk.
  void finish();

 private:
  std::filesystem::path path_;
  AVFormatContext *format_ = nullptr;
  std::vector<AVRational> bases_;
};

/// Drops from H.264 what a file needs no more: the filler that keeps a cable's rate constant, and
/// what the container carries itself.
class FillerFilter {
 public:
  explicit FillerFilter(const AVCodecContext &encoder);
  /// The packet without them; it is always one for one.
  void apply(AVPacket &packet);

 private:
  av::Filter filter_;
};

}  // namespace civicast::library
