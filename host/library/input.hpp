// SPDX-License-Identifier: Apache-2.0
// A media file that a stranger gave us, opened so that it can reach nothing but its own bytes.
//
// libav reads through our file descriptor and never sees a name, so neither the name nor anything
// in the file can make it open a second file or the network; formats that only point elsewhere are
// refused by name.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "host/library/av.hpp"
#include "sdk/base/disk.hpp"
#include "sdk/base/result.hpp"

namespace civicast::library {

class Input {
 public:
  /// `shown` is how sentences name the file.
  static Result<std::unique_ptr<Input>> open(const std::filesystem::path &file,
                                             const std::string &shown);
  ~Input();
  Input(const Input &) = delete;
  Input &operator=(const Input &) = delete;

  const std::string &shown() const { return shown_; }
  std::string format_name() const { return format_->iformat->name; }
  /// Formats of one picture ("png_pipe"): their bytes go to a decoder whole.
  bool is_picture() const;

  /// Finds the streams' parameters; stops after a bounded look.
  Result<void> look();
  const AVFormatContext &format() const { return *format_; }
  const AVStream &stream(int index) const { return *format_->streams[index]; }

  /// Only packets of this stream are read from here on.
  void only(int stream);
  /// The next packet, or false at the end. A read error ends the file and is remembered.
  bool read(AVPacket &packet);
  int read_error() const { return read_error_; }

 private:
  Input(Fd file, std::string shown) : file_(std::move(file)), shown_(std::move(shown)) {}
  Result<const AVInputFormat *> recognise();
  bool is_drawing();
  Result<void> open_format(const AVInputFormat *kind);
  static int read_bytes(void *self, std::uint8_t *bytes, int size);
  static std::int64_t seek(void *self, std::int64_t offset, int whence);

  Fd file_;
  std::string shown_;
  AVIOContext *io_ = nullptr;
  AVFormatContext *format_ = nullptr;
  int read_error_ = 0;
};

}  // namespace civicast::library
