// SPDX-License-Identifier: Apache-2.0
// Crashes in publish.
#include <civicast/channel.hpp>
#include <csignal>

namespace {

class Rogue final : public civicast::Channel {
 public:
  Rogue(civicast::Host host, civicast::Doc) : host_(host) {}
  void check(const civicast::Placement &) override {}
  void publish(const civicast::Placement &) override {
    host_.log(CIV_WARNING, "about to crash");
    std::raise(SIGSEGV);
  }
  civicast::Recall recall(std::string_view) override { return civicast::Recall::never_heard_of_it; }

 private:
  civicast::Host host_;
};

}  // namespace

CIVICAST_CHANNEL(Rogue, "org.civicast.test.rogue_crash", "1.0.0");
