// SPDX-License-Identifier: Apache-2.0
// The C++ header alone, twice, and a channel of the fewest words.
#include <civicast/channel.hpp>
// once more: it must bear it
#include <civicast/channel.hpp>

namespace {

class Least final : public civicast::Channel {
 public:
  Least(civicast::Host, civicast::Doc) {}
  void check(const civicast::Placement &) override {}
  void publish(const civicast::Placement &) override {
    throw civicast::refused("least.nothing", "什么也不播。", "It airs nothing.");
  }
};

}  // namespace

CIVICAST_CHANNEL(Least, "org.civicast.test.least", "1.0.0");
