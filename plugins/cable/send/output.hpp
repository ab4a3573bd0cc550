// SPDX-License-Identifier: Apache-2.0
// Where a signal goes. An output never fails for good: it counts what it could not deliver.
#pragma once

#include <sys/socket.h>
#include <sys/uio.h>

#include <netinet/in.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace civicast::cable {

class Output {
 public:
  virtual ~Output() = default;
  /// Sends datagrams of at most 7 packets each, in order. Returns how many were not delivered.
  virtual std::int64_t send(const std::vector<iovec> &datagrams) = 0;
};

/// UDP, one datagram for each iovec.
class UdpOutput final : public Output {
 public:
  /// "127.0.0.1:5500". Throws std::runtime_error with what is wrong with it.
  explicit UdpOutput(const std::string &address);
  ~UdpOutput() override;
  std::int64_t send(const std::vector<iovec> &datagrams) override;

 private:
  int socket_ = -1;
  sockaddr_in to_{};
  std::vector<mmsghdr> messages_;
};

/// A file that only grows. What was written stays written when this process is killed.
class FileOutput final : public Output {
 public:
  /// Cuts the torn packet that a killed write may have left. Throws std::runtime_error.
  explicit FileOutput(const std::string &path);
  ~FileOutput() override;
  std::int64_t send(const std::vector<iovec> &datagrams) override;

  std::int64_t size_bytes() const { return size_bytes_; }

 private:
  int file_ = -1;
  std::int64_t size_bytes_ = 0;
  std::vector<iovec> rest_;
};

}  // namespace civicast::cable
