// SPDX-License-Identifier: Apache-2.0
// What was signed last, kept with the key and apart from the ledger, so that a ledger restored from
// a backup, or a second copy of it, can never sign a fork.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "host/ledger/disk.hpp"
#include "host/ledger/note.hpp"
#include "sdk/base/disk.hpp"
#include "sdk/base/result.hpp"

namespace civicast::ledger {

struct KeyFiles {
  explicit KeyFiles(const std::filesystem::path &dir);
  std::filesystem::path secret, pub, seal, lock;
  std::filesystem::path next;      ///< of a change of keys under way: the key that comes
  std::filesystem::path previous;  ///< the key that still signs beside the new one, and until when
  std::filesystem::path old_pubs;  ///< public keys that were the ledger's once, oldest first
};

/// Reads keys/ledger.pub or a copy of it.
Result<VerifierKey> read_verifier_key(const std::filesystem::path &file);
/// Reads keys/ledger.key and checks that it belongs to keys/ledger.pub and that only its owner may
/// read it.
Result<SignerKey> read_signer_key(const KeyFiles &files);

/// The key before this one, while it still signs; nothing if there is none.
struct PreviousKey {
  SignerKey key;
  std::int64_t until_s = 0;  ///< since 1970
};
std::optional<PreviousKey> read_previous_key(const KeyFiles &files);

/// What a change of keys that was cut off left to be done once the new key is the ledger's.
Result<void> settle_keys(const KeyFiles &files, const SignerKey &key);

/// One file of two slots, written in turn and in place: a torn write leaves the other slot, and a
/// full disk cannot stop it.
class Seal {
 public:
  /// Makes the seal of a new ledger.
  static Result<void> create(const KeyFiles &files, const std::string &note, Disk &disk);
  /// Takes the lock beside the key; a second holder is refused.
  static Result<Seal> open(const KeyFiles &files, const VerifierKey &key, Disk &disk);

  /// The checkpoint that was signed last, as note and as what it says.
  const std::string &note() const { return note_; }
  const Checkpoint &checkpoint() const { return checkpoint_; }
  /// Compare and swap: refused unless the file is byte for byte as this process left it. The
  /// same checkpoint may be signed again, by more keys.
  Result<void> replace(const std::string &note, const VerifierKey &key);

 private:
  Seal(Fd lock, Fd fd, std::filesystem::path file, Disk &disk)
      : lock_(std::move(lock)), fd_(std::move(fd)), file_(std::move(file)), disk_(&disk) {}
  bool take_newest(const VerifierKey &key);
  Fd lock_, fd_;
  std::filesystem::path file_;
  Disk *disk_;
  std::string bytes_;  ///< both slots
  std::string note_;
  Checkpoint checkpoint_;
  std::size_t slot_ = 0;  ///< that holds note_
};

/// Locks `file` for this process alone, making it if need be; nothing if another holds it.
Result<Fd> lock_file(const std::filesystem::path &file);

}  // namespace civicast::ledger
