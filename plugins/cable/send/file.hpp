// SPDX-License-Identifier: Apache-2.0
// A file that only grows. It is evidence: what was written stays written when this process is
// killed, and its length tells the next one what had been sent. So it is written by the sender
// itself, without a queue.
#pragma once

#include "plugins/cable/send/tally.hpp"

namespace civicast::cable {

class FileOutput final : public Output {
 public:
  /// Cuts the torn packet that a killed write may have left. Throws std::runtime_error.
  FileOutput(const std::string &path, const std::string &href);
  explicit FileOutput(const std::string &path) : FileOutput(path, "file:" + path) {}
  ~FileOutput() override;
  FileOutput(const FileOutput &) = delete;
  FileOutput &operator=(const FileOutput &) = delete;
  std::int64_t send(const std::vector<iovec> &datagrams) override;
  OutputState state() const override { return tally_.state(); }

  std::int64_t size_bytes() const { return size_bytes_; }

 private:
  Tally tally_;
  int file_ = -1;
  std::int64_t size_bytes_ = 0;
  std::vector<iovec> rest_;
};

}  // namespace civicast::cable
