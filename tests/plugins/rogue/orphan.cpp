// SPDX-License-Identifier: Apache-2.0
// Leaves a child behind that holds its socket, its pipes and its lock, and ends.
#include <csignal>

#include "honest.hpp"

namespace {

class Rogue final : public rogue::Honest {
 public:
  Rogue(civicast::Host host, civicast::Doc settings) : Honest(host, settings) {
    if (::fork() != 0) return;
    // A daemon leaves its parent's group and folder; nothing but its environment tells whose it is.
    if (ROGUE_IS_DAEMON && (::setsid() < 0 || ::chdir("/") != 0)) ::_exit(1);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGPIPE}) std::signal(signal, SIG_IGN);
    for (;;) ::pause();
  }

  void publish(const civicast::Placement &placement) override {
    air(placement);
    ::_exit(0);
  }
};

}  // namespace

CIVICAST_CHANNEL(Rogue, ROGUE_ID, "1.0.0");
