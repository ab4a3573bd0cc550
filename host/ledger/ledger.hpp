// SPDX-License-Identifier: Apache-2.0
// The ledger 台账: the append-only book of airings that nobody can quietly change.
//
// An RFC 6962 SHA-256 tree over flat files, signed as C2SP checkpoints; FORMAT.md has every byte.
// Entries are on disk when append returns. Below the last signed size any difference is tampering:
// the ledger says where and does not open. Above it a torn tail is cut.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "host/airings/book.hpp"
#include "host/base/sha256.hpp"
#include "host/ledger/disk.hpp"
#include "host/ledger/note.hpp"
#include "sdk/base/result.hpp"

namespace civicast::ledger {

/// How many bytes a file of entries is given at once.
inline constexpr std::uint32_t default_segment_bytes = 16 * 1024 * 1024;

/// Makes an empty, signed ledger in `dir` and its keys in `keys_dir` (ledger.key 0600, ledger.pub:
/// the line that an auditor is given). Refused where one stands already. `origin` names the log
/// for ever: "chenghua.civicast.local/airings".
Result<void> create(const std::filesystem::path &dir, const std::filesystem::path &keys_dir,
                    const std::string &origin, std::uint32_t segment_bytes = default_segment_bytes);

/// What was signed last.
struct Signed {
  std::uint64_t size = 0;
  Hash root{};
  std::string note;  ///< the checkpoint as it is published
};

class Ledger final : public airings::Book {
 public:
  /// Opens for appending, alone: a second opener is refused. Checks the last entries (a small
  /// ledger: all of them) against the tree and the last signed checkpoint; `verify` checks all.
  static Result<std::unique_ptr<Ledger>> open(const std::filesystem::path &dir,
                                              const std::filesystem::path &keys_dir,
                                              Disk &disk = Disk::real());
  /// Signs once more, if it can, what is not signed yet.
  ~Ledger() override;

  std::uint64_t size() const override;
  /// Several threads at once share one sync. After a failed write or sync nothing is accepted or
  /// signed until the ledger is opened again.
  Result<std::uint64_t> append(const std::vector<std::string> &entries) override;
  Result<std::vector<std::string>> read(std::uint64_t from, std::size_t count) const override;

  /// Signs and publishes a checkpoint if the ledger grew and the last one is a second old (always
  /// if `at_once`). Call it often; it is cheap when there is nothing to do.
  Result<void> checkpoint(std::int64_t now_ns, bool at_once = false);

  /// From now on `second` signs every checkpoint too; begins with one at once.
  Result<void> sign_also_by(const SignerKey &second);

  Signed last_signed() const;
  /// The root of the first `size` entries.
  Result<Hash> root(std::uint64_t size) const;
  /// `count` hashes from `index` of a tile level, 32 bytes each.
  Result<std::string> hashes(unsigned level, std::uint64_t index, std::uint64_t count) const;
  /// RFC 6962 §2.1.1 and §2.1.2.
  Result<std::vector<Hash>> inclusion_proof(std::uint64_t index, std::uint64_t size) const;
  Result<std::vector<Hash>> consistency_proof(std::uint64_t from, std::uint64_t to) const;

 private:
  struct Parts;
  explicit Ledger(std::unique_ptr<Parts> parts);
  template <class What>
  auto ask(std::uint64_t most, const What &what) const -> Result<decltype(what())>;
  std::unique_ptr<Parts> parts_;
};

}  // namespace civicast::ledger
