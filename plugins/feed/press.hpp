// SPDX-License-Identifier: Apache-2.0
// The folder that the public reads: each file is there whole or as it was before.
#pragma once

#include <string>
#include <vector>

#include "plugins/feed/post.hpp"

namespace civicast::feed {

class Press {
 public:
  /// Makes `folder` if it is not there.
  explicit Press(std::string folder);

  /// Copies the picture in; throws Trouble(CIV_REFUSED) if its bytes are not the ones named.
  void keep_image(const Media &media) const;
  /// Writes the feeds and the index over `latest`, and the own pages of `changed`. On disk when it
  /// returns; feed.json comes last, so what it names is in the other files too.
  void print(const Masthead &masthead, const std::vector<Entry> &latest,
             const std::vector<Entry> &changed) const;
  /// Does feed.json, as it is on the disk, name this entry?
  bool has_printed(const std::string &tag) const;

  const std::string &folder() const { return folder_; }

 private:
  std::string folder_;
};

}  // namespace civicast::feed
