// SPDX-License-Identifier: Apache-2.0
// What the flow must remember over a restart: how far it has handed out each channel's playlist,
// and which configuration the playlists were planned from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "host/store/store.hpp"

namespace civicast::flow {

class FlowStore {
 public:
  explicit FlowStore(store::Store &store);

  /// Every item of `channel` that starts before it was handed out; nothing before the first time.
  std::optional<std::int64_t> handed_ns(const std::string &channel);
  void set_handed_ns(const std::string &channel, std::int64_t until_ns);

  /// SHA-256 of the configuration that the playlists were planned from; empty at first.
  std::string planned_from();
  void set_planned_from(const std::string &sha256);

 private:
  store::Store &store_;
};

}  // namespace civicast::flow
