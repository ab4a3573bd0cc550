// SPDX-License-Identifier: Apache-2.0
// The folder "house": house files by the SHA-256 of their bytes, and beside them the bytes that
// were imported.
#pragma once

#include <filesystem>
#include <string>

#include "host/library/incoming.hpp"
#include "host/library/render.hpp"

namespace civicast::library {

/// What HouseFile::made_from says of a file that was made of the imported bytes.
inline constexpr const char *from_source = "source";

class Shelf {
 public:
  explicit Shelf(std::filesystem::path folder) : folder_(std::move(folder)) {}
  const std::filesystem::path &folder() const { return folder_; }

  /// The house file that `made` will be when it stands here.
  Result<HouseFile> house_file(const Rendition &made, const std::string &asset,
                               const std::string &made_from) const;
  /// Moves a file to its place here, so that a power cut finds it there.
  Result<void> settle(const std::filesystem::path &from, const std::filesystem::path &to) const;

  std::filesystem::path source(const std::string &sha256) const;  ///< imported bytes
  std::filesystem::path sound(const std::string &sha256) const;   ///< the bed of a still
  /// Keeps what was imported, for the day when a channel asks for another format.
  Result<void> keep(const Incoming &incoming, const std::string &sha256) const;
  void drop_kept(const std::string &sha256) const;

 private:
  std::filesystem::path place_of(const std::string &sha256, const char *extension) const;
  std::filesystem::path folder_;
};

}  // namespace civicast::library
