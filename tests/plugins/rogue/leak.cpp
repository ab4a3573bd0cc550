// SPDX-License-Identifier: Apache-2.0
// Takes memory, files or threads in publish and gives nothing back, until there is no more.
#include <cstdlib>
#include <stdexcept>

#include "honest.hpp"

namespace {

constexpr std::string_view leaked = ROGUE_LEAKS;
/// Where no limit holds (under a sanitizer) it gives up before the machine does.
constexpr int enough = 2000;

void leak() {
  if (leaked == "files" && ::open("/dev/null", O_RDONLY) < 0)
    throw std::runtime_error(std::strerror(errno));
  // Never touched: address space is what the limit counts.
  if (leaked == "memory" && !std::malloc(1 << 20)) throw std::bad_alloc();
  if (leaked == "threads")
    std::thread([] {
      for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
    }).detach();
}

class Rogue final : public rogue::Honest {
 public:
  using Honest::Honest;

  void publish(const civicast::Placement &placement) override {
    for (int i = 0; i < enough; ++i) leak();
    air(placement);
  }
};

}  // namespace

CIVICAST_CHANNEL(Rogue, ROGUE_ID, "1.0.0");
