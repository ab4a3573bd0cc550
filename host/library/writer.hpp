// SPDX-License-Identifier: Apache-2.0
// Pictures and sound become the two house files that move, encoded once for both.
#pragma once

#include <filesystem>
#include <functional>

#include "host/library/encode.hpp"
#include "host/library/mux.hpp"
#include "host/library/pictures.hpp"
#include "host/library/sound.hpp"

namespace civicast::library {

class HouseWriter {
 public:
  HouseWriter(const std::filesystem::path &ts, const std::filesystem::path &mp4,
              Encoder::Motion motion);

  /// Writes exactly `count` pictures and as much sound. `shown` is called for each picture written.
  void write(Pictures &pictures, Sound &sound, std::int64_t count,
             const std::function<void(std::int64_t, const AVFrame &)> &shown);

 private:
  void put_picture(const AVFrame *picture);
  void put_sound_until(Sound &sound, std::int64_t samples);

  Encoder video_;
  Encoder layer2_ = Encoder::layer2();
  Encoder aac_ = Encoder::aac();
  FillerFilter filler_;
  Muxer ts_;
  Muxer mp4_;
  av::Frame frame_ = av::new_frame();
  std::int64_t layer2_samples_ = 0;
  std::int64_t aac_samples_ = 0;
};

}  // namespace civicast::library
