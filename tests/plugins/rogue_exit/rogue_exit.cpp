// SPDX-License-Identifier: Apache-2.0
// Ends its process with status 0 as soon as it is opened.
#include <unistd.h>

#include <civicast/channel.hpp>

namespace {

class Rogue final : public civicast::Channel {
 public:
  Rogue(civicast::Host, civicast::Doc) { ::_exit(0); }
  void check(const civicast::Placement &) override {}
  void publish(const civicast::Placement &) override {}
};

}  // namespace

CIVICAST_CHANNEL(Rogue, "org.civicast.test.rogue_exit", "1.0.0");
