// SPDX-License-Identifier: Apache-2.0
// A thread of the plugin's own goes wrong: while nothing is in hand, while publish is, or by an
// exception that nobody catches.
#include <csignal>
#include <stdexcept>
#include <string_view>

#include "honest.hpp"

namespace {

constexpr std::string_view wrong = ROGUE_WRONG;

class Rogue final : public rogue::Honest {
 public:
  using Honest::Honest;

  void publish(const civicast::Placement &placement) override {
    air(placement);
    if (wrong == "idle" || !is_first("went_wrong")) return;
    std::thread([] {
      if (wrong == "throw") throw std::runtime_error("an exception of a callback");
      std::raise(SIGSEGV);
    }).join();
  }

  /// Refused, so that the host does not ask again; and the wrong comes amid the second in which
  /// the conformance kit asks nothing either, so that nothing is in hand then.
  std::string status() override {
    if (wrong == "idle" && is_idle() && is_first("went_wrong"))
      std::thread([] {
        std::this_thread::sleep_for(std::chrono::milliseconds(400));
        std::raise(SIGSEGV);
      }).detach();
    if (wrong != "idle" || !is_idle()) return "{}";
    throw civicast::Trouble(CIV_REFUSED, "rogue.silent", "No status.");
  }

 private:
  /// Once it has aired what the scenario, or the conformance kit, hands it last.
  bool is_idle() const {
    return find("journal", ROGUE_LAST_PLACEMENT) || find("journal", "kit-life.idle-1");
  }
};

}  // namespace

CIVICAST_CHANNEL(Rogue, ROGUE_ID, "1.0.0");
