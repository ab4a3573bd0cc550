// SPDX-License-Identifier: Apache-2.0
// C2SP tlog-policy: which logs are known, who may witness them, and how many witnesses are enough.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "host/ledger/note.hpp"
#include "sdk/base/result.hpp"

namespace civicast::ledger {

struct KnownLog {
  VerifierKey key;
  std::string url;  ///< may be empty
};
struct Witness {
  std::string name;
  VerifierKey key;
  std::string url;  ///< where it takes checkpoints; may be empty
};

class Policy {
 public:
  /// `shown` is the file's name in sentences. All mistakes, each with its line.
  static Result<Policy, Faults> parse(std::string_view text, const std::string &shown);

  const std::vector<KnownLog> &logs() const { return logs_; }
  const std::vector<Witness> &witnesses() const { return witnesses_; }
  /// No cosignature is asked for.
  bool is_alone() const { return quorum_.empty(); }
  /// Whether these witnesses, by name, are enough.
  bool is_met(const std::set<std::string> &names) const;
  /// The names of the witnesses that cosigned `note`.
  std::set<std::string> cosigners(const Note &note) const;

 private:
  friend class PolicyReader;
  struct Group {
    std::size_t least = 0;
    std::vector<std::string> members;
  };
  bool witnessed(const std::string &name, const std::set<std::string> &by) const;
  std::vector<KnownLog> logs_;
  std::vector<Witness> witnesses_;
  std::map<std::string, Group> groups_;
  std::string quorum_;  ///< empty: none
};

/// The policy in `file`.
Result<Policy, Faults> read_policy(const std::filesystem::path &file);

/// Why `note` is not valid by `policy`, for a person; the checkpoint if it is: signed by one of the
/// policy's logs, and cosigned by enough.
Result<Checkpoint> check_by(const Policy &policy, std::string_view note);

}  // namespace civicast::ledger
