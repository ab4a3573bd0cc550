// SPDX-License-Identifier: Apache-2.0
// The cable channel: what the plugin shows to the host. [plugin] thread unless said otherwise.
#pragma once

#include <civicast/channel.hpp>

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "plugins/cable/book/clerk.hpp"
#include "plugins/cable/book/history.hpp"
#include "plugins/cable/play/desk.hpp"
#include "plugins/cable/play/engine.hpp"
#include "plugins/cable/play/preview.hpp"
#include "plugins/cable/send/outputs.hpp"
#include "plugins/cable/status.hpp"

namespace civicast::cable {

/// The house clock as the host gives it, and the machine's monotonic clock.
class HostClock final : public Clock {
 public:
  explicit HostClock(Host host) : host_(host) {}
  Pacer::Reading read() override;

 private:
  Host host_;
};

class CableChannel final : public Channel {
 public:
  CableChannel(Host host, Doc settings);
  ~CableChannel() override;

  void check(const Placement &placement) override;
  void publish(const Placement &placement) override;
  void withdraw(std::string_view id) override;
  Recall recall(std::string_view id) override;
  std::string status() override;
  bool hand_over() override;

 private:
  std::unique_ptr<Outputs> open_outputs(const std::vector<Wanted> &wanted,
                                        const std::string &srt_passphrase) const;
  void play();  ///< the playout thread
  void leave();
  std::string handover_path() const;

  Host host_;
  std::string state_dir_;
  const formats::HouseFormat &house_;
  HostClock clock_;
  Schedule schedule_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<History> history_;
  std::unique_ptr<Outputs> outputs_;
  std::unique_ptr<Slate> slate_;
  std::unique_ptr<Clerk> clerk_;
  std::unique_ptr<Desk> desk_;
  std::unique_ptr<Preview> preview_;
  std::unique_ptr<Engine> engine_;
  StatusPage status_page_;  ///< [plugin]
  std::atomic<bool> is_closing_{false}, is_handing_over_{false};
  std::mutex handover_mutex_;
  std::condition_variable handed_over_;
  bool is_handed_over_ = false;
  std::thread playout_;
};

}  // namespace civicast::cable
