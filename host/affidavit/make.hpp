// SPDX-License-Identifier: Apache-2.0
// Makes an affidavit 播出证明 of a campaign and some days: the bundle, and its PDF.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "host/affidavit/bundle.hpp"
#include "host/airings/book.hpp"
#include "host/base/progress.hpp"

namespace civicast::affidavit {

/// Where the ledger and its public key are, and what the index says is to be proved.
struct Sources {
  std::filesystem::path ledger;  ///< the folder
  std::filesystem::path pub;     ///< keys/ledger.pub
  const airings::Book &book;
  std::vector<std::uint64_t> entries;  ///< complete airings of the campaign and the days
};

struct Made {
  Statement statement;
  std::string pdf, zip;
  std::size_t unsigned_airings = 0;  ///< left out: no checkpoint covers them yet
};

/// `wanted` has everything but sums, tree, and digests. What was made is verified before it is
/// returned: an affidavit that would be refused is not handed out.
Result<Made, Faults> make(const Sources &sources, Statement wanted, const Zone &zone,
                          Progress &progress);

}  // namespace civicast::affidavit
