// SPDX-License-Identifier: Apache-2.0
// The host as a plugin sees it: a civ_host that writes facts to the outbox.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "civicast/channel.h"
#include "sdk/base/clock.hpp"
#include "sdk/wire/message.hpp"

namespace civicast::runner {

/// What stands in `text`, up to `size` bytes of it.
std::string_view view(civ_text text);

/// Writes one line for the host's log to standard error, which is the host's pipe. [any]
void write_log(int level, std::string_view line);

class HostSide {
 public:
  /// True: all are on disk. [any]
  using Put = std::function<bool(const std::vector<wire::Fact> &)>;

  HostSide(const wire::Welcome &welcome, const Clock &clock, Put put);
  HostSide(const HostSide &) = delete;
  HostSide &operator=(const HostSide &) = delete;

  const civ_host *raw() const { return &raw_; }

 private:
  static const HostSide &self(const civ_host *host);
  std::int32_t emit(const civ_fact *const *facts, std::size_t count) const;

  std::string state_dir_, locale_;
  std::int64_t clock_offset_ns_;
  const Clock &clock_;
  Put put_;
  civ_host raw_;
};

}  // namespace civicast::runner
