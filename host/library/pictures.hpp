// SPDX-License-Identifier: Apache-2.0
// The house pictures of an asset, 25 a second, one after another: of a film or of a still.
#pragma once

#include <memory>
#include <optional>

#include "host/library/decode.hpp"
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
  explicit StillPictures(const Still &still);
  const AVFrame &next() override { return *picture_; }
  const Box &box() const override { return box_; }
  bool is_still() const override { return true; }
  Result<void> judge() const override { return {}; }

 private:
  av::Frame picture_ = av::new_frame();
  Box box_;
};

class FilmPictures final : public Pictures {
 public:
  /// `begin_ns` and `duration_ns` of the file's own time; `is_fast`: more than 25 a second.
  FilmPictures(std::unique_ptr<Decoded> decoded, int orientation, std::int64_t begin_ns,
               std::int64_t duration_ns, bool is_fast);
  const AVFrame &next() override;
  const Box &box() const override { return box_; }
  bool is_still() const override { return false; }
  Result<void> judge() const override;

 private:
  bool take();
  void feed();
  void put(AVFrame &frame);

  std::unique_ptr<Decoded> decoded_;
  int orientation_;
  std::int64_t begin_ns_;
  std::int64_t duration_ns_;
  bool is_fast_;
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
