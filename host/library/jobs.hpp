// SPDX-License-Identifier: Apache-2.0
// The life of an import: written down, staged, rendered, accepted; or discarded without a trace.
#pragma once

#include "host/library/incoming.hpp"
#include "host/library/library.hpp"
#include "host/library/library_store.hpp"
#include "host/library/remake.hpp"

namespace civicast::library {

class Jobs {
 public:
  /// Each import makes files of all `formats`.
  Jobs(LibraryStore &store, std::filesystem::path house, Incoming incoming, const Clock &clock,
       std::vector<HouseFormat> formats);
  Jobs(const Jobs &) = delete;
  Jobs &operator=(const Jobs &) = delete;

  Result<Asset> import(const ImportRequest &request, Progress &progress);
  void resume(Progress &progress);

  Remake &remake() { return remake_; }

 private:
  Result<Asset> begin(const ImportRequest &request, const std::string &sha256, Progress &progress);
  Result<void> stage(const ImportRequest &request, const Job &job, Progress &progress);
  Result<Asset> finish(const Job &job, Progress &progress);
  Result<void> accept(Asset &asset, Progress &progress);
  void drop_house_files(const Job &job);
  void discard(const Job &job);

  LibraryStore &store_;
  Shelf shelf_;
  Incoming incoming_;
  const Clock &clock_;
  std::vector<HouseFormat> formats_;
  Remake remake_;
};

}  // namespace civicast::library
