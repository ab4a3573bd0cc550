// SPDX-License-Identifier: Apache-2.0
// The house pictures of an asset in one format, 25 a second, one after another: of a film or of a
// still.
#pragma once

#include <memory>
#include <optional>

#include "host/library/decode.hpp"
#include "host/library/lines.hpp"
#include "host/library/picture.hpp"
#include "host/library/still.hpp"

namespace civicast::library {

class Pictures {
 public:
  virtual ~Pictures() = default;
  /// The next house picture. When the source has ended, its last one again: how many are wanted is
  /// known to whoever asks.
  virtual const AVFrame &next() = 0;
  virtual const Box &box() const = 0;
  virtual bool is_still() const = 0;
  /// Whether all that was asked for could be decoded.
  virtual Result<void> judge() const = 0;
};

/// Scaled once, shown as often as asked.
class StillPictures final : public Pictures {
 public:
  StillPictures(const Still &still, const formats::Video &format);
  const AVFrame &next() override { return *picture_; }
  const Box &box() const override { return box_; }
  bool is_still() const override { return true; }
  Result<void> judge() const override { return {}; }

 private:
  av::Frame picture_ = av::new_frame();
  Box box_;
};

/// Where the pictures of a film come from.
struct FilmSource {
  std::unique_ptr<Decoded> decoded;
  int orientation = 1;
  std::int64_t begin_ns = 0;  ///< of the file's own time
  std::int64_t duration_ns = 0;
  std::int64_t frame_ns = 0;  ///< from one picture to the next
  Lines lines = Lines::as_frames_say;
  double softness = 0;
};

class FilmPictures final : public Pictures {
 public:
  FilmPictures(FilmSource source, const formats::Video &format);
  const AVFrame &next() override;
  const Box &box() const override { return box_; }
  bool is_still() const override { return false; }
  Result<void> judge() const override;

 private:
  bool take();
  void feed();
  void put(AVFrame &frame);

  FilmSource source_;
  formats::Video format_;
  Box box_;
  std::optional<PictureGraph> graph_;
  av::Frame decoded_frame_ = av::new_frame();
  av::Frame waiting_;  ///< of another size or kind: begins a graph when this one has run dry
  av::Frame picture_ = av::new_frame();
  av::Frame taken_ = av::new_frame();
  std::int64_t pictures_ = 0;
  std::int64_t last_us_ = -1;
  bool is_ending_ = false;  ///< the graph was told that nothing follows
  bool is_over_ = false;
};

}  // namespace civicast::library
