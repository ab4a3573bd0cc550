// SPDX-License-Identifier: Apache-2.0
// A station in a folder of its own, and small media made for a test by the ffmpeg command line,
// which shares no code with the library under test beyond libav itself.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "host/library/library.hpp"

namespace civicast::library {

class Studio {
 public:
  /// A station whose channels air `wanted`.
  explicit Studio(std::vector<HouseFormat> wanted = {HouseFormat::ts_720p25});
  ~Studio();
  Studio(const Studio &) = delete;
  Studio &operator=(const Studio &) = delete;

  std::filesystem::path path(const std::string &name) const { return folder_ / "media" / name; }
  /// Runs `ffmpeg ARGS NAME` in the media folder; fails the test if it fails.
  std::filesystem::path film(const std::string &name, const std::string &args) const;
  std::filesystem::path bytes(const std::string &name, const std::string &bytes) const;
  /// The first `share` of a file, as another file.
  std::filesystem::path cut(const std::filesystem::path &file, const std::string &name,
                            double share) const;

  Result<Asset> import(const std::filesystem::path &file, const std::string &id = "");
  Result<Asset> import(const ImportRequest &request);
  Library &library() { return *library_; }
  std::filesystem::path station() const { return folder_ / "station"; }

  /// A library of its own on the same station, as another process has one.
  void reopen();
  /// The same after the channels were given other formats.
  void reopen(std::vector<HouseFormat> wanted);
  void close();

  /// Every file of the station's house and every row of the library: equal before and after means
  /// that nothing was changed.
  std::map<std::string, std::string> everything();

 private:
  std::filesystem::path folder_;
  std::vector<HouseFormat> wanted_;
  ManualClock clock_{1'800'000'000 * ns_per_s};
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<Library> library_;
};

std::string read(const std::filesystem::path &file);
/// What a command prints; fails the test if it fails.
std::string output_of(const std::string &command);
/// Packets of a stream ("v" or "a") as ffprobe sees them: "pts,flags" lines.
std::vector<std::string> packets(const std::filesystem::path &file, const std::string &stream,
                                 const std::string &entries);
/// One value of a stream ("v" or "a") as ffprobe sees it: its "profile", its "field_order".
std::string stream_fact(const std::filesystem::path &file, const std::string &stream,
                        const std::string &entry);
/// One pixel of the picture at `seconds`, as {red, green, blue}.
std::vector<int> pixel(const std::filesystem::path &file, double seconds, int x, int y);

}  // namespace civicast::library
