// SPDX-License-Identifier: Apache-2.0
// The life of an import: written down, staged, rendered, accepted; or discarded without a trace.
#pragma once

#include "host/library/incoming.hpp"
#include "host/library/library.hpp"
#include "host/library/library_store.hpp"

namespace civicast::library {

/// What a house file is made of.
struct Origin {
  std::filesystem::path file;
  std::filesystem::path sound;  ///< empty: none
  std::string name;             ///< as in HouseFile::made_from
};

class Jobs {
 public:
  /// Each import makes files of all `formats`.
  Jobs(LibraryStore &store, std::filesystem::path house, Incoming incoming, const Clock &clock,
       std::vector<HouseFormat> formats);

  Result<Asset> import(const ImportRequest &request, Progress &progress);
  void resume(Progress &progress);

  /// A further house file of an asset that is ready.
  Result<HouseFile> make(const Asset &asset, const HouseFormat &format, Progress &progress);
  /// How long it will be.
  std::int64_t duration_in(const Asset &asset, const HouseFormat &format);

 private:
  Result<Asset> begin(const ImportRequest &request, const std::string &sha256, Progress &progress);
  Result<void> stage(const ImportRequest &request, const Job &job, Progress &progress);
  Result<Asset> finish(const Job &job, Progress &progress);
  Result<void> accept(Asset &asset, Progress &progress);
  void drop_house_files(const Job &job);
  void discard(const Job &job);
  Result<HouseFile> make_of(const Asset &asset, const HouseFormat &format, Progress &progress);
  void drop_hidden(const Asset &asset);
  /// The bytes that were imported, kept; the best house file where they were not.
  Result<Origin> origin_of(const Asset &asset, const std::vector<HouseFile> &made) const;
  std::vector<HouseFile> files_of(const Asset &asset);
  Result<void> keep(const std::string &sha256);
  /// What `work` gives; if that is a fault or an exception, `undo` is called first.
  template <class Work, class Undo>
  auto or_undo(Work work, Undo undo) -> decltype(work());
  std::filesystem::path kept(const std::string &sha256, const char *what = ".source") const;

  LibraryStore &store_;
  std::filesystem::path house_;
  Incoming incoming_;
  const Clock &clock_;
  std::vector<HouseFormat> formats_;
};

}  // namespace civicast::library
