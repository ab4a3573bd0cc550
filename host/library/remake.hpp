// SPDX-License-Identifier: Apache-2.0
// House files in formats that a channel names only after the import.
#pragma once

#include <optional>
#include <vector>

#include "host/library/library_store.hpp"
#include "host/library/shelf.hpp"

namespace civicast::library {

class Remake {
 public:
  /// All must outlive it.
  Remake(LibraryStore &store, const Shelf &shelf, const Incoming &incoming)
      : store_(store), shelf_(shelf), incoming_(incoming) {}

  /// The file of an asset that is ready; the one that is there, if it is.
  Result<HouseFile> make(const Asset &asset, const HouseFormat &format, Progress &progress);
  /// How long it will be.
  std::int64_t duration_in(const Asset &asset, const HouseFormat &format);
  /// Clears away what a crash or a kill left of it.
  void clear_dead();

 private:
  /// What a house file can be made of.
  struct Origin {
    std::filesystem::path file;
    std::filesystem::path sound;  ///< empty: none
    std::string made_from;
  };
  Result<HouseFile> make_of(const Origin &origin, const Asset &asset, const HouseFormat &format,
                            Progress &progress);
  Result<Origin> origin_of(const Asset &asset);
  std::optional<HouseFile> best_of(const Asset &asset);
  void drop_hidden(const Asset &asset);

  LibraryStore &store_;
  const Shelf &shelf_;
  const Incoming &incoming_;
};

}  // namespace civicast::library
