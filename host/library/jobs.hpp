// SPDX-License-Identifier: Apache-2.0
// The life of an import: written down, staged, rendered, accepted; or discarded without a trace.
#pragma once

#include "host/library/incoming.hpp"
#include "host/library/library.hpp"
#include "host/library/library_store.hpp"

namespace civicast::library {

class Jobs {
 public:
  Jobs(LibraryStore &store, std::filesystem::path house, Incoming incoming, const Clock &clock);

  Result<Asset> import(const ImportRequest &request, Progress &progress);
  void resume(Progress &progress);

 private:
  Result<Asset> begin(const ImportRequest &request, const std::string &sha256, Progress &progress);
  Result<void> stage(const ImportRequest &request, const Job &job, Progress &progress);
  Result<Asset> finish(const Job &job, Progress &progress);
  Result<void> accept(Asset &asset, Progress &progress);
  void drop_house_files(const Job &job);
  void discard(const Job &job);
  /// What `work` gives; if that is not an asset, the job is discarded first.
  template <class Work>
  Result<Asset> or_discard(const Job &job, Work work);
  std::filesystem::path kept(const std::string &sha256) const;

  LibraryStore &store_;
  std::filesystem::path house_;
  Incoming incoming_;
  const Clock &clock_;
};

}  // namespace civicast::library
