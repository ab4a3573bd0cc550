// SPDX-License-Identifier: Apache-2.0
// The host among witnesses: whom it asks to cosign its ledger (witnesses.policy), and whose logs it
// cosigns (witnessed.policy). Nothing here ever holds up an airing.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "host/flow/rooms.hpp"
#include "host/witness/asker.hpp"
#include "host/witness/witness.hpp"
#include "sdk/base/json.hpp"

namespace civicast::flow {

class Witnessing {
 public:
  using Say = std::function<void(int level, const std::string &line)>;
  /// `rooms` must outlive this. A policy that cannot be read is said and shown; the host goes on.
  Witnessing(Rooms &rooms, const Clock &clock, const Say &say);

  /// [any] The checkpoint for /checkpoint: the newest that enough witnesses cosigned, while they
  /// keep up; else the newest of all.
  std::string checkpoint();
  /// [any] The answer to a checkpoint of another log.
  witness::Reply add_checkpoint(const std::string &body);
  /// [any] {key, policy, quorum, size, at, fault, witnesses:[…], witnessed:[…]}
  Json standing() const;
  /// [any] Whether enough witnesses cosigned; nothing if nobody is asked, or not yet.
  std::optional<bool> quorum() const;

 private:
  void read_policies(const Say &say);

  Rooms &rooms_;
  const Clock &clock_;
  std::optional<Fault> policy_fault_;
  std::unique_ptr<witness::Witness> witness_;
  std::mutex mutex_;  ///< served_size_
  std::uint64_t served_size_ = 0;
  std::unique_ptr<witness::Asker> asker_;
};

}  // namespace civicast::flow
