// SPDX-License-Identifier: Apache-2.0
// The pictures or the sound of one stream of an input, one after another.
#pragma once

#include <cstdint>
#include <memory>

#include "host/library/input.hpp"

namespace civicast::library {

/// A decoder for `stream`, with its memory bounded.
Result<av::Codec> open_decoder(const AVStream &stream, const std::string &shown);

class Decoded {
 public:
  static Result<std::unique_ptr<Decoded>> open(const std::filesystem::path &file,
                                               const std::string &shown, int stream);

  /// The next frame, its pts in nanoseconds of the file's own time; false at the end. Where the
  /// file gives no time, a frame follows the one before.
  bool next(AVFrame &frame);
  const Input &input() const { return *input_; }
  const AVStream &stream() const { return input_->stream(stream_); }

  /// What was lost. A recording may begin between key frames and be cut in its last packet, so
  /// losses before the first frame do not count and the last one is told apart.
  Result<void> judge(std::int64_t allowed_losses) const;
  std::int64_t frames() const { return frames_; }
  std::int64_t packets() const { return packets_; }
  std::int64_t time_ns() const { return next_ns_; }  ///< where the last frame ended

 private:
  Decoded(std::unique_ptr<Input> input, av::Codec codec, int stream);
  void feed();
  void lost();
  void set_time(AVFrame &frame);

  std::unique_ptr<Input> input_;
  av::Codec codec_;
  av::Packet packet_ = av::new_packet();
  int stream_;
  bool is_drained_ = false;
  std::int64_t frames_ = 0;
  std::int64_t packets_ = 0;
  std::int64_t losses_inside_ = 0;  ///< with a good frame before and after
  std::int64_t losses_since_ = 0;   ///< after the last good frame
  std::int64_t next_ns_ = 0;
};

}  // namespace civicast::library
