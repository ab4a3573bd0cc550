// SPDX-License-Identifier: Apache-2.0
// The thread that plugin code runs on: one call after the other, each answered.
#pragma once

#include <memory>

#include "sdk/base/clock.hpp"
#include "sdk/runner/host_side.hpp"
#include "sdk/runner/link.hpp"
#include "sdk/runner/plugin.hpp"

namespace civicast::runner {

class PluginThread {
 public:
  PluginThread(const Plugin &plugin, Outbox &outbox, Link &link, const Clock &clock);
  /// Until the host says bye or goes; the plugin is closed then.
  void run();

 private:
  wire::Answer open(const wire::Welcome &welcome);
  wire::Answer call(const wire::Call &call);
  wire::Answer status();
  wire::Answer hand_over();
  void close();

  const Plugin &plugin_;
  Outbox &outbox_;
  Link &link_;
  const Clock &clock_;
  std::unique_ptr<HostSide> host_;
  civ_channel *channel_ = nullptr;
  bool is_open_ = false;
};

}  // namespace civicast::runner
