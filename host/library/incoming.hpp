// SPDX-License-Identifier: Apache-2.0
// house/incoming: where the files of unfinished jobs wait, and who of all processes works on which.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sdk/base/disk.hpp"
#include "sdk/base/result.hpp"

namespace civicast::library {

/// Every file here begins with the SHA-256 of the bytes that are being imported.
class Incoming {
 public:
  static Result<Incoming> open(const std::filesystem::path &folder);

  /// Held while somebody works on these bytes; the kernel lets go when a process dies.
  class Lock {
   public:
    explicit Lock(Fd file) : file_(std::move(file)) {}

   private:
    Fd file_;
  };
  Lock wait_for(const std::string &sha256) const;
  std::optional<Lock> try_for(const std::string &sha256) const;

  std::filesystem::path source(const std::string &sha256) const;
  std::filesystem::path sound(const std::string &sha256) const;
  std::filesystem::path stem(const std::string &sha256) const;  ///< of house files in the making

  /// Copies `from` to `to` here: complete and synced, or not there. Returns the SHA-256 of what was
  /// copied.
  Result<std::string> stage(const std::filesystem::path &from, const std::filesystem::path &to,
                            const std::function<void(std::uint64_t)> &tick) const;
  void clear(const std::string &sha256) const;
  std::vector<std::string> present() const;  ///< the SHA-256 of everything that has a file here

 private:
  explicit Incoming(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::optional<Lock> lock(const std::string &sha256, int command) const;
  std::filesystem::path folder_;
};

/// SHA-256 of a file, hex; `tick` is told the bytes read so far.
Result<std::string> hash_of(const std::filesystem::path &file,
                            const std::function<void(std::uint64_t)> &tick);

}  // namespace civicast::library
