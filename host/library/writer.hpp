// SPDX-License-Identifier: Apache-2.0
// Pictures and sound become house files that move: all that share their pictures' format are
// encoded once.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <vector>

#include "host/library/asset.hpp"
#include "host/library/constant_rate.hpp"
#include "host/library/encode.hpp"
#include "host/library/mux.hpp"
#include "host/library/pictures.hpp"
#include "host/library/sound.hpp"

namespace civicast::library {

/// A file to write: a format of cable, or MP4.
struct Moving {
  HouseFormat format;
  std::filesystem::path path;
  std::int64_t pictures = 0;
};

/// What each file wants of the sound, in the same order.
std::vector<SoundTap> taps_of(const std::vector<Moving> &files);

class HouseWriter {
 public:
  HouseWriter(const formats::Video &format, const std::vector<Moving> &files,
              Encoder::Motion motion);
  ~HouseWriter();

  /// Writes to each file as many pictures as it wants and as much sound. `sound` has the taps of
  /// the files; `shown` is called for each picture.
  void write(Pictures &pictures, Sound &sound,
             const std::function<void(std::int64_t, const AVFrame &)> &shown);

  /// A file in the making.
  class File;

 private:
  void put_picture(const AVFrame *picture);

  Encoder video_;
  ConstantRate rate_;
  std::vector<std::unique_ptr<File>> files_;
  std::int64_t count_ = 0;
};

}  // namespace civicast::library
