// SPDX-License-Identifier: Apache-2.0
// The library 素材库: media files come in, are judged, and become assets with house files.
//
// An import is a job that is written down before work starts. A file is accepted whole, with every
// house file that its kind allows, or it is refused with a sentence and leaves nothing behind. The
// imported bytes are kept, so that another house format can be made when a channel asks for it.
// Several processes may use the library of one station at the same time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "host/base/progress.hpp"
#include "host/base/words.hpp"
#include "host/library/asset.hpp"
#include "host/store/store.hpp"
#include "sdk/base/clock.hpp"
#include "sdk/base/result.hpp"

namespace civicast::library {

struct ImportRequest {
  std::filesystem::path file;
  std::string id;  ///< a slug; empty: "a-" and the first 12 hex digits of the SHA-256
  Words title;     ///< empty: the file's name without its extension
  std::int64_t still_ns = 15 * ns_per_s;  ///< how long a still picture stands
  Words text;                             ///< the words that go with a post
  std::filesystem::path sound;            ///< a sound bed for a still picture; empty: silence
};

inline constexpr std::int64_t max_duration_ns = 4 * 3600 * ns_per_s;
inline constexpr std::uint64_t max_media_bytes = std::uint64_t{20} << 30;
inline constexpr std::uint64_t max_still_bytes = std::uint64_t{128} << 20;
inline constexpr std::uint64_t max_text_bytes = 64 * 1024;
inline constexpr int max_picture_side = 8192;  ///< pixels

class Library {
 public:
  /// `store` and `clock` must outlive the library. House files live in `station_dir`/house. Those
  /// of the formats `wanted`, which the station's channels air, are made by each import, and MP4
  /// and JPEG besides.
  static Result<std::unique_ptr<Library>> open(
      store::Store &store, const std::filesystem::path &station_dir, const Clock &clock,
      std::vector<HouseFormat> wanted = {HouseFormat::ts_720p25});
  ~Library();

  /// Returns when the asset is ready. Bytes that are in the library already give the asset that
  /// holds them; an import of the same bytes by another process is waited for.
  Result<Asset> import(const ImportRequest &request, Progress &progress);
  /// Finishes the jobs that a crash or a kill left behind, or removes what cannot be finished, and
  /// every trace of it. Jobs that a living process works on are left alone.
  Result<void> resume(Progress &progress);

  std::vector<Asset> list();  ///< by id; only what is ready
  std::optional<Asset> find(const std::string &id);
  std::optional<HouseFile> house_file(const std::string &id, HouseFormat format);
  /// The same, with the reason when there is none: an unknown asset, audio only, text only, or a
  /// format that is not made yet.
  Result<HouseFile> require(const std::string &id, HouseFormat format);
  std::vector<HouseFile> house_files();  ///< by asset and format; only of assets that are ready

  /// House files that are wanted and not there: their format was named after the import.
  struct Unmade {
    std::string asset;
    HouseFormat format;
  };
  std::vector<Unmade> unmade();
  /// Makes a house file of an asset that is ready: of the bytes that were imported, or, where an
  /// older version did not keep them, of the best house file there is (HouseFile::made_from). What
  /// `progress` throws ends the work without a trace and passes through.
  Result<HouseFile> make(const std::string &id, HouseFormat format, Progress &progress);
  /// How long the asset lasts in a format, made or not; none where it has no pictures.
  std::optional<std::int64_t> duration_in(const std::string &id, HouseFormat format);

 private:
  struct Rooms;
  explicit Library(std::unique_ptr<Rooms> rooms);
  std::unique_ptr<Rooms> rooms_;
};

/// Names used in tables, JSON and file formats: "video", "ts_720p25".
const char *name_of(AssetKind kind);
std::string name_of(const HouseFormat &format);
std::optional<AssetKind> asset_kind(const std::string &name);
std::optional<HouseFormat> house_format(const std::string &name);
std::vector<HouseFormat> house_formats();  ///< cable's in the order of their table, MP4, JPEG

}  // namespace civicast::library
