// SPDX-License-Identifier: Apache-2.0
// The library's tables: assets, their house files, and the jobs that are not finished yet.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "host/library/asset.hpp"
#include "host/store/store.hpp"

namespace civicast::library {

/// An asset on its way in. Its row stands, hidden from every reader, until all house files do.
struct Job {
  Asset asset;  ///< of a still, duration_ns is how long it is to stand
  bool is_still = false;
  bool has_sound = false;  ///< a sound bed was staged with it
};

class LibraryStore {
 public:
  /// Paths of house files are kept relative to `station_dir`, so that a station can be moved.
  LibraryStore(store::Store &store, std::filesystem::path station_dir);

  std::vector<Asset> ready();
  std::optional<Asset> find(const std::string &id);
  std::optional<Asset> find_by_bytes(const std::string &sha256);
  std::vector<HouseFile> house_files();
  std::optional<HouseFile> house_file(const std::string &id, const HouseFormat &format);

  /// Writes the job down. If its id belongs to other bytes, nothing is written and the name of the
  /// file that holds the id is returned.
  std::optional<std::string> begin(const Job &job);
  std::vector<Job> unfinished();
  std::optional<Job> unfinished(const std::string &sha256);
  /// Names house files before they are moved to their place, so that none is ever on the disk
  /// without a row that knows it. Readers see them when the asset is ready, and so are they.
  void name_house_files(const std::vector<HouseFile> &files, bool are_ready);
  /// The file is in its place.
  void show_house_file(const HouseFile &file);
  /// Assets that are ready and have house files that never were: whoever made them died.
  std::vector<Asset> with_hidden_files();
  void finish(const Asset &asset);
  /// Forgets the asset's house files, or only those that no reader has seen. `remove` is called,
  /// under the write lock, for each that nobody else shares.
  enum class Which { all, hidden };
  void drop_house_files(const std::string &id, Which which,
                        const std::function<void(const std::filesystem::path &)> &remove);
  void forget(const Job &job);  ///< its house files are dropped already

 private:
  store::Store &store_;
  std::filesystem::path station_dir_;
};

}  // namespace civicast::library
