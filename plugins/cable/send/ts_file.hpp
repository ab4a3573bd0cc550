// SPDX-License-Identifier: Apache-2.0
// A file of whole transport packets, written in few pieces; what has no room is told, not thrown.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace civicast::cable {

class TsFile {
 public:
  TsFile() = default;
  ~TsFile() { close(); }
  TsFile(const TsFile &) = delete;
  TsFile &operator=(const TsFile &) = delete;

  /// Opens or makes it, and its folder, to be written at the end; a torn packet there goes. Returns
  /// 0 or an errno.
  int open(const std::string &path);
  bool is_open() const { return file_ >= 0; }
  void close();

  struct Loss {
    std::size_t bytes = 0;
    int error = 0;
  };
  /// Whole packets. Most of the time only kept, until flush() or until they are many.
  Loss append(const std::uint8_t *bytes, std::size_t size);
  Loss flush();

 private:
  int file_ = -1;
  std::int64_t size_bytes_ = 0;  ///< in the file
  std::vector<std::uint8_t> kept_;
};

/// Replaces `path` by `text`, whole. Returns 0 or an errno.
int replace_file(const std::string &path, const std::string &text);

}  // namespace civicast::cable
