// SPDX-License-Identifier: Apache-2.0
// Our host as a witness of other logs: it cosigns a checkpoint only if that continues what it
// cosigned before, and has that on disk before the cosignature leaves.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "host/ledger/policy.hpp"
#include "sdk/base/disk.hpp"
#include "sdk/base/result.hpp"

namespace civicast::witness {

/// keys/witness.key and keys/witness.pub, made if they are not there. `name` is what the witness is
/// called for ever: "chenghua.civicast.local/witness".
Result<ledger::SignerKey> ensure_key(const std::filesystem::path &keys_dir,
                                     const std::string &name);

struct Reply {
  int status = 200;
  std::string type = "text/plain; charset=utf-8";
  std::string body;
};

/// One log that is witnessed.
struct Watched {
  std::string origin;
  std::uint64_t size = 0;  ///< cosigned last
  std::int64_t at_s = 0;   ///< when, since 1970; 0: never
  std::optional<Fault> refusal;
  std::int64_t refused_at_s = 0;
};

class Witness {
 public:
  /// `state` is the folder of what was cosigned, one note a log; made if need be.
  Witness(ledger::SignerKey key, ledger::Policy logs, std::filesystem::path state);

  /// [any] The answer to POST /add-checkpoint.
  Reply add_checkpoint(const std::string &body, std::int64_t unix_s);
  /// [any] Every log of the policy, by origin.
  std::vector<Watched> watched() const;
  const ledger::VerifierKey &key() const { return key_.verifier(); }

 private:
  struct Log {
    std::vector<ledger::VerifierKey> keys;
    std::filesystem::path file;
    ledger::Checkpoint last;
    std::int64_t at_s = 0;
    bool is_damaged = false;
    std::optional<Fault> refusal;
    std::int64_t refused_at_s = 0;
  };
  void read_state(Log &log) const;
  Reply refuse(Log &log, int status, Fault why, std::int64_t unix_s) const;
  Reply cosign(Log &log, const ledger::Note &note, std::int64_t unix_s) const;

  ledger::SignerKey key_;
  std::filesystem::path state_;
  mutable std::mutex mutex_;  ///< logs_: comparing and recording are one step
  std::map<std::string, Log> logs_;
};

}  // namespace civicast::witness
