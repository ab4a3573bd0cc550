// SPDX-License-Identifier: Apache-2.0
// Ends, stops or sleeps when nobody asked it to: as it is loaded, in publish, or while idle.
#include <csignal>
#include <string_view>

#include "honest.hpp"

namespace {

constexpr std::string_view wrong = ROGUE_WRONG;

/// Loading a library runs this, before anybody has said hello. The working directory is the
/// channel's own.
struct AtLoad {
  AtLoad() {
    if (wrong == "exit_now") ::_exit(0);
    if (wrong != "slow_hello") return;
    const int fd = ::open("was_slow", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) std::this_thread::sleep_for(std::chrono::hours(1));
  }
} at_load;

class Rogue final : public rogue::Honest {
 public:
  using Honest::Honest;

  void publish(const civicast::Placement &placement) override {
    if (wrong == "stop_self" && is_first("stopped")) std::raise(SIGSTOP);
    air(placement);
    if (wrong == "exit_later" && is_first("exited"))
      std::thread([] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        ::_exit(0);
      }).detach();
  }
};

}  // namespace

CIVICAST_CHANNEL(Rogue, ROGUE_ID, "1.0.0");
