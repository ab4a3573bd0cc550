// SPDX-License-Identifier: Apache-2.0
// Never comes back from publish.
#include <chrono>
#include <civicast/channel.hpp>
#include <thread>

namespace {

class Rogue final : public civicast::Channel {
 public:
  Rogue(civicast::Host host, civicast::Doc) : host_(host) {}
  void check(const civicast::Placement &) override {}
  void publish(const civicast::Placement &) override {
    for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
  }
  civicast::Recall recall(std::string_view) override { return civicast::Recall::cannot_tell; }

 private:
  civicast::Host host_;
};

}  // namespace

CIVICAST_CHANNEL(Rogue, "org.civicast.test.rogue_hang", "1.0.0");
